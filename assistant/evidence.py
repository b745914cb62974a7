"""Do the sources hold the answer? Decided in code, from several signs at once.

The signs are measured on the question, the best passages and the likeliest prepared answer; a logistic regression weighs them:
docs/decisions/0011-matching.md.
"""

from __future__ import annotations

import math
import re

from assistant.matching import WEIGHTS, Match, weighed
from assistant.question import Question
from assistant.search import Found, searched_words
from assistant.specifics import specifics_of
from corpus.encoders import Encoder
from corpus.lexical import LexicalIndex, fold, tokens
from corpus.sentences import sentence_spans

__all__ = ["holds", "signs"]

PASSAGES_LOOKED_AT = 5
SENTENCES_ENCODED = 8
SENTENCE_CHARACTERS = 25
LEAST = 1e-3

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MONEY_ASKED = re.compile(r"\b(prix|tarifs?|couts?|coutent?|prime|montant|amende|budget|price|cost|fee|fine)\b")
MONEY = re.compile(r"€|\beuros?\b|\b[mk]€")


def holds(question: Question, found: Found, best: Match | None, lexical: LexicalIndex, encoder: Encoder) -> float:
    """The probability that the sources hold the answer; 0 where nothing was found."""
    if not found.hits:
        return 0.0
    return 1 / (1 + math.exp(-weighed(WEIGHTS["holds"], signs(question, found, best, lexical, encoder))))


def signs(
    question: Question, found: Found, best: Match | None, lexical: LexicalIndex, encoder: Encoder
) -> dict[str, float]:
    """Return each sign by name.

    ``match``: the log of the odds that the likeliest match is right; ``names``, ``years``, ``numbered``, ``figures``: what the question
    names so and that match does not hold.
    ``similarity`` and ``sentence_similarity``: how near the question is to its nearest passage, and to the nearest of the
    sentences that share its words. ``lexical``: how much of the question the best passage matches. ``*_missing``: what the
    question names (a year, a proper name, "article 40", money) and no good passage holds.
    """
    looked = found.hits[:PASSAGES_LOOKED_AT]
    folded, named = fold(question.text), specifics_of(question.text)
    texts = [fold(f"{hit.document.title} {' '.join(hit.passage.heading_path)} {hit.passage.text}") for hit in looked]
    likelihood = min(max(best.likelihood, LEAST), 1 - LEAST) if best else LEAST
    return {
        "match": math.log(likelihood / (1 - likelihood)),
        **{kind: best.signals[kind] if best else 0.0 for kind in ("names", "years", "numbered", "figures")},
        "similarity": scaled(max((candidate.dense for candidate in found.candidates.values()), default=0.0)),
        "sentence_similarity": sentence_similarity(question, found, lexical, encoder),
        "lexical": max((candidate.lexical for candidate in found.candidates.values()), default=0.0)
        / lexical.weight("")
        / 3,
        "specifics_missing": min(
            float(any(share for kind, share in named.missing(text, frozenset()).items() if kind != "figures"))
            for text in texts
        ),
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
