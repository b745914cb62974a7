"""Where words stand, as a reader reads it: a place in a document, and the documents that a card is drawn from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby

from corpus.copies import plain_address
from corpus.documents import Document, Locator, Passage, Section, Source
from corpus.figures import plain
from corpus.lexical import fold
from corpus.messages import text

__all__ = [
    "ANCHOR_WORDS",
    "anchored",
    "folded",
    "folded_heading",
    "folded_words",
    "holds",
    "named_passages",
    "place_text",
    "source_line",
    "sources_line",
    "stands_at",
]

# A source without a locator names the whole document: more passages than this are no place.
SHORT_DOCUMENT = 3
# How many words an anchor has: enough to find its sentence, too few to copy it. A sentence of fewer is its own anchor.
ANCHOR_WORDS = range(4, 9)


def place_text(locator: Locator, language: str) -> str:
    """A place: « p. 12 », « critère 4.4 »."""
    return text(f"locator_{locator.kind}", language, value=locator.value)


def source_line(source: Source, language: str) -> str:
    """A card's source and where in it; a title that says the place already says it once."""
    if source.locator is None:
        return source.title
    place = place_text(source.locator, language)
    return source.title if source.title.endswith(place) else f"{source.title}, {place}"


def sources_line(sources: Iterable[Source], language: str) -> str:
    """What a card is drawn from: « RGESN 2024, critère 4.4 ; Guide (PDF), p. 12, p. 66 », a title that follows itself said once."""
    lines = []
    for title, group in groupby(sources, key=lambda source: source.title):
        lines.append(title + "".join(source_line(source, language).removeprefix(title) for source in group))
    return " ; ".join(lines)


def stands_at(words: Section | Passage, locator: Locator) -> bool:
    """True where words stand at the place: under that heading, however deep, or on that page, row…"""
    if locator.kind != "heading":
        return bool(words.locator == locator)
    wanted = folded_heading(locator.value)
    names = {folded_heading(heading) for heading in words.heading_path}
    return wanted in names or (words.locator.kind == "heading" and folded_heading(words.locator.value) == wanted)


@cache
def folded_heading(heading: str) -> str:
    """A heading without case, accents, spaces, punctuation and kinds of apostrophe."""
    return " ".join(re.findall(r"\w+", fold(plain(heading))))


def folded_words(text: str) -> list[str]:
    """Return the words of ``text`` as runs of ``[a-z0-9]``, case, accents and punctuation folded (Unicode NFD)."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return re.findall(r"[a-z0-9]+", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


@lru_cache(maxsize=100_000)  # the same sentences are asked for by every answer about a place
def folded(text: str) -> str:
    """The folded words of a text in a row, one space around each."""
    return f" {' '.join(folded_words(text))} "


def anchored(unit: str, anchor: str) -> bool:
    """True where a sentence, item or row holds an anchor; one of fewer than ANCHOR_WORDS is the whole of it."""
    wanted = folded(anchor)
    if len(wanted.split()) < ANCHOR_WORDS[0]:
        return bool(wanted.strip()) and wanted == folded(unit)
    return wanted in folded(unit)


def holds(text: str, anchor: str) -> bool:
    """True where the words of ``anchor`` stand in a row in ``text``. An anchor without words stands nowhere."""
    return bool(folded_words(anchor)) and folded(anchor) in folded(text)


def named_passages(documents: Iterable[Document], passages: Mapping[str, Sequence[Passage]]) -> dict[str, list[str]]:
    """Return, for each card that names a place in a document in force, the ids of the ``passages`` (by document) there."""
    documents = list(documents)
    at: dict[str, list[str]] = {}
    for document in documents:
        if document.origin != "card" and document.in_force:
            for url in {plain_address(url) for url in (document.url, *document.alternates) if url}:
                at.setdefault(url, []).append(document.id)
    named = {}
    for card in documents:
        if card.origin != "card":
            continue
        found = [
            passage.id
            for source in card.sources
            for id in at.get(plain_address(source.url), ())
            for passage in passages[id]
            if (stands_at(passage, source.locator) if source.locator else len(passages[id]) <= SHORT_DOCUMENT)
        ]
        if found:
            named[card.id] = list(dict.fromkeys(found))
    return named
