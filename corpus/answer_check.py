"""Holds prepared answers against their form and against the places that their proofs name. Part of ``python -m corpus check``.

An anchor is found as a reader would find it: its words in a row, whatever their case, accents and punctuation. What a
statement says (figures, dates, articles, criteria, words of obligation) stands near its anchors, or it is a problem.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from corpus.absences import Absence
from corpus.answers import PreparedAnswer
from corpus.documents import Document, Source
from corpus.facts import Problem, facts, missing
from corpus.figures import plain, quantities, same
from corpus.lexical import content_words, fold, stem
from corpus.passages import columns, units_of
from corpus.places import ANCHOR_WORDS, anchored, folded, folded_words
from corpus.shelf import Place, Shelf, of_itself

__all__ = ["answer_facts", "answer_forms", "coverage", "crowding", "disagreement_told", "phrasing_problems"]

MOST_WORDS, LONG_WORDS, SHORT_WORDS = 60, 35, 25
MOST_SENTENCES, MOST_ITEMS = 3, 8
# The answer to a first question, which leads to others, may be longer.
MOST_FIRST_WORDS, MOST_FIRST_SENTENCES = 120, 6
LEAST_PHRASINGS = 3
# So many words in a row are a copy.
COPIED = 12
# An answer that holds this share of the content words of a duty or an item of its card says it.
SAID = 0.5
PAGE = re.compile(r"\b(?:pages?|pp?\.)\s*\d", re.IGNORECASE)
LEANS = re.compile(
    r"\b(?:selon|d['’]après|dans|voir) (?:la|cette|notre) fiche\b|\bcette fiche\b|\bci-(?:dessus|dessous|contre)\b",
    re.IGNORECASE,
)
# Words of obligation, by what they say; a statement may only say what its source says.
OBLIGATIONS: Mapping[str, re.Pattern[str]] = {
    "must": re.compile(
        r"\b(?:doit|doivent|devra|devront|devait|devaient|devez|faut|faudra|obligatoire\w*|oblig(?:e|ent|ation\w*|e\w*)|impos\w+"
        r"|exig\w+|requi(?:s\w*|ert|erent)|necessaire\w*|imperati\w+|tenue?s? (?:de|d|a)|soumis\w*|astrein\w+|contrain\w+|shall|must)\b"
    ),
    "forbidden": re.compile(r"\b(?:interdi\w+|prohib\w+|ne (?:doi(?:t|vent)|peu(?:t|vent)) (?:pas|plus|ni)|forbid\w*)\b"),
    "should": re.compile(
        r"\b(?:recommand\w+|conseil\w*|invit\w+|incit\w+|encourag\w+|preconis\w+|souhait\w+|devrai(?:t|ent)|idealement|should)\b"
    ),
    "may": re.compile(
        r"\b(?:peu(?:t|vent|x)|pouv\w+|pourr\w+|possib\w+|permet\w*|permi\w+|autoris\w+|volontaire\w*|facultati\w+|optionnel\w*|may|can)\b"
    ),
}  # fmt: skip
# The names of the referential's levels are labels, not obligations.
LABELS = re.compile(r"«\s*(?:Recommandée?|Prioritaire|Modérée?)\s*»")
# Of all phrasings: how many may open with the same three words; how many have other words than their question.
OPENING_SHARE, OTHER_WORDS_SHARE, SHARED_WORDS = 0.02, 1 / 3, 1 / 3


@dataclass(frozen=True)
class Standing:
    """Where an anchor stands: the sentence, item or row that holds it, that with its neighbours, and all that may be said from there
    (its headings too, and what the document says of itself)."""

    unit: str
    near: str
    context: str


# --- form -------------------------------------------------------------------------------------------------------------


def answer_forms(name: str, answer: PreparedAnswer, sources: int, answers: Container[str]) -> Iterator[Problem]:
    """What is wrong with an answer by itself; ``sources`` is how many its card has, ``answers`` the ids of all answers."""

    def problem(key: str, **values: object) -> Problem:
        return Problem(name, key, (("question", answer.question), *values.items()))

    most, sentences = (MOST_FIRST_WORDS, MOST_FIRST_SENTENCES) if answer.follows else (MOST_WORDS, MOST_SENTENCES)
    if (length := word_count(answer.text)) > most and (answer.follows or not answer.items):
        yield problem("answer_long", words=length, most=most)
    leads = sentences if answer.follows else 1
    if len(answer.sentences) > (leads if answer.items else sentences) or len(answer.items) > MOST_ITEMS:
        yield problem("answer_statements", sentences=sentences, items=MOST_ITEMS)
    for id in answer.follows:
        if id not in answers:
            yield problem("answer_unknown", id=id)
    if length > LONG_WORDS and not answer.short:
        yield problem("answer_no_short", words=LONG_WORDS)
    if (short := word_count(answer.short)) > SHORT_WORDS:
        yield problem("answer_short_long", words=short, most=SHORT_WORDS)
    if PAGE.search(answer.text) and not PAGE.search(answer.question):
        yield problem("answer_page")
    if LEANS.search(f"{answer.text} {answer.short}"):
        yield problem("answer_leans")
    if len(answer.phrasings) < LEAST_PHRASINGS:
        yield problem("answer_phrasings", least=LEAST_PHRASINGS)
    proved = {proof.statement for proof in answer.proofs}
    for number, statement in enumerate(answer.statements, start=1):
        if number not in proved and not (answer.items and number == 1):
            yield problem("answer_unproved", words=statement[:80])
    for proof in answer.proofs:
        if not 1 <= proof.statement <= len(answer.statements) or not 1 <= proof.source <= sources:
            yield problem("answer_proof_of_nothing", statement=proof.statement, source=proof.source)
        if not 0 < len(folded_words(proof.anchor)) <= ANCHOR_WORDS[-1]:
            yield problem("answer_anchor_length", anchor=proof.anchor, most=ANCHOR_WORDS[-1])


def word_count(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


def phrasing_problems(
    answers: Mapping[str, Sequence[PreparedAnswer | Absence]], checked: Iterable[str]
) -> Iterator[Problem]:
    """What is wrong with identifiers and phrasings taken together: ``answers``, and absences, are those of each file, ``checked`` the
    files to tell of."""
    told = set(checked)
    ids: dict[str, str] = {}
    said: dict[str, str] = {}
    for name, own in answers.items():
        for answer in own:
            if ids.setdefault(answer.id, answer.question) != answer.question and name in told:
                yield Problem(name, "answer_same_id", (("question", answer.question), ("id", answer.id)))
            for words in (answer.question, *answer.phrasings):
                other = said.setdefault(" ".join(folded_words(words)), f"{answer.id} {words}")
                if other != f"{answer.id} {words}" and name in told:
                    values = (("question", answer.question), ("words", words), ("other", other.split()[0]))
                    yield Problem(name, "answer_same_words", values)
    every = [(answer, words) for name in told for answer in answers[name] for words in answer.phrasings]
    openings = Counter(tuple(folded_words(words)[:3]) for _, words in every)
    for opening, count in openings.most_common(5):
        if count > max(2, OPENING_SHARE * len(every)):
            yield Problem("", "answer_openings", (("words", " ".join(opening)), ("count", count), ("all", len(every))))
    other_words = sum(shared_words(answer.question, words) <= SHARED_WORDS for answer, words in every)
    if every and other_words < OTHER_WORDS_SHARE * len(every):
        yield Problem("", "answer_near_words", (("count", other_words), ("all", len(every))))


def shared_words(question: str, phrasing: str) -> float:
    """The share of a phrasing's content words that its question has, by their stems."""
    own = stems(phrasing)
    return len(own & stems(question)) / len(own) if own else 0.0


