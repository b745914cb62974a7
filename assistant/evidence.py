"""Do the sources hold the answer? Decided in code, from several signs at once.

The signs are measured on the question, the best passages and the likeliest prepared answer; a logistic regression weighs them:
docs/decisions/0011-matching.md.
"""

from __future__ import annotations

import math
import re

from assistant.matching import WEIGHTS, Match, weighed
from assistant.question import Question
from assistant.search import Found
from assistant.specifics import specifics_of
from corpus.lexical import LexicalIndex, fold

__all__ = ["OF_PASSAGES", "holds", "passages_hold", "signs"]

# The signs that are of the passages alone.
OF_PASSAGES = ("similarity", "lexical", "specifics_missing", "money_missing", "english")
PASSAGES_LOOKED_AT = 5
LEAST = 1e-3
MONEY_ASKED = re.compile(r"\b(prix|tarifs?|couts?|coutent?|prime|montant|amende|budget|price|cost|fee|fine)\b")
MONEY = re.compile(r"€|\beuros?\b|\b[mk]€")


def holds(question: Question, found: Found, best: Match | None, lexical: LexicalIndex) -> float:
    """The probability that the sources hold the answer; 0 where nothing was found."""
    if not found.hits:
        return 0.0
    return 1 / (1 + math.exp(-weighed(WEIGHTS["holds"], signs(question, found, best, lexical))))


def passages_hold(question: Question, found: Found, lexical: LexicalIndex) -> float:
    """The same by the passages alone: for documents that no prepared answer rests on."""
    if not found.hits:
        return 0.0
    measured = signs(question, found, None, lexical)
    return 1 / (1 + math.exp(-weighed(WEIGHTS["passages"], measured)))


def signs(question: Question, found: Found, best: Match | None, lexical: LexicalIndex) -> dict[str, float]:
    """Return each sign by name.

    ``match``: the log of the odds that the likeliest match is right; ``names``, ``years``, ``numbered``, ``figures``: what the question
    names so and that match does not hold. ``similarity``: the cosine with the nearest passage; ``lexical``: how much of the question
    the best passage matches. ``specifics_missing``, ``money_missing``: what the question names (a year, a proper name, "article
    40", money) and no good passage holds.
    """
    looked = found.hits[:PASSAGES_LOOKED_AT]
    folded, named = fold(question.text), specifics_of(question.text)
    texts = [fold(f"{hit.document.title} {' '.join(hit.passage.heading_path)} {hit.passage.text}") for hit in looked]
    likelihood = min(max(best.likelihood, LEAST), 1 - LEAST) if best else LEAST
    return {
        "match": math.log(likelihood / (1 - likelihood)),
        **{kind: best.signals[kind] if best else 0.0 for kind in ("names", "years", "numbered", "figures")},
        "similarity": max((candidate.dense for candidate in found.candidates.values()), default=0.0),
        "lexical": max((candidate.lexical for candidate in found.candidates.values()), default=0.0)
        / lexical.weight("")
        / 3,
        "specifics_missing": min(
            float(any(share for kind, share in named.missing(text, frozenset()).items() if kind != "figures"))
            for text in texts
        ),
        "money_missing": float(bool(MONEY_ASKED.search(folded)) and not any(MONEY.search(text) for text in texts)),
        "english": float(question.language == "en"),
    }
