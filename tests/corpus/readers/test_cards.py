"""The embedded cards: complete, one a criterion, true to the referential, in words of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
import yaml
from conftest import PROJECT, require

from corpus.absences import NAME as ABSENCES
from corpus.absences import read_absences
from corpus.answers import answers_path, read_answers
from corpus.check import check, sentence
from corpus.disagreements import disagreements_page
from corpus.documents import KINDS, SECTION_KINDS
from corpus.errors import DocumentError
from corpus.messages import LANGUAGES, text
from corpus.readers.cards import BASE, card_paths, read_card
from corpus.readers.source_file import rows

CARDS = {path: read_card(path) for path in card_paths()}
CRITERIA = {str(card.properties["number"]): card for card in CARDS.values() if card.kind == "criterion"}
PER_THEME = {1: 10, 2: 10, 3: 7, 4: 15, 5: 8, 6: 7, 7: 4, 8: 10, 9: 7}
CARD = """---
id: essai
title: Un essai
kind: guide
date: 2024-05-01
sources:
  - {title: Guide, publisher: P, url: "https://exemple.fr/g.pdf", page: 12}
  - {title: Page, publisher: Q, url: "https://exemple.fr/p/"}
facets: {theme: [achats], stage: [acquisition]}
properties: {number: "4.4", jobs: [Designer]}
questions: ["Pourquoi faire un essai ?", "Comment faire un essai ?"]
---

## Objectif

