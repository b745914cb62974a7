"""Where words stand, as a reader reads it: a place in a document, and the documents that a card is drawn from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby

from corpus.copies import plain_address
from corpus.documents import Document, Locator, Passage, Section, Source
from corpus.figures import plain
from corpus.lexical import fold
from corpus.messages import text

__all__ = ["folded_heading", "named_passages", "place_text", "source_line", "sources_line", "stands_at"]

# A source without a locator names the whole document: more passages than this are no place.
SHORT_DOCUMENT = 3


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
