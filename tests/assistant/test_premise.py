"""What a question takes for granted and its answer contradicts."""

from __future__ import annotations

import pytest

from assistant.premise import contradicted, taken_for_granted
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


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Puisque le RGESN est obligatoire partout, quel délai a-t-on ?", "le RGESN est obligatoire partout"),
        (
            "L’ANSSI ayant rédigé le référentiel, la sécurité y est-elle prioritaire, et comment ?",
            "L’ANSSI ayant rédigé le référentiel",
        ),
        (
            "On me dit que tout poste de cinq ans est un déchet, par quelle filière l’envoyer ?",
            "tout poste de cinq ans est un déchet",
        ),
        ("Since the framework is mandatory everywhere, what is the deadline?", "the framework is mandatory everywhere"),
        ("Quel délai a-t-on pour le RGESN ?", ""),
        ("Marché à 150 000 € HT : quelle clause ?", ""),
        ("Bonjour, quel est le seuil ?", ""),
    ],
)
def test_what_a_question_states_before_it_asks(text, stated):
    assert taken_for_granted(text) == stated


def test_what_is_stated_is_corrected_before_anything_is_answered(cards_assistant):
    answer = cards_assistant.ask("L’ANSSI ayant rédigé le RGESN de 2024, est-ce que la sécurité y est prioritaire ?")
    assert "ANSSI" in answer.claims[0].text and "Arcep" in answer.claims[0].text and answer.claims[0].citations


def test_what_is_stated_and_denied_by_an_answer_is_denied(cards_assistant):
    answer = cards_assistant.ask("Passé cinq ans un ordinateur est d’office un déchet : quel éco-organisme appeler ?")
    said = [claim.text for claim in answer.claims if claim.citations]
    assert said[0].startswith("Non")


def test_what_is_told_of_one_s_own_case_is_not_corrected(cards_assistant):
    answer = cards_assistant.ask(
        "Notre ville a 70 000 habitants, quelle stratégie numérique responsable doit-elle avoir ?"
    )
    assert not answer.text.startswith("Attention")
