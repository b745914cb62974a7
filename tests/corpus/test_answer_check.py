"""``python -m corpus check`` of prepared answers: each rule catches a wrong one and accepts a right one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from test_check import SECTION, WHOLE, card, documents  # noqa: F401

from corpus import check as module
from corpus.check import CheckReport, check, sentence

RIGHT = """## Combien émet la fabrication ? {#fabrication}

180 kg équivalent CO2 : c’est 76 % du total d’un équipement.

Nature : chiffre

English : 180 kg of CO2 equivalent, or 76% of the total.

Formulations :
- ça pollue combien de construire un ordi ?
- kilos de carbone à l’usine
- What does production weigh?

Preuves :
- phrase 1, source 1 : « fabrication émet 180 kg équivalent CO2 »

## Quelle loi en parle ? {#loi}

La loi n° 2021-1485 du 15 novembre 2021 en parle, à l’article L. 541-15.

Nature : qui

Formulations :
- texte juridique applicable
- référence légale svp
- Sur quoi s’appuie-t-on devant un juge ?

Preuves :
- phrase 1, source 1 : « La loi n° 2021-1485 du 15 »
"""
PROOF = "- phrase 1, source 1 : « fabrication émet 180 kg équivalent CO2 »"
ANSWER = "180 kg équivalent CO2 : c’est 76 % du total d’un équipement."
LONG = "Un mot de plus, " * 16


@pytest.fixture
def checked(documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., CheckReport]:  # noqa: F811
    """Check one card with the answers given, beside no other; its text holds nothing to cover but what ``text`` says."""
    monkeypatch.setattr(module, "BASE", tmp_path / "base")

    def run(answers: str, text: str = "Un texte.", *sources: str, against: bool = True, more: str = "") -> CheckReport:
        folder = tmp_path / "essai"
        folder.mkdir(exist_ok=True)
        (folder / "x.md").write_text(card("x", text, *(sources or (SECTION,)), more=more), "utf-8")
        (folder / "x.answers.md").write_text(answers, "utf-8")
        return check([folder], documents if against else None)

    return run


def keys(report: CheckReport) -> list[str]:
    return [problem.key for problem in report.problems]


def test_right_answers_have_no_problem(checked):
    report = checked(RIGHT)
    assert (report.problems, report.answers) == ((), 2) and report.quantities >= 6


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        # figures, dates, articles
        ("180 kg équivalent CO2 : c’est", "190 kg équivalent CO2 : c’est", "answer_figure"),
        ("76 % du", "76 kg du", "answer_figure"),
        ("or 76%", "or 67%", "answer_figure"),
        ("du 15 novembre 2021 en", "du 16 novembre 2021 en", "answer_figure"),
        ("L. 541-15", "L. 541-16", "answer_figure"),
        # words of obligation
        ("en parle, à", "doit s’appliquer, à", "answer_obligation"),
        ("en parle, à", "l’interdit, à", "answer_obligation"),
        ("en parle, à", "le recommande, à", "answer_obligation"),
        # anchors
        ("fabrication émet 180 kg", "fabrication émet 190 kg", "answer_anchor_missing"),
        (PROOF, "- phrase 1, source 1 : « gardés deux ans Le détail »", "answer_anchor_missing"),
        (PROOF, "- phrase 1, source 1 : « émet 180 kg »", "answer_anchor_missing"),
        (PROOF, "- phrase 1, source 1 : « La fabrication émet 180 kg équivalent CO2, soit 76 % du total »", "answer_anchor_length"),
        (PROOF, "- phrase 2, source 1 : « fabrication émet 180 kg équivalent CO2 »", "answer_proof_of_nothing"),
        (PROOF, "- phrase 1, source 2 : « fabrication émet 180 kg équivalent CO2 »", "answer_proof_of_nothing"),
        (PROOF, f"{PROOF}\n- phrase 1, source 1 : « soit 76 % du total »", "answer_anchors_crowded"),
        # form
        (ANSWER, f"{ANSWER} Les appareils sont gardés deux ans.", "answer_unproved"),
        (ANSWER, f"{LONG}{LONG}{ANSWER}", "answer_long"),
        (ANSWER, f"{LONG}{ANSWER}", "answer_no_short"),
        (ANSWER, f"{ANSWER}\n\nCourt : {LONG}", "answer_short_long"),
        ("c’est 76 %", "c’est, page 3, 76 %", "answer_page"),
        ("c’est 76 %", "c’est, selon la fiche, 76 %", "answer_leans"),
        ("- What does production weigh?\n", "", "answer_phrasings"),
        ("- référence légale svp", "- Kilos de carbone, à l'usine", "answer_same_words"),
        ("{#loi}", "{#fabrication}", "answer_same_id"),
        (ANSWER, "La fabrication émet 180 kg équivalent CO2, soit 76 % du total, pour 2,5 millions d'appareils.", "answer_copied"),
    ],
)  # fmt: skip
def test_each_rule_catches_what_is_wrong(checked, old, new, key):
    assert old in RIGHT
    report = checked(RIGHT.replace(old, new, 1))
    assert key in keys(report)
    for problem in report.problems:
        assert sentence(problem, "fr") and sentence(problem, "en")


def test_what_the_card_says_and_no_answer_does_is_told(checked):
    report = checked(RIGHT, "La fabrication émet 180 kg, pour 2,5 millions d’appareils.")
    (problem,) = report.problems
    assert problem.key == "answer_uncovered" and dict(problem.values)["figure"].startswith("2,5 millions")


def test_the_answer_to_a_first_question_may_be_longer_and_leads_to_answers_that_exist(checked):
    longer = RIGHT.replace(ANSWER, f"{LONG}{ANSWER}\n\nCourt : 180 kg équivalent CO2.")
    assert "answer_long" in keys(checked(longer, against=False))
    first = longer.replace("Nature : chiffre", "Nature : chiffre\n\nSuite :\n- base/essai-x#loi", 1)
    assert keys(checked(first, against=False)) == []
    assert keys(checked(first.replace("x#loi", "x#rien"), against=False)) == ["answer_unknown"]
    assert "answer_long" in keys(checked(first.replace(LONG, LONG * 2), against=False))


def test_the_values_of_a_disagreement_are_told_with_who_gives_them(checked):
    value = '{{value: "{0}", says: "Une page d’essai", date: "2023", source: 1}}'
    fields = (
        f"disagreement: {{subject: s, explanation: e, values: [{value.format('180 kg')}, {value.format('190 kg')}]}}\n"
    )
    both = RIGHT.replace(ANSWER, "180 kg équivalent CO2, selon la page d’essai.").replace(
        "Nature : chiffre", "Nature : chiffre\nDésaccord : oui", 1
    )
    found = [dict(one.values)["value"] for one in checked(both, more=fields, against=False).problems]
    assert found == ["190 kg"]
    unmarked = both.replace("Désaccord : oui\n", "")
    assert keys(checked(unmarked, more=fields, against=False)) == ["answer_disagreement"] * 2


def test_a_duty_or_a_step_of_the_card_that_no_answer_says_is_told(checked):
    said = "La fabrication d’un équipement émet 180 kg."
    duty = "L’acheteur doit demander un devis."
    steps = "- Trier les écrans par taille.\n- Compter ce que la fabrication émet.\n"
    report = checked(RIGHT, f"{said} {duty}\n\n{steps}")
    assert keys(report) == ["answer_unsaid", "answer_unsaid"]
    assert [problem.sentence for problem in report.problems] == [duty, "Trier les écrans par taille."]


def test_the_places_without_an_answer_are_listed_each_with_a_reason(checked, documents, tmp_path, monkeypatch):  # noqa: F811
    folder, words = tmp_path / "copie", "Un mot de plus. " * 30
    shutil.copytree(documents, folder)
    page = folder / "markdown/actualites/posts/essai.md"
    page.write_text(page.read_text("utf-8") + f"\n\n## À part\n\n{words}\n", "utf-8")
    alone = page.with_name("seule.md")
    alone.write_text(f"---\ntitle: Une page seule\n---\n\n# Une page seule\n\n{words}\n", "utf-8")
    base = tmp_path / "base"
    (base / "essai").mkdir(parents=True)
    monkeypatch.setattr(module, "BASE", base)
    (base / "essai/x.md").write_text(card("x", "Un texte.", SECTION), "utf-8")

    def reasons() -> set[tuple[str, str]]:
        return {(place.document.rpartition("/")[2], place.reason) for place in check(against=folder).unanswered}

    assert reasons() == {("essai.md", "other_place"), ("seule.md", "no_card")}
    (base / "essai/x.md").write_text(card("x", "Un texte.", WHOLE), "utf-8")
    assert ("essai.md", "not_written") in reasons()
    (base / "essai/x.answers.md").write_text(RIGHT, "utf-8")
    assert ("essai.md", "not_needed") in reasons()
    about = RIGHT.replace("fabrication émet 180 kg équivalent CO2", "Un mot de plus. Un mot")
    (base / "essai/x.answers.md").write_text(about, "utf-8")
    assert reasons() == {("seule.md", "no_card")}


def test_an_anchor_that_stands_twice_is_no_anchor(checked, documents):  # noqa: F811
    page = documents / "markdown/actualites/posts/essai.md"
    once = page.read_text("utf-8")
    try:
        page.write_text(f"{once}\n\nLa fabrication émet 180 kg équivalent CO2 ailleurs aussi.\n", "utf-8")
        assert "answer_anchor_twice" in keys(checked(RIGHT, "Un texte.", WHOLE))
    finally:
        page.write_text(once, "utf-8")


def test_without_documents_only_the_form_is_checked(checked):
    assert keys(checked(RIGHT.replace("76 %", "99 %"), against=False)) == []
    assert keys(checked(RIGHT.replace("{#loi}", "{#fabrication}"), against=False)) == ["answer_same_id"]


def test_a_file_that_is_no_answer_is_told(checked):
    assert keys(checked("Un mot.\n", against=False)) == ["answer_unheaded"]
    assert keys(checked(RIGHT.replace("Nature : qui", "Nature : x"), against=False)) == ["answer_nature"]
