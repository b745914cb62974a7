"""Do the sources hold the answer? Decided in code, from several signs at once.

The signs are measured on the question, the best passages, the likeliest prepared answer and the nearest absence; a logistic regression
weighs them: docs/decisions/0011-matching.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.matching import NEARLY, WEIGHTS, Match, weighed
from assistant.question import Question, asking
from assistant.search import Found
from assistant.specifics import specifics_of
from corpus.lexical import LexicalIndex, fold

__all__ = ["OF_PASSAGES", "holds", "names_what_is_not_held", "passages_hold", "signs"]

# The signs that are of the passages alone.
OF_PASSAGES = ("similarity", "lexical", "specifics_missing", "money_missing", "english")
# A question asked nearly in the words of an entry is held, or known not to be, by that much in the log of the odds; by hand, as in
# ``assistant.matching``.
NEARLY_SURE = 6.0
# The kinds of question that are seldom, or often, answered.
ASKED = ("figure", "definition", "how", "why")
# A question of the domain is at least so near the ways to ask for its answer.
NEAR = 0.5
# How far the first match is before the one of this rank.
BEFORE = 3
PASSAGES_LOOKED_AT = 5
# What a question in English calls the country whose documents are in French, and its State.
HOME = frozenset(("france", "french", "state"))
MONEY_ASKED = re.compile(r"\b(prix|tarifs?|couts?|coutent?|prime|montant|amende|budget|price|cost|fee|fine)\b")
MONEY = re.compile(r"€|\beuros?\b|\b[mk]€")


def holds(question: Question, found: Found, matches: Sequence[Match], lexical: LexicalIndex) -> float:
    """The probability that the sources hold the answer; 0 where nothing was found."""
    if not found.hits or not matches:
        return 0.0
    nearly = NEARLY_SURE * max(0.0, matches[0].signals["same"] - NEARLY)
    odds = weighed(WEIGHTS["holds"], signs(question, found, matches, lexical))
    return logistic(odds - nearly if matches[0].signals["absent"] else odds + nearly)


def names_what_is_not_held(question: Question, found: Found, told: Sequence[str]) -> bool:
    """True where what asks names by its number (« article 40 »), by its year, or by proper names alone (« en Belgique »), what neither the
    prepared answers nearest, as they are ``told``, nor the passages found hold."""
    named = specifics_of(asking(question.text))
    names = [name for name in named.names if not (question.language == "en" and name & HOME)]
    if not (named.numbered or named.years or names):
        return False
    looked = found.hits[:PASSAGES_LOOKED_AT]
    texts = (f"{hit.document.title} {' '.join(hit.passage.heading_path)} {hit.passage.text}" for hit in looked)
    missing = replace(named, names=tuple(names)).missing(fold(" ".join((*told, *texts))), frozenset())
    return missing["numbered"] > 0 or 1 in (missing["names"], missing["years"])


def passages_hold(question: Question, found: Found, lexical: LexicalIndex) -> float:
    """The same by the passages alone: for documents that no prepared answer rests on."""
    if not found.hits:
        return 0.0
    return logistic(weighed(WEIGHTS["passages"], of_passages(question, found, lexical)))


def logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def signs(question: Question, found: Found, matches: Sequence[Match], lexical: LexicalIndex) -> dict[str, float]:
    """Return each sign by name: the signals of the first match, and these.

    ``share``: the log of its likelihood; ``margin``: how far its value is before that of another. ``absence``: the cosine with the
    nearest absence; ``before_answers``: how far the value of the best absence is before that of the best answer, 0 where there are
    not both. ``far``: by how much the ways to ask for the first are less near than a question of the domain is; ``far_missing``: the same
    where its words are missing too. ``asks_…``: the kind of question. Then those of the passages (``of_passages``).
    """
    first, last = matches[0], matches[min(BEFORE, len(matches) - 1)]
    far = max(0.0, NEAR - first.signals["asked"])
    absences = [match for match in matches if match.signals["absent"]]
    answers = [match for match in matches if not match.signals["absent"]]
    return {
        **first.signals,
        "share": math.log(first.likelihood),
        "margin": first.value - last.value,
        "absence": max((match.signals["answer"] for match in absences), default=0.0),
        "before_answers": absences[0].value - answers[0].value if absences and answers else 0.0,
        "far": far,
        "far_missing": far * first.signals["missing"],
        **{f"asks_{intent}": float(question.intent == intent) for intent in ASKED},
        **of_passages(question, found, lexical),
    }


def of_passages(question: Question, found: Found, lexical: LexicalIndex) -> dict[str, float]:
    """Return the signs of the passages.

    ``similarity``: the cosine with the nearest one; ``lexical``: how much of the question the best one matches.
    ``specifics_missing``, ``money_missing``: what the question names (a year, a proper name, "article 40", money) and no good one holds.
    """
    looked = found.hits[:PASSAGES_LOOKED_AT]
    folded, named = fold(question.text), specifics_of(question.text)
    texts = [fold(f"{hit.document.title} {' '.join(hit.passage.heading_path)} {hit.passage.text}") for hit in looked]
    candidates = found.candidates.values()
    return {
        "similarity": max((candidate.dense for candidate in candidates), default=0.0),
        "lexical": max((candidate.lexical for candidate in candidates), default=0.0) / lexical.weight("") / 3,
        "specifics_missing": min(
            float(any(share for kind, share in named.missing(text, frozenset()).items() if kind != "figures"))
            for text in texts
        ),
        "money_missing": float(bool(MONEY_ASKED.search(folded)) and not any(MONEY.search(text) for text in texts)),
        "english": float(question.language == "en"),
    }
