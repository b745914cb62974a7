"""Questions in, lines out: read a set, put its questions to the assistant, write and read back a run.

Only what is given here is read from a file of questions or of a run, and each mistake is one sentence with its line.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

from corpus.errors import AssistantError, InputError
from corpus.messages import text

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from assistant.settings import Settings

__all__ = [
    "MODES",
    "SEARCHES",
    "Options",
    "Outcome",
    "Question",
    "join_labels",
    "measure_speed",
    "open_assistant",
    "read_questions",
    "read_run",
    "run",
]

Mode = Literal["hybrid", "dense", "lexical"]
MODES: tuple[Mode, ...] = get_args(Mode)
WARM_UP = 10
SEARCHES = 200


@dataclass(frozen=True)
class Question:
    """One line of a set. ``kept`` is what is copied to the run's line as it is: the labels, for one."""

    id: str
    question: str
    history: tuple[tuple[str, str], ...] = ()
    filters: Mapping[str, list[str]] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """How the questions are put: written on each line, so that lines asked in two ways are not taken for one run."""

    mode: Mode = "hybrid"
    top: int = 10
    retrieval_only: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"mode": self.mode, "top": self.top, "retrieval_only": self.retrieval_only}


@dataclass(frozen=True)
class Outcome:
    """What became of a run: how many lines were written, how many were there before, and which questions failed."""

    written: int
    kept: int
    failed: tuple[str, ...]


def open_assistant(settings: Settings) -> Assistant:
    """Load the index and the encoder. Imported here: it takes seconds, and a mistake in a file is told before."""
    from assistant.ask import Assistant

    return Assistant.open(settings)


# --- reading --------------------------------------------------------------------------------------------------------


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
        require_text(entry, "id", path, number)
        if first := seen.get(entry["id"]):
            raise InputError("eval_duplicate_id", path=path, line=number, id=entry["id"], first=first)
        seen[entry["id"]] = number
        yield number, entry


def require_text(entry: Mapping[str, Any], name: str, path: Path, line: int) -> None:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError("eval_line_without", path=path, line=line, name=name)


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a set, in order; raise InputError for the first line that is none, or without any."""
    questions = []
    for number, entry in read_lines(read_text(path), path):
        require_text(entry, "question", path, number)
        history, filters = entry.get("history") or [], entry.get("filters") or {}
        if not is_history(history):
            raise InputError("eval_bad_history", path=path, line=number)
        if not is_filters(filters):
            raise InputError("eval_bad_filters", path=path, line=number)
        check_labels(entry, path, number)
        kept = {name: value for name, value in entry.items() if name not in ("id", "question")}
        turns = tuple((user, assistant) for user, assistant in history)
        questions.append(Question(entry["id"], entry["question"], turns, filters, kept))
    if not questions:
        raise InputError("eval_no_questions", path=path)
    return questions


def is_history(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(turn, list) and len(turn) == 2 and all(isinstance(words, str) for words in turn) for turn in value
    )


def is_filters(value: Any) -> bool:
    return isinstance(value, dict) and all(is_texts(values) for values in value.values())


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def check_labels(entry: Mapping[str, Any], path: Path, line: int) -> None:
    """Raise InputError where a label that measures read has not its shape; one that is missing is no mistake."""
    gold = entry.get("gold") or []
    shapes = {
        "gold": isinstance(gold, list)
        and all(
            isinstance(place, dict) and isinstance(place.get("document"), str) and isinstance(place.get("anchor"), str)
            for place in gold
        ),
        "kinds": is_texts(entry.get("kinds") or []),
        "persona": isinstance(entry.get("persona") or "", str),
        "answerable": isinstance(entry.get("answerable", True), bool),
    }
    for name, fits in shapes.items():
        if not fits:
            raise InputError("eval_bad_label", path=path, line=line, name=name)


def read_run(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a run; raise InputError for the first that measures cannot read, or if there is none."""
    lines = [checked_line(entry, path, number) for number, entry in read_lines(read_text(path), path)]
    if not lines:
        raise InputError("eval_no_lines", path=path)
    return lines


