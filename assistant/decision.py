"""What is answered, if anything is: decided once, in one order, from what was found for each reading of a question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from assistant.compose import catalogue_drafts, compose_named, extracts
from assistant.evidence import holds, names_what_is_not_held, passages_hold
from assistant.matching import SAME, WEIGHTS, Match
from assistant.prepared import further
from assistant.question import Question
from assistant.search import searched_words
from assistant.turn import Decision, Reading
from assistant.vague import broad, is_vague
from corpus.catalogue import named
from corpus.index import Index
from corpus.lexical import content_words, tokens

__all__ = ["OFFERED", "decide", "missing_criteria"]

# How likely a match must be to be given, as an answer or as an absence, and to be proposed; how sure it must be that the sources hold an
# answer. Read off what ``python -m eval fit`` prints.
GIVEN, PROPOSED, HELD = (WEIGHTS["bars"][name] for name in ("given", "proposed", "held"))
GIVEN_ABSENCE, PASSAGES = WEIGHTS["bars"]["absence"], WEIGHTS["bars"]["passages"]
# What the question alone counts for where its answer holds few of its words.
LEAST_HELD = 0.5
# So few words of content lean on the turns before; what the value of a match that holds all that was typed gains.
LEANING, WORTH_OF_HELD = 5, 4.0
CODE = re.compile(r"\b\d{1,2}\.\d{1,2}\b")
# Below this, nothing that is held is near the question.
NEAR = 0.1
OWN_AMONG = 3
# Among how many matches what a question names is looked for.
TOLD = 6
OFFERED, FURTHER = 4, 3
LOOKED_AT = 12
# A second answer is given where its value is so near that of the first, it is of so many words at most, and that share of what it says
# is new; read off what ``docs/decisions/0011-matching.md`` reports on the practice set.
CLOSE, SHORT, NEW = 1.2, 60, 0.4


def decide(readings: Sequence[Reading], index: Index, part: bool = False) -> Decision:
    """Return what is answered: typed properties; a prepared answer, or an absence; questions to choose from; extracts; nothing. A ``part``
    of a question is not taken for vague."""
    for reading in readings:
        if (
            not reading.filtered  # typed properties know no filter
            and not missing_criteria(reading.question, index)
            and (listed := catalogue_drafts(reading.question, index))
        ):
            return Decision("catalogue", reading, drafts=listed)
    best = likeliest(readings, index)
    if missing_criteria(best.question, index):
        return Decision("none", best)
    offered = questions(best, index)
    apart = is_apart(best, index)
    sure = held(best, index)
    if not (part or apart or best.continued) and is_vague(readings[0], sure):
        choices = broad(best, OFFERED, index)
        if len(choices) > 1 or not best.question.asks:
            return Decision("clarify", best, offered=choices if len(choices) > 1 else ())
    first = None if apart else to_give(best, sure, index)
    # What the public sources do not hold, the organisation's own documents may.
    if first and not (first.signals["absent"] and own_hold(best, index)):
        return given(first, best, index)
    # A code that exists, of which no prepared answer says what is asked.
    if not best.filtered and (whole := compose_named(best.question, index)):
        return Decision("catalogue", best, drafts=whole)
    if speaks(best, sure, apart, index) and (drafts := extracts(best.question, best.found.hits, index)):
        return Decision("extracts", best, drafts=drafts, offered=offered)
    return Decision("none", best, offered=offered if sure >= NEAR else ())


def likeliest(readings: Sequence[Reading], index: Index) -> Reading:
    """Return the reading whose best match is the likeliest and holds the words that were typed: read in the light of the turns before,
    a new subject would else be answered with the old one. A code stands alone; one that only the turns before
    make one decides.

    Few words lean on the turns before: the values of the matches are then compared, which a likelihood among those found cannot be.
    """
    typed = readings[0].question
    if typed.is_code:
        return readings[0]
    for reading in readings:
        if reading.continued and reading.question.codes and not typed.codes and CODE.search(typed.text):
            return reading
    asked = index.prepared.lexical.weights(searched_words(typed))
    total = sum(asked.values())
    apart = any(is_apart(reading, index) for reading in readings)
    leans = readings[-1].continued and not apart and len(content_words(typed.text)) <= LEANING

    def weight(reading: Reading) -> float:
        if is_apart(reading, index):
            hit = reading.found.hits[0]
            own = frozenset(tokens(f"{hit.document.title} {hit.passage.text}"))
            likely = passages_hold(reading.question, reading.found, index.lexical)
        elif reading.matches:
            own = index.prepared.terms(reading.matches[0].id).all
            likely = reading.matches[0].likelihood
        else:
            return -math.inf
        held = sum(value for term, value in asked.items() if term in own) / total if total else 1.0
        if not reading.continued:
            held = max(held, LEAST_HELD)
        return reading.matches[0].value + WORTH_OF_HELD * held if leans else likely * held

    return max(readings, key=weight)


def speaks(reading: Reading, sure: float, apart: bool, index: Index) -> bool:
    """True where extracts are shown: the sources seem to hold an answer that was not prepared, or a document that no prepared answer
    rests on, the organisation's own among the first, holds what is asked."""
    if apart:
        return passages_hold(reading.question, reading.found, index.lexical) >= PASSAGES
    return own_hold(reading, index) if is_own(reading) else sure >= HELD


