"""Does what was found hold the answer? Decided in code, from several signs at once.

The signs are measured on the question and the best passages; a logistic regression weighs them. It was fitted by
``python -m eval fit`` on the sets ``development`` and ``fitting`` (docs/decisions/0003-refusal.md), never on ``test``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from assistant.answer import Hit
from assistant.question import Question
from assistant.search import Candidate
from corpus.documents import Document
from corpus.lexical import LexicalIndex, content_words, fold, stem, tokens
from corpus.sentences import sentence_spans

__all__ = ["SIGNS", "WEIGHTS", "confidence", "holds_answer", "signs"]

LOOKED_AT = 5
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NAME = re.compile(r"(?<=[a-z,;:’'] )[A-ZÉÈÀ][\w’'-]+")
WEIGHTS: Mapping[str, float] = {}
INTERCEPT = 0.0
THRESHOLD = 0.5


def signs(
    question: Question,
    hits: Sequence[Hit],
    candidates: Mapping[str, Candidate],
    lexical: LexicalIndex,
) -> dict[str, float]:
    """Return each sign by name, all between 0 and 1 or near it; what search found nothing for has all signs at 0."""
    if not hits:
        return dict.fromkeys(SIGNS, 0.0)
    terms = list(dict.fromkeys(term for term in tokens(question.text)))
    weights = {term: lexical.weight(term) for term in terms}
    total = sum(weights.values()) or 1.0
    looked = hits[:LOOKED_AT]
    texts = [passage_terms(hit) for hit in looked]
    coverage = [sum(weights[term] for term in terms if term in text) / total for text in texts]
    sentence = max(best_sentence(hit, weights) for hit in looked) / total
    together = set().union(*texts)
    rare = sorted(terms, key=lambda term: -weights[term])[:3]
    best_dense = max((candidates[hit.passage.id].dense for hit in looked if hit.passage.id in candidates), default=0.0)
    best_lexical = max((candidates[hit.passage.id].lexical for hit in looked if hit.passage.id in candidates), default=0.0)
    years = set(YEAR.findall(question.text))
    written = " ".join(f"{hit.document.title} {hit.document.date} {hit.passage.text}" for hit in looked)
    names = {fold(name) for name in NAME.findall(question.text)}
    both = sum(1 for hit in looked if (c := candidates.get(hit.passage.id)) and c.dense > 0 and c.lexical > 0)
    return {
        "coverage_best": max(coverage),
        "coverage_first": coverage[0],
        "coverage_together": sum(weights[term] for term in terms if term in together) / total,
        "coverage_sentence": sentence,
        "rare_terms": sum(term in texts[coverage.index(max(coverage))] for term in rare) / len(rare) if rare else 0.0,
        "unknown_terms": sum(weights[term] for term in terms if term not in lexical.vocabulary) / total,
        "similarity": (best_dense - 0.8) * 10,
        "lexical": math.tanh(best_lexical / 20),
        "agreement": both / len(looked),
        "years_missing": float(any(year not in written for year in years)),
        "names_missing": float(any(name not in fold(written) for name in names)),
        "english": float(question.language == "en"),
        "length": min(len(terms), 15) / 15,
    }


SIGNS = (
    "coverage_best", "coverage_first", "coverage_together", "coverage_sentence", "rare_terms", "unknown_terms",
    "similarity", "lexical", "agreement", "years_missing", "names_missing", "english", "length",
)  # fmt: skip


def passage_terms(hit: Hit) -> set[str]:
    return set(tokens(f"{hit.document.title} {' '.join(hit.passage.heading_path)} {hit.passage.text}"))


def best_sentence(hit: Hit, weights: Mapping[str, float]) -> float:
    """The highest sum of the question's term weights that one sentence of the passage holds."""
    text = hit.passage.text
    spans = sentence_spans(text, hit.document.language) or [(0, len(text))]
    return max(sum(weights[term] for term in weights.keys() & set(tokens(text[start:end]))) for start, end in spans)


def confidence(measured: Mapping[str, float]) -> float:
    """The probability, by the fitted regression, that the sources hold the answer."""
    value = INTERCEPT + sum(weight * measured[name] for name, weight in WEIGHTS.items())
    return 1 / (1 + math.exp(-value))


def holds_answer(measured: Mapping[str, float]) -> bool:
    """True where the answer is to be given, False where the question is to be refused."""
    return confidence(measured) >= THRESHOLD
