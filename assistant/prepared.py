"""The prepared answer that fits a question, and what it rests on in the index: found by its words and by the encoder."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answer import Hit
from assistant.evidence import specifics_missing
from assistant.question import Question, understand
from assistant.search import Found, searched_words
from assistant.verify import Draft, Support
from corpus.answer_index import StandingAnswer, unit_of
from corpus.answers import PreparedAnswer
from corpus.catalogue import named
from corpus.index import Index, answer_passage, proved_by
from corpus.lexical import fold, tokens
from corpus.messages import text as message

__all__ = ["SIGNS", "Match", "fits", "further", "matches", "prepared_drafts"]

CANDIDATES = 30
# The nearest so many answers tell how near one is: E5's similarities hardly differ by themselves.
COMPARED = 60
# How many proofs of one statement are shown.
PROOFS_SHOWN = 2
# Each sign's weight, and how sure a match must be to be given. Fitted on phrasings that were left out of the index, but "same":
# phrasings are written in other words than their question, which people's own questions are not. The bars were read off
# ``development`` (docs/decisions/0010-prepared-answers.md).
WEIGHTS = {"similarity": 3.85, "coverage": 0.91, "words": 2.58, "card": 0.75, "intent": 0.54, "same": 2.0}
INTERCEPT = -7.93
SIGNS = tuple(WEIGHTS)
FITS = 0.2
# The nearest of a few answers may be far: it holds at least this share of the question's words, by weight.
LEAST_COVERAGE = 0.25


# What names the referential or one of its criteria, and asks nothing of it.
NAMES = set(tokens("critère criterion fiche RGESN 2024 référentiel général écoconception"))


# On which side of a number a question stands: an answer for the other side is to another question.
BOUND = re.compile(
    r"\b(?:(?P<over>plus d[e'’]|au-dela d[e'’]|depass\w+|superieure?s? a|more than|over|above)"
    r"|moins d[e'’]|en dessous d[e'’]|sous|inferieure?s? a|less than|under|below)\s*(?P<number>\d[\d ,.]*)"
)
ARTICLE = re.compile(r"\bart\.? ?(?=\d)", re.IGNORECASE)
ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]+\b")


@dataclass(frozen=True)
class Match:
    """A prepared answer, how sure it is, from 0 to 1, that it answers the question, and the signs that say so."""

    standing: StandingAnswer
    score: float
    signs: Mapping[str, float]

    @property
    def answer(self) -> PreparedAnswer:
        """The answer itself."""
        return self.standing.answer


def matches(question: Question, found: Found, index: Index, allowed: Collection[str] | None = None) -> list[Match]:
    """Return the prepared answers nearest to a question that stands alone, the surest first.

    ``allowed`` are the cards that filters leave. A question that names a criterion is for the answers of its card, one about
    a superseded edition for those that are not of the one in force.
    """
    if found.vector is None or not asked_about(question):
        return []
    measured = signs(question, found, index, cards_for(question, index, allowed))
    matched = [
        Match(index.prepared.answers[id], sureness(values), values)
        for id, values in measured.items()
        if not (question.superseded and index.prepared.answers[id].answer.edition in editions_in_force(index))
        and not opposed(question.text, index.prepared.answers[id].answer.question)
    ]
    return sorted(matched, key=lambda match: -match.score)


def fits(question: Question, matched: Sequence[Match], found: Found, index: Index) -> bool:
    """True where the first of the answers ``matched`` is to be given: sure by itself, and of one of the best cards or for a
    question of the same words; with enough of the question's words, and what it names (an article, a year, a proper name). Where
    its proofs have gone, or the best passage is of an official document that no answer rests on, the documents answer."""
    if (
        not matched
        or not (found.cards and found.hits)
        or matched[0].standing.gone
        or lacks_specifics(question, matched[0].answer, index)
    ):
        return False
    best = found.hits[0].document
    if best.origin == "official" and best.id not in index.proving_documents:
        return False
    signs = matched[0].signs
    # The words of a question in English are not those of the answer.
    covers = question.language == "en" or signs["coverage"] >= LEAST_COVERAGE
    return covers and matched[0].score * max(signs["card"], signs["same"]) >= FITS


def opposed(question: str, other: str) -> bool:
    """True where two questions stand on different sides of the same number."""
    return any(number == same and over != more for number, over in bounds(question) for same, more in bounds(other))


def bounds(text: str) -> list[tuple[str, bool]]:
    """The numbers that a text gives as bounds, and whether it is about what is over them."""
    return [
        (re.sub(r"\D", "", found["number"]), bool(found["over"]))
        for found in BOUND.finditer(fold(text).replace("\u00a0", " ").replace("\u202f", " "))
    ]


def lacks_specifics(question: Question, answer: PreparedAnswer, index: Index) -> bool:
    """True where a question names what neither the answer nor its card's title does; an acronym may be a synonym."""
    if question.language == "en":  # names and numbered things are written otherwise in French
        return False
    named = ARTICLE.sub("article ", ACRONYM.sub(lambda match: match[0].lower(), question.text))
    held = fold("\n".join([index.documents[answer.card].title, answer.question, *answer.phrasings, answer.text]))
    return bool(specifics_missing(named, fold(named), [held]))


def asked_about(question: Question) -> bool:
    """True where a question says more than the code of a criterion: the code alone is answered by the whole criterion."""
    return not question.codes or bool(set(tokens(question.text)) - set(question.codes) - NAMES)


def cards_for(question: Question, index: Index, allowed: Collection[str] | None) -> set[str] | None:
    """The cards whose answers may fit; None for all of them."""
    cards = None if allowed is None else set(allowed)
    codes = {
        code
        for document in named(index.documents.values(), question.codes, question.superseded)
        if (code := document.properties.get("number"))
    }
    if not codes:
        return cards
    own = {
        id
        for id, document in index.documents.items()
        if document.origin == "card" and document.properties.get("number") in codes
    }
    return own if cards is None else own & cards


