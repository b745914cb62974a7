"""The question sets: their schema, their sizes, their split, that they copy no source, and that what they point to is there.

The test set is held out: a failure names the identifiers of questions, never their words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpus.answer_index import absences_of, answers_of
from corpus.places import folded_words
from corpus.readers.cards import BASE, card_paths, read_card
from eval.metrics import address
from eval.questions import Question, read_questions
from tests.eval import mirror

SETS = Path(__file__).resolve().parents[2] / "eval" / "sets"
# Those that are split by document, the one that replaces them in reports, and what is typed that is no plain question.
SPLIT = ("development", "test")
NAMES = (*SPLIT, "field")
REQUESTS = "requests"
# What the matching is fitted on: labelled by the prepared answers, not by places.
PRACTICE = "practice"
# The fewest plain questions, unanswerable ones, disagreements and injections of each set.
SIZES = {"development": (120, 45, 15, 7), "test": (120, 45, 15, 7), "field": (105, 30, 8, 0)}
PREFIXES = {"development": "dev", "test": "test", "field": "field"}
# The themes of the RGESN 2024 that the questions of each set may be on.
THEMES = {"development": set("12349"), "test": set("5678")}
CRITERION = re.compile(r"/publications/referentiel-general-ecoconception/critere/(\d)\.\d+/")
RGESN = "/rgesn-mai2024/"
PERSONAS = {"project lead", "trainer", "evaluator", "buyer", "director"}
ANSWERED = (
    "how-to", "fact", "figure", "definition", "criterion by number", "criterion by description", "list", "law",
    "comparison", "follow-up", "english", "typos",
)  # fmt: skip
SPECIAL = {"unanswerable", "disagreement", "injection"}
SOURCES = {
    "referential",
    "good practice",
    "guide",
    "law",
    "study",
    "tool",
    "training",
    "media",
    "news",
    "FAQ",
    "definition",
}
LOCATORS = {"page", "heading", "criterion", "paragraph", "row"}
SHARED_WORDS = 7


@cache
def entries(name: str) -> list[dict[str, Any]]:
    """The lines of a set as they are."""
    return [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text("utf-8").splitlines()]


def plain(name: str) -> list[dict[str, Any]]:
    """The questions that the sources answer, and that ask nothing else of the assistant than to answer."""
    return [entry for entry in entries(name) if not SPECIAL & set(entry["kinds"])]


def places() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each question's identifier with each place that it points to, over all sets."""
    for name in (*NAMES, REQUESTS):
        for entry in entries(name):
            pointed = [*entry["gold"], *(entry.get("premise") or {}).get("gold", ())]
            pointed += [value for value in entry.get("values") or () if value["anchor"]]
            yield from ((entry["id"], place) for place in pointed)


# --- schema and sizes -----------------------------------------------------------------------------------------------


def test_the_schema_of_the_sets_is_published() -> None:
    assert json.loads((SETS / "schema.json").read_text("utf-8")) == Question.model_json_schema()


@pytest.mark.parametrize("name", NAMES)
def test_a_set_has_its_sizes(name: str) -> None:
    assert len(read_questions(SETS / f"{name}.jsonl")) == len(entries(name))
    kinds = Counter(kind for entry in entries(name) for kind in entry["kinds"])
    found = (len(plain(name)), kinds["unanswerable"], kinds["disagreement"], kinds["injection"])
    assert [count for count, least in zip(found, SIZES[name], strict=True) if count < least] == []
    assert {entry["persona"] for entry in entries(name)} == PERSONAS
    if name == "test":
        answered = Counter(kind for entry in plain(name) for kind in entry["kinds"])
        assert {kind: answered[kind] for kind in ANSWERED if answered[kind] < 10} == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_line_has_the_schema(name: str) -> None:
    wrong = [entry["id"] for entry in entries(name) if not fits_schema(entry, name)]
    assert wrong == []


def fits_schema(entry: dict[str, Any], name: str) -> bool:
    """True where a line is as eval/sets/README.md says."""
    kinds = set(entry["kinds"])
    special = kinds & SPECIAL
    return all(
        (
            entry.keys() <= Question.model_fields.keys(),
            re.fullmatch(rf"{PREFIXES[name]}-\d{{3}}", entry["id"]),
            entry["persona"] in PERSONAS,
            1 <= len(entry["kinds"]) <= 2 and kinds <= {*ANSWERED, *SPECIAL},
            ("follow-up" in kinds) is bool(entry.get("history")),
            "unanswerable" not in kinds or (not entry["answerable"] and entry["why"].strip()),
            special == {"injection"} or bool(entry["gold"]) is entry["answerable"],
            special == {"injection"} or (2 <= len(entry["nuggets"]) <= 5) is entry["answerable"],
            not entry["answerable"] or special or (entry["written_from"] and entry["source"] in SOURCES),
            ("injection" in kinds) is bool(entry.get("forbidden")),
            "disagreement" not in kinds or len({value["value"] for value in entry["values"]}) >= 2,
            all(
                place.keys() == {"document", "locator", "anchor"}
                and place["document"].startswith("https://")
                and place["locator"].keys() == {"kind", "value"}
                and place["locator"]["kind"] in LOCATORS
                and 4 <= len(folded_words(place["anchor"])) <= 8
                for place in entry["gold"]
            ),
        )
    )


def test_no_question_is_in_two_sets() -> None:
    every = [entry for name in (*NAMES, REQUESTS, PRACTICE) for entry in entries(name)]
    for value in (lambda entry: entry["id"], lambda entry: " ".join(folded_words(entry["question"])) or entry["id"]):
        seen = Counter(value(entry) for entry in every if not entry.get("history") or value(entry) == entry["id"])
        assert [entry["id"] for entry in every if seen[value(entry)] > 1] == []


