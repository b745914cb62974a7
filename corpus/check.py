"""Holds the knowledge cards against their rules and against the official documents: ``python -m corpus check``. Read-only.

A card is right or it is not: each figure of its text stands in one of the places that its ``sources`` name, or it is a problem.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from corpus.absences import NAME as ABSENCES
from corpus.absences import Absence, absence_forms, absence_found, read_absences
from corpus.answer_check import answer_facts, answer_forms, coverage, crowding, disagreement_told, phrasing_problems
from corpus.answers import PreparedAnswer, answers_path, read_answers
from corpus.copies import plain_address, shingles
from corpus.coverage import Unanswered, unanswered
from corpus.documents import Document, Locator, Source
from corpus.errors import DocumentError, InputError
from corpus.facts import PAGES, Problem, facts, missing
from corpus.figures import Quantity, plain
from corpus.lexical import fold
from corpus.messages import text as message
from corpus.places import place_text
from corpus.readers.cards import BASE, card_of, card_paths, front_matter_problems
from corpus.readers.markdown import split_front_matter
from corpus.readers.section_kinds import section_kind
from corpus.readers.source_file import read_text
from corpus.sentences import sentence_spans
from corpus.shelf import Shelf, place_of

__all__ = ["CheckReport", "Problem", "check", "sentence"]

LEAST_WORDS, MOST_WORDS, MOST_CRITERION_WORDS = 80, 350, 420
FORMS = {
    "check_link": re.compile(r"\[[^\]]*\]\(|https?://|\bwww\."),
    "check_html": re.compile(r"<[a-zA-Z/!]"),
    "check_table": re.compile(r"^\s*\|", re.MULTILINE),
    "check_bold": re.compile(r"\*\*|__"),
}
# What a figure lacks, and the same where a document of the card has it at another place.
ELSEWHERE = {"check_figure": "check_figure_elsewhere", "check_unit": "check_unit_elsewhere"}
ITEM = re.compile(r"^\s*(?:-|\d+\.)\s+(.*)$", re.MULTILINE)
HEADING = re.compile(r"^(#+)\s*(.*?)\s*$", re.MULTILINE)
# So much of the shorter of two cards stands in the other: they are one card.
SAME_TEXT = 0.5


@dataclass(frozen=True)
class CheckReport:
    """``answers`` counts the prepared ones, ``quantities`` the facts that were held against the documents; ``unanswered`` are the
    documents' places without an answer, where all of the base is held against a folder."""

    cards: int
    answers: int
    quantities: int
    problems: tuple[Problem, ...]
    unanswered: tuple[Unanswered, ...] = ()


@dataclass(frozen=True)
class Card:
    """A card that could be read, and its text as it is written."""

    name: str
    document: Document
    body: str


def check(paths: Sequence[Path] = (), against: Path | None = None, progress: bool = False) -> CheckReport:
    """Check the cards at ``paths`` (all of the base for none), and their facts against the documents of a folder.

    Raises InputError where a path is no card nor a folder of cards, or ``against`` no folder.
    """
    files = listed(paths)
    if against is not None and not against.is_dir():
        raise InputError("folder_missing", folder=against)
    problems: list[Problem] = []
    cards = [card for path in files.values() if (card := opened(path, problems))]
    for card in cards:
        problems += form_problems(card, files[card.name])
    others = other_cards(files)
    problems += duplicates(cards, others)
    answers = {card.name: opened_answers(card, files[card.name], problems) for card in cards}
    known = {card.name: opened_answers(card, BASE / card.name, []) for card in others}
    every = {answer.id for given in (answers, known) for own in given.values() for answer in own}
    absences = {} if paths else opened_absences(problems)
    problems += [
        found for name, those in absences.items() for one in those for found in absence_forms(name, one, every)
    ]
    for card in cards:
        for answer in answers[card.name]:
            problems += answer_forms(card.name, answer, len(card.document.sources), every)
        if answers[card.name]:
            said = [sentence for sentence, _ in sentences_of(card)]
            problems += coverage(card.name, said, ITEM.findall(card.body), answers[card.name])
            problems += disagreement_told(card.name, card.document, answers[card.name])
    problems += phrasing_problems({**known, **answers, **absences}, {**answers, **absences})
    counted = 0
    places: list[Unanswered] = []
    if against is not None:
        shelf = Shelf(against, [source for card in cards for source in card.document.sources], progress)
        found = {card.name: fact_problems(card, answers[card.name], shelf) for card in cards}
        if any(wrong for _, wrong in found.values()):
            shelf.read_pages(progress)
            found |= {
                card.name: fact_problems(card, answers[card.name], shelf) for card in cards if found[card.name][1]
            }
        given = ((card.name, answer, card.document.sources) for card in cards for answer in answers[card.name])
        problems += crowding(given, shelf)
        counted = sum(count for count, _ in found.values())
        problems += [problem for _, wrong in found.values() for problem in wrong]
        if not paths:
            shelf.read_pages(progress)
            problems += absence_found(absences, (document for held in shelf.at.values() for document in held))
            places = list(unanswered(((card.document, answers[card.name]) for card in cards), shelf))
    order = {name: place for place, name in enumerate(files)}
    problems.sort(key=lambda problem: order.get(problem.card, len(order)))
    return CheckReport(len(files), sum(map(len, answers.values())), counted, tuple(problems), tuple(places))


