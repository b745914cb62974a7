"""Prepared answers: their form is read as it is written, and what does not fit it is told with its question."""

from __future__ import annotations

import pytest

from corpus.answers import NATURES, Proof, answers_path, parse_answers, read_answers
from corpus.messages import text
from corpus.readers.cards import BASE, card_paths, read_card

CARD = "base/law-essai"
WHOLE = """## Combien de temps garder un écran ? {#duree-ecran}

Huit ans : la règle d’essai le demande depuis 2031. Elle vaut pour les agents.

Nature : chiffre
Date : 2031-02
Édition : Essai 2031
Désaccord : oui
Court : Huit ans, depuis 2031.

English : Eight years,
since 2031.

Formulations :
- mon écran a six ans,
  je le jette ?
- duree ecran

Preuves :
- phrase 1, source 2 : « un écran est gardé huit ans »
- phrase 2, source 1 : « les agents sont concernés par la »

## Que faire d’un écran usé ? {#ecran-use}

Trois gestes avant d’en racheter un :

- le réparer ;
- le donner.

Nature : comment
"""


def test_an_answer_is_read_with_all_its_parts():
    (first, second), problems = parse_answers(WHOLE, CARD)
    assert problems == []
    assert (first.id, first.card, first.question) == (f"{CARD}#duree-ecran", CARD, "Combien de temps garder un écran ?")
    assert first.statements == ("Huit ans : la règle d’essai le demande depuis 2031.", "Elle vaut pour les agents.")
    assert (first.nature, first.date, first.edition, first.disagreement) == ("chiffre", "2031-02", "Essai 2031", True)
    assert (first.short, first.english) == ("Huit ans, depuis 2031.", "Eight years, since 2031.")
    assert first.phrasings == ("mon écran a six ans, je le jette ?", "duree ecran")
    assert first.proofs == (
        Proof(1, 2, "un écran est gardé huit ans"),
        Proof(2, 1, "les agents sont concernés par la"),
    )
    assert (second.sentences, second.items) == (
        ("Trois gestes avant d’en racheter un :",),
        ("le réparer ;", "le donner."),
    )
    assert second.text == "Trois gestes avant d’en racheter un :\n- le réparer ;\n- le donner."


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("{#duree-ecran}", "", "answer_heading"),
        ("{#duree-ecran}", "{#Durée}", "answer_heading"),
        ("Nature : chiffre", "Nature : nombre", "answer_nature"),
        ("Nature : chiffre\n", "", "answer_nature"),
        ("Huit ans : la règle d’essai le demande depuis 2031. Elle vaut pour les agents.\n", "", "answer_empty"),
        ("Nature : chiffre", "Nature : chiffre\nNature : chiffre", "answer_twice"),
        ("- phrase 1, source 2 : « un écran est gardé huit ans »", "- source 2 : « un écran »", "answer_proof"),
        ("Formulations :", "Autre phrase.\n\nFormulations :", "answer_order"),
        ("Formulations :", "```\ncode\n```\n\nFormulations :", "answer_block"),
        ("Formulations :", "> cité\n\nFormulations :", "answer_block"),
    ],
)
def test_what_does_not_fit_is_told_and_the_rest_is_read(old, new, key):
    assert old in WHOLE
    answers, problems = parse_answers(WHOLE.replace(old, new, 1), CARD)
    assert [answer.id for answer in answers] == [f"{CARD}#ecran-use"]
    assert [problem.key for problem in problems] == [key]
    for language in ("fr", "en"):
        assert text(key, language, **problems[0].values)


def test_a_first_question_leads_to_others():
    first = WHOLE.replace("Formulations :", "Suite :\n- base/x#un\n- base/y#deux\n\nFormulations :", 1)
    answers, problems = parse_answers(first, CARD)
    assert problems == [] and [answer.follows for answer in answers] == [("base/x#un", "base/y#deux"), ()]


def test_what_stands_before_the_first_question_is_told():
    answers, problems = parse_answers(f"Un mot.\n\n{WHOLE}", CARD)
    assert len(answers) == 2 and [problem.key for problem in problems] == ["answer_unheaded"]
    assert parse_answers("", CARD) == ([], [])


def test_every_answer_of_the_base_is_read_and_belongs_to_a_card():
    files = {answers_path(path): path for path in card_paths()}
    assert {path for path in BASE.rglob("*.answers.md")} <= files.keys()
    ids: list[str] = []
    for file, card in files.items():
        if file.exists():
            answers, problems = read_answers(file, read_card(card).id)
            assert problems == [], file
            assert {answer.nature for answer in answers} <= set(NATURES)
            ids += [answer.id for answer in answers]
    assert len(ids) == len(set(ids))
