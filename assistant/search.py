"""Search: dense and lexical, fused, with facet filters and exact codes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeVar

import numpy as np

from assistant.answer import Hit
from assistant.question import Question
from corpus.catalogue import named
from corpus.documents import Document, Part, Passage
from corpus.encoders import Encoder
from corpus.english import french_words
from corpus.errors import InputError
from corpus.index import Index
from corpus.lexical import words

__all__ = ["KINDS_OF_INTENT", "Found", "HybridRetriever", "Mode", "without_repeats"]

T = TypeVar("T")
Mode = Literal["hybrid", "dense", "lexical"]

# How many passages each of the two searches brings, and the share of the dense one in the fused score.
CANDIDATES = 60
DENSE_SHARE = 0.45
# Cards are found more easily than the official documents they sum up: written for questions, one subject each. So many of the
# best ones raise the passages that they name, the best by this much, the last by nothing.
CARDS_THAT_POINT = 15
POINTED_BONUS = 0.55
# Such a card itself gives way to what it points at.
CARD_FACTOR = 0.3
# How many are looked at closely: the passage itself decides among those only.
SHORTLIST = 60
# Two passages whose words in threes overlap by this share of the smaller one are the same content in two formats.
SAME_CONTENT = 0.7
# A section of the kind that the intent asks for.
KIND_BONUS = 0.15
KINDS_OF_INTENT = {
    "check": {"check"},
    "definition": {"definition", "summary"},
    "how": {"how", "tools"},
    "figure": {"figures"},
    "who": {"who"},
    "when": {"dates", "obligations"},
    "why": {"why", "aim"},
}

# « 50,000 », which is « 50 000 » in French.
ENGLISH_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")


@dataclass(frozen=True)
class Candidate:
    """A passage with the two scores it was found by (0 where a search did not bring it) and the fused one."""

    id: str
    dense: float
    lexical: float
    score: float


@dataclass(frozen=True)
class Found:
    """What a search returned: hits in rank order, the candidates' scores by passage id, how good the best cards are (0 to 1), the
    question's vector, and seconds."""

    hits: tuple[Hit, ...]
    candidates: Mapping[str, Candidate]
    cards: Mapping[str, float]
    vector: np.ndarray | None
    seconds: Mapping[str, float]


