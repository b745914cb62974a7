"""The embedded cards: complete, one a criterion, true to the referential, in words of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from conftest import PROJECT, require

from corpus.documents import KINDS, SECTION_KINDS
from corpus.errors import DocumentError
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
  - {title: Page, url: "https://exemple.fr/p/"}
facets: {theme: [achats]}
properties: {number: 4.4, jobs: [Designer]}
questions: [Pourquoi ?]
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
    assert document.facets == {"theme": ("achats",)} and document.properties == {"number": "4.4", "jobs": ("Designer",)}
    assert document.questions == ("Pourquoi ?",) and document.date == "2024-05-01"
    assert [(section.kind, section.text) for section in document.sections] == [("aim", "Un texte.")]


@pytest.mark.parametrize("name", ["id", "title", "kind", "sources"])
def test_a_card_that_misses_what_it_needs_is_told(card, name):
    with pytest.raises(DocumentError) as caught:
        card(CARD.replace(f"\n{name}:", "\nother:"))
    assert (caught.value.key, caught.value.values) == ("card_incomplete", {"names": name})


def test_a_card_of_an_unknown_kind_is_told(card):
    with pytest.raises(DocumentError, match="card_kind"):
        card(CARD.replace("kind: guide", "kind: poème"))


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
    assert card.in_force and card.url.startswith(card.sources[0].url)


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


@pytest.mark.timeout(900)
def test_cards_share_no_run_of_twelve_words_with_the_official_documents():
    if os.environ.get("REQUIRE_ALL") != "1":
        pytest.skip("takes minutes: continuous integration runs it (REQUIRE_ALL=1)")
    tool = PROJECT.parent / "shared" / "tools" / "verbatim.py"
    require(tool.is_file(), f"no tool {tool}")
    done = subprocess.run([sys.executable, str(tool), str(BASE)], capture_output=True, text=True)
    assert "pypdf is not installed" not in done.stderr
    assert done.returncode == 0 and done.stdout.startswith("0 runs"), done.stdout
