"""Where words stand, as a reader reads it: a place in a document, and the documents that a card is drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from corpus.documents import Locator, Source
from corpus.messages import text

__all__ = ["place_text", "source_line", "sources_line"]


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
