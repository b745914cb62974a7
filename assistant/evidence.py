"""Does what was found hold the answer? Decided in code, from several signs at once.

The signs are measured on the question and the best passages; a logistic regression weighs them. It was fitted by
``python -m eval fit`` on the sets ``development`` and ``fitting``, never on ``test``: docs/decisions/0003-refusal.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from assistant.answer import Hit
from assistant.question import Question
from assistant.search import Candidate
from corpus.lexical import LexicalIndex, content_words, fold, tokens, words
from corpus.sentences import sentence_spans

__all__ = ["SIGNS", "WEIGHTS", "confidence", "holds_answer", "signs"]

LOOKED_AT = 5
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MONEY_ASKED = re.compile(r"\b(prix|tarifs?|couts?|coutent?|prime|montant|amende|budget|price|cost|fee|fine)\b")
MONEY = re.compile(r"€|\beuros?\b|\bm€|\bk€")
NUMBERED = re.compile(r"([a-z]{2,})\s?(?:n°\s?|numero\s)?(\d{1,3})\b")
NAME = re.compile(r"(?<=[\w,;:’'»] )[A-ZÉÈÀÎ][\w’'-]+")

SIGNS = (
    "coverage_best", "coverage_together", "coverage_sentence", "rare_terms", "unknown_terms", "similarity", "similarity_gap",
    "lexical", "agreement", "years_missing", "names_missing", "numbered_missing", "money_missing", "figure_missing", "english",
)  # fmt: skip
WEIGHTS: Mapping[str, float] = {}
INTERCEPT = 0.0
THRESHOLD = 0.5


def signs(
    question: Question, hits: Sequence[Hit], candidates: Mapping[str, Candidate], lexical: LexicalIndex
) -> dict[str, float]:
    """Return each sign by name, all about between 0 and 1; of a search that found nothing, all are 0.

    ``coverage_*``: the share, by inverse document frequency, of the question's content terms that the best passage, the
    best sentence, or the best passages together hold. ``*_missing``: something that the question names (a year, a proper
    name, "article 40", money, a figure) and the best passages do not.
    """
    if not hits:
        return dict.fromkeys(SIGNS, 0.0)
    terms = list(dict.fromkeys(tokens(question.text)))
    weights = {term: lexical.weight(term) for term in terms}
    total = sum(weights.values()) or 1.0
    looked = hits[:LOOKED_AT]
    written = [fold(f"{hit.document.title} {hit.document.date} {' '.join(hit.passage.heading_path)} {hit.passage.text}") for hit in looked]
    held = [set(tokens(text)) for text in written]
    coverage = [sum(weights[term] for term in terms if term in text) / total for text in held]
    rare = sorted(terms, key=lambda term: -weights[term])[:2]
    similarities = sorted((candidate.dense for candidate in candidates.values() if candidate.dense > 0), reverse=True)
    lexical_scores = [candidate.lexical for candidate in candidates.values()]
    together = " ".join(written)
    folded = fold(question.text)
    return {
        "coverage_best": max(coverage),
        "coverage_together": sum(weights[term] for term in terms if any(term in text for text in held)) / total,
        "coverage_sentence": max(best_sentence(hit, weights) for hit in looked) / total,
        "rare_terms": max(sum(term in text for term in rare) for text in held) / len(rare) if rare else 0.0,
        "unknown_terms": sum(weights[term] for term in terms if term not in lexical.vocabulary) / total,
        "similarity": (similarities[0] - 0.8) * 10 if similarities else 0.0,
        "similarity_gap": (similarities[0] - similarities[len(similarities) // 2]) * 10 if similarities else 0.0,
        "lexical": math.tanh(max(lexical_scores, default=0.0) / 20),
        "agreement": sum(1 for hit in looked if both(candidates.get(hit.passage.id))) / len(looked),
        "years_missing": float(any(year not in together for year in YEAR.findall(folded))),
        "names_missing": share_missing({fold(name).strip("'’") for name in NAME.findall(question.text)}, together),
        "numbered_missing": numbered_missing(folded, together),
        "money_missing": float(bool(MONEY_ASKED.search(folded)) and not MONEY.search(together)),
        "figure_missing": float(question.intent in ("figure", "when") and not any(map(str.isdigit, together))),
        "english": float(question.language == "en"),
    }


def both(candidate: Candidate | None) -> bool:
    """True where the dense and the lexical search both brought a passage."""
    return candidate is not None and candidate.dense > 0 and candidate.lexical > 0


def share_missing(names: set[str], text: str) -> float:
    """The share of the names that the text does not hold; acronyms and places are names too."""
    known = set(words(text))
    return sum(not set(words(name)) <= known for name in names) / len(names) if names else 0.0


def numbered_missing(question: str, text: str) -> float:
    """1 where the question names a numbered thing (« article 40 », « module 4 ») and the text does not hold it, else 0."""
    named = {(word, number) for word, number in NUMBERED.findall(question) if content_words(word)}
    return float(any(not re.search(rf"\b{word}s?\W{{0,3}}(?:n°\s?)?{number}\b", text) for word, number in named))


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