def sentence(problem: Problem, language: str) -> str:
    """What is wrong, in the reader's language."""
    values = {
        name: ", ".join(place_text(locator, language) for locator in value) if isinstance(value, tuple) else value
        for name, value in problem.values
    }
    return message(problem.key, language, **values)


def listed(paths: Sequence[Path]) -> dict[str, Path]:
    """The cards at the paths, by name."""
    found: dict[str, Path] = {}
    for path in paths or [BASE]:
        if not path.exists() or (path.is_file() and path.suffix != ".md"):
            raise InputError("check_path_bad", path=path)
        cards = card_paths(path) if path.is_dir() else [path]
        if not cards:
            raise InputError("check_path_bad", path=path)
        found |= {card_name(card): card for card in cards}
    return found


def card_name(path: Path) -> str:
    """A card's family and file, or its path where it is not of the base."""
    path = path.resolve()
    return path.relative_to(BASE).as_posix() if path.is_relative_to(BASE) else str(path)


def opened(path: Path, problems: list[Problem]) -> Card | None:
    """Return the card, or nothing where it cannot be read: why is added to the problems."""
    name = card_name(path)
    try:
        front, body = split_front_matter(read_text(path))
        return Card(name, card_of(front, body), body)
    except ValidationError as error:
        found: list[DocumentError] = front_matter_problems(error)
    except DocumentError as error:
        found = [error]
    problems += [Problem(name, error.key, tuple(error.values.items())) for error in found]
    return None


def opened_answers(card: Card, path: Path, problems: list[Problem]) -> list[PreparedAnswer]:
    """Return a card's prepared answers; what does not fit their form is added to the problems."""
    file = answers_path(path)
    if not file.exists():
        return []
    try:
        answers, errors = read_answers(file, card.document.id)
    except DocumentError as error:
        answers, errors = [], [error]
    problems += [Problem(card.name, error.key, tuple(error.values.items())) for error in errors]
    return answers


def opened_absences(problems: list[Problem]) -> dict[str, list[Absence]]:
    """The absences of each family, by file; what does not fit their form is added to the problems."""
    found = {}
    for path in sorted(BASE.glob(f"*/{ABSENCES}")):
        name = path.relative_to(BASE).as_posix()
        try:
            found[name], errors = read_absences(path)
        except DocumentError as error:
            found[name], errors = [], [error]
        problems += [Problem(name, error.key, tuple(error.values.items())) for error in errors]
    return found


def other_cards(files: Mapping[str, Path]) -> list[Card]:
    """The cards of the base that can be read and are not among ``files``."""
    paths = (path for path in card_paths(BASE) if card_name(path) not in files)
    return [card for path in paths if (card := opened(path, []))]


# --- Form ---------------------------------------------------------------------------------------------------------


def form_problems(card: Card, path: Path) -> Iterator[Problem]:
    """What is wrong with a card's name, its headings, its length and its marks."""
    id, family, slug = card.document.id.removeprefix("base/"), path.parent.name, path.stem
    expected = f"rgesn-2024-{slug}" if re.fullmatch(r"\d\.\d+", slug) else f"{family}-{slug}"
    if id != expected:
        yield Problem(card.name, "check_id", (("id", id), ("expected", expected)))
    words = sum(any(map(str.isalnum, word)) for word in HEADING.sub("", card.body).split())
    most = MOST_CRITERION_WORDS if card.document.kind == "criterion" else MOST_WORDS
    if not LEAST_WORDS <= words <= most:
        yield Problem(card.name, "check_length", (("words", words), ("least", LEAST_WORDS), ("most", most)))
    for marks, heading in HEADING.findall(card.body):
        if marks != "##" or not section_kind(heading):
            yield Problem(card.name, "check_heading", (("heading", f"{marks} {heading}"),))
    if not card.body.lstrip().startswith("## "):
        yield Problem(card.name, "check_unheaded")
    for key, pattern in FORMS.items():
        if match := pattern.search(card.body):
            yield Problem(card.name, key, (), sentence_at(card.body, match.start()))


def sentence_at(text: str, position: int) -> str:
    """The line of a text at a position."""
    return text[text.rfind("\n", 0, position) + 1 :].split("\n", 1)[0]


