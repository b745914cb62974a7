"""Measures on examples small enough to be computed by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest

from eval.metrics import (
    METRICS,
    RETRIEVAL,
    Estimate,
    citation_check,
    durations,
    estimate,
    false_refusals,
    first_gold_rank,
    folded_words,
    gold_ranking,
    holds,
    paired,
    percentile,
    ranked,
    recall_at_characters,
    refusal_recall,
)


def passage(text: str, document: str = "a.md", number: int = 1, **more: Any) -> dict[str, Any]:
    return {"number": number, "text": text, "document": document, **more}


def line(
    id: str = "q", passages: Iterable[dict[str, Any]] = (), gold: Iterable[tuple[str, str]] = (), **more: Any
) -> dict[str, Any]:
    places = [{"document": document, "locator": {"kind": "heading", "value": ""}, "anchor": a} for document, a in gold]
    return {"id": id, "passages": list(passages), "gold": places, "answerable": bool(places), **more}


# --- what is relevant -----------------------------------------------------------------------------------------------


def test_words_are_folded() -> None:
    assert folded_words("L’Écoconception : 5 % d’énergie") == ["l", "ecoconception", "5", "d", "energie"]
    # The same letters, composed and decomposed.
    assert folded_words("e\u0301te\u0301") == folded_words("\u00e9t\u00e9") == ["ete"]


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        ("Limiter à **cinq** par jour.", "cinq par jour", True),
        ("Limiter à cinq, par\njour", "CINQ PAR JOUR", True),
        ("cinq fois par jour", "cinq par jour", False),
        ("vingt-cinq par journée", "cinq par jour", False),
        ("cinq", "", False),
        ("", "cinq", False),
    ],
)
def test_an_anchor_is_a_run_of_whole_words(text: str, anchor: str, expected: bool) -> None:
    assert holds(text, anchor) is expected


def test_a_passage_is_gold_in_the_document_of_its_entry_only() -> None:
    asked = line(
        gold=[("a.md", "cinq par jour")],
        passages=[passage("cinq par jour", "b.md"), passage("autre"), passage("Cinq par jour !")],
    )
    assert gold_ranking(asked) == [None, None, 0]
    assert first_gold_rank(asked) == 3


def test_an_entry_counts_once_and_a_passage_brings_all_it_holds() -> None:
    asked = line(
        gold=[("a.md", "un deux"), ("a.md", "trois quatre"), ("a.md", "Un, deux")],
        passages=[passage("un deux trois"), passage("un deux"), passage("trois quatre un deux"), passage("cinq")],
    )
    assert gold_ranking(asked) == [0, None, 1, None]
    assert gold_ranking({**asked, "passages": [passage("un deux trois quatre")]}) == [0, 1]


def test_a_passage_that_search_did_not_return_does_not_count() -> None:
    asked = line(gold=[("a.md", "un deux")], passages=[passage("un deux", score=None), passage("un deux", score=0.4)])
    assert gold_ranking(asked) == [0]
    assert recall_at_characters([{**asked, "passages": asked["passages"][:1]}]) == {"q": [0.0]}


# --- measures -------------------------------------------------------------------------------------------------------

# "second": gold at ranks 2 and 4 of three entries. "nothing": nothing retrieved. "out": unanswerable.
SECOND = line(
    "second",
    gold=[("a.md", "un deux"), ("b.md", "trois quatre"), ("c.xlsx", "cinq six")],
    passages=[passage("rien"), passage("un deux"), passage("un deux"), passage("trois quatre", "b.md")],
)
NOTHING = line("nothing", gold=[("a.md", "un deux")])
OUT = line("out", passages=[passage("un deux")])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Success@1", 0.0),
        ("Success@5", 1.0),
        ("RR", 1 / 2),
        ("nDCG@10", (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 1 / math.log2(4))),
    ],
)
def test_rank_measures(name: str, expected: float) -> None:
    observed = ranked(name, [SECOND, NOTHING, OUT])
    assert observed == {"second": [pytest.approx(expected)], "nothing": [0.0]}


def test_rank_measures_do_not_lose_the_only_question() -> None:
    assert ranked("nDCG@10", [NOTHING]) == {"nothing": [0.0]}
    assert ranked("RR", [OUT]) == {}


def test_a_rank_beyond_the_cut_does_not_count() -> None:
    asked = line(gold=[("a.md", "un deux")], passages=[*[passage("rien")] * 5, passage("un deux")])
    assert ranked("Success@5", [asked]) == {"q": [0.0]}
    assert ranked("Success@10", [asked]) == {"q": [1.0]}
    assert ranked("RR", [asked]) == {"q": [pytest.approx(1 / 6)]}


def test_recall_reads_up_to_the_limit_and_takes_copies_for_one() -> None:
    asked = line(
        gold=[("a.md", "un deux"), ("b.md", "Un deux"), ("a.md", "trois quatre")],
        passages=[passage("xxxx"), passage("un deux", "b.md"), passage("trois quatre")],
    )
    assert recall_at_characters([asked, OUT], characters=4000) == {"q": [1.0]}
    # 4 + 7 characters are read, then 11 of the 12 of the last passage.
    assert recall_at_characters([asked], characters=22) == {"q": [0.5]}
    assert recall_at_characters([asked], characters=10) == {"q": [0.0]}
    assert recall_at_characters([NOTHING]) == {"nothing": [0.0]}


def test_refusals() -> None:
    lines = [
        {**SECOND, "status": "not_found", "abstained": True},
        {**NOTHING, "status": "partial", "abstained": False},
        {**OUT, "status": "not_found", "abstained": True},
        # Search alone neither answers nor refuses.
        line("search", status="", abstained=False),
    ]
    assert refusal_recall(lines) == {"out": [1.0]}
    assert false_refusals(lines) == {"second": [1.0], "nothing": [0.0]}


def test_a_citation_is_checked_word_for_word_in_its_own_passage() -> None:
    cited = line(
        passages=[passage("Un  deux\ntrois.", number=1), passage("Quatre", number=2)],
        citations=[
            {"number": 1, "quote": "deux trois"},
            {"number": 1, "quote": "Deux trois"},
            {"number": 2, "quote": "deux trois"},
            {"number": 3, "quote": "Quatre"},
            {"number": 1, "quote": " "},
        ],
    )
    assert citation_check([cited, line("none", citations=[])]) == {"q": [1.0, 0.0, 0.0, 0.0, 0.0]}


def test_search_alone_says_nothing_of_a_whole_answer() -> None:
    lines = [
        {"status": "answered", "seconds": {"search": 0.1, "answer": 0.5}},
        {"status": "", "seconds": {"search": 0.3, "answer": 0.4}},
        {"status": "answered", "seconds": {}},
    ]
    assert durations(lines, "search") == [0.1, 0.3]
    assert durations(lines, "answer") == [0.5]
    assert durations(lines, "encode") == []


def test_measures_print_back_as_their_names() -> None:
    assert [str(metric) for metric in RETRIEVAL] == [
        "Success@1", "Success@5", "Success@10", "MRR", "nDCG@10", "Recall@4000chars",
    ]  # fmt: skip
    assert len({str(metric) for metric in METRICS}) == len(METRICS)


# --- intervals ------------------------------------------------------------------------------------------------------


def test_a_share_has_wilsons_interval() -> None:
    found = estimate([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], share=True)
    # (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), with z = 1.959964, p = 0.8 and n = 10.
    assert (found.value, found.count) == (0.8, 10)
    assert found.low == pytest.approx(0.49016, abs=1e-5)
    assert found.high == pytest.approx(0.94332, abs=1e-5)


def test_a_mean_has_a_seeded_bootstrap_interval() -> None:
    values = {"a": [0.0, 1.0], "b": [0.5], "c": [0.25]}
    found = estimate(values)
    assert (found.value, found.count) == (0.4375, 4)
    assert found.low is not None and found.high is not None
    assert 0 <= found.low < 0.4375 < found.high <= 1
    assert estimate(values) == found


def test_no_interval_where_there_is_nothing_to_tell_it_from() -> None:
    assert estimate([]) == Estimate(None, None, None, 0)
    assert estimate([0.5]) == Estimate(0.5, None, None, 1)
    assert estimate([0.5, 0.5, 0.5]) == Estimate(0.5, None, None, 3)


def test_percentiles_are_interpolated() -> None:
    values = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert estimate(values, statistic=percentile(50)).value == pytest.approx(0.3)
    assert estimate(values, statistic=percentile(95)).value == pytest.approx(0.48)


def test_paired_differences() -> None:
    # Three questions better by 1: of the 2³ ways to swap them, two are as far from 0.
    difference, p = paired([0, 0, 0], [1, 1, 1])
    assert (difference.value, difference.low) == (1.0, None)
    assert p == pytest.approx(2 / 8)
    difference, p = paired([0.0, 1.0, 0.5], [1.0, 0.0, 0.5])
    assert (difference.value, p) == (0.0, 1.0)
    assert paired([0.2, 0.4], [0.2, 0.4]) == (Estimate(0.0, None, None, 2), 1.0)
