"""A word or a complaint that may mean several questions: told from what can be answered at once, and the questions to choose from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.evidence import logistic
from assistant.matching import SAME, WEIGHTS, Match, weighed
from assistant.question import Question, understand
from assistant.turn import Reading
from corpus.answer_index import StandingAnswer, ways_to_ask
from corpus.index import Index
from corpus.lexical import content_words, tokens

__all__ = ["MOST_CONTENT", "broad", "is_vague", "question_of", "signs_of_vague"]

# What has more words of content says what it wants; sooner where it has the form of a question.
MOST_CONTENT, MOST_ASKED = 5, 2
# Among how many matches the questions to choose from are; how much of the words typed, by weight, the ways to ask for one hold, or how
# near it is.
LOOKED_AT, NAMED, NEAR = 60, 0.5, 0.5
# What a choice gains by naming what was typed, and loses by each bit of what was not, by being like one that is there already, of its
# kind of question, of its card.
NAMING, NARROW, ALIKE, SAME_KIND, SAME_CARD = 2.0, 0.12, 4.0, 0.8, 1.0
# A choice so far behind the first is none.
BEHIND = 8.0


def is_vague(reading: Reading, sure: float) -> bool:
    """True for what asks nothing that can be answered at once; ``sure`` is how sure it is that the sources hold an answer."""
    question = reading.question
    if question.codes or len(content_words(question.text)) > (MOST_ASKED if question.asks else MOST_CONTENT):
        return False
    if not reading.matches:
        return not question.asks
    if reading.matches[0].signals["same"] >= SAME:
        return False
    return (
        logistic(weighed(WEIGHTS["vague"], signs_of_vague(question, reading.matches, sure))) >= WEIGHTS["bars"]["vague"]
    )


def signs_of_vague(question: Question, matches: Sequence[Match], sure: float) -> Mapping[str, float]:
    """Return the signs: whether it has the form of a question, how many words of content, how near its best prepared answer is, and how
    sure it is that the sources hold an answer."""
    first = next((match for match in matches if not match.signals["absent"]), matches[0])
    return {
        "asks": float(question.asks),
        "content": float(len(content_words(question.text))),
        "share": math.log(matches[0].likelihood),
        "sure": sure,
        **{name: first.signals[name] for name in ("asked", "missing", "coverage", "same")},
    }


def broad(reading: Reading, count: int, index: Index) -> tuple[str, ...]:
    """Return the questions that a subject alone may mean: that name it, that say little else, each unlike the others."""
    prepared = index.prepared
    typed = set(tokens(reading.question.text))
    weigh = prepared.lexical.weight
    total = sum(map(weigh, typed)) or 1.0
    place = {id: number for number, id in enumerate(prepared.ids)}
    found: list[tuple[float, Match, StandingAnswer, str]] = []
    for match in reading.matches[:LOOKED_AT]:
        standing = match.standing(index)
        ways = set().union(*prepared.terms(match.id).ways)
        if standing is None or (sum(map(weigh, typed & ways)) < NAMED * total and match.signals["asked"] < NEAR):
            continue
        own = set(tokens(standing.answer.question))
        worth = match.value + NAMING * sum(map(weigh, typed & own)) / total - NARROW * sum(map(weigh, own - typed))
        found.append((worth, match, standing, understand(standing.answer.question).intent))
    chosen: list[tuple[float, Match, StandingAnswer, str]] = []

    def apart(one: tuple[float, Match, StandingAnswer, str]) -> float:
        worth, match, standing, intent = one
        vector = prepared.asked[place[match.id]]
        alike = max((float(prepared.asked[place[other.id]] @ vector) for _, other, _, _ in chosen), default=0.0)
        same_kind = any(kind == intent for *_, kind in chosen)
        same_card = any(other.answer.card == standing.answer.card for _, _, other, _ in chosen)
        return worth - ALIKE * alike - SAME_KIND * same_kind - SAME_CARD * same_card

    while found and len(chosen) < count:
        best = max(found, key=apart)
        found.remove(best)
        if chosen and best[0] < chosen[0][0] - BEHIND:
            break
        chosen.append(best)
    return tuple(dict.fromkeys(question_of(standing, reading.question.language) for _, _, standing, _ in chosen))


def question_of(standing: StandingAnswer, language: str) -> str:
    """The question of a prepared answer; in English, the way to ask for it that is in English, where there is one."""
    if language != "en":
        return standing.answer.question
    ways = ways_to_ask(standing.answer)
    return next((way for way in ways if understand(way).language == "en"), standing.answer.question)