def is_own(reading: Reading) -> bool:
    """True where one of the organisation's own documents is among the best found."""
    return any(hit.document.origin == "own" for hit in reading.found.hits[:OWN_AMONG])


def own_hold(reading: Reading, index: Index) -> bool:
    """True where the organisation's own documents hold what is asked."""
    return is_own(reading) and passages_hold(reading.question, reading.found, index.lexical) >= PASSAGES


def is_apart(reading: Reading, index: Index) -> bool:
    """True where the best passage is of an official document that no prepared answer rests on: the document has the word."""
    best = next((hit.document for hit in reading.found.hits), None)
    return best is not None and best.origin == "official" and best.id not in index.proving_documents


def to_give(reading: Reading, sure: float, index: Index) -> Match | None:
    """Return the likeliest prepared answer where the sources seem to hold what is asked, as they do for what became of a criterion; else
    the likeliest absence. None where it is not likely enough."""
    holds = sure >= HELD or (bool(reading.question.codes) and reading.question.is_about_change)
    first = next((match for match in reading.matches if bool(match.signals["absent"]) is not holds), None)
    return first if first and first.likelihood >= (GIVEN if holds else GIVEN_ABSENCE) else None


def given(first: Match, reading: Reading, index: Index) -> Decision:
    """Return the decision for a match: an absence with the answers nearest to it, or an answer, what completes it, and what goes
    further."""
    standing = first.standing(index)
    if standing is None:
        nearest = index.prepared.absences[first.id].nearest
        return Decision("absence", reading, (first,), offered=further(nearest, (), FURTHER, index))
    others = [match for match in reading.matches if match.id != first.id]
    chosen = (first, *(() if reading.filtered else completing(first, others, index)))
    ids = {match.id for match in chosen}
    rest = sorted(
        (one for match in others[:LOOKED_AT] if match.id not in ids and (one := match.standing(index))),
        key=lambda one: one.answer.card != standing.answer.card,
    )
    return Decision("prepared", reading, chosen, offered=further(standing.answer.follows, rest, FURTHER, index))


def completing(first: Match, others: Sequence[Match], index: Index) -> list[Match]:
    """Return the next answer where it is as likely, short, and says something else: which of the two was meant is left to who asked."""
    second = next((match for match in others if match.id in index.prepared.answers), None)
    if second is None or first.signals["same"] >= SAME or first.value - second.value >= CLOSE:
        return []
    said, own = (index.prepared.terms(match.id) for match in (first, second))
    return [second] if own.length <= SHORT and len(own.said - said.said) >= NEW * len(own.said) else []


def questions(reading: Reading, index: Index) -> tuple[str, ...]:
    """The prepared questions that may be meant: near enough, of different cards first."""
    near = [match for match in reading.matches[:LOOKED_AT] if match.likelihood >= PROPOSED]
    standing = [one for match in near if (one := match.standing(index))]
    cards: dict[str, int] = {}
    for one in standing:
        cards.setdefault(one.answer.card, len(cards))
    first = {card: next(one for one in standing if one.answer.card == card) for card in cards}
    return tuple(dict.fromkeys(one.answer.question for one in (*first.values(), *standing)))[:OFFERED]


def held(reading: Reading, index: Index) -> float:
    """How sure it is, from 0 to 1, that the sources hold the answer."""
    question, found, matches = reading.question, reading.found, reading.matches
    told = [index.prepared.terms(match.id).folded for match in matches[:TOLD] if match.id in index.prepared.answers]
    if names_what_is_not_held(question, found, told):
        return 0.0
    return holds(question, found, matches, index.lexical)


def missing_criteria(question: Question, index: Index) -> list[str]:
    """The criterion numbers that the question names and the edition does not have."""
    numbers = [code for code in question.codes if code[0].isdigit()]
    known = {str(d.properties.get("number")) for d in named(index.documents.values(), numbers, question.superseded)}
    return [number for number in numbers if number not in known]
