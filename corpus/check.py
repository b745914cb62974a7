"""Holds the knowledge cards against their rules and against the official documents: ``python -m corpus check``. Read-only.

A card is right or it is not: each figure of its text stands in one of the places that its ``sources`` name, or it is a problem.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from tqdm import tqdm

from corpus.copies import plain_address, shingles
from corpus.documents import Document, Locator, Section, Source
from corpus.errors import AssistantError, DocumentError, InputError
from corpus.figures import Quantity, borne_out, plain, quantities, same
from corpus.files import is_passed_over
from corpus.lexical import fold
from corpus.messages import text as message
from corpus.places import folded_heading, place_text, stands_at
from corpus.readers import READERS
from corpus.readers.cards import BASE, card_of, card_paths, front_matter_problems
from corpus.readers.html import page_of
from corpus.readers.markdown import html_of, split_front_matter
from corpus.readers.section_kinds import section_kind
from corpus.readers.source_file import SourceFile, entry_for, read_text
from corpus.readers.worker import worker
from corpus.sentences import sentence_spans

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
HEADING = re.compile(r"^(#+)\s*(.*?)\s*$", re.MULTILINE)
# So much of the shorter of two cards stands in the other: they are one card.
SAME_TEXT = 0.5
# What is quickest to read comes first; pages of the site only for what is found nowhere else.
FIRST, LAST = (".md", ".json"), (".html", ".htm")
# « pages 3, 12 et 28 », where « page 24, 2,5 millions » names one page.
PAGE = r"\d+(?!\d|[.,]\d|[eE]\+)"
PAGES = re.compile(rf"\b(?:pages?|pp?\.)\s*({PAGE}(?:\s*(?:,|et|à|ou|-)\s*{PAGE})*)", re.IGNORECASE)
# « les deux », « ces trois conditions »: what the card has counted before.
COUNTED_BEFORE = re.compile(r"\b(?:les|ces|ses|leurs|nos|vos|tous|toutes|des|aux)\s+$", re.IGNORECASE)
ITEMS = re.compile(r"\s*((?:^[ ]*(?:-|\d+\.)\s.*(?:\n|\Z)\n?)+)", re.MULTILINE)
SEPARATOR = re.compile(r"[,;]|\bet\b|\bou\b")


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a card: ``key`` and ``values`` make its sentence; ``sentence`` is the card's own, where it is one's."""

    card: str
    key: str
    values: tuple[tuple[str, Any], ...] = ()
    sentence: str = ""


@dataclass(frozen=True)
class CheckReport:
    """``quantities`` counts the figures that were held against the documents."""

    cards: int
    quantities: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Card:
    """A card that could be read, and its text as it is written."""

    name: str
    document: Document
    body: str


@dataclass(frozen=True)
class Place:
    """What stands where a source says: the text, with what the document says of itself, and its figures."""

    text: str
    figures: tuple[Quantity, ...]


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
    problems += duplicates(cards, problems)
    counted = 0
    if against is not None:
        shelf = Shelf(against, [source for card in cards for source in card.document.sources], progress)
        found = {card.name: fact_problems(card, shelf) for card in cards}
        if any(wrong for _, wrong in found.values()):
            shelf.read_pages(progress)
            found |= {card.name: fact_problems(card, shelf) for card in cards if found[card.name][1]}
        counted = sum(count for count, _ in found.values())
        problems += [problem for _, wrong in found.values() for problem in wrong]
    order = {name: place for place, name in enumerate(files)}
    return CheckReport(len(files), counted, tuple(sorted(problems, key=lambda problem: order[problem.card])))


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


def duplicates(cards: Sequence[Card], unread: Sequence[Problem]) -> list[Problem]:
    """The identifiers, titles, questions and texts that a card shares with another one, of the base too."""
    mine = {card.name for card in cards}
    skipped = mine | {problem.card for problem in unread}
    others = [card for path in card_paths(BASE) if card_name(path) not in skipped and (card := opened(path, []))]
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


