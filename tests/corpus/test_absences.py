"""What the sources do not hold: the form, and what is told where one of them may hold it after all."""

from __future__ import annotations

import pytest

from corpus.absences import absence_forms, absence_found, parse_absences
from corpus.documents import Document, Locator, Section

RIGHT = """## Combien coûte un audit ? {#prix-audit}

Les sources ne donnent pas le prix d’un audit.

English : The sources do not give the price of an audit.

Formulations :
- tarif audit
- on me demande un budget pour l’audit, vous avez un ordre d’idée ?
- How much is an audit?

Proches :
- base/x#auditer

Mots :
- audit, euros
- prix, de l'audit
"""


def absence(text: str = RIGHT):
    (found,), problems = parse_absences(text, "law")
    assert problems == []
    return found


def test_an_absence_is_read():
    one = absence()
    assert (one.id, one.question) == ("absent/law#prix-audit", "Combien coûte un audit ?")
    assert one.sentence.startswith("Les sources") and one.english.startswith("The sources")
    assert one.nearest == ("base/x#auditer",) and one.words == (("audit", "euros"), ("prix", "de l'audit"))
    assert len(one.phrasings) == 3 and list(absence_forms("x", one, {"base/x#auditer"})) == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("{#prix-audit}", "", "answer_heading"),
        ("d’un audit.\n", "d’un audit. Cherchez ailleurs.\n", "absence_sentence"),
        ("d’un audit.\n", "d’un audit.\n\n- rien\n", "absence_sentence"),
        ("## Combien", "Un mot.\n\n## Combien", "answer_unheaded"),
    ],
)
def test_what_does_not_fit_the_form_is_left_out(old, new, key):
    _, problems = parse_absences(RIGHT.replace(old, new, 1), "law")
    assert [problem.key for problem in problems] == [key]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("- tarif audit\n", "", "answer_phrasings"),
        ("le prix d’un audit", "le prix " + "d’un audit " * 20, "answer_long"),
        ("- base/x#auditer\n", "", "absence_alone"),
        ("base/x#auditer", "base/x#autre", "answer_unknown"),
        ("audit, euros", "audit", "absence_words"),
        ("- audit, euros\n- prix, de l'audit\n", "", "absence_words"),
        ("- audit, euros\n", "- audit, euros\n" * 3, "absence_words"),
    ],
)
def test_each_rule_catches_what_is_wrong(old, new, key):
    assert old in RIGHT
    found = absence_forms("law/absences.md", absence(RIGHT.replace(old, new, 1)), {"base/x#auditer"})
    assert [problem.key for problem in found] == [key]


def document(text: str, **more: str) -> Document:
    sections = (Section(text, ("Titre",), "other", Locator("heading", "Titre")),)
    return Document("a", "a.md", "official", "Titre", "https://a.fr/", "guide", sections=sections, **more)


def test_a_paragraph_that_holds_the_words_is_told():
    held = document("Un audit dure un mois.\n\nL’audit, payé, vaut 900 euros.")
    (problem,) = absence_found({"law/absences.md": [absence()]}, [held])
    assert problem.key == "absence_held" and problem.sentence.startswith("L’audit, payé")
    assert list(absence_found({"x": [absence()]}, [document("Un audit.\n\nEn euros.")])) == []
    assert list(absence_found({"x": [absence()]}, [document("Un audit en euros.", superseded_by="B")])) == []
