"""Search: dense and lexical, fused, with facet filters and exact codes, as a LlamaIndex retriever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.answer import Hit
from assistant.question import Question, understand
from corpus.catalogue import named
from corpus.documents import Document, Passage
from corpus.encoders import Encoder
from corpus.errors import InputError
from corpus.index import Index
from corpus.lexical import words

__all__ = ["KINDS_OF_INTENT", "Found", "HybridRetriever", "Mode", "without_repeats"]

T = TypeVar("T")
Mode = Literal["hybrid", "dense", "lexical"]

# How many passages each of the two searches brings, and the share of the dense one in the fused score, by the question's
# language: English words meet few of the sources' own.
CANDIDATES = 60
DENSE_SHARE = {"fr": 0.4, "en": 0.7}
# Two passages whose words in threes overlap by this share of the smaller one are the same content in two formats.
SAME_CONTENT = 0.7
# A card gives way to the official documents it sums up.
CARD_FACTOR = 0.3
# A section of the kind that the intent asks for.
KIND_BONUS = 0.06
KINDS_OF_INTENT = {
    "check": {"check"},
    "definition": {"definition", "summary"},
    "how": {"how", "tools"},
    "figure": {"figures"},
    "who": {"who"},
    "when": {"dates", "obligations"},
    "why": {"why", "aim"},
}


@dataclass(frozen=True)
class Candidate:
    """A passage with the two scores it was found by (0 where a search did not bring it) and the fused one."""

    id: str
    dense: float
    lexical: float
    score: float


@dataclass(frozen=True)
class Found:
    """What a search returned: hits in rank order, the candidates' scores by passage id, the question's vector, and seconds."""

    hits: tuple[Hit, ...]
    candidates: Mapping[str, Candidate]
    vector: np.ndarray | None
    seconds: Mapping[str, float]


class HybridRetriever(BaseRetriever):
    """The product's search. ``search`` gives hits; ``retrieve`` gives the same as LlamaIndex nodes."""

    def __init__(self, index: Index, encoder: Encoder, top: int = 10, mode: Mode = "hybrid") -> None:
        super().__init__()
        self.index = index
        self.encoder = encoder
        self.top = top
        self.mode = mode

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self.search(understand(query_bundle.query_str))
        return [NodeWithScore(node=node_of(hit), score=hit.score) for hit in found.hits]

    def search(
        self,
        question: Question,
        filters: Mapping[str, Sequence[str]] | None = None,
        top: int = 0,
        mode: Mode | None = None,
    ) -> Found:
        """Return the ``top`` best passages for a question that stands alone.

        ``filters`` maps a facet, or "kind", "origin", "publisher" and "edition", to the values of which a document must
        have one. Raises InputError for a facet that no document has.
        """
        mode = mode or self.mode
        allowed = allowed_documents(self.index.documents, filters) if filters else None
        started = time.perf_counter()
        vector = None if mode == "lexical" else self.encoder.encode_query(question.text)
        encoded = time.perf_counter()
        dense, lexical = {}, {}
        if vector is not None:
            dense = dict(self.index.dense(vector, CANDIDATES, allowed, question.superseded))
        if mode != "dense":
            lexical = dict(self.index.lexical.search(question.text, CANDIDATES, allowed, question.superseded))
        fused = fuse(dense, lexical, DENSE_SHARE[question.language])
        passages = self.index.passages(list(fused))
        ranked = (
            self.rank(question, fused, passages, top or self.top, allowed) if mode == "hybrid" else list(fused.values())
        )
        hits = tuple(
            Hit(
                passages[candidate.id],
                self.index.documents[passages[candidate.id].document_id],
                round(candidate.score, 4),
            )
            for candidate in ranked[: top or self.top]
        )
        seconds = {"encode": encoded - started, "search": time.perf_counter() - encoded}
        return Found(hits, fused, vector, seconds)

    def rank(
        self,
        question: Question,
        fused: Mapping[str, Candidate],
        passages: dict[str, Passage],
        count: int,
        allowed: set[str] | None,
    ) -> list[Candidate]:
        """Order the ``count`` best candidates: exact codes first, then by the fused score as the section, the card and the copy weigh on it."""
        documents = self.index.documents
        wanted = KINDS_OF_INTENT.get(question.intent, set())
        candidates = []
        official = {
            documents[passages[id].document_id].url
            for id in fused
            if documents[passages[id].document_id].origin == "official"
        }
        for candidate in fused.values():
            passage = passages[candidate.id]
            document = documents[passage.document_id]
            score = candidate.score
            if passage.section_kind in wanted:
                score += KIND_BONUS
            summed_up = document.origin == "card" and any(source.url in official for source in document.sources)
            # Official pages seldom say what a thing is: there our summary is the better start, but for a criterion.
            if summed_up and (question.intent != "definition" or document.kind == "criterion"):
                score *= CARD_FACTOR
            candidates.append(replace(candidate, score=score))
        exact = self.exact(question, fused, passages, allowed)
        rest = sorted((c for c in candidates if c.id not in exact), key=lambda candidate: -candidate.score)
        taken = [passages[id].text for id in exact]
        return [*exact.values(), *without_repeats(rest, lambda candidate: passages[candidate.id].text, taken, count)]

    def exact(
        self,
        question: Question,
        fused: Mapping[str, Candidate],
        passages: dict[str, Passage],
        allowed: set[str] | None,
    ) -> dict[str, Candidate]:
        """Return the passages of the documents whose code the question names, the best section of each first."""
        found: dict[str, Candidate] = {}
        if not question.codes:
            return found
        wanted = KINDS_OF_INTENT.get(question.intent, set())
        documents = [document for id, document in self.index.documents.items() if allowed is None or id in allowed]
        for document in named(documents, question.codes, question.superseded):
            own = self.index.passages(self.index.passage_ids[document.id])
            passages.update(own)
            scored = []
            for id, passage in own.items():
                known = fused.get(id, Candidate(id, 0.0, 0.0, 0.0))
                bonus = KIND_BONUS if passage.section_kind in wanted else 0.0
                scored.append(replace(known, score=1 + known.score + bonus))
            found.update(
                (candidate.id, candidate) for candidate in sorted(scored, key=lambda candidate: -candidate.score)
            )
        return found


