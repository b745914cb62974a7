"""The question sets: their schema, their split, that they copy no source, and that what they point to is there.

The test set is held out: a failure names the identifiers of questions, never their words.
"""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eval.metrics import folded_words
from eval.runs import read_questions

SETS = Path(__file__).resolve().parents[2] / "eval" / "sets"
# Answerable and unanswerable questions of each set, and the themes of the RGESN 2024 that its questions may be on.
SIZES = {"development": (60, 30), "test": (30, 15)}
THEMES = {"development": set("12349"), "test": set("5678")}
RGESN = ("data/referentiel-ecoconception.json", "documents/2024/rgesn-mai2024/")
PERSONAS = {"project lead", "trainer", "evaluator", "buyer", "director"}
KINDS = {
    "how-to", "fact", "figure", "definition", "criterion by number", "criterion by description", "list", "law",
    "comparison", "follow-up", "english", "typos", "unanswerable",
}  # fmt: skip
LOCATORS = {"page", "heading", "criterion", "paragraph", "row"}
SHARED_WORDS = 7

PageWords = Callable[[str, int], list[str]]


@cache
def entries(name: str) -> list[dict[str, Any]]:
    """The lines of a set as they are."""
    return [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text("utf-8").splitlines()]


def places() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each question's identifier with each of its gold entries, over both sets."""
    for name in SIZES:
        for entry in entries(name):
            yield from ((entry["id"], place) for place in entry["gold"])


# --- schema ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SIZES)
def test_a_set_is_read_and_has_its_size(name: str) -> None:
    assert len(read_questions(SETS / f"{name}.jsonl")) == sum(SIZES[name])
    assert Counter(entry["answerable"] for entry in entries(name)) == dict(zip((True, False), SIZES[name], strict=True))


@pytest.mark.parametrize("name", SIZES)
def test_every_line_has_the_schema(name: str) -> None:
    wrong = [entry["id"] for entry in entries(name) if not fits_schema(entry, name)]
    assert wrong == []


def fits_schema(entry: dict[str, Any], name: str) -> bool:
    """True where a line is as eval/sets/README.md says."""
    keys = {"id", "question", "persona", "kinds", "answerable", "gold", "nuggets"}
    keys |= {"written_from"} if entry["answerable"] else {"why"}
    keys |= {"history"} if "follow-up" in entry["kinds"] else set()
    return all(
        (
            entry.keys() - ({"written_from"} if not entry["answerable"] else set()) == keys,
            re.fullmatch(rf"{'dev' if name == 'development' else 'test'}-\d{{3}}", entry["id"]),
            entry["persona"] in PERSONAS,
            1 <= len(entry["kinds"]) <= 2 and set(entry["kinds"]) <= KINDS,
            entry["answerable"] is ("unanswerable" not in entry["kinds"]),
            2 <= len(entry["nuggets"]) <= 5 if entry["answerable"] else entry["nuggets"] == [],
            bool(entry["gold"]) is entry["answerable"],
            all(
                place.keys() == {"document", "locator", "anchor"}
                and place["locator"].keys() == {"kind", "value"}
                and place["locator"]["kind"] in LOCATORS
                and 4 <= len(folded_words(place["anchor"])) <= 8
                for place in entry["gold"]
            ),
        )
    )


def test_no_question_is_in_both_sets() -> None:
    both = [entry for name in SIZES for entry in entries(name)]
    for value in (lambda entry: entry["id"], lambda entry: " ".join(folded_words(entry["question"]))):
        seen = Counter(map(value, both))
        assert [entry["id"] for entry in both if seen[value(entry)] > 1] == []


def test_the_sets_are_split_by_document() -> None:
    written_from = [{e["written_from"] for e in entries(name) if e["answerable"]} for name in SIZES]
    assert {document for document in set.intersection(*written_from) if not document.startswith(RGESN)} == set()


@pytest.mark.parametrize("name", SIZES)
def test_the_referential_is_split_by_theme(name: str) -> None:
    wrong = [
        entry["id"]
        for entry in entries(name)
        if entry["answerable"] and entry["written_from"].startswith(RGESN)
        for place in entry["gold"]
        if place["locator"]["kind"] == "criterion"
        and place["document"] == RGESN[0]
        and place["locator"]["value"].split(".")[0] not in THEMES[name]
    ]
    assert wrong == []


