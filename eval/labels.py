"""What readers say of answers, in place of a judge: JSON Lines that hold judgements and no words of the answers.

A label names the answer it was given on by a hash of its text: a later answer to the same question has none, and is said
to have none, rather than to inherit what was said of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import InputError
from eval.metrics import METRICS, Line
from eval.questions import read_lines, read_text
from eval.statistics import agreement, estimate

__all__ = ["JUDGED", "Label", "against_labels", "answer_hash", "labelled", "read_judgements", "read_labels"]

Judgement = TypeVar("Judgement", bound=BaseModel)

# The measures that rest on judgements.
JUDGED = tuple(metric for metric in METRICS if str(metric) in ("CitationRecall", "CitationPrecision", "NuggetRecall"))


class Statement(BaseModel):
    """Whether what a statement cites bears it out, and whether each of its citations counts for something."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    supported: bool
    precise: list[bool]


class Label(BaseModel):
    """What a reader says of one answer: its statements and its nuggets, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    answer: str
    statements: list[Statement]
    nuggets: list[bool]
    reader: str = ""


def answer_hash(line: Line) -> str:
    """Return what names an answer in a label: the first 16 hexadecimal digits of the SHA-256 of its text."""
    return hashlib.sha256(str(line.get("answer", "")).encode()).hexdigest()[:16]


def read_labels(path: Path) -> list[Label]:
    """Return a file's labels; raise InputError for the first line that is none."""
    return read_judgements(path, Label, "eval_bad_label")


def read_judgements(path: Path, shape: type[Judgement], problem: str) -> list[Judgement]:
    """Return the lines of a file as ``shape``; raise InputError of the key ``problem`` for the first that has another."""
    judgements = []
    for number, entry in read_lines(read_text(path), path):
        try:
            judgements.append(shape.model_validate(entry))
        except ValidationError as error:
            name = ".".join(map(str, error.errors()[0]["loc"]))
            raise InputError(problem, path=path, line=number, name=name) from error
    return judgements


def labelled(lines: Sequence[Line], labels: Sequence[Label]) -> list[dict[str, Any]]:
    """Return the lines whose very answer has a label, judged by it."""
    by_id = {label.id: label for label in labels}
    found = []
    for line in lines:
        label = by_id.get(line["id"])
        if label and label.answer == answer_hash(line):
            judged = {**label.model_dump(include={"statements", "nuggets"}), "by": label.reader or "reader"}
            found.append({**line, "judged": judged})
    return found


def against_labels(lines: Sequence[Line], labels: Sequence[Label]) -> dict[str, Any]:
    """Return the measures on the labelled answers, by their readers and by the judge, and how far the two agree.

    ``lines`` are judged lines. ``stale`` counts the labels whose answer is no longer the run's.
    """
    by_reader = labelled(lines, labels)
    by_judge = {line["id"]: line for line in lines}
    pairs: Mapping[str, list[tuple[bool, bool]]] = {"statements": [], "nuggets": []}
    for line in by_reader:
        said, judged = line["judged"], by_judge[line["id"]].get("judged") or {}
        supported = [[one["supported"] for one in source.get("statements", ())] for source in (said, judged)]
        for part, (hand, automatic) in {
            "statements": supported,
            "nuggets": (said["nuggets"], judged.get("nuggets", ())),
        }.items():
            if len(hand) == len(automatic):
                pairs[part].extend(zip(hand, automatic, strict=True))
    same = [by_judge[line["id"]] for line in by_reader]
    return {
        "labels": len(labels),
        "stale": len(labels) - len(by_reader),
        "metrics": {
            str(metric): {
                "reader": asdict(estimate(metric.observe(by_reader), metric.share)),
                "judge": asdict(estimate(metric.observe(same), metric.share)),
            }
            for metric in JUDGED
        },
        "agreement": {
            part: agreement([hand for hand, _ in found], [automatic for _, automatic in found])
            for part, found in pairs.items()
        },
    }
