"""What a question takes for granted and its answer contradicts."""

from __future__ import annotations

import pytest

from assistant.premise import contradicted
from assistant.question import understand
from corpus.answers import PreparedAnswer
from corpus.messages import text

REGISTER = PreparedAnswer(
    id="base/made#register",
    card="base/made",
    question="Combien de temps garder le registre des écrans ?",
    sentences=("Le registre des écrans se garde 3 ans, d’après la DNID (règle de 2031).", "Il compte 9 rubriques."),
    phrasings=("registre : 5 ans après la vente ?",),
    short="3 ans, 9 rubriques, une note sur 10.",
)


@pytest.mark.parametrize(
    ("question", "asked", "told"),
    [
        ("Pourquoi garder dix ans le registre des écrans ?", ("dix ans",), ("3 ans",)),
        ("Dans les 12 rubriques du registre, laquelle traite des écrans ?", ("12",), ("9",)),
        ("Le registre que tient l’ADEME, où le trouver ?", ("ADEME",), ("DNID",)),
        ("La note du registre sur 20, qui la donne ?", ("20",), ("10",)),
    ],
)
def test_another_figure_or_organisation_than_the_answer_s_is_contradicted(question, asked, told):
    assert contradicted(understand(question), REGISTER) == (asked, told)


@pytest.mark.parametrize(
    "question",
    [
        "Combien de temps garder le registre ?",
        "Faut-il garder le registre 3 ans ?",
        "Le registre se garde-t-il 5 ans après la vente ?",  # one of the ways to ask
        "Notre registre a déjà 12 ans, que faire ?",  # a fact of who asks
        "Nous sommes une commune de 12 000 habitants : quel registre ?",
        "Que dit la DNID du registre ?",
    ],
)
def test_what_the_answer_holds_and_what_is_of_who_asks_are_no_premise(question):
    assert contradicted(understand(question), REGISTER) is None


def test_what_is_held_beside_the_answer_is_no_false_premise():
    question = understand("Pourquoi garder dix ans le registre des écrans ?")
    assert contradicted(question, REGISTER, "Le registre des serveurs se garde dix ans.") is None


def test_a_question_with_a_false_premise_is_corrected_first_with_its_proof(cards_assistant):
    answer = cards_assistant.ask(
        "Combien de blocs ? Pourquoi le référentiel de compétences NumEco ne compte-t-il que 5 blocs ?"
    )
    corrected = answer.claims[0]
    assert corrected.text == text("premise", asked="5", told="9") and corrected.citations