class HybridRetriever:
    """The passages of an index that are nearest to a question."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self.index = index
        self.encoder = encoder
        # Of the last few texts, since one is looked at by more than one stage.
        self.vector = lru_cache(maxsize=32)(lambda text: encoder.encode_query(text))

    def search(
        self,
        question: Question,
        filters: Mapping[str, Sequence[str]] | None = None,
        top: int = 10,
        mode: Mode = "hybrid",
    ) -> Found:
        """Return the ``top`` best passages for a question that stands alone.

        ``filters`` maps a facet, or "kind", "origin", "publisher" and "edition", to the values of which a document must
        have one. Raises InputError for a facet that no document has.
        """
        allowed = allowed_documents(self.index.documents, filters) if filters else None
        started = time.perf_counter()
        vector = None if mode == "lexical" else self.vector(question.text)
        encoded = time.perf_counter()
        words = None if mode == "dense" else self.index.lexical.scores(searched_words(question))
        dense, lexical = self.nearest(vector, words, "superseded" if question.superseded else "passages", allowed)
        cards = ({}, {}) if question.superseded else self.nearest(vector, words, "cards", allowed)
        own = [id for id in {**cards[0], **cards[1]} if not self.gives_way(id)]
        fused = fuse({**dense, **cards[0]}, {**lexical, **cards[1]}, {*dense, *lexical, *own})
        best: dict[str, float] = {}
        if mode == "hybrid":
            pointing = fused if allowed is None else fuse(*self.nearest(vector, words, "cards"))
            best = {} if vector is None or question.superseded else self.cards(question, pointing, vector)
            passages, ranked = self.rank(question, fused, self.pointed(best), top, allowed)
        else:
            ranked = sorted(fused.values(), key=lambda candidate: self.gives_way(candidate.id))
            passages = self.index.passages([candidate.id for candidate in ranked])
        hits = tuple(
            Hit(
                passages[candidate.id],
                self.index.documents[passages[candidate.id].document_id],
                round(candidate.score, 4),
            )
            for candidate in ranked[:top]
        )
        seconds = {"encode": encoded - started, "search": time.perf_counter() - encoded}
        return Found(hits, fused, best, vector, seconds)

    def nearest(
        self, vector: np.ndarray | None, words: np.ndarray | None, part: Part, allowed: set[str] | None = None
    ) -> tuple[dict[str, float], dict[str, float]]:
        """The scores of a part's best passages by each of the two searches, where it was made."""
        dense = {} if vector is None else dict(self.index.dense(vector, CANDIDATES, part, allowed))
        lexical = {} if words is None else dict(self.index.lexical.best(words, CANDIDATES, part, allowed))
        return dense, lexical

    def rank(
        self,
        question: Question,
        fused: Mapping[str, Candidate],
        pointed: Mapping[str, float],
        count: int,
        allowed: set[str] | None,
    ) -> tuple[dict[str, Passage], list[Candidate]]:
        """Return the ``count`` best candidates and their passages: exact codes first, then by the fused score as the cards
        that point at a passage, its section and its copies weigh on it."""
        wanted = KINDS_OF_INTENT.get(question.intent, set())
        candidates = []
        for id in {**fused, **pointed}:
            candidate = fused.get(id, Candidate(id, 0.0, 0.0, 0.0))
            score = candidate.score + POINTED_BONUS * pointed.get(id, 0.0)
            candidates.append(replace(candidate, score=score * CARD_FACTOR if self.gives_way(id) else score))
        candidates = sorted(candidates, key=lambda candidate: -candidate.score)[: max(count, SHORTLIST)]
        passages = self.index.passages([candidate.id for candidate in candidates])
        exact = self.exact(question, fused, passages, allowed)
        rest = [
            replace(candidate, score=candidate.score + KIND_BONUS * (passages[candidate.id].section_kind in wanted))
            for candidate in candidates
            if candidate.id not in exact and (allowed is None or passages[candidate.id].document_id in allowed)
        ]
        rest.sort(key=lambda candidate: -candidate.score)
        taken = [passages[id].text for id in exact]
        kept = without_repeats(rest, lambda candidate: passages[candidate.id].text, taken, count)
        return passages, [*exact.values(), *kept]

    def gives_way(self, id: str) -> bool:
        """True for a passage of a card that names a passage of the official documents: those are quoted before it."""
        return self.index.card_of.get(id) in self.index.named

    def cards(self, question: Question, fused: Mapping[str, Candidate], vector: np.ndarray) -> dict[str, float]:
        """Return the best cards for a question, each from 0 (the last of them) to 1.

        A card is as good as its best passage and its nearest question together. A question about "the criterion" without its
        number is for the cards of criteria.
        """
        asked = self.index.asked(vector)
        nearest = dict(sorted(asked.items(), key=lambda item: -item[1])[:CANDIDATES])
        scores = {card: DENSE_SHARE * score for card, score in scale(nearest).items()}
        passages: dict[str, float] = {}
        for candidate in fused.values():
            if card := self.index.card_of.get(candidate.id):
                passages[card] = max(passages.get(card, 0.0), candidate.score)
        for card, score in passages.items():
            scores[card] = scores.get(card, 0.0) + score
        if question.about_criterion and not question.codes:
            scores = {card: score for card, score in scores.items() if self.index.documents[card].kind == "criterion"}
        return scale(dict(sorted(scores.items(), key=lambda item: -item[1])[:CARDS_THAT_POINT]))

    def pointed(self, cards: Mapping[str, float]) -> dict[str, float]:
        """Return how strongly the best cards point at each passage that they name: 1 for the best card, 0 for the last."""
        found: dict[str, float] = {}
        for card, strength in cards.items():
            for id in self.index.named.get(card, ()):
                found[id] = max(found.get(id, 0.0), strength)
        return found

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
        documents = self.index.documents
        within = documents.values() if allowed is None else [documents[id] for id in allowed]
        for document in named(within, question.codes, question.superseded):
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


def searched_words(question: Question) -> str:
    """What the lexical search reads of a question: its words, and for those that are English the sources' own."""
    if question.language != "en":
        return question.text
    return f"{ENGLISH_THOUSANDS.sub('', question.text)} {french_words(question.text)}"


def fuse(
    dense: Mapping[str, float], lexical: Mapping[str, float], compared: Collection[str] | None = None
) -> dict[str, Candidate]:
    """Weigh the two searches' scores, each brought to 0–1 over those ``compared`` or all; best first."""
    scaled_dense, scaled_lexical = scale(dense, compared), scale(lexical, compared, floor=0.0)
    share = DENSE_SHARE if dense and lexical else 1.0 if dense else 0.0
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


def scale(
    scores: Mapping[str, float], compared: Collection[str] | None = None, floor: float | None = None
) -> dict[str, float]:
    """Bring scores to 0–1: the lowest (or ``floor``) of those ``compared`` to 0, the highest to 1; all of them where none is."""
    values = [score for id, score in scores.items() if compared is None or id in compared] or list(scores.values())
    if not values:
        return {}
    low = min(values) if floor is None else floor
    width = max(values) - low
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
