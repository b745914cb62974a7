"""The prepared answers of a generation: what finds them, and the passage in which each of their proofs stands now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from corpus.answers import PreparedAnswer, Proof, answers_path, read_answers
from corpus.copies import plain_address
from corpus.documents import Document, Passage, Source
from corpus.errors import DocumentError
from corpus.lexical import LexicalIndex
from corpus.passages import units_of
from corpus.places import anchored, folded, stands_at

__all__ = [
    "AnswerIndex",
    "ChangedProof",
    "StandingAnswer",
    "answers_of",
    "changed_proofs",
    "embedded_answer",
    "standing_answers",
    "unit_of",
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


def embedded_answer(answer: PreparedAnswer) -> str:
    """What is embedded of an answer: its question, then what it says; in short where it is long, or its length would blur it."""
    return f"{answer.question}\n{answer.short if answer.follows else answer.text}"


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


class AnswerIndex:
    """The prepared answers by id; the vector of each, of shape (answers, dimension); and a lexical index of all their words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        records = (json.loads(line) for line in (folder / "answers.jsonl").read_text("utf-8").splitlines())
        self.answers = {record["answer"]["id"]: standing_of(record) for record in records}
        self.ids = list(self.answers)

    @staticmethod
    def store(folder: Path, answers: Sequence[StandingAnswer], vectors: Sequence[np.ndarray]) -> None:
        """Write answers, and the vectors of their ``embedded_answer``, to ``folder``."""
        folder.mkdir()
        lines = (json.dumps(asdict(answer), ensure_ascii=False) for answer in answers)
        (folder / "answers.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
        np.save(folder / "vectors.npy", np.array(vectors, np.float32))
        plain = [one.answer for one in answers]
        texts = ["\n".join([answer.question, *answer.phrasings, answer.text]) for answer in plain]
        ids, cards = [answer.id for answer in plain], [answer.card for answer in plain]
        LexicalIndex.build(texts, ids, cards, ["cards"] * len(plain)).save(folder / "lexical")

    @cached_property
    def vectors(self) -> np.ndarray:
        """One row an answer, in the order of ``ids``."""
        rows: np.ndarray = np.load(self.folder / "vectors.npy", allow_pickle=False)
        return rows

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The words of questions, phrasings and answers, in the order of ``ids``."""
        return LexicalIndex.load(self.folder / "lexical")


def standing_of(record: dict[str, Any]) -> StandingAnswer:
    """A line of ``answers.jsonl``, read."""
    given = record["answer"]
    proofs = tuple(Proof(**proof) for proof in given["proofs"])
    tuples = {name: tuple(given[name]) for name in ("sentences", "items", "phrasings", "follows")}
    return StandingAnswer(PreparedAnswer(**{**given, **tuples, "proofs": proofs}), tuple(record["passages"]))
