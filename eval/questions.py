"""A set of questions: one JSON object a line, its schema, and one sentence for the first line that does not fit it.

``eval/sets/schema.json`` is this schema for other tools; ``eval/sets/README.md`` says what each key means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from corpus.errors import InputError

__all__ = [
    "LABELS",
    "Place",
    "Premise",
    "Question",
    "Value",
    "check_labels",
    "read_lines",
    "read_questions",
    "read_text",
]

Words = Annotated[str, StringConstraints(pattern=r"\S")]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Locator(Strict):
    """Where in the document a reader finds the words, as ``corpus.documents.Locator`` has it."""

    kind: str
    value: str


class Place(Strict):
    """One place that holds the fact: the document's official address (or its path), and words in a row of the passage."""

    document: Words
    anchor: Words
    locator: Locator | None = None


class Value(Strict):
    """One of the values that sources give of the same thing, as an answer would write it, with who gives it and when."""

    value: Words
    document: Words
    date: str = ""
    anchor: str = ""


class Premise(Strict):
    """What the question wrongly takes for granted, what the sources say instead, and where."""

    false: Words
    true: Words
    gold: list[Place] = []


class Question(BaseModel):
    """One line of a set. Only ``id`` and ``question`` are needed; every other key is a label, and is copied to the run."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    id: Words
    question: Words
    history: list[Annotated[tuple[str, str], Field(strict=False)]] = []
    filters: dict[str, list[str]] = {}
    persona: str = ""
    kinds: list[str] = []
    source: str = ""
    answerable: bool | None = None
    written_from: str = ""
    gold: list[Place] = []
    nuggets: list[str] = []
    why: str = ""
    expected: str = ""
    answers: list[str] = []
    partly: list[str] = []
    family: str = ""
    edition: str = ""
    premise: Premise | None = None
    values: list[Value] = []
    forbidden: list[str] = []
    planted: str = ""

    @property
    def kept(self) -> dict[str, Any]:
        """What is copied to the run's line: all that the line says besides its identifier and its question."""
        return self.model_dump(exclude={"id", "question"}, exclude_unset=True)


# The labels that measures read; a run's line carries them too.
LABELS = tuple(name for name in Question.model_fields if name not in ("id", "question", "history", "filters"))


def read_text(path: Path) -> str:
    """Return the text of a file of the user's; raise InputError where there is none."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("eval_not_utf8", path=path) from error
    except FileNotFoundError as error:
        raise InputError("eval_no_file", path=path) from error
    except OSError as error:
        raise InputError("eval_unreadable", path=path, problem=error.strerror or str(error)) from error


def read_lines(content: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) for each line that is not blank, each with an ``id`` of its own."""
    seen: dict[str, int] = {}
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError("eval_line_not_json", path=path, line=number, column=error.colno) from error
        if not isinstance(entry, dict):
            raise InputError("eval_line_not_object", path=path, line=number)
        identifier = entry.get("id")
        if not isinstance(identifier, str) or not identifier.strip():
            raise InputError("eval_line_without", path=path, line=number, name="id")
        if first := seen.get(identifier):
            raise InputError("eval_duplicate_id", path=path, line=number, id=identifier, first=first)
        seen[identifier] = number
        yield number, entry


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a set, in order; raise InputError for the first line that is none, or without any."""
    questions = [question(entry, path, number) for number, entry in read_lines(read_text(path), path)]
    if not questions:
        raise InputError("eval_no_questions", path=path)
    return questions


def question(entry: Mapping[str, Any], path: Path, line: int) -> Question:
    """Return the question of one line; raise InputError that names the first key that does not fit."""
    try:
        return Question.model_validate(entry)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        own = {"question": "eval_line_without", "history": "eval_bad_history", "filters": "eval_bad_filters"}
        raise InputError(own.get(name, "eval_bad_label"), path=path, line=line, name=name) from error


def check_labels(entry: Mapping[str, Any], path: Path, line: int) -> None:
    """Raise InputError where a label on the line of a run has not its shape; one that is missing is no mistake."""
    labels = {name: entry[name] for name in LABELS if entry.get(name) is not None}
    question({"id": "-", "question": "-", **labels}, path, line)