def editions_in_force(index: Index) -> set[str]:
    return {document.edition for document in index.documents.values() if document.origin == "card" and document.edition}


def signs(question: Question, found: Found, index: Index, cards: Collection[str] | None) -> dict[str, dict[str, float]]:
    """Return the signs of the nearest answers, by id, each from 0 to 1: how near its vector is, between the COMPARED-th and
    the nearest; how much of the question its words hold, by weight; its BM25 score beside the best one; how good its card is for
    the question; whether its question asks for the same kind of thing; how nearly the words of one of its questions are those
    of the question."""
    prepared = index.prepared
    if not prepared.ids:
        return {}
    similar = prepared.vectors @ found.vector
    words = prepared.lexical.scores(searched_words(question))
    kept = np.array([cards is None or prepared.answers[id].answer.card in cards for id in prepared.ids])
    if not kept.any():
        return {}
    similar, words = np.where(kept, similar, -1.0), np.where(kept, words, 0.0)
    nearest = {*np.argsort(-similar)[:CANDIDATES].tolist(), *np.argsort(-words)[:CANDIDATES].tolist()}
    weights = {term: prepared.lexical.weight(term) for term in tokens(searched_words(question))}
    total = sum(weights.values()) or 1.0
    best = float(words.max()) or 1.0
    nearness = np.sort(similar[kept])[-COMPARED:]
    width = float(nearness[-1] - nearness[0]) or 1.0
    measured = {}
    for place in nearest:
        if not kept[place]:
            continue
        answer = prepared.answers[prepared.ids[place]].answer
        asked = [set(tokens(words)) for words in (answer.question, *answer.phrasings)]
        own = set(tokens(answer.text)).union(*asked)
        measured[answer.id] = {
            "similarity": max(0.0, float(similar[place] - nearness[0]) / width),
            "coverage": sum(weight for term, weight in weights.items() if term in own) / total,
            "words": float(words[place]) / best,
            "card": found.cards.get(answer.card, 0.0),
            "same": max(shared(weights, words, prepared.lexical.weight) for words in asked),
            "intent": float(understand(answer.question).intent == question.intent),
        }
    return measured


def shared(weights: Mapping[str, float], words: Collection[str], weight: Callable[[str], float]) -> float:
    """The weighted Jaccard similarity of a question's terms and those of another: 1 where they are the same."""
    common = sum(value for term, value in weights.items() if term in words)
    every = sum(weights.values()) + sum(weight(term) for term in words if term not in weights)
    return common / every if every else 0.0


def sureness(values: Mapping[str, float]) -> float:
    return 1 / (1 + math.exp(-(INTERCEPT + sum(weight * values[name] for name, weight in WEIGHTS.items()))))


def prepared_drafts(match: Match, question: Question, index: Index) -> list[Draft]:
    """Return the claims of a prepared answer, each with the sentences that prove it: those of the official documents where
    they are indexed, else the answer itself, as our own words."""
    standing, answer = match.standing, match.answer
    drafts = []
    if question.language == "en" and answer.english:
        everything = range(1, len(answer.statements) + 1)
        supports = proofs_of(standing, everything, index) or (own_words(standing, answer.sentences[0], index),)
        drafts.append(Draft(answer.english, "sentence", supports, "en"))
    else:
        for number, text in enumerate(answer.statements, start=1):
            item = number > len(answer.sentences)
            if answer.items and not item and not any(proof.statement == number for proof in answer.proofs):
                drafts.append(Draft(text, "note", (), "fr"))  # a lead sentence that says no more than its items
                continue
            supports = proofs_of(standing, [number], index) or (own_words(standing, text, index),)
            drafts.append(Draft(text, "item" if item else "sentence", supports, "fr"))
    if standing.moved:
        drafts.append(Draft(message("prepared_moved", question.language), "note"))
    return drafts


def proofs_of(standing: StandingAnswer, statements: Collection[int], index: Index) -> tuple[Support, ...]:
    """The sentences of the indexed documents that prove some statements, two at most."""
    held = [
        (id, proof.anchor)
        for proof, id in zip(standing.answer.proofs, standing.passages, strict=True)
        if id and proof.statement in statements
    ]
    passages = index.passages([id for id, _ in held])
    found: dict[tuple[str, str], Support] = {}
    for id, anchor in held:
        if passage := passages.get(id):
            document = index.documents[passage.document_id]
            quote = unit_of(passage, anchor, document.language)
            found.setdefault((id, quote), Support(Hit(passage, document), quote))
    return tuple(found.values())[:PROOFS_SHOWN]


def own_words(standing: StandingAnswer, text: str, index: Index) -> Support:
    """A statement as its own support: our words, drawn from the documents that the card names."""
    card = index.documents[standing.answer.card]
    passage = answer_passage(standing.answer, card)
    return Support(Hit(passage, card, drawn_from=tuple(proved_by(standing.answer, card))), text)


def further(others: Sequence[Match], given: Match, count: int, index: Index) -> tuple[str, ...]:
    """The questions that go further: those that the answer leads to, then those of the next answers, the same card's first."""
    led_to = [index.prepared.answers[id] for id in given.answer.follows if id in index.prepared.answers]
    ordered = sorted(others[:CANDIDATES], key=lambda match: match.answer.card != given.answer.card)
    standing = [one for one in (*led_to, *(match.standing for match in ordered)) if not one.gone]
    return tuple(dict.fromkeys(one.answer.question for one in standing))[:count]