# --- facts ------------------------------------------------------------------------------------------------------------


def answer_facts(
    name: str, answer: PreparedAnswer, sources: Sequence[Source], shelf: Shelf
) -> tuple[int, list[Problem]]:
    """Return how many facts of an answer were looked for near its anchors, and what does not stand there."""
    problems: list[Problem] = []

    def problem(key: str, **values: object) -> None:
        problems.append(Problem(name, key, (("question", answer.question), *values.items())))

    standings: dict[int, list[Standing]] = defaultdict(list)
    for proof in answer.proofs:
        if not 1 <= proof.source <= len(sources):
            continue
        found = standings_at(sources[proof.source - 1], proof.anchor, shelf)
        if not found:
            problem("answer_anchor_missing", anchor=proof.anchor, source=proof.source, least=ANCHOR_WORDS[0])
        elif max(Counter(document for document, _ in found).values()) > 1:
            problem("answer_anchor_twice", anchor=proof.anchor, source=proof.source)
        for _, standing in found:
            standings[proof.statement].append(standing)
    count = 0
    everything = [standing for found in standings.values() for standing in found]
    said = [(text, standings[number]) for number, text in enumerate(answer.statements, start=1)]
    if answer.items:  # a lead sentence says what its items say
        said[0] = (said[0][0], everything)
    for text, held in [*said, (answer.short, everything), (answer.english, everything)]:
        if not text or not held:
            continue
        said_there = [place_said(context) for context in dict.fromkeys(standing.context for standing in held)]
        figures = tuple(quantity for place in said_there for quantity in place.figures)
        around = [Place("\n".join(place.text for place in said_there), figures)]
        for quantity in facts(text):
            count += 1
            if missing(quantity, around):
                problem("answer_figure", figure=quantity.text, words=text[:90])
        if text is answer.english:
            continue
        near = "\n".join(map(obliging, dict.fromkeys(held)))
        for level, pattern in OBLIGATIONS.items():
            if word := pattern.search(fold(LABELS.sub(" ", text)).replace("’", " ").replace("'", " ")):
                count += 1
                if not pattern.search(near):
                    problem("answer_obligation", word=word[0], words=text[:90], level=level)
    texts = [text for source in sources if (text := words_at(source, shelf))]
    for text in (*answer.statements, answer.short, answer.english):
        words = folded_words(text)
        for start in range(len(words) - COPIED + 1):
            run = f" {' '.join(words[start : start + COPIED])} "
            if any(run in held for held in texts):
                problem("answer_copied", words=run.strip())
                break
    return count, problems


