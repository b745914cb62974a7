"""The places of a folder's documents that no prepared answer rests on, and why. Part of ``python -m corpus check``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from corpus.answers import PreparedAnswer
from corpus.copies import copies, plain_address, repeated_sections
from corpus.documents import Document, Locator, Section
from corpus.places import folded, stands_at
from corpus.shelf import Shelf

__all__ = ["MOST_WORDS", "Unanswered", "unanswered"]

# A place of more words than this is listed.
MOST_WORDS = 80
# Why a place has no answer: its edition is replaced; no card names its document; one does, elsewhere in it; one names the place
# and has no answers yet; one names it, whose answers rest on other places.
Reason = Literal["superseded", "no_card", "other_place", "not_written", "not_needed"]


@dataclass(frozen=True)
class Unanswered:
    """A place of a document, of so many ``words``, that no prepared answer rests on; ``reason`` says why."""

    document: str
    title: str
    url: str
    place: Locator
    words: int
    reason: Reason


def unanswered(cards: Iterable[tuple[Document, Sequence[PreparedAnswer]]], shelf: Shelf) -> Iterator[Unanswered]:
    """Yield the places of more than MOST_WORDS words without an answer, document by document; copies are left out.

    ``cards`` are all of the base, each with its prepared answers.
    """
    anchors: dict[str, set[str]] = defaultdict(set)
    named: dict[str, list[tuple[Locator | None, bool]]] = defaultdict(list)
    for card, answers in cards:
        for number, source in enumerate(card.sources, start=1):
            address = plain_address(source.url)
            named[address].append((source.locator, bool(answers)))
            anchors[address] |= {
                folded(proof.anchor) for answer in answers for proof in answer.proofs if proof.source == number
            }
    documents = sorted({id(one): one for one in chain(*shelf.at.values())}.values(), key=lambda one: (one.path, one.id))
    left_out, repeated = copies(documents), repeated_sections(documents)
    for document in documents:
        if document.id in left_out:
            continue
        address = plain_address(document.url)
        places: dict[Locator, list[Section]] = defaultdict(list)
        for position, section in enumerate(document.sections):
            if (document.id, position) not in repeated:
                places[section.locator].append(section)
        for place, sections in places.items():
            words = [folded(section.text) for section in sections]
            count = sum(len(text.split()) for text in words)
            if count > MOST_WORDS and not any(anchor in text for text in words for anchor in anchors[address]):
                reason = reason_for(document, sections[0], named[address])
                yield Unanswered(document.path, document.title, document.url, place, count, reason)


def reason_for(document: Document, section: Section, named: Sequence[tuple[Locator | None, bool]]) -> Reason:
    """Why a section has no answer; ``named`` are the places that cards name in its document, each with whether the card has answers."""
    if not document.in_force:
        return "superseded"
    if not named:
        return "no_card"
    here = [answered for locator, answered in named if locator is None or stands_at(section, locator)]
    if not here:
        return "other_place"
    return "not_needed" if any(here) else "not_written"