def duplicates(cards: Sequence[Card], others: Sequence[Card]) -> list[Problem]:
    """The identifiers, titles, questions and texts that a card shares with another one, or with one of ``others``."""
    mine = {card.name for card in cards}
    found: list[Problem] = []
    seen: dict[tuple[str, str], str] = {}
    for card in [*others, *cards]:
        document = card.document
        said = [("check_same_id", document.id), ("check_same_title", document.title)]
        said += [("check_same_question", question) for question in document.questions]
        for key, words in said:
            other = seen.setdefault((key, " ".join(re.findall(r"\w+", fold(words)))), card.name)
            if other != card.name and card.name in mine:
                found.append(Problem(card.name, key, (("words", words), ("other", other))))
    numbers: dict[str, int] = {}
    runs = {card.name: shingles(card.document, numbers) for card in [*others, *cards]}
    holders: dict[int, list[str]] = defaultdict(list)
    for name, run in runs.items():
        shared: dict[str, int] = defaultdict(int)
        for shingle in run:
            for other in holders[shingle]:
                shared[other] += 1
            holders[shingle].append(name)
        for other, count in shared.items():
            if name in mine and count >= SAME_TEXT * min(len(run), len(runs[other])):
                found.append(Problem(name, "check_same_text", (("other", other),)))
    return found


# --- Facts --------------------------------------------------------------------------------------------------------


def fact_problems(card: Card, answers: Iterable[PreparedAnswer], shelf: Shelf) -> tuple[int, list[Problem]]:
    """Return how many facts of a card and its answers were looked for, and what does not stand in its sources."""
    located = [shelf.place(source) for source in card.document.sources]
    problems = [
        source_problem(card, source, shelf)
        for source, place in zip(card.document.sources, located, strict=True)
        if place is None
    ]
    places = [place for place in located if place]
    pages = {
        source.locator.value for source in card.document.sources if source.locator and source.locator.kind == "page"
    }
    count = 0
    found: dict[Problem, None] = {}
    for sentence, after in sentences_of(card):
        for match in PAGES.finditer(plain(sentence)):
            for page in re.findall(r"\d+", match[1]):
                if page not in pages:
                    found[Problem(card.name, "check_page_mention", (("page", page),), sentence)] = None
        for quantity in facts(sentence, after):
            count += 1
            if key := missing(quantity, places):
                found[unfounded(card, key, quantity, sentence, shelf)] = None
    disagreement = card.document.properties.get("disagreement")
    for value in disagreement["values"] if disagreement else ():
        place = located[value["source"] - 1]
        line = f"disagreement : {value['value']} ({value['says']})"
        for quantity in facts(value["value"]):
            count += 1
            if place and (key := missing(quantity, [place])):
                found[unfounded(card, key, quantity, line, shelf)] = None
    problems += found
    for answer in answers:
        looked_for, wrong = answer_facts(card.name, answer, card.document.sources, shelf)
        count += looked_for
        problems += wrong
    return count, problems


def unfounded(card: Card, key: str, quantity: Quantity, sentence: str, shelf: Shelf) -> Problem:
    """The problem of a figure that stands in none of the places, with those of the same documents where it does."""
    # A digit alone stands nearly anywhere.
    telling = quantity.kind != "number" or quantity.unit or len(quantity.value) > 1
    where = elsewhere(quantity, card, shelf) if telling else ()
    values = {"figure": quantity.text, "unit": quantity.unit, "where": where}
    return Problem(card.name, ELSEWHERE[key] if where else key, tuple(values.items()), sentence)


def elsewhere(quantity: Quantity, card: Card, shelf: Shelf) -> tuple[Locator, ...]:
    """The first places that have the figure, in the documents that the card names."""
    documents = {id(document): document for source in card.document.sources for document in shelf.documents(source)}
    hits = [
        section.locator
        for document in documents.values()
        for section in document.sections
        if not missing(quantity, [place_of(section)])
    ]
    return tuple(dict.fromkeys(hits))[:3]


def source_problem(card: Card, source: Source, shelf: Shelf) -> Problem:
    """Why a source's place cannot be opened."""
    # The whole of a document always opens.
    if shelf.documents(source) and source.locator:
        return Problem(card.name, "check_place", (("url", source.url), ("place", (source.locator,))))
    key = "check_unreadable" if plain_address(source.url) in shelf.unreadable else "check_source"
    return Problem(card.name, key, (("url", source.url),))


def sentences_of(card: Card) -> Iterator[tuple[str, str]]:
    """The title, then each sentence of the text, headings among them, each with what follows it."""
    yield card.document.title, ""
    for start, end in sentence_spans(card.body, card.document.language):
        yield re.sub(r"^(?:#+|-|\d+\.)\s+", "", card.body[start:end]), card.body[end:]
