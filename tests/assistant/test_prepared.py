"""A prepared answer is found by its words and its meaning, given with its proofs, and only where it fits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_index import REGISTER

from assistant.answer import Hit
from assistant.ask import told_once
from assistant.matching import matches
from assistant.prepared import prepared_drafts
from assistant.question import understand
from assistant.specifics import opposed
from assistant.verify import Draft, Support
from corpus.answer_index import StandingAnswer
from corpus.answers import PreparedAnswer, Proof
from corpus.messages import text

LAW = "base/law-loi-reen"


def best(assistant, question):
    """The prepared answers that match a question, the surest first."""
    read = understand(question)
    return matches(read, assistant.retriever.search(read), assistant.index)


def test_each_answer_is_found_by_its_own_question(small_assistant):
    prepared = small_assistant.index.prepared
    given = [standing.answer for standing in prepared.answers.values() if not standing.gone]
    assert len(given) > 20
    found = [best(small_assistant, answer.question)[0].id == answer.id for answer in given]
    assert sum(found) >= 0.95 * len(found)


def test_an_answer_comes_whole_with_its_proof_first(small_assistant):
    standing = next(one for id, one in small_assistant.index.prepared.answers.items() if id.startswith(LAW))
    answer = small_assistant.ask(standing.answer.question)
    assert (answer.prepared, answer.status, answer.mode) == (standing.answer.id, "answered", "composed")
    said = [claim.text for claim in answer.claims]
    assert said[: len(standing.answer.statements)] == list(standing.answer.statements)
    assert answer.citations[0].number == 1 and answer.passages[0].passage.id == answer.citations[0].passage_id
    # None of its sources is in this index: it cites itself, as the card's words.
    assert {citation.origin for citation in answer.citations} == {"card"}
    assert answer.citations[0].quote in answer.passages[0].passage.text == standing.answer.text
    assert answer.suggestions and standing.answer.question not in answer.suggestions
    assert answer.to_dict()["prepared"] == standing.answer.id


@pytest.mark.parametrize(
    "question",
    [
        "Que dit l'article 40 de la loi REEN ?",
        "Que dit la loi REEN depuis 2031 ?",
        "Que dit l'article 99 de la loi AGEC ?",
    ],
)
def test_what_a_question_names_and_no_answer_holds_gets_no_prepared_answer(cards_assistant, question):
    assert cards_assistant.ask(question).basis in ("none", "absence")


@pytest.mark.parametrize(
    ("question", "other", "expected"),
    [
        ("une ville de plus de 50 000 habitants", "une commune de moins de 50\u202f000 habitants", True),
        ("a town of more than 50,000 inhabitants", "moins de 50 000 habitants ?", True),
        ("plus de 50 000 habitants", "ma ville dépasse 50 000 habitants", False),
        ("plus de 300 euros", "moins de 500 euros", False),
        ("plus de services", "moins de 50 000 habitants", False),
    ],
)
def test_the_two_sides_of_a_number_are_two_questions(question, other, expected):
    assert opposed(question, other) is expected


def test_where_the_best_passage_is_of_a_document_that_no_answer_rests_on_it_answers(small_assistant):
    answer = small_assistant.ask("À partir de quand le registre des écrans devient-il obligatoire ?")
    assert not answer.prepared and answer.passages[0].document.id == REGISTER
    assert REGISTER not in small_assistant.index.proving_documents


def test_a_criterion_s_number_alone_gets_the_whole_criterion(small_assistant):
    answer = small_assistant.ask("critère 4.4")
    assert answer.prepared == "" and answer.claims[0].kind == "title"


def test_filters_apply_through_the_card(small_assistant):
    question = next(
        one.answer.question for id, one in small_assistant.index.prepared.answers.items() if id.startswith(LAW)
    )
    assert small_assistant.ask(question, filters={"kind": ["law"]}).prepared.startswith(LAW)
    assert small_assistant.ask(question, filters={"kind": ["criterion"]}).prepared == ""


# --- proofs ----------------------------------------------------------------------------------------------------------

QUOTE = "Le registre des écrans devient obligatoire à partir du 1er mars 2027."


@pytest.fixture
def standing(small_assistant) -> StandingAnswer:
    """An answer proved by a document of the small index."""
    index = small_assistant.index
    holder = next(passage for passage in index.passages(index.ids).values() if QUOTE in passage.text)
    answer = PreparedAnswer(
        f"{LAW}#essai", LAW, "Depuis quand ?", ("Depuis le 1er mars 2027.",), (), (),
        (Proof(1, 1, "devient obligatoire à partir du 1er mars"),), "quand", english="Since 1 March 2027.",
    )  # fmt: skip
    return StandingAnswer(answer, (holder.id,))


def drafts(standing, question, index):
    return prepared_drafts(standing, understand(question).language, index)


def test_the_sentence_that_holds_the_anchor_is_cited(small_assistant, standing):
    (draft,) = drafts(standing, "Depuis quand ?", small_assistant.index)
    assert [support.quote for support in draft.supports] == [QUOTE]
    assert (draft.text, draft.language) == ("Depuis le 1er mars 2027.", "fr")


def test_an_english_question_gets_the_english_version(small_assistant, standing):
    (draft,) = drafts(standing, "Since when is it mandatory?", small_assistant.index)
    assert (draft.text, draft.language) == ("Since 1 March 2027.", "en") and draft.supports[0].quote == QUOTE


def test_a_source_that_changed_is_told(small_assistant, standing):
    answer = replace(standing.answer, proofs=(*standing.answer.proofs, Proof(1, 2, "quatre mots de trop")))
    *_, note = drafts(StandingAnswer(answer, (*standing.passages, "")), "Depuis quand ?", small_assistant.index)
    assert (note.kind, note.text) == ("note", text("prepared_moved"))


def test_the_sentence_above_a_list_needs_no_proof(small_assistant, standing):
    answer = replace(
        standing.answer, sentences=("Deux gestes :",), items=("réparer ;", "donner."), proofs=(Proof(2, 1, "x"),)
    )
    lead, first, second = drafts(StandingAnswer(answer, standing.passages), "Que faire ?", small_assistant.index)
    assert (lead.kind, lead.supports) == ("note", ()) and (first.kind, second.kind) == ("item", "item")
    assert first.supports[0].hit.document.origin != "card" and second.supports[0].hit.document.origin == "card"


def test_a_disagreement_is_told_where_it_is_on_what_was_asked(cards_assistant):
    told = text("disagreement_lead", "fr")
    question = "Quel est le poids des centres de données dans l’empreinte carbone du numérique ?"
    assert told in cards_assistant.ask(question).text
    assert told not in cards_assistant.ask("Comment faire durer le matériel informatique que nous avons déjà ?").text


def test_what_was_said_is_not_said_again():
    support = (Support(Hit(None, None), "…"),)
    first = Draft("Un smartphone se garde cinq ans au moins, selon la règle de 2031.", "sentence", support)
    again = Draft("Selon la règle de 2031, un smartphone se garde cinq ans au moins.", "item", support)
    other = Draft("Un écran se garde huit ans, selon la règle de 2031.", "item", support)
    heading = Draft("Combien de temps ?", "heading")
    assert told_once([heading, again, other], [first]) == [heading, other]
    assert told_once([heading, again], [first]) == []
