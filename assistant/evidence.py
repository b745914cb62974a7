"""Does what was found hold the answer? Decided in code, from several signs at once.

The signs are measured on the question and the best passages; a logistic regression weighs them. It was fitted by
``python -m eval fit`` on ``development``, never on ``test``: docs/decisions/0003-refusal.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from assistant.question import Question
from assistant.search import Found, searched_words
from corpus.encoders import Encoder
from corpus.lexical import LexicalIndex, content_words, fold, tokens, words
from corpus.sentences import sentence_spans

__all__ = ["SIGNS", "confidence", "holds_answer", "signs"]

PASSAGES_LOOKED_AT = 5
SENTENCES_ENCODED = 8
SENTENCE_CHARACTERS = 25

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MONEY_ASKED = re.compile(r"\b(prix|tarifs?|couts?|coutent?|prime|montant|amende|budget|price|cost|fee|fine)\b")
MONEY = re.compile(r"€|\beuros?\b|\b[mk]€")
NUMBERED = re.compile(r"\b([a-z]{2,})\s?(?:n°\s?|numero\s)?(\d{1,3})\b(?!,\d{3}\b)")
NAME = re.compile(r"(?<=[\w,;:’'»] )[A-ZÉÈÀÎ][\w’'-]+")

# Sign: its weight. English questions meet fewer of the sources' own words, which the other signs would hold against them.
WEIGHTS: Mapping[str, float] = {
    "similarity": 1.61,
    "sentence_similarity": 3.47,
    "lexical": 4.70,
    "specifics_missing": -1.75,
    "year_missing": -2.67,
    "money_missing": -3.38,
    "english": 2.48,
}
INTERCEPT = -4.62
THRESHOLD = 0.38
SIGNS = tuple(WEIGHTS)


def signs(question: Question, found: Found, lexical: LexicalIndex, encoder: Encoder) -> dict[str, float]:
    """Return each sign by name, all of the order of 1; of a search that found nothing, all are 0.

    ``similarity`` and ``sentence_similarity``: how near the question is to its nearest passage, and to the nearest of the
    sentences that share its words. ``lexical``: how much of the question the best passage matches. ``*_missing``: what the
    question names (a year, a proper name, "article 40", money) and no good passage holds.
    """
    if not found.hits:
        return dict.fromkeys(SIGNS, 0.0)
    looked = found.hits[:PASSAGES_LOOKED_AT]
    folded = fold(question.text)
    texts = [fold(f"{hit.document.title} {' '.join(hit.passage.heading_path)} {hit.passage.text}") for hit in looked]
    return {
        "similarity": scaled(max((candidate.dense for candidate in found.candidates.values()), default=0.0)),
        "sentence_similarity": sentence_similarity(question, found, lexical, encoder),
        "lexical": max((candidate.lexical for candidate in found.candidates.values()), default=0.0)
        / lexical.weight("")
        / 3,
        "specifics_missing": specifics_missing(question.text, folded, texts),
        "year_missing": year_missing(folded, found, lexical),
        "money_missing": float(bool(MONEY_ASKED.search(folded)) and not any(MONEY.search(text) for text in texts)),
        "english": float(question.language == "en"),
    }


def scaled(similarity: float) -> float:
    """Spread the similarities of E5, most of which lie between 0.8 and 0.9, over 0 to 1; none found is 0."""
    return max(-1.0, (similarity - 0.8) * 10)


def sentence_similarity(question: Question, found: Found, lexical: LexicalIndex, encoder: Encoder) -> float:
    """The similarity of the question to the nearest of the sentences that share most of its words by weight."""
    weights = {term: lexical.weight(term) for term in tokens(searched_words(question))}
    sentences = [
        hit.passage.text[start:end]
        for hit in found.hits[:PASSAGES_LOOKED_AT]
        for start, end in sentence_spans(hit.passage.text, hit.document.language)
        if end - start > SENTENCE_CHARACTERS
    ]
    sentences.sort(key=lambda sentence: -sum(weights[term] for term in weights.keys() & set(tokens(sentence))))
    if not sentences or found.vector is None:
        return 0.0
    return scaled(float((encoder.encode_passages(sentences[:SENTENCES_ENCODED]) @ found.vector).max()))


def specifics_missing(question: str, folded: str, texts: list[str]) -> float:
    """1 where no single text holds all that the question names: proper names, years, numbered things; else 0."""
    names = [set(words(name)) for name in NAME.findall(question)]
    years = YEAR.findall(folded)
    numbered = [
        re.compile(rf"\b{word}s?\W{{0,3}}(?:n°\s?)?{number}\b")
        for word, number in NUMBERED.findall(folded)
        if content_words(word)
    ]
    return float(
        not any(
            all(name <= set(words(text)) for name in names)
            and all(year in text for year in years)
            and all(pattern.search(text) for pattern in numbered)
            for text in texts
        )
    )


def year_missing(folded: str, found: Found, lexical: LexicalIndex) -> float:
    """How little of the question stands in a sentence of its year: 0 where it names none or one sentence holds it all."""
    years = set(YEAR.findall(folded))
    if not years:
        return 0.0
    weights = {term: lexical.weight(term) for term in tokens(folded)}
    total = sum(weights.values()) or 1.0
    best = 0.0
    for hit in found.hits[:PASSAGES_LOOKED_AT]:
        for start, end in sentence_spans(hit.passage.text, hit.document.language):
            sentence = hit.passage.text[start:end]
            if all(year in sentence or year in hit.document.title for year in years):
                best = max(best, sum(weights[term] for term in weights.keys() & set(tokens(sentence))))
    return 1 - best / total


def confidence(measured: Mapping[str, float]) -> float:
    """The probability, by the fitted regression, that the sources hold the answer."""
    value = INTERCEPT + sum(weight * measured[name] for name, weight in WEIGHTS.items())
    return 1 / (1 + math.exp(-value))


def holds_answer(confidences: Sequence[float]) -> bool:
    """True where the answer is to be given, False where the question is to be refused.

    One confidence a reading of the question. On their mean, so that a repaired word never decides alone.
    """
    return sum(confidences) / len(confidences) >= THRESHOLD