class Shelf:
    """The documents of a folder that some sources name, and the places in them."""

    def __init__(self, root: Path, sources: Iterable[Source], progress: bool = False) -> None:
        self.root = root
        self.at: dict[str, list[Document]] = defaultdict(list)
        self.unreadable: dict[str, AssistantError] = {}
        self.places: dict[tuple[str, Locator | None], Place | None] = {}
        names = sorted(
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if path.suffix.lower() in READERS
            and path.is_file()
            and not any(map(is_passed_over, path.relative_to(root).parts))
        )
        files = [SourceFile(root / name, name, entry_for(root, name)) for name in names]
        wanted = {plain_address(source.url) for source in sources}
        named = [file for file in files if file.entry.url and plain_address(file.entry.url) in wanted]
        first = [file for file in files if file.path.suffix.lower() in FIRST or file in named]
        self.pages = [file for file in files if file.path.suffix.lower() in LAST and file not in named]
        self.read(first, progress)

    def read_pages(self, progress: bool) -> None:
        """Read the pages of the site too: they hold what their Markdown only calls for, and some have no other copy."""
        self.read(self.pages, progress)
        self.pages = []

    def read(self, files: Sequence[SourceFile], progress: bool) -> None:
        self.places.clear()
        with worker() as reader:
            for file in tqdm(files, desc="Lecture", unit="fichier", disable=not progress, leave=False):
                try:
                    documents = reader.read(file)
                except AssistantError as error:
                    if file.entry.url:
                        self.unreadable[plain_address(file.entry.url)] = error
                    continue
                for document in documents:
                    if document.url:
                        self.at[plain_address(document.url)].append(document)

    def documents(self, source: Source) -> Sequence[Document]:
        """The documents at a source's address."""
        return self.at.get(plain_address(source.url), ())

    def place(self, source: Source) -> Place | None:
        """What stands at a source's place, in all documents that have its address; nothing where there is none."""
        key = (plain_address(source.url), source.locator)
        if key not in self.places:
            texts = [
                text for document in self.documents(source) if (text := text_at(document, source.locator, self.root))
            ]
            joined = plain("\n".join(texts))
            self.places[key] = Place(joined, tuple(quantities(joined))) if texts else None
        return self.places[key]


def text_at(document: Document, locator: Locator | None, root: Path) -> str:
    """The text of a document at a place, with what it says of itself; empty where there is no such place."""
    sections = [section for section in document.sections if locator is None or stands_at(section, locator)]
    texts = [text for section in sections for text in (*section.heading_path, section.text)]
    if not texts and locator and locator.kind == "page" and document.path.endswith(".pdf"):
        texts = [text] if (text := raw_page(root / document.path, int(locator.value))) else []
    if not document.sections:
        texts = raw_text(root / document.path)
        if locator and (
            locator.kind != "heading"
            or folded_heading(locator.value) not in map(folded_heading, [document.title, *texts])
        ):
            texts = []
    if not texts and locator:
        return ""
    values = [value for value in document.properties.values() if not isinstance(value, bool)]
    listed = [item for value in values for item in (value if isinstance(value, tuple | list) else [value])]
    return "\n".join([document.title, document.date, document.edition, document.url, *map(str, listed), *texts])


@cache
def raw_page(path: Path, number: int) -> str:
    """The bare text of a PDF's page, of which the reader keeps nothing; empty beyond the end."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        # A page that exists may hold only a picture.
        return (pdf[number - 1].get_textpage().get_text_range() or " ") if 1 <= number <= len(pdf) else ""


@cache
def raw_text(path: Path) -> list[str]:
    """The bare lines of a page that only leads elsewhere, of which its reader keeps nothing."""
    if path.suffix.lower() not in (".md", *LAST):
        return []
    text = read_text(path)
    page = html_of(split_front_matter(text)[1])[0] if path.suffix == ".md" else text
    lines = page_of(page).get_text("\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


def fact_problems(card: Card, shelf: Shelf) -> tuple[int, list[Problem]]:
    """Return how many figures of a card were looked for, and what does not stand in its sources."""
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
    return count, [*problems, *found]


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


@cache
def place_of(section: Section) -> Place:
    joined = plain("\n".join((*section.heading_path, section.text)))
    return Place(joined, tuple(quantities(joined)))


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


def facts(sentence: str, after: str = "") -> list[Quantity]:
    """The figures of a sentence that are facts; the pages that it names, « un an », and what the card itself counts are none."""
    said = PAGES.sub(lambda match: "·" * len(match[0]), plain(sentence))
    return [
        quantity
        for quantity in quantities(said)
        if not re.match(r"une?\b", quantity.text, re.IGNORECASE) and not counts_itself(quantity, said, after)
    ]


def counts_itself(quantity: Quantity, sentence: str, after: str) -> bool:
    """True for a number in words, without unit, of what the card has counted before or lists right there."""
    if quantity.kind != "number" or quantity.unit or not quantity.text[0].isalpha():
        return False
    number = int(quantity.value)
    rest = sentence[quantity.start :]
    listed = rest.partition(":")[2]
    items = ITEMS.match(after)
    return bool(
        COUNTED_BEFORE.search(sentence[: quantity.start])
        or (listed.strip() and len(SEPARATOR.split(listed)) >= number)
        or (rest.endswith(":") and items and len(items[1].strip().splitlines()) == number)
    )


def missing(quantity: Quantity, places: Iterable[Place]) -> str:
    """The key of what a figure lacks in the places: nothing, its unit, or all of it."""
    seen = False
    for place in places:
        for found in place.figures:
            if borne_out(quantity, found, place.text):
                return ""
            seen = seen or same(quantity, found)
        if quantity.kind == "date" and pieces_stand(quantity, place):
            return ""
    return "check_unit" if seen else "check_figure"


def pieces_stand(date: Quantity, place: Place) -> bool:
    """True where a place has the day and month of a date, and its year apart: « du 28 septembre au 2 octobre 2025 »."""
    year, month, day = date.value.split("-")
    alone = {found.value for found in place.figures}
    years = alone | {value[:4] for value in alone}
    return bool(year) and year in years and f"-{month}-{day}" in alone