def fuse(dense: Mapping[str, float], lexical: Mapping[str, float], dense_share: float) -> dict[str, Candidate]:
    """Weigh the two searches' scores, each brought to 0–1 over what it returned; best first."""
    scaled_dense, scaled_lexical = scale(dense), scale(lexical, floor=0.0)
    share = dense_share if dense and lexical else 1.0 if dense else 0.0
    candidates = [
        Candidate(
            id,
            dense.get(id, 0.0),
            lexical.get(id, 0.0),
            share * scaled_dense.get(id, 0.0) + (1 - share) * scaled_lexical.get(id, 0.0),
        )
        for id in {**dense, **lexical}
    ]
    return {candidate.id: candidate for candidate in sorted(candidates, key=lambda candidate: -candidate.score)}


def scale(scores: Mapping[str, float], floor: float | None = None) -> dict[str, float]:
    """Bring scores to 0–1: the lowest (or ``floor``) to 0, the highest to 1."""
    if not scores:
        return {}
    low = min(scores.values()) if floor is None else floor
    width = max(scores.values()) - low
    return {id: (score - low) / width if width > 0 else 1.0 for id, score in scores.items()}


def without_repeats(
    items: Iterable[T], text: Callable[[T], str], taken: Sequence[str] = (), count: int | None = None
) -> list[T]:
    """Return the first ``count`` items that do not say what an earlier one, or one of ``taken``, says."""
    kept: list[T] = []
    shingles = [threes(known) for known in taken]
    for item in items:
        if count is not None and len(kept) >= count:
            break
        own = threes(text(item))
        if any(len(own & other) >= SAME_CONTENT * min(len(own), len(other)) for other in shingles if other and own):
            continue
        kept.append(item)
        shingles.append(own)
    return kept


def threes(text: str) -> set[tuple[str, ...]]:
    """The runs of three words of a text."""
    found = words(text)
    return set(zip(found, found[1:], found[2:], strict=False))


def allowed_documents(documents: Mapping[str, Document], filters: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the ids of the documents that fit every filter; raise InputError for a facet that no document has."""
    for facet in filters:
        if not any(values_of(document, facet) for document in documents.values()):
            raise InputError("facet_unknown", facet=facet)
    return {
        id
        for id, document in documents.items()
        if all(set(values_of(document, facet)) & set(values) for facet, values in filters.items())
    }


def values_of(document: Document, facet: str) -> tuple[str, ...]:
    """The values of a facet, or of one of the fields that serve as one."""
    if facet in ("kind", "origin", "publisher", "edition"):
        value = getattr(document, facet)
        return (value,) if value else ()
    return document.facets.get(facet, ())


def node_of(hit: Hit) -> TextNode:
    """A hit as a LlamaIndex node: the passage's text, and where it stands."""
    metadata: dict[str, Any] = {
        "title": hit.document.title,
        "document": hit.document.path,
        "url": hit.passage.url,
        "origin": hit.document.origin,
        "heading_path": " › ".join(hit.passage.heading_path),
        "locator": f"{hit.passage.locator.kind} {hit.passage.locator.value}",
    }
    return TextNode(id_=hit.passage.id, text=hit.passage.text, metadata=metadata)