# --- against the sources --------------------------------------------------------------------------------------------


def source_words(text: str) -> list[str]:
    """The words that a reader of a source sees: without its tags, link targets and addresses."""
    return folded_words(html.unescape(re.sub(r"<[^>]+>|\]\([^)]*\)|https?://\S+", " ", text)))


def strings(value: Any) -> Iterator[str]:
    """Each string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


@cache
def words_of(path: Path) -> list[str]:
    """The words of a text file, by its ending."""
    text = path.read_text("utf-8", "replace")
    return source_words(" ".join(strings(json.loads(text))) if path.suffix == ".json" else text)


@cache
def office_words(path: Path) -> list[str]:
    """The words of a spreadsheet or a text document, from the XML in its archive."""
    names = ("xl/sharedStrings.xml", "word/document.xml", "content.xml")
    with zipfile.ZipFile(path) as archive:
        text = " ".join(archive.read(name).decode() for name in names if name in archive.namelist())
    # Runs of one paragraph are apart only by their style: they join up; what ends a block parts the words.
    return source_words(
        re.sub(r"<[^>]+>", "", re.sub(r"</(?:text:p|text:h|w:p|si|table:table-cell)>|<w:br/>", " ", text))
    )


@pytest.fixture(scope="module")
def page_words(knowledge_base: Path) -> PageWords:
    """The words of a page of a PDF, counted from 1; no page there has no words. Only the pages asked for are parsed."""
    from pypdf import PdfReader

    readers: dict[str, Any] = {}

    @cache
    def of(document: str, number: int) -> list[str]:
        reader = readers.setdefault(document, PdfReader(knowledge_base / document))
        if not 1 <= number <= len(reader.pages):
            return []
        return source_words(re.sub(r"(\w)-\n(\w)", r"\1\2", reader.pages[number - 1].extract_text()))

    return of


def in_a_row(words: list[str], sought: list[str]) -> bool:
    return f" {' '.join(sought)} " in f" {' '.join(words)} "


def on_page(words: list[str], sought: list[str]) -> bool:
    """True where a page of a PDF holds the words, in whichever of the ways that pypdf gives them.

    It cuts some words in two; and it gives the boxes of a drawn page, such as a figure and its caption, out of order.
    """
    return in_a_row(words, sought) or "".join(sought) in "".join(words) or set(sought) <= set(words)


def test_every_anchor_stands_in_its_document(knowledge_base: Path, page_words: PageWords) -> None:
    missing = []
    for identifier, place in places():
        document, anchor = knowledge_base / place["document"], folded_words(place["anchor"])
        if not document.is_file():
            found = False
        elif document.suffix == ".pdf":
            page = int(place["locator"]["value"])
            # A sentence may begin on the page before or end on the next.
            around = (page_words(place["document"], page + shift) for shift in (-1, 1))
            found = on_page(page_words(place["document"], page), anchor) or any(in_a_row(it, anchor) for it in around)
        elif document.suffix in (".md", ".json"):
            # Emphasis inside a word would cut it in two.
            plain = re.sub(r"[*_`]", "", document.read_text("utf-8"))
            found = in_a_row(words_of(document), anchor) or in_a_row(source_words(plain), anchor)
        else:
            found = in_a_row(office_words(document), anchor)
        if not found:
            missing.append((identifier, place["document"], place["locator"]["value"]))
    assert missing == []


def test_no_question_copies_seven_words_in_a_row_from_a_source(knowledge_base: Path, page_words: PageWords) -> None:
    copied: dict[tuple[str, ...], str] = {}
    for name in SIZES:
        for entry in entries(name):
            copied.update(dict.fromkeys(runs_of(folded_words(entry["question"])), entry["id"]))
    texts = (path for path in knowledge_base.rglob("*") if path.suffix in (".md", ".html", ".json"))
    sources = {str(path.relative_to(knowledge_base)): words_of(path) for path in texts}
    for _, place in places():
        if place["document"].endswith(".pdf"):
            page = int(place["locator"]["value"])
            sources[f"{place['document']} p. {page}"] = page_words(place["document"], page)
    found = {(copied[run], source) for source, words in sources.items() for run in copied.keys() & set(runs_of(words))}
    assert found == set()


def runs_of(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Each run of ``SHARED_WORDS`` words."""
    return zip(*(words[start:] for start in range(SHARED_WORDS)), strict=False)
