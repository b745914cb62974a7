"""What a model says to itself is no part of its answer, whatever its tags and wherever they are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reasoning import spoken, without_reasoning

ANSWER = "Cinq par jour [1]. Si x < 3 <b>, six [2]."
REPLIES = [
    (ANSWER, ANSWER),
    (f"<think>Je lis.</think>{ANSWER}", ANSWER),
    (f"<THINK>\nJe lis.\n</Think >{ANSWER}", ANSWER),
    (f"<thinking>Je lis.</thinking>{ANSWER}", ANSWER),
    (f"<reasoning>Je lis.</reasoning>{ANSWER}", ANSWER),
    (f"<thought>Je lis.</thought>{ANSWER}", ANSWER),
    (f"[THINK]Je lis.[/THINK]{ANSWER}", ANSWER),
    (f"Je lis. Cinq ?</think>{ANSWER}", ANSWER),
    (f"<think>Je lis.</think>Encore.</think>{ANSWER}", ANSWER),
    (f"<think><think>Je lis.</think>{ANSWER}", ANSWER),
    (f"<think></think>{ANSWER}<think>Vérifions.</think> Fin.", f"{ANSWER} Fin."),
    (f"{ANSWER}<think>Je lis. Cinq ?", ANSWER),
    ("<think>Je lis. Cinq ?", ""),
    ("Je lis. Cinq ?</think>", ""),
    (f"{ANSWER}<thi", ANSWER),
    ("", ""),
]


@pytest.mark.parametrize(("reply", "answer"), REPLIES)
def test_a_reply_is_read_without_its_reasoning(reply: str, answer: str) -> None:
    assert without_reasoning(reply) == answer


@pytest.mark.parametrize(("reply", "answer"), REPLIES)
@given(cuts=st.lists(st.integers(0, 90)))
def test_a_reply_in_parts_is_read_as_the_whole(reply: str, answer: str, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(reply)]
    said = ""
    for part in spoken(reply[start:end] for start, end in pairwise(places)):
        assert part != ""
        said = "" if part is None else said + part
    assert said == answer


def test_a_reasoning_between_tags_is_never_said() -> None:
    assert list(spoken("a <think>Je lis.</think> b")) == ["a", " ", " ", "b"]


def test_what_was_said_before_a_closing_tag_alone_is_withdrawn() -> None:
    assert list(spoken(["Je lis. ", "</", "think", ">Cinq."])) == ["Je lis. ", None, "Cinq."]


def test_what_may_be_a_tag_waits_and_comes_once_it_is_none() -> None:
    assert list(spoken(["a ", "<th", "e> [", "1]"])) == ["a ", "<the> ", "[1]"]