def checked_line(entry: dict[str, Any], path: Path, number: int) -> dict[str, Any]:
    """Return ``entry`` where it has what measures read of a run's line; raise InputError otherwise."""
    passages = entry.get("passages")
    complete = (
        isinstance(passages, list)
        and all(isinstance(passage, dict) and {"number", "text", "document"} <= passage.keys() for passage in passages)
        and isinstance(entry.get("status"), str)
        and isinstance(entry.get("abstained"), bool)
        and all({"number", "quote"} <= citation.keys() for citation in entry.get("citations") or ())
    )
    if not complete:
        raise InputError("eval_line_not_of_a_run", path=path, line=number)
    check_labels(entry, path, number)
    return entry


def join_labels(lines: Sequence[Mapping[str, Any]], questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Return one line a question of the set, with the set's labels in place of the run's.

    A question that the run does not answer gets a line with nothing retrieved and no status: it is never dropped. A
    line of another set is an InputError, since the figures would be of neither.
    """
    by_id = {line["id"]: line for line in lines}
    if strangers := by_id.keys() - {question.id for question in questions}:
        raise InputError("eval_other_set", id=min(strangers))
    nothing = {"passages": [], "citations": [], "status": "", "abstained": False, "seconds": {}, "missing": True}
    return [
        {**by_id.get(question.id, nothing), **question.kept, "id": question.id, "question": question.question}
        for question in questions
    ]


# --- running --------------------------------------------------------------------------------------------------------


def run(
    questions_path: Path,
    out: Path,
    settings: Settings,
    options: Options,
    resume: bool = False,
    force: bool = False,
) -> Outcome:
    """Put every question of a set to the assistant and write each line as soon as it is there.

    All that can be wrong in the files is told before the assistant is loaded. ``out`` is left as it is until the first
    answer. A question that fails is named on standard error and has no line, so that ``resume`` asks it again.
    """
    questions = read_questions(questions_path)
    if not out.absolute().parent.is_dir():
        raise InputError("eval_no_folder", path=out.absolute().parent)
    if out.is_dir():
        raise InputError("eval_is_folder", path=out)
    if out.exists() and not (resume or force):
        raise InputError("eval_run_exists", path=out)
    kept, length = kept_lines(out, questions, options) if resume and out.exists() else ([], 0)
    done = {line["id"] for line in kept}
    todo = [question for question in questions if question.id not in done]
    if not todo:
        return Outcome(0, len(kept), ())
    failed: list[str] = []
    written = 0
    with Writer(out, length) as writer:
        for question, line in ask_all(open_assistant(settings), todo, options, settings.language, failed):
            if written == 0 and kept:
                check_same_system(kept[-1], line, out)
            writer.write({"id": question.id, "question": question.question, **question.kept, **line})
            written += 1
    return Outcome(written, len(kept), tuple(failed))


class Writer:
    """A run's file, opened with the first line: after its first ``length`` bytes, the rest of what it held is gone."""

    def __init__(self, path: Path, length: int) -> None:
        self.path = path
        self.length = length
        self.file: IO[bytes] | None = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.file:
            self.file.close()

    def write(self, line: Mapping[str, Any]) -> None:
        """Write one line, whole and at once, so that it can be read while the run goes on."""
        if self.file is None:
            # Append mode creates the file and never truncates it by itself: the lines that are kept stay there.
            self.file = self.path.open("ab")
            self.file.truncate(self.length)
        self.file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self.file.flush()


def kept_lines(out: Path, questions: Sequence[Question], options: Options) -> tuple[list[dict[str, Any]], int]:
    """Return the complete lines of an earlier run and their length in bytes: a last line cut by a kill is left out.

    Raise InputError where they are not the start of the same run: other questions, or asked in another way.
    """
    try:
        content = out.read_bytes()
    except OSError as error:
        raise InputError("eval_unreadable", path=out, problem=error.strerror or str(error)) from error
    content = content[: content.rfind(b"\n") + 1]
    try:
        lines = [checked_line(entry, out, number) for number, entry in read_lines(content.decode(), out)]
    except UnicodeDecodeError as error:
        raise InputError("eval_not_utf8", path=out) from error
    asked = {question.id: question.question for question in questions}
    for line in lines:
        if asked.get(line["id"]) != line.get("question"):
            raise InputError("eval_resume_other_question", path=out, id=line["id"])
        if line.get("asked") != options.to_dict():
            raise InputError("eval_resume_other_options", path=out, id=line["id"])
    return lines, len(content)


def check_same_system(before: Mapping[str, Any], after: Mapping[str, Any], out: Path) -> None:
    """Raise InputError where a run would go on with another encoder, model or index than it began with.

    A line without a model (search alone, or an answer that was composed) says nothing about the model.
    """
    for name in ("encoder", "model", "index"):
        if before.get(name) and after.get(name) and before[name] != after[name]:
            raise InputError("eval_resume_other_system", path=out, name=name, before=before[name], after=after[name])


def ask_all(
    assistant: Assistant,
    questions: Sequence[Question],
    options: Options,
    language: str,
    failed: list[str],
) -> Iterator[tuple[Question, dict[str, Any]]]:
    """Yield each question with its answer; add to ``failed`` the id of each that has none, and say why."""
    from tqdm import tqdm

    for question in tqdm(
        questions, desc=text("eval_progress", language), unit="question", file=sys.stderr, mininterval=1
    ):
        try:
            line = ask(assistant, question, options)
        except Exception as error:  # a run of an hour goes on without the question that met a fault
            failed.append(question.id)
            if isinstance(error, AssistantError):
                problem = text(error.key, language, **error.values)
            else:
                problem = f"{type(error).__name__}: {error}"
            tqdm.write(text("eval_question_failed", language, id=question.id, problem=problem), file=sys.stderr)
        else:
            yield question, line


def ask(assistant: Assistant, question: Question, options: Options) -> dict[str, Any]:
    """Return the answer to one question, or what search found for it, as a dictionary."""
    history = list(question.history)
    filters = dict(question.filters)
    if options.retrieval_only:
        found = assistant.search(
            question.question, history=history, filters=filters, top=options.top, mode=options.mode
        )
        # Search alone neither answers nor refuses.
        line = {**found.to_dict(), "status": "", "abstained": False}
    else:
        line = assistant.ask(question.question, history=history, filters=filters, top=options.top).to_dict()
    return {**line, "question": question.question, "asked": options.to_dict()}


def measure_speed(
    questions_path: Path, settings: Settings, searches: int = SEARCHES, answers: int | None = None
) -> dict[str, list[float]]:
    """Return the seconds of each part, warm: "open" once, "encode" and "search" a search, "answer" a whole answer.

    The questions are searched in turn, over again until there are at least ``searches`` and each was searched once,
    after a warm-up that is not counted. Then each is answered once (the first ``answers`` of them, where that is
    given). "search" is as the assistant measures it, without encoding; "answer" is the time that the caller waits.
    """
    from tqdm import tqdm

    questions = read_questions(questions_path)
    start = time.perf_counter()
    assistant = open_assistant(settings)
    seconds: dict[str, list[float]] = {"open": [time.perf_counter() - start], "encode": [], "search": [], "answer": []}
    searching = Options(retrieval_only=True)
    for number in range(WARM_UP):
        ask(assistant, questions[number % len(questions)], searching)
    rounds = -(-max(searches, len(questions)) // len(questions))
    for question in tqdm(
        questions * rounds, desc=text("eval_speed_search", settings.language), file=sys.stderr, mininterval=1
    ):
        measured = ask(assistant, question, searching)["seconds"]
        for part in ("encode", "search"):
            # A search in words alone encodes nothing.
            if part in measured:
                seconds[part].append(float(measured[part]))
    for question in tqdm(
        questions[:answers], desc=text("eval_speed_answer", settings.language), file=sys.stderr, mininterval=1
    ):
        start = time.perf_counter()
        ask(assistant, question, Options())
        seconds["answer"].append(time.perf_counter() - start)
    return seconds
