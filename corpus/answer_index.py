"""The prepared answers and the absences of a generation: what finds them, and the passage in which each proof stands now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from corpus.absences import NAME, Absence, read_absences
from corpus.answers import PreparedAnswer, Proof, answers_path, read_answers
from corpus.copies import plain_address
from corpus.documents import Document, Passage, Source
from corpus.errors import DocumentError
from corpus.figures import numbers
from corpus.files import read_lines, write_lines
from corpus.lexical import LexicalIndex, fold, tokens
from corpus.passages import units_of
from corpus.places import anchored, folded, stands_at

__all__ = [
    "AnswerIndex",
    "ChangedProof",
    "StandingAnswer",
    "absences_of",
    "answers_of",
    "changed_proofs",
    "embedded_absence",
    "embedded_answer",
    "embedded_ways",
    "standing_answers",
    "unit_of",
    "ways_to_ask",
]


@dataclass(frozen=True)
class StandingAnswer:
    """A prepared answer in an index. ``passages`` has, for each of its proofs, the id of the passage that holds the anchor:
    "" where the document is indexed and holds it no more, None where the document is not indexed."""

    answer: PreparedAnswer
    passages: tuple[str | None, ...]

    @property
    def gone(self) -> bool:
        """True where the documents that prove it are indexed, and none holds an anchor any more: it is not given."""
        return "" in self.passages and not any(self.passages)

    @property
    def moved(self) -> bool:
        """True where one of its proofs is not where it was: its source has changed since it was written."""
        return "" in self.passages


@dataclass(frozen=True)
class ChangedProof:
    """The words that prove an answer, where they stood, and what became of them: "moved" or "gone"."""

    answer: PreparedAnswer
    source: Source
    anchor: str
    event: str


def answers_of(cards: Mapping[str, Path]) -> tuple[list[PreparedAnswer], list[tuple[str, DocumentError]]]:
    """Return the prepared answers of cards (their files, by id), and what could not be read: (a file's name, why)."""
    answers: list[PreparedAnswer] = []
    problems: list[tuple[str, DocumentError]] = []
    for id, path in cards.items():
        file = answers_path(path)
        if file.exists():
            try:
                found, errors = read_answers(file, id)
            except DocumentError as error:
                found, errors = [], [error]
            answers += found
            problems += [(f"base/{file.parent.name}/{file.name}", error) for error in errors]
    return answers, problems


def absences_of(base: Path) -> tuple[list[Absence], list[tuple[str, DocumentError]]]:
    """Return what the cards below ``base`` say that the sources do not hold, and what could not be read: (a file's name, why)."""
    absences: list[Absence] = []
    problems: list[tuple[str, DocumentError]] = []
    for file in sorted(base.glob(f"*/{NAME}")):
        try:
            found, errors = read_absences(file)
        except DocumentError as error:
            found, errors = [], [error]
        absences += found
        problems += [(f"base/{file.parent.name}/{NAME}", error) for error in errors]
    return absences, problems


def embedded_absence(absence: Absence) -> str:
    """What is embedded of an absence: its question, then what it says."""
    return f"{absence.question}\n{absence.sentence}"


def embedded_answer(answer: PreparedAnswer) -> str:
    """What is embedded of an answer: its question, then what it says; in short where it is long, or its length would blur it."""
    return f"{answer.question}\n{answer.short if answer.follows else answer.text}"


def embedded_ways(entry: PreparedAnswer | Absence) -> str:
    """What is embedded of the ways to ask for an answer or an absence."""
    return "\n".join(ways_to_ask(entry))


def standing_answers(
    answers: Iterable[PreparedAnswer],
    read: Mapping[str, Document],
    read_passages: Mapping[str, Sequence[Passage]],
    indexed: Mapping[str, Sequence[Passage]],
) -> list[StandingAnswer]:
    """Find the proofs of the answers whose card is in force among the passages of the index.

    ``read`` are all documents, copies included, with their passages (by document); ``indexed`` those that are searched. A proof
    that stands only in what was left out, since another document says the same, is as one whose document is not indexed.
    """
    at: dict[str, list[str]] = {}
    for document in read.values():
        if document.origin != "card":
            for url in {plain_address(url) for url in (document.url, *document.alternates) if url}:
                at.setdefault(url, []).append(document.id)

    def stands(card: Document, proof: Proof) -> str | None:
        source = card.sources[proof.source - 1] if 0 < proof.source <= len(card.sources) else None
        held = at.get(plain_address(source.url), ()) if source else ()
        if source is None or not any(id in indexed for id in held):
            return None
        wanted = folded(proof.anchor)
        here = [passage for id in held for passage in indexed.get(id, ()) if wanted in folded(passage.text)]
        if here:
            # A place may have moved within the document, whose words still stand.
            return min(here, key=lambda passage: not (source.locator and stands_at(passage, source.locator))).id
        left_out = any(wanted in folded(passage.text) for id in held for passage in read_passages.get(id, ()))
        return None if left_out else ""

    return [
        StandingAnswer(answer, tuple(stands(card, proof) for proof in answer.proofs))
        for answer in answers
        if (card := read.get(answer.card)) and card.in_force
    ]


def changed_proofs(
    answers: Iterable[StandingAnswer], documents: Mapping[str, Document], passages: Mapping[str, Passage]
) -> Iterator[ChangedProof]:
    """Yield the proofs whose words are no longer where the card says: at another place of the document, or nowhere in force.

    ``documents`` and ``passages`` are those of the index, by id.
    """
    for standing in answers:
        for proof, id in zip(standing.answer.proofs, standing.passages, strict=True):
            if id is None:
                continue
            source = documents[standing.answer.card].sources[proof.source - 1]
            if id == "" or documents[passages[id].document_id].withdrawn:
                yield ChangedProof(standing.answer, source, proof.anchor, "gone")
            elif source.locator and not stands_at(passages[id], source.locator):
                yield ChangedProof(standing.answer, source, proof.anchor, "moved")


def unit_of(passage: Passage, anchor: str, language: str) -> str:
    """The sentence, item or row of a passage that holds an anchor; the whole passage where it was cut inside one."""
    units = (passage.text[unit.start : unit.end] for unit in units_of(passage.text, language))
    return next((unit for unit in units if anchored(unit, anchor)), passage.text)


@dataclass(frozen=True)
class Terms:
    """The terms of each way to ask, those of what is said, and those of both; all of it, folded, and its numbers; how many words are
    said."""

    ways: tuple[frozenset[str], ...]
    said: frozenset[str]
    all: frozenset[str]
    folded: str
    figures: frozenset[str]
    length: int


class AnswerIndex:
    """The prepared answers and the absences by id (``ids``: those, then these); the vector of what each says, and that of the ways to
    ask for it, each of shape (ids, dimension); and a lexical index of all their words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers = {
            standing.answer.id: standing for standing in map(standing_of, read_lines(folder / "answers.jsonl"))
        }
        self.absences = {absence.id: absence for absence in map(absence_of, read_lines(folder / "absences.jsonl"))}
        self.ids = [*self.answers, *self.absences]
        self.known_terms: dict[str, Terms] = {}

    @staticmethod
    def store(
        folder: Path,
        answers: Sequence[StandingAnswer],
        absences: Sequence[Absence],
        vectors: Sequence[np.ndarray],
        asked: Sequence[np.ndarray],
    ) -> None:
        """Write answers and absences, the vectors of what is embedded of each, and those of the ways to ask for it, to ``folder``."""
        folder.mkdir()
        write_lines(folder / "answers.jsonl", map(asdict, answers))
        write_lines(folder / "absences.jsonl", map(asdict, absences))
        np.save(folder / "vectors.npy", np.array(vectors, np.float32))
        np.save(folder / "asked.npy", np.array(asked, np.float32))
        entries: list[PreparedAnswer | Absence] = [*(standing.answer for standing in answers), *absences]
        texts = ["\n".join([*ways_to_ask(entry), said(entry)]) for entry in entries]
        ids = [entry.id for entry in entries]
        LexicalIndex.build(texts, ids, ids, ["cards"] * len(ids)).save(folder / "lexical")

    def entry(self, id: str) -> PreparedAnswer | Absence:
        """The answer or the absence of an id."""
        return self.answers[id].answer if id in self.answers else self.absences[id]

    def terms(self, id: str) -> Terms:
        """The terms of an answer or of an absence."""
        if id not in self.known_terms:
            entry = self.entry(id)
            ways = tuple(frozenset(tokens(way)) for way in ways_to_ask(entry))
            whole = "\n".join([*ways_to_ask(entry), said(entry)])
            told = frozenset(tokens(said(entry)))
            length = len(said(entry).split())
            self.known_terms[id] = Terms(ways, told, told.union(*ways), fold(whole), frozenset(numbers(whole)), length)
        return self.known_terms[id]

    @cached_property
    def disagreements(self) -> list[str]:
        """The answers that tell a disagreement between sources."""
        return [id for id, standing in self.answers.items() if standing.answer.disagreement]

    @cached_property
    def vectors(self) -> np.ndarray:
        """The vector of what each id says, one row an id."""
        rows: np.ndarray = np.load(self.folder / "vectors.npy", allow_pickle=False)
        return rows

    @cached_property
    def asked(self) -> np.ndarray:
        """The vector of the ways to ask for each id, one row an id."""
        rows: np.ndarray = np.load(self.folder / "asked.npy", allow_pickle=False)
        return rows

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The words of all that is asked and said, in the order of ``ids``."""
        return LexicalIndex.load(self.folder / "lexical")


def ways_to_ask(entry: PreparedAnswer | Absence) -> tuple[str, ...]:
    """The question of an answer or of an absence, then its other phrasings."""
    return (entry.question, *entry.phrasings)


def said(entry: PreparedAnswer | Absence) -> str:
    """What an answer or an absence says."""
    return entry.sentence if isinstance(entry, Absence) else entry.text


def standing_of(record: dict[str, Any]) -> StandingAnswer:
    """A line of ``answers.jsonl``, read."""
    given = record["answer"]
    proofs = tuple(Proof(**proof) for proof in given["proofs"])
    tuples = {name: tuple(given[name]) for name in ("sentences", "items", "phrasings", "follows")}
    return StandingAnswer(PreparedAnswer(**{**given, **tuples, "proofs": proofs}), tuple(record["passages"]))


def absence_of(record: dict[str, Any]) -> Absence:
    """A line of ``absences.jsonl``, read."""
    tuples = {name: tuple(record[name]) for name in ("phrasings", "nearest")}
    return Absence(**{**record, **tuples, "words": tuple(map(tuple, record["words"]))})
