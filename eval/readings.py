"""What blind readers mark of whole answers, as ``eval/rubric.md`` says: JSON Lines that hold marks and no words of the answers.

As a label, a reading names the answer it was given on by a hash of its text, and counts for no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from eval.labels import answer_hash, read_judgements
from eval.metrics import Line
from eval.statistics import agreement, estimate

__all__ = ["MARKS", "Reading", "by_reader", "read_readings"]

Bit = Annotated[int, Field(ge=0, le=1)]
Mark = Annotated[int, Field(ge=0, le=3)]
Count = Annotated[int, Field(ge=0)]


class Reading(BaseModel):
    """One reader's marks of one answer; a mark that the question does not call for is None.

    ``noise`` is how many of the ``statements`` are beside the question; ``refused`` is 1 where nothing is given as the answer, ``handled``
    where what the sources do not hold is said to be so; ``done`` where a request that is no plain question got what it wants;
    ``candidate`` which of the first three prepared answers is the first that is right, from 1, or 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    reader: str
    answer: str
    exactness: Mark | None = None
    usefulness: Mark | None = None
    direct: Bit | None = None
    statements: Count | None = None
    noise: Count | None = None
    facts_held: Count | None = None
    facts_expected: Count | None = None
    wrong: Bit | None = None
    refused: Bit | None = None
    handled: Bit | None = None
    values_shown: Bit | None = None
    premise_corrected: Bit | None = None
    done: Bit | None = None
    candidate: Mark | None = None


@dataclass(frozen=True)
class OfMark:
    """A measure of readings: what is observed on one; ``share`` where each observation is 0 or 1; the ``scale`` on which two agree;
    ``within`` where what is counted is within an answer."""

    name: str
    observe: Callable[[Reading, Line], Sequence[float]]
    share: bool = True
    scale: Sequence[int] | None = None
    within: bool = False


def marked(name: str, of: Callable[[Line], bool] = lambda line: True) -> Callable[[Reading, Line], Sequence[float]]:
    """Return what observes a mark of the answers to some questions."""

    def observe(reading: Reading, line: Line) -> Sequence[float]:
        mark = getattr(reading, name)
        return [] if mark is None or not of(line) else [float(mark)]

    return observe


def counted(some: str, every: str) -> Callable[[Reading, Line], Sequence[float]]:
    """Return what observes each of ``every`` thing counted: 1 for ``some`` of them."""

    def observe(reading: Reading, line: Line) -> Sequence[float]:
        held, among = getattr(reading, some) or 0, getattr(reading, every) or 0
        return [1.0] * min(held, among) + [0.0] * max(0, among - held)

    return observe


def ranked(within: int) -> Callable[[Reading, Line], Sequence[float]]:
    """Return what observes whether a right prepared answer is among the first so many."""
    return lambda reading, line: [] if reading.candidate is None else [float(1 <= reading.candidate <= within)]


MARKS = (
    OfMark("RightFirst", ranked(1)),
    OfMark("RightAmong3", ranked(3)),
    OfMark("Directness", marked("direct")),
    OfMark("FactsHeld", counted("facts_held", "facts_expected"), within=True),
    OfMark("Noise", counted("noise", "statements"), within=True),
    OfMark("Exactness", marked("exactness"), share=False, scale=range(4)),
    OfMark("Usefulness", marked("usefulness"), share=False, scale=range(4)),
    OfMark("Wrong", marked("wrong")),
    OfMark("Refused", marked("refused", lambda line: line.get("answerable") is True)),
    OfMark("Handled", marked("handled")),
    OfMark("ValuesShown", marked("values_shown")),
    OfMark("PremiseCorrected", marked("premise_corrected")),
    OfMark("Done", marked("done")),
)


def read_readings(path: Path) -> list[Reading]:
    """Return the readings of a file, those of one reader; raise InputError for the first line that is none."""
    return read_judgements(path, Reading, "eval_bad_reading")


def by_reader(lines: Sequence[Line], readings: Sequence[Reading]) -> dict[str, Any]:
    """Return each measure by each reader of the very answers of a run, and how far each two of them agree, answer by answer.

    ``stale`` counts the readings whose answer is no longer the run's.
    """
    by_id = {line["id"]: line for line in lines}
    read: dict[str, dict[str, Reading]] = {}
    for reading in readings:
        line = by_id.get(reading.id)
        if line and reading.answer == answer_hash(line):
            read.setdefault(reading.reader, {})[reading.id] = reading

    def observed(mark: OfMark, reader: str) -> dict[str, list[float]]:
        found = {id: list(mark.observe(reading, by_id[id])) for id, reading in read[reader].items()}
        return {id: values for id, values in found.items() if values}

    return {
        "readings": len(readings),
        "stale": len(readings) - sum(map(len, read.values())),
        "metrics": {
            mark.name: {reader: asdict(estimate(observed(mark, reader), mark.share)) for reader in sorted(read)}
            for mark in MARKS
        },
        "agreement": {
            f"{first} {second}": {
                mark.name: agreed(mark, observed(mark, first), observed(mark, second))
                for mark in MARKS
                if not mark.within
            }
            for first, second in combinations(sorted(read), 2)
        },
    }


def agreed(mark: OfMark, first: Mapping[str, list[float]], second: Mapping[str, list[float]]) -> dict[str, Any]:
    """Return how far two readers agree on the answers that both marked."""
    pairs = [(int(first[id][0]), int(second[id][0])) for id in sorted(first.keys() & second.keys())]
    return agreement([one for one, _ in pairs], [other for _, other in pairs], mark.scale)
