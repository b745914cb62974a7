"""Questions in, lines out: put a set's questions to an assistant, write a run line by line, and read it back.

Only what is given here is read from a file of questions or of a run, and each mistake is one sentence with its line.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from corpus.errors import AssistantError, InputError
from corpus.messages import text
from eval.defaults import Mode
from eval.outside import OutsideAssistant
from eval.questions import Question, check_labels, read_lines, read_questions, read_text

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from assistant.settings import Settings
    from eval.settings import EvalSettings

__all__ = ["Options", "Outcome", "ask", "code_version", "join_labels", "open_assistant", "read_run", "run"]

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Options:
    """How the questions are put: written on each line, so that lines asked in two ways are not taken for one run.

    ``assistant`` is the address of another assistant, and empty for ours; ``repetition`` counts from 1.
    """

    mode: Mode = "hybrid"
    top: int = 10
    retrieval_only: bool = False
    assistant: str = ""
    repetition: int = 1

    def to_dict(self) -> dict[str, Any]:
        if self.assistant:
            return {"assistant": self.assistant, "repetition": self.repetition}
        own = {"mode": self.mode, "top": self.top, "retrieval_only": self.retrieval_only}
        return {**own, "repetition": self.repetition}


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


def open_outside(url: str, settings: EvalSettings) -> OutsideAssistant:
    """Reach another assistant; raise OutsideError where none answers."""
    return OutsideAssistant(url, settings)


@cache
def code_version() -> str:
    """The version of the project, and a fingerprint of all that can change an answer: its code and its cards."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    hashed = hashlib.sha256()
    for package in ("corpus", "assistant"):
        for path in sorted((PROJECT / package).rglob("*")):
            if path.suffix in (".py", ".toml", ".md"):
                hashed.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return f"{version} {hashed.hexdigest()[:12]}"


def system(settings: Settings) -> dict[str, Any]:
    """What a line says of what answered, besides its encoder, its model and its index: the code and the settings.

    Keys stay out, and so do paths, which tell of the machine and change nothing.
    """
    shown = settings.model_dump(include={"encoder", "language", "llm_base_url", "llm_model", "llm_timeout"})
    return {"code": code_version(), "settings": shown}


# --- reading --------------------------------------------------------------------------------------------------------


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
    # In a run of whole answers, the answer that is not there states nothing and refuses nothing.
    status = "missing" if any(line.get("status") for line in lines) else ""
    nothing = {"passages": [], "citations": [], "status": status, "abstained": False, "seconds": {}, "missing": True}
    return [
        {**by_id.get(question.id, nothing), **question.kept, "id": question.id, "question": question.question}
        for question in questions
    ]


# --- running --------------------------------------------------------------------------------------------------------


def run(
    questions_path: Path,
    out: Path,
    settings: EvalSettings,
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
    assistant = open_outside(options.assistant, settings) if options.assistant else open_assistant(settings)
    described = {"system": system(settings)} if not options.assistant else {"system": {"assistant": options.assistant}}
    with Writer(out, length) as writer:
        for question, line in ask_all(assistant, todo, options, settings.language, failed):
            line = {"id": question.id, "question": question.question, **question.kept, **line, **described}
            if written == 0 and kept:
                check_same_system(kept[-1], line, out)
            writer.write(line)
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
    for name in ("encoder", "model", "index", "system"):
        if before.get(name) and after.get(name) and before[name] != after[name]:
            raise InputError("eval_resume_other_system", path=out, name=name, before=before[name], after=after[name])


def ask_all(
    assistant: Assistant | OutsideAssistant,
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


def ask(assistant: Assistant | OutsideAssistant, question: Question, options: Options) -> dict[str, Any]:
    """Return the answer to one question, or what search found for it, as a dictionary."""
    history, filters = question.history, question.filters
    if isinstance(assistant, OutsideAssistant):
        line = assistant.ask(question.question, history)
    elif options.retrieval_only:
        found = assistant.search(
            question.question, history=history, filters=filters, top=options.top, mode=options.mode
        )
        # Search alone neither answers nor refuses.
        line = {**found.to_dict(), "status": "", "abstained": False}
    else:
        line = assistant.ask(question.question, history=history, filters=filters, top=options.top).to_dict()
    return {**line, "question": question.question, "asked": options.to_dict()}
