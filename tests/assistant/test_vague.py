"""A word or a complaint gets questions to choose from; what is short and clear is answered at once."""

from __future__ import annotations

import pytest

from assistant.question import understand
from assistant.vague import question_of
from corpus.messages import text

VAGUE = ["imprimantes", "budget", "on n’a plus un sou", "loi AGEC", "mes collègues s’en fichent", "too much data"]
CLEAR = ["sigle DEEE", "c’est quoi un PUE", "nombre de critères du RGESN", "effet rebond, définition"]


@pytest.mark.parametrize("said", VAGUE)
def test_what_may_mean_several_questions_gets_them(cards_assistant, said):
    answer = cards_assistant.ask(said)
    assert (answer.basis, answer.status) == ("clarify", "not_found")
    assert answer.suggestions or answer.text == text("clarify_none", answer.language)


@pytest.mark.parametrize("said", CLEAR)
def test_what_is_short_and_clear_is_answered(cards_assistant, said):
    assert cards_assistant.ask(said).status == "answered"


def test_the_questions_to_choose_from_name_the_subject_and_are_of_several_kinds(cards_assistant):
    offered = cards_assistant.ask("reconditionné").suggestions
    assert 2 <= len(offered) <= 4
    assert all("recondition" in question.casefold() for question in offered)
    assert len({question.split()[0] for question in offered}) > 1


def test_each_choice_gets_an_answer(cards_assistant):
    offered = cards_assistant.ask("formation").suggestions
    assert len(offered) > 1
    for question in offered:
        assert cards_assistant.ask(question).status == "answered"


def test_in_english_a_choice_is_in_english_where_there_is_a_way_to_ask_so(cards_assistant):
    standing = cards_assistant.index.prepared.answers["base/first-steps-begin-roles#referent"]
    assert question_of(standing, "fr") == standing.answer.question
    assert question_of(standing, "en") in standing.answer.phrasings
    assert understand(question_of(standing, "en")).language == "en"


def test_a_word_that_goes_on_with_a_subject_is_no_vague_question(cards_assistant):
    asked = "Combien de CO2 émet la fabrication d’un ordinateur ?"
    answer = cards_assistant.ask("et un smartphone ?", [(asked, cards_assistant.ask(asked).text)])
    assert answer.basis != "clarify"


def test_a_subject_alone_is_vague_after_another_one_too(cards_assistant):
    asked = "Qu’est-ce que l’IA frugale ?"
    assert cards_assistant.ask("budget", [(asked, "…")]).basis == "clarify"