Un texte.
"""


@pytest.fixture
def card(tmp_path):
    """Read a card from its text."""

    def run(text: str) -> object:
        (tmp_path / "carte.md").write_text(text, "utf-8")
        return read_card(tmp_path / "carte.md")

    return run


def test_a_card_is_read_with_its_sources_and_typed_properties(card):
    document = card(CARD)
    assert (document.id, document.path, document.origin, document.kind) == ("base/essai", "base/essai", "card", "guide")
    assert document.url == "https://exemple.fr/g.pdf#page=12" and document.publisher == "P"
    assert [(source.title, source.locator and source.locator.value) for source in document.sources] == [
        ("Guide", "12"),
        ("Page", None),
    ]
    assert document.facets == {"theme": ("achats",), "stage": ("acquisition",)} and document.properties == {
        "number": "4.4",
        "jobs": ("Designer",),
    }
    assert (
        document.questions == ("Pourquoi faire un essai ?", "Comment faire un essai ?")
        and document.date == "2024-05-01"
    )
    assert [(section.kind, section.text) for section in document.sections] == [("aim", "Un texte.")]


def test_what_only_some_cards_have_is_a_property(card):
    values = "[{value: '1', says: A, date: 2024, source: 1}, {value: 2, says: B, date: 2024, source: 2}]"
    more = f"valid-from: 2025-01-01\ndisagreement: {{subject: S, explanation: E, values: {values}}}\n"
    with pytest.raises(DocumentError, match="card_value"):
        card(CARD.replace("questions:", more + "questions:"))
    document = card(CARD.replace("questions:", more.replace("value: 2", "value: '2'") + "questions:"))
    assert document.properties["valid_from"] == "2025-01-01"
    assert [value["source"] for value in document.properties["disagreement"]["values"]] == [1, 2]


@pytest.mark.parametrize("name", ["id", "title", "kind", "sources", "date", "facets", "questions"])
def test_a_card_that_misses_what_it_needs_is_told(card, name):
    front = yaml.safe_load(CARD.split("---")[1])
    del front[name]
    with pytest.raises(DocumentError) as caught:
        card(f"---\n{yaml.safe_dump(front)}---\n\n## Objectif\n")
    assert (caught.value.key, caught.value.values) == ("card_missing", {"field": name})


@pytest.mark.parametrize(
    ("old", "new", "key", "field"),
    [
        ("kind: guide", "kind: poème", "card_choice", "kind"),
        ("kind: guide", "kind: guide\nkeywords: x", "card_unknown", "keywords"),
        ("2024-05-01", '"2024-02-31"', "card_date", "date"),
        ("2024-05-01", "mai 2024", "card_date", "date"),
        ("[achats]", "[loisirs]", "card_choice", "facets theme"),
        ("https://exemple.fr/p/", "http://exemple.fr/p/", "card_address", "sources 2 url"),
        ("page: 12", "page: 12, heading: Titre", "card_places", "sources 1"),
        ("page: 12", "page: 0", "card_value", "sources 1 page"),
        ("page: 12", "criterion: 4.10", "card_value", "sources 1 criterion"),
        ("page: 12", "slide: 12", "card_unknown", "sources 1 slide"),
        ("publisher: Q, url: \"https://exemple.fr/p/", "url: \"https://exemple.fr/p", "card_missing", "sources 2 publisher"),
        (', "Comment faire un essai ?"]', "]", "card_questions", "questions"),
        ("Comment faire un essai ?", "pourquoi faire un essai ?", "card_questions", "questions"),
        ("Comment faire un essai ?", "Comment ?", "card_questions", "questions"),
        ('"4.4"', "4.4", "card_value", "properties number"),
        ("id: essai", "id: Un essai", "card_value", "id"),
    ],
)  # fmt: skip
def test_a_field_that_does_not_fit_is_named(card, old, new, key, field):
    assert old in CARD
    with pytest.raises(DocumentError) as caught:
        card(CARD.replace(old, new))
    assert (caught.value.key, caught.value.values["field"]) == (key, field)
    assert all(field in text(key, language, **caught.value.values) for language in LANGUAGES)


def test_the_78_criteria_have_one_card_each():
    numbers = [f"{theme}.{place}" for theme, count in PER_THEME.items() for place in range(1, count + 1)]
    assert sorted(CRITERIA) == sorted(numbers) and len(numbers) == 78
    assert sum(card.kind == "criterion" for card in CARDS.values()) == 78


def test_no_two_cards_have_the_same_id():
    assert [id for id, count in Counter(card.id for card in CARDS.values()).items() if count > 1] == []


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.relative_to(BASE).as_posix())
def test_a_card_is_complete(path):
    card = CARDS[path]
    assert card.kind in KINDS and card.language == "fr" and card.publisher and card.date[:2] in ("20", "")
    assert len(card.questions) >= 2 and len(set(card.questions)) == len(card.questions)
    assert all(len(question) > 15 for question in card.questions)
    assert set(card.facets) >= {"theme", "stage"} and all(card.facets.values())
    assert all(source.url.startswith("https://") and source.title and source.publisher for source in card.sources)
    assert card.sections and all(section.kind in SECTION_KINDS and section.text for section in card.sections)
    assert (card.in_force or card.edition) and card.url.startswith(card.sources[0].url)


@pytest.mark.parametrize("number", CRITERIA)
def test_a_criterion_s_card_says_its_aim_how_and_check(number):
    card = CRITERIA[number]
    kinds = [section.kind for section in card.sections]
    assert [kind for kind in kinds if kind in ("aim", "how", "check")] == ["aim", "how", "check"]
    assert card.id == f"base/rgesn-2024-{number}" and card.edition == "RGESN 2024" and number in card.title
    assert (BASE / "rgesn" / f"{number}.md") in CARDS
    assert card.sources[0].url.endswith(f"/critere/{number}/")
    assert card.sources[0].locator and (card.sources[0].locator.kind, card.sources[0].locator.value) == (
        "criterion",
        number,
    )
    assert all(card.properties[name] for name in ("theme", "priority", "difficulty", "jobs", "applicability"))
    assert len(card.properties["jobs"]) == len(set(card.properties["jobs"]))


def test_criteria_have_the_properties_of_the_official_referential(knowledge_base):
    criteria = json.loads((knowledge_base / "data" / "referentiel-ecoconception.json").read_text("utf-8"))
    assert {criterion["numero"] for criterion in criteria} == set(CRITERIA)
    for criterion in criteria:
        card = CRITERIA[criterion["numero"]]
        assert card.properties["theme"] == criterion["thematique"], card.id
        assert card.properties["priority"] == criterion["priorite"], card.id
        assert card.properties["difficulty"] == criterion["difficulte"], card.id
        assert set(card.properties["jobs"]) == {
            job.strip() for job in criterion["metiers"].split(",") if job.strip()
        }, card.id


def test_the_pages_that_cards_name_exist(knowledge_base):
    files = {row["url"]: knowledge_base / row["path"] for row in rows() if row.get("url", "").endswith(".pdf")}
    counts: dict[Path, int] = {}
    checked = 0
    for card in CARDS.values():
        for source in card.sources:
            path = files.get(source.url)
            if source.locator and source.locator.kind == "page" and path and path.exists():
                if path not in counts:
                    with pypdfium2.PdfDocument(path) as pdf:
                        counts[path] = len(pdf)
                assert 1 <= int(source.locator.value) <= counts[path], card.id
                checked += 1
    assert checked > 80


@pytest.mark.timeout(600)
def test_each_figure_of_the_cards_stands_in_the_places_that_they_name(knowledge_base):
    report = check(against=knowledge_base)
    assert report.quantities > 1000
    assert [f"{problem.card}: {sentence(problem, 'en')}" for problem in report.problems] == []


def test_the_page_of_disagreements_is_what_the_cards_say():
    page = (PROJECT / "docs" / "disagreements.md").read_text("utf-8")
    assert page == disagreements_page(list(CARDS.values())), "python -m corpus disagreements > docs/disagreements.md"


@pytest.mark.timeout(900)
def test_cards_share_no_run_of_twelve_words_with_the_official_documents():
    if os.environ.get("REQUIRE_ALL") != "1":
        pytest.skip("takes minutes: continuous integration runs it (REQUIRE_ALL=1)")
    tool = PROJECT.parent / "shared" / "tools" / "verbatim.py"
    require(tool.is_file(), f"no tool {tool}")
    done = subprocess.run([sys.executable, str(tool), str(BASE)], capture_output=True, text=True)
    assert "pypdf is not installed" not in done.stderr
    assert done.returncode == 0 and done.stdout.startswith("0 runs"), done.stdout


def test_the_page_on_the_base_counts_the_cards_of_each_family():
    page = (PROJECT / "docs" / "knowledge-base.md").read_text("utf-8")
    cards, _, answers = page.partition("## Prepared answers")
    told = {family: int(count) for family, count in re.findall(r"^\| `([\w-]+)` \| (\d+) \|", cards, re.MULTILINE)}
    assert told == Counter(path.parent.name for path in card_paths())
    assert f"{sum(told.values())} cards" in page
    rows = re.findall(
        r"^\| `([\w-]+)` \| (\d+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| (\d*) \|$", answers, re.MULTILINE
    )
    counted: dict[str, list[int]] = {}
    for path in card_paths():
        if answers_path(path).exists():
            found, _ = read_answers(answers_path(path), path.stem)
            absent = path.parent / ABSENCES
            counts = counted.setdefault(
                path.parent.name, [0, 0, 0, 0, len(read_absences(absent)[0]) if absent.exists() else 0]
            )
            counts[0] += 1
            counts[1] += len(found)
            counts[2] += sum(len(one.phrasings) for one in found)
            counts[3] += sum(bool(one.english) for one in found)
    assert {family: [int(count.replace(",", "") or 0) for count in counts] for family, *counts in rows} == counted
