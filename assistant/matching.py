"""The prepared answers, and what is known to be absent, that are nearest to a question: found by words and by the encoder, then ranked."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.question import Question, understand
from assistant.search import Found, searched_words
from assistant.specifics import opposed, specifics_of
from corpus.absences import Absence
from corpus.answer_index import StandingAnswer
from corpus.answers import PreparedAnswer
from corpus.catalogue import named
from corpus.index import Index
from corpus.lexical import fold, tokens

__all__ = ["NEARLY", "SAME", "WEIGHTS", "Match", "matches", "ranked", "weighed"]

# Fitted by ``python -m eval fit`` on questions written apart (docs/decisions/0011-matching.md).
WEIGHTS_FILE = Path(__file__).with_name("weights.json")
WEIGHTS: dict[str, dict[str, float]] = json.loads(WEIGHTS_FILE.read_text("utf-8"))
# A question that is nearly word for word one of the ways to ask for an entry is that one. No question written apart is so near one, so
# that nothing can be fitted: from where it counts, and for how much in the value.
NEARLY, NEARLY_RANKED = 0.5, 4.0
# From where it is asked for in the very words of one of them.
SAME = 0.9

# How many each way of searching brings.
CANDIDATES = 30
# The passages in which an answer's proofs stand say something of it where they are among so many.
PASSAGES = 10
# No answer is taken for longer than this, in words: a list may be.
LONG = 150


@dataclass(frozen=True)
class Match:
    """A prepared answer or an absence, its rank's value, and how likely it is, from 0 to 1, to be what answers the question, if one of
    those found does."""

    id: str
    value: float
    likelihood: float
    signals: Mapping[str, float]

    def standing(self, index: Index) -> StandingAnswer | None:
        """The prepared answer that it is; None for an absence."""
        return index.prepared.answers.get(self.id)


def matches(question: Question, found: Found, index: Index, allowed: Collection[str] | None = None) -> list[Match]:
    """Return the prepared answers and absences nearest to a question that stands alone, the likeliest first.

    ``allowed`` are the cards that filters leave. A question that names a criterion is for the answers of its card, one about a
    superseded edition for those that are not of the one in force; one about what is over a number is not for what is under it.
    An answer none of whose proofs stands any more is none.
    """
    if question.is_code:
        return []
    current = editions_in_force(index)

    def fits(id: str) -> bool:
        standing = index.prepared.answers.get(id)
        return standing is None or not (
            standing.gone
            or (question.superseded and not question.is_about_change and standing.answer.edition in current)
            or opposed(question.text, standing.answer.question)
        )

    measured = {
        id: values
        for id, values in signals(question, found, index, cards_for(question, index, allowed)).items()
        if fits(id)
    }
    return ranked(measured, WEIGHTS["ranker"])


def ranked(measured: Mapping[str, Mapping[str, float]], ranker: Mapping[str, float]) -> list[Match]:
    """Return the entries whose signals were measured, the likeliest first."""
    values = {id: value_of(measured[id], ranker) for id in measured}
    order = sorted(values, key=lambda id: -values[id])
    odds = [math.exp(values[id] - values[order[0]]) for id in order]
    total = sum(odds)
    return [Match(id, values[id], share / total, measured[id]) for id, share in zip(order, odds, strict=True)]


def value_of(measured: Mapping[str, float], ranker: Mapping[str, float]) -> float:
    """What an entry is ranked by: the log of how likely it is, up to what all of them share."""
    return weighed(ranker, measured) + NEARLY_RANKED * max(0.0, measured["same"] - NEARLY)


def weighed(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    return weights.get("", 0.0) + sum(weight * values[name] for name, weight in weights.items() if name)


def cards_for(question: Question, index: Index, allowed: Collection[str] | None) -> set[str] | None:
    """The cards whose answers may fit; None for all of them."""
    cards = None if allowed is None else set(allowed)
    codes = {
        code
        for document in named(index.documents.values(), question.codes, question.superseded)
        if (code := document.properties.get("number"))
    }
    if not codes or question.is_about_change:
        return cards
    own = {
        id
        for id, document in index.documents.items()
        if document.origin == "card" and document.properties.get("number") in codes
    }
    return own if cards is None else own & cards


def editions_in_force(index: Index) -> set[str]:
    return {document.edition for document in index.documents.values() if document.origin == "card" and document.edition}


def signals(
    question: Question, found: Found, index: Index, allowed: Collection[str] | None
) -> dict[str, dict[str, float]]:
    """Return the signals of the nearest entries, by id:

    ``answer``: the cosine with what it says; ``asked``: with the ways to ask for it. ``coverage``: how much of the question, by weight,
    its words hold; ``missing``: how much is neither among them nor in its card's title; ``said``: how much stands in what it says.
    ``same``: how nearly the words of one way to ask for it are those of the question; ``way``: the most that the question holds of one
    of them, by weight. ``length``: that of what it says, in hundreds of words. ``card``: how good its card is for the question. ``passage``: how
    high, among the passages found, those stand that prove it. ``intent``: it is for the same kind of question. ``names``,
    ``years``, ``numbered``, ``figures``: the share of what the question names so that it does not hold. ``absent``: it is an absence.
    """
    prepared = index.prepared
    vector = found.vector
    if not prepared.ids or vector is None:
        return {}
    kept = np.array([allowed is None or card_of(id) in allowed for id in prepared.ids])
    if not kept.any():
        return {}
    near, asked = (np.where(kept, rows @ vector, -1.0) for rows in (prepared.vectors, prepared.asked))
    searched = searched_words(question)
    scores = np.where(kept, prepared.lexical.scores(searched), 0.0)
    proven = proofs_found(found, index)
    places = {id: place for place, id in enumerate(prepared.ids)} if proven else {}
    nearest = {
        *np.argsort(-near)[:CANDIDATES].tolist(),
        *np.argsort(-asked)[:CANDIDATES].tolist(),
        *np.argsort(-scores)[:CANDIDATES].tolist(),
        *(places[id] for id in proven),
    }
    specifics = specifics_of(question.text)
    weigh = prepared.lexical.weight
    weights = prepared.lexical.weights(searched)
    total = sum(weights.values()) or 1.0
    # What is named is written otherwise in English.
    nothing = specifics_of("").missing("", frozenset())
    measured = {}
    for place in nearest:
        if not kept[place]:
            continue
        id = prepared.ids[place]
        entry, terms = prepared.entry(id), prepared.terms(id)
        title = index.documents[entry.card].title if isinstance(entry, PreparedAnswer) else ""
        around = terms.all.union(tokens(title))
        measured[id] = {
            "answer": float(near[place]),
            "asked": float(asked[place]),
            "coverage": sum(weight for term, weight in weights.items() if term in terms.all) / total,
            "missing": sum(weight for term, weight in weights.items() if term not in around) / total,
            "said": sum(weight for term, weight in weights.items() if term in terms.said) / total,
            "length": min(terms.length, LONG) / 100,
            "same": max(shared(weights, way, weigh) for way in terms.ways),
            "way": max(held(weights, way, weigh) for way in terms.ways),
            "card": found.cards.get(card_of(id), 0.0),
            "passage": proven.get(id, 0.0),
            "intent": float(understand(entry.question).intent == question.intent),
            **(
                nothing
                if question.language == "en"
                else specifics.missing(f"{fold(title)} {terms.folded}", terms.figures)
            ),
            "absent": float(isinstance(entry, Absence)),
        }
    return measured


def proofs_found(found: Found, index: Index) -> dict[str, float]:
    """For each answer that a passage among the first found proves: 1 where it is the first, less and less behind."""
    strengths: dict[str, float] = {}
    for rank, hit in enumerate(found.hits[:PASSAGES]):
        for id in index.proven_by.get(hit.passage.id, ()):
            strengths.setdefault(id, 1 / (1 + rank))
    return strengths


def card_of(id: str) -> str:
    """The card of an answer, the family of an absence."""
    return id.partition("#")[0]


def shared(weights: Mapping[str, float], words: Collection[str], weight: Callable[[str], float]) -> float:
    """The weighted Jaccard similarity of a question's terms and those of another: 1 where they are the same."""
    common = sum(value for term, value in weights.items() if term in words)
    every = sum(weights.values()) + sum(weight(term) for term in words if term not in weights)
    return common / every if every else 0.0


def held(weights: Mapping[str, float], words: Collection[str], weight: Callable[[str], float]) -> float:
    """The share, by weight, of some terms that are a question's."""
    every = sum(map(weight, words))
    return sum(weight(term) for term in words if term in weights) / every if every else 0.0
