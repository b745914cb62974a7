"""The verification that every claim passes before it is shown, and the numbering of what it cites.

Knows neither who composed nor who wrote the claims: a draft says which words of which passage it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answer import Answer, Citation, Claim, Hit, Removed
from corpus.documents import Document, Passage
from corpus.figures import numbers
from corpus.index import Index
from corpus.lexical import tokens
from corpus.messages import text as message
from corpus.places import place_text, sources_line
from corpus.sentences import sentence_spans

__all__ = [
    "Draft",
    "Support",
    "Verified",
    "apart",
    "citation_line",
    "cited",
    "standing",
    "support_for",
    "verify",
]

# The share, by weight, of a written sentence's content words that the words it cites must hold.
BORNE = 0.6


@dataclass(frozen=True)
class Support:
    """A passage, and the words of it that a claim rests on."""

    hit: Hit
    quote: str


@dataclass(frozen=True)
class Draft:
    """A claim before its verification. A title, a heading or a note of our own has no support and needs none.

    ``language`` is as a Claim's.
    """

    text: str
    kind: str = "sentence"
    supports: tuple[Support, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Verified:
    """What passed: claims and their citations, numbered by ``passages``; and what did not."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    removed: tuple[Removed, ...]


def verify(drafts: Iterable[Draft], found: Sequence[Hit], index: Index) -> Verified:
    """Check each draft against the index and number its citations.

    A support holds where its passage is in the index, its quote stands in it word for word, and its locator and address
    are those of the index. A claim that keeps no support is removed, with the reason. ``found`` is what search returned,
    in rank order: it keeps its numbers, and passages from elsewhere follow.
    """
    drafts = list(drafts)
    stored = index.passages(sorted({support.hit.passage.id for draft in drafts for support in draft.supports}))
    passages = list(found)
    places = {hit.passage.id: number for number, hit in enumerate(passages, start=1)}
    claims: list[Claim] = []
    citations: list[Citation] = []
    removed: list[Removed] = []
    for draft in drafts:
        numbers: list[int] = []
        reason = ""
        held = []
        for support in draft.supports:
            if problem := fault(support, stored, index):
                reason = reason or problem
            else:
                held.append(support)
        for support in without_echoes(held):
            id = support.hit.passage.id
            if id not in places:
                passages.append(replace(support.hit, score=None))
                places[id] = len(passages)
            numbers.append(places[id])
            citations.append(citation(support, places[id]))
        if draft.supports and not numbers:
            removed.append(Removed(draft.text, reason))
        else:
            claims.append(Claim(draft.text, tuple(dict.fromkeys(numbers)), draft.kind, draft.language))  # type: ignore[arg-type]
    return Verified(without_empty_headings(claims), tuple(dict.fromkeys(citations)), tuple(passages), tuple(removed))


def without_echoes(supports: Sequence[Support]) -> list[Support]:
    """Leave out the cards that sum up a document which bears the claim itself: they are no second source."""
    heard = {support.hit.document.url for support in supports if support.hit.document.origin != "card"}
    return [
        support
        for support in supports
        if support.hit.document.origin != "card"
        or heard.isdisjoint(source.url for source in support.hit.document.sources)
    ]


def support_for(claim: str, hits: Sequence[Hit], weight: Callable[[str], float]) -> tuple[Support, ...]:
    """Return the support of a sentence that somebody else wrote: in each passage that bears it, the words that do.

    A passage bears a claim where one or two of its neighbouring sentences hold every number of the claim, and at least
    ``BORNE`` of its content words by weight. No passage bearing it, the result is empty.
    """
    terms = {term: weight(term) for term in tokens(claim)}
    total = sum(terms.values())
    figures = numbers(claim)
    supports = []
    for hit in hits:
        text = hit.passage.text
        spans = sentence_spans(text, hit.document.language)
        windows = [*spans, *((first[0], second[1]) for first, second in pairwise(spans))]
        heading = set(tokens(f"{hit.document.title} {' '.join(hit.passage.heading_path)}"))
        best, best_share = (0, 0), 0.0
        for start, end in windows:
            own = set(tokens(text[start:end]))
            share = sum(value for term, value in terms.items() if term in own or term in heading) / (total or 1.0)
            # A criterion's number often stands in its heading alone.
            known = f"{text[start:end]} {hit.document.properties.get('number', '')}"
            holds = figures <= numbers(known)
            # Of two windows that hold as much, the shorter is the better quote.
            if holds and share > best_share + 1e-9:
                best, best_share = (start, end), share
        if best_share >= BORNE:
            supports.append(Support(hit, text[best[0] : best[1]]))
    return tuple(supports)