@cache
def place_said(context: str) -> Place:
    """What stands around an anchor, with its figures: read once, whichever statements rest on it."""
    text = plain(context)
    return Place(text, tuple(quantities(text)))


def crowding(answers: Iterable[tuple[str, PreparedAnswer, Sequence[Source]]], shelf: Shelf) -> Iterator[Problem]:
    """The anchors of all answers (a file's name, an answer, its card's sources) that take more than a source sentence may give:
    two, apart from each other, so that no sentence can be read whole from its anchors."""
    taken: dict[str, list[str]] = defaultdict(list)
    for name, answer, sources in answers:
        for proof in answer.proofs:
            if not 1 <= proof.source <= len(sources):
                continue
            anchor = folded(proof.anchor)
            for _, standing in standings_at(sources[proof.source - 1], proof.anchor, shelf):
                others = taken[folded(standing.unit)]
                if anchor not in others:
                    others.append(anchor)
                    if len(others) > 2 or (len(others) == 2 and adjacent(standing.unit, others)):
                        values = (("question", answer.question), ("anchor", proof.anchor))
                        yield Problem(name, "answer_anchors_crowded", values)


def obliging(standing: Standing) -> str:
    """Where the level of obligation of an anchor is said, folded: in its own sentence if that has one, else in its neighbours too."""
    own = fold(plain(standing.unit)).replace("'", " ")
    if any(pattern.search(own) for pattern in OBLIGATIONS.values()):
        return own
    return fold(plain(standing.near)).replace("'", " ")