def test_requests_are_forty_of_each_kind_and_say_what_is_expected() -> None:
    assert len(read_questions(SETS / f"{REQUESTS}.jsonl")) == len(entries(REQUESTS))
    kinds = Counter(kind for entry in entries(REQUESTS) for kind in entry["kinds"])
    assert kinds == dict.fromkeys(("talk", "vague", "double", "false premise"), 40)
    wrong = [
        entry["id"]
        for entry in entries(REQUESTS)
        if not entry["expected"].strip()
        or entry["answerable"] is not ("double" in entry["kinds"])
        or bool(entry["gold"]) is not ("double" in entry["kinds"])
        or ("premise" in entry) is not ("false premise" in entry["kinds"])
    ]
    assert wrong == []


def test_what_is_practised_on_is_labelled_by_answers_that_are_there() -> None:
    assert len(read_questions(SETS / f"{PRACTICE}.jsonl")) == len(entries(PRACTICE)) >= 700
    cards = {read_card(path).id: path for path in card_paths(BASE)}
    known = {answer.id for answer in answers_of(cards)[0]} | {absence.id for absence in absences_of(BASE)[0]}
    wrong = [
        entry["id"]
        for entry in entries(PRACTICE)
        if not entry["expected"].strip()
        or not known.issuperset([*entry["answers"], *entry["partly"]])
        or (entry.get("answerable") is False and not all(id.startswith("absent/") for id in entry["answers"]))
    ]
    assert wrong == []


def test_the_sets_are_split_by_document() -> None:
    written_from = [{e["written_from"] for e in entries(name) if e.get("written_from")} for name in SPLIT]
    assert {document for document in set.intersection(*written_from) if RGESN not in document} == set()


@pytest.mark.parametrize("name", SPLIT)
def test_the_referential_is_split_by_theme(name: str) -> None:
    wrong = [
        entry["id"]
        for entry in plain(name)
        if entry["source"] == "referential"
        for place in entry["gold"]
        if (found := CRITERION.search(entry["written_from"])) and found[1] not in THEMES[name]
    ]
    assert wrong == []


def test_a_planted_document_is_there_and_carries_its_instruction() -> None:
    planted = [entry for name in NAMES for entry in entries(name) if entry.get("planted")]
    assert len(planted) >= 7
    for entry in planted:
        assert (SETS / "planted" / entry["planted"]).is_file(), entry["id"]
    assert {path.name for path in (SETS / "planted").iterdir()} == {entry["planted"] for entry in planted}


# --- against the sources --------------------------------------------------------------------------------------------


def test_every_anchor_stands_in_its_document(knowledge_base: Path) -> None:
    missing = [
        (identifier, place["document"], (place.get("locator") or {}).get("value"))
        for identifier, place in places()
        if not any(
            stands(path, folded_words(place["anchor"]), place.get("locator"))
            for path in mirror.by_address(knowledge_base).get(address(place["document"]), ())
        )
    ]
    assert missing == []


def stands(path: Path, anchor: list[str], locator: dict[str, str] | None) -> bool:
    """True where a file holds the words: a PDF on the page that the locator names, or on the next where a sentence runs on."""
    if path.suffix != ".pdf":
        return mirror.in_a_row(mirror.words_of(path), anchor)
    pages = mirror.page_words(path)
    if locator is None:
        return any(mirror.on_page(page, anchor) for page in pages)
    number = int(locator["value"])
    around = pages[max(0, number - 2) : number + 1]
    return mirror.on_page(pages[number - 1], anchor) or any(mirror.in_a_row(page, anchor) for page in around)


def test_no_question_copies_seven_words_in_a_row_from_a_source(knowledge_base: Path) -> None:
    copied = {
        run: entry["id"]
        for name in (*NAMES, REQUESTS, PRACTICE)
        for entry in entries(name)
        for run in runs_of(folded_words(entry["question"]), SHARED_WORDS)
    }
    assert shared(knowledge_base, copied) == set()


def test_no_sentence_of_a_source_is_in_the_sets(knowledge_base: Path) -> None:
    """Of what is written in our own words: the nuggets, the premises, the reasons, the turns before."""
    own = {
        run: entry["id"]
        for name in (*NAMES, REQUESTS)
        for entry in entries(name)
        for words in written(entry)
        for run in runs_of(folded_words(words), 12)
    }
    assert shared(knowledge_base, own) == set()


def written(entry: dict[str, Any]) -> Iterator[str]:
    """What a line says in words of its own."""
    yield from entry["nuggets"]
    yield from (words for turn in entry.get("history") or () for words in turn)
    yield from (entry.get("why", ""), entry.get("expected", ""))
    if premise := entry.get("premise"):
        yield from (premise["false"], premise["true"])


def shared(folder: Path, runs: dict[tuple[str, ...], str]) -> set[tuple[str, str]]:
    """The identifiers of the runs that a source holds, each with that source."""
    size = len(next(iter(runs)))
    found = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".md", ".html", ".json", ".csv"):
            texts = [mirror.words_of(path)]
        elif path.suffix == ".pdf":
            texts = mirror.page_words(path)
        else:
            continue
        name = path.relative_to(folder).as_posix()
        found |= {(runs[run], name) for words in texts for run in runs.keys() & set(runs_of(words, size))}
    return found


def runs_of(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    """Each run of ``size`` words."""
    return zip(*(words[start:] for start in range(size)), strict=False)