def fault(support: Support, stored: Mapping[str, Passage], index: Index) -> str:
    """Return the key of what is wrong with a support, or an empty string."""
    passage = stored.get(support.hit.passage.id)
    if passage is None:
        return "removed_passage_missing"
    if not support.quote.strip() or support.quote not in passage.text:
        return "removed_quote_missing"
    if (passage.locator, passage.url) != (support.hit.passage.locator, support.hit.passage.url):
        return "removed_locator_differs"
    # What is shown of a document (its title, whether it is official) is what the index knows of it.
    if support.hit.document != index.documents.get(passage.document_id):
        return "removed_locator_differs"
    return ""


def citation(support: Support, number: int) -> Citation:
    document, passage = support.hit.document, support.hit.passage
    return Citation(
        number=number,
        quote=support.quote,
        title=document.title,
        url=passage.url,
        locator=passage.locator,
        origin=document.origin,
        document=document.path,
        passage_id=passage.id,
    )


def standing(document: Document, language: str) -> str:
    """That a later edition replaces the document, or since when it is no longer published; empty for one that stands."""
    parts = []
    if document.superseded_by:
        key = "standing_in_part" if document.in_part else "standing_superseded"
        parts.append(message(key, language, edition=document.superseded_by))
    if document.withdrawn:
        parts.append(message("standing_withdrawn", language, date=document.withdrawn))
    return ", ".join(parts)


def citation_line(hit: Hit, language: str) -> str:
    """Who says it and where; for a card, that it is ours and what it is drawn from."""
    document = hit.document
    if document.origin == "card":
        return message("card_source", language, sources=sources_line(hit.sources, language))
    own = message("chat_own", language) if document.origin == "own" else ""
    parts = (
        own,
        document.title,
        document.publisher,
        document.date,
        standing(document, language),
        place_text(hit.passage.locator, language),
    )
    return ", ".join(part for part in parts if part)


def cited(answer: Answer, language: str) -> Iterator[tuple[str, list[tuple[int, Hit]]]]:
    """Yield a heading and what is cited below it, each number once: official documents and our cards, then the organisation's own."""
    numbers = sorted({citation.number for citation in answer.citations})
    once = [(number, answer.passages[number - 1]) for number in numbers]
    for key, own in (("sources", False), ("own_documents", True)):
        if below := [(number, hit) for number, hit in once if (hit.document.origin == "own") is own]:
            yield message(key, language), below


def apart(drafts: Iterable[Draft], language: str) -> list[Draft]:
    """Put what only the organisation's own documents bear after everything else, each collection under a heading that names it."""
    common: list[Draft] = []
    own: dict[str, list[Draft]] = {}
    for draft in drafts:
        others = tuple(support for support in draft.supports if support.hit.document.origin != "own")
        if draft.supports and not others:
            own.setdefault(draft.supports[0].hit.document.publisher, []).append(draft)
        else:
            common.append(replace(draft, supports=others))
    for collection, below in own.items():
        key = "own_documents_of" if collection else "own_documents"
        common += [Draft(message(key, language, name=collection), "heading"), *below]
    return common


def without_empty_headings(claims: list[Claim]) -> tuple[Claim, ...]:
    """Leave out the headings and lead-ins below which nothing passed."""
    kept: list[Claim] = []
    for claim in reversed(claims):
        below = kept[-1].kind if kept else "title"
        if claim.kind in ("title", "heading") and below in ("title", claim.kind):
            continue
        kept.append(claim)
    return tuple(reversed(kept))
