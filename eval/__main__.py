"""``python -m eval run | score | compare | bench``.

Exit codes: 0 all well, 1 a bar is not met, 2 bad input or nothing to do, 3 some questions have no line. What takes time
to import is imported where it is used, so that help comes at once.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from corpus.errors import AssistantError, InputError
from corpus.messages import LANGUAGES, text
from eval import report, runs, scores

__all__ = ["main"]

OK, BAR_MISSED, BAD_INPUT, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130
NOTHING = "–"
# What argparse says of a command that does not fit, by the key of our sentence.
PROBLEMS = {
    "missing": r"the following arguments are required: (?P<names>.*)",
    "unknown": r"unrecognized arguments: (?P<names>.*)",
    "no_value": r"argument (?P<name>.*?): expected one argument",
    "choice": r"argument (?P<name>.*?): invalid choice: (?P<value>.*?) \(choose from (?P<known>.*)\)",
    "number": r"argument (?P<name>.*?): invalid positive value: (?P<value>.*)",
}
DEVELOPMENT = Path(__file__).resolve().parent / "sets" / "development.jsonl"


class Parser(argparse.ArgumentParser):
    """argparse with its own few words from the catalogue."""

    language = "fr"

    def format_help(self) -> str:
        return self.worded(super().format_help())

    def format_usage(self) -> str:
        return self.worded(super().format_usage())

    def worded(self, help_text: str) -> str:
        worded = help_text.replace("usage:", text("eval_help_usage", self.language), 1)
        if self.language == "fr":
            worded = re.sub(r"^(\S.*\S):$", r"\1 :", worded, flags=re.MULTILINE)
        return worded

    def error(self, message: str) -> NoReturn:
        said = ((key, re.fullmatch(pattern, message, re.DOTALL)) for key, pattern in PROBLEMS.items())
        known = (text(f"eval_problem_{key}", self.language, **match.groupdict()) for key, match in said if match)
        sentence = text("eval_bad_command", self.language, command=self.prog, problem=next(known, message))
        self.exit(BAD_INPUT, f"{sentence}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what went wrong is one sentence on standard error."""
    # A help that read the whole settings would not come at once: the environment alone gives its language.
    language = os.environ.get("ASSISTANT_LANGUAGE", "fr")
    language = language if language in LANGUAGES else "fr"
    options = build_parser(language).parse_args(arguments)
    try:
        from corpus.settings import CorpusSettings, load

        language = load(CorpusSettings).language
        command: Callable[[argparse.Namespace, str], int] = options.command
        return command(options, language)
    except AssistantError as error:
        print(text(error.key, language, **error.values), file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        problem = error.strerror or str(error)
        print(text("eval_system_error", language, path=error.filename or NOTHING, problem=problem), file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(text("eval_interrupted", language), file=sys.stderr)
        return INTERRUPTED


def build_parser(language: str) -> Parser:
    """Return the parser of the four commands, its help in ``language``."""

    def says(key: str) -> str:
        return text(f"eval_help_{key}", language)

    def group(parser: Parser) -> Any:
        """A group of our own name: argparse's are in English."""
        options = parser.add_argument_group(says("options"))
        options.add_argument("-h", "--help", action="help", help=says("help"))
        return options

    def command(name: str, run: Callable[[argparse.Namespace, str], int]) -> Any:
        sub: Parser = commands.add_parser(
            # A percent sign is a placeholder in ``help``, and nowhere else.
            name,
            help=says(name).replace("%", "%%"),
            description=says(name),
            epilog=says("exit_codes"),
            add_help=False,
        )
        sub.language = language
        sub.set_defaults(command=run)
        options = group(sub)
        options.add_argument("--json", action="store_true", help=says("json"))
        return options

    parser = Parser(prog="python -m eval", description=says("eval"), epilog=says("exit_codes"), add_help=False)
    parser.language = language
    group(parser)
    commands = parser.add_subparsers(title=says("commands"), metavar=says("command"), required=True)

    options = command("run", run_command)
    options.add_argument("questions", type=Path, metavar="QUESTIONS", help=says("questions"))
    options.add_argument("--out", type=Path, required=True, metavar="RUN", help=says("out"))
    options.add_argument("--top", type=positive, default=10, metavar="N", help=says("top"))
    options.add_argument("--retrieval-only", action="store_true", help=says("retrieval_only"))
    options.add_argument("--mode", choices=runs.MODES, default=runs.MODES[0], help=says("mode"))
    options.add_argument("--resume", action="store_true", help=says("resume"))
    options.add_argument("--force", action="store_true", help=says("force"))

    options = command("score", score_command)
    options.add_argument("run", type=Path, metavar="RUN", help=says("score_run"))
    options.add_argument("--questions", type=Path, metavar="QUESTIONS", help=says("labels"))
    options.add_argument("--bar", action="append", default=[], metavar="BAR", help=says("bar"))

    options = command("compare", compare_command)
    options.add_argument("before", type=Path, metavar="A", help=says("before"))
    options.add_argument("after", type=Path, metavar="B", help=says("after"))
    options.add_argument("--questions", type=Path, metavar="QUESTIONS", help=says("labels"))

    options = command("bench", bench_command)
    options.add_argument(
        "questions", type=Path, nargs="?", default=DEVELOPMENT, metavar="QUESTIONS", help=says("speed")
    )
    options.add_argument("--searches", type=positive, default=runs.SEARCHES, metavar="N", help=says("searches"))
    options.add_argument("--answers", type=positive, metavar="N", help=says("answers"))
    options.add_argument("--bar", action="append", default=[], metavar="BAR", help=says("bar"))
    return parser


def positive(words: str) -> int:
    """Return the whole number from 1 that ``words`` say, for argparse."""
    number = int(words)
    if number < 1:
        raise ValueError
    return number


def run_command(options: argparse.Namespace, language: str) -> int:
    """Put a set's questions to the assistant."""
    from assistant.settings import Settings
    from corpus.settings import load

    if options.mode != runs.MODES[0] and not options.retrieval_only:
        raise InputError("eval_mode_needs_retrieval_only", mode=options.mode)
    asking = runs.Options(options.mode, options.top, options.retrieval_only)
    outcome = runs.run(options.questions, options.out, load(Settings), asking, options.resume, options.force)
    summary = {"out": str(options.out), "written": outcome.written, "kept": outcome.kept, "failed": outcome.failed}
    sentence = text("eval_run_done", language, path=options.out, written=outcome.written, kept=outcome.kept)
    show(options, summary, sentence)
    if outcome.failed:
        failed = {"count": len(outcome.failed), "ids": ", ".join(outcome.failed)}
        print(text("eval_run_failed", language, **failed), file=sys.stderr)
        return INCOMPLETE
    return OK


def score_command(options: argparse.Namespace, language: str) -> int:
    """Measure a run."""
    bars = scores.read_bars(options.bar)
    result = scores.score(labelled(options.run, options.questions))
    code = show_measured(options, result, report.score_report(result, language), bars, language)
    return code or (INCOMPLETE if result["missing"] else OK)


def compare_command(options: argparse.Namespace, language: str) -> int:
    """Compare two runs question by question."""
    before, after = (labelled(path, options.questions) for path in (options.before, options.after))
    result = scores.compare(before, after)
    show(options, result, report.comparison_report(result, language))
    return OK


def bench_command(options: argparse.Namespace, language: str) -> int:
    """Measure how fast search, encoding and whole answers are."""
    from assistant.settings import Settings
    from corpus.settings import load

    bars = scores.read_bars(options.bar, scores.SPEEDS)
    seconds = runs.measure_speed(options.questions, load(Settings), options.searches, options.answers)
    opening = seconds.pop("open")[0]
    result = {"open": opening, "seconds": scores.speed(seconds)}
    return show_measured(options, result, report.speed_report(result, language), bars, language)


def labelled(path: Path, questions: Path | None) -> list[dict[str, Any]]:
    """Return the lines of a run, with the labels of a set where one is given."""
    lines = runs.read_run(path)
    return runs.join_labels(lines, runs.read_questions(questions)) if questions else lines


def show_measured(
    options: argparse.Namespace, result: Mapping[str, Any], sentences: str, bars: Sequence[scores.Bar], language: str
) -> int:
    """Show the result, then the bars that it does not meet, and return the exit code."""
    missed = scores.missed_bars(bars, result)
    show(options, {**result, "bars_missed": [str(one.bar) for one in missed]}, sentences)
    if missed:
        print(report.bars_report(missed, language), file=sys.stderr)
    return BAR_MISSED if missed else OK


def show(options: argparse.Namespace, result: Mapping[str, Any], sentences: str) -> None:
    """Print the result for a program where ``--json`` asks for it, else for a reader."""
    print(json.dumps(result, ensure_ascii=False, indent=2) if options.json else sentences)


if __name__ == "__main__":
    sys.exit(main())