def standings_at(source: Source, anchor: str, shelf: Shelf) -> list[tuple[str, Standing]]:
    """Where an anchor stands at a source's place, in each document that has its address: (the document's path, where)."""
    return [
        (document.path, standing)
        for document in shelf.documents(source)
        for standing in read_units(document, source, shelf)
        if anchored(standing.unit, anchor)
    ]


def read_units(document: Document, source: Source, shelf: Shelf) -> list[Standing]:
    """The sentences, items and rows at a place, each with what may be said from it: read once a place."""
    key = (id(document), source.locator)
    if key not in shelf.units:
        read: list[Standing] = []
        for block in shelf.blocks(document, source.locator):
            spans = [(unit.start, unit.end) for unit in units_of(block.text, document.language)]
            units = [block.text[start:end] for start, end in spans]
            above = "\n".join([*of_itself(document), *block.headings])
            for place, unit in enumerate(units):
                near = "\n".join(units[max(0, place - 1) : place + 2])
                read.append(Standing(unit, near, "\n".join([above, columns(block.text, spans[place][0]), near])))
        shelf.units[key] = read
    return shelf.units[key]


def words_at(source: Source, shelf: Shelf) -> str:
    """All the words at a source's place, folded, to look for copies."""
    place = shelf.place(source)
    return folded(place.text) if place else ""


def adjacent(unit: str, anchors: Sequence[str]) -> bool:
    """True where two anchors of a sentence touch or overlap: together they would be one that is too long."""
    words = folded(unit)
    spans = sorted((words.find(anchor), words.find(anchor) + len(anchor)) for anchor in anchors)
    return spans[1][0] <= spans[0][1] - 1


# --- what is left out -------------------------------------------------------------------------------------------------


def coverage(
    name: str, sentences: Iterable[str], items: Iterable[str], answers: Sequence[PreparedAnswer]
) -> Iterator[Problem]:
    """What a card says and none of its answers: its figures and duties (in its ``sentences``), and the ``items`` of its lists.

    A duty or an item is said where one answer holds half of its content words.
    """
    given = [
        quantity
        for answer in answers
        for text in (answer.question, *answer.statements)
        for quantity in quantities(plain(text))
    ]
    said = [stems(" ".join([answer.question, *answer.statements])) for answer in answers]
    told: set[str] = set()
    duties = []
    for sentence in sentences:
        for quantity in facts(sentence):
            if not any(same(quantity, found) for found in given) and quantity.text not in told:
                told.add(quantity.text)
                yield Problem(name, "answer_uncovered", (("figure", quantity.text),), sentence)
        words = fold(plain(sentence)).replace("'", " ")
        if any(OBLIGATIONS[level].search(words) for level in ("must", "forbidden")) and " " in words:
            duties.append(sentence)
    for words in dict.fromkeys([*duties, *items]):
        own = stems(words)
        if own and max((len(own & held) for held in said), default=0) < SAID * len(own):
            yield Problem(name, "answer_unsaid", (), words)


def disagreement_told(name: str, card: Document, answers: Sequence[PreparedAnswer]) -> Iterator[Problem]:
    """The values of a card's disagreement that no answer marked as giving it tells, with who says each."""
    disagreement = card.properties.get("disagreement")
    told = [" ".join(answer.statements) for answer in answers if answer.disagreement]
    for value in disagreement["values"] if disagreement else ():
        if not any(says(text, value) for text in told):
            yield Problem(name, "answer_disagreement", (("value", value["value"]), ("says", value["says"])))


def says(text: str, value: Mapping[str, Any]) -> bool:
    """True where a text gives a value (its figures, or half of its words where it has none) and names half of who says it."""
    figures, given = facts(value["value"]), quantities(plain(text))
    held, wanted, who = stems(text), stems(value["value"]), stems(PAGE.sub("", value["says"]))
    stated = (
        all(any(same(one, other) for other in given) for one in figures)
        if figures
        else 2 * len(held & wanted) >= len(wanted)
    )
    return stated and 2 * len(held & who) >= len(who)


def stems(text: str) -> set[str]:
    """The stems of the content words of a text."""
    return {stem(word) for word in content_words(text)}
