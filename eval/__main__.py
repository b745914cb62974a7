"""``python -m eval run | score | compare | bench | fit``.

Exit codes: 0 all well, 1 a bar is not met, 2 bad input or nothing to do, 3 some questions have no line. What takes time
to import is imported where it is used, so that help comes at once.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.command import Parser, positive, start
from corpus.errors import InputError
from corpus.messages import text
from eval import report, runs, scores

__all__ = ["main"]

OK, BAR_MISSED, INCOMPLETE = 0, 1, 3
DEVELOPMENT = Path(__file__).resolve().parent / "sets" / "development.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return start(build_parser, arguments, interrupted="eval_interrupted")


def build_parser(language: str) -> Parser:
    """Return the parser of the commands, its help in ``language``."""

    def says(key: str) -> str:
        return text(f"eval_help_{key}", language)

    parser = Parser(prog="python -m eval", description=says("eval"), epilog=says("exit_codes"), language=language)
    commands = parser.commands()

    def command(name: str, run: Callable[[argparse.Namespace, str], int]) -> Any:
        return parser.add_command(commands, name, says(name), run, epilog=says("exit_codes"))

    options = command("run", run_command)
    options.add_argument("questions", type=Path, metavar="QUESTIONS", help=says("questions"))
    options.add_argument("--out", type=Path, required=True, metavar="RUN", help=says("out"))
    options.add_argument("--top", type=positive, default=10, metavar="N", help=says("top"))
    options.add_argument("--retrieval-only", action="store_true", help=says("retrieval_only"))
    options.add_argument("--mode", choices=runs.MODES, default=runs.MODES[0], help=says("mode"))
    options.add_argument("--resume", action="store_true", help=says("resume"))
    options.add_argument("--force", action="store_true", help=says("force"))

    options = command("score", score_command)
    options.add_argument("path", type=Path, metavar="RUN", help=says("score_run"))
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

    options = command("fit", fit_command)
    options.add_argument("sets", type=Path, nargs="+", metavar="QUESTIONS", help=says("fit_sets"))
    return parser


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
    result = scores.score(labelled(options.path, options.questions))
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


def fit_command(options: argparse.Namespace, language: str) -> int:
    """Fit the decision to answer or to refuse, and print what ``assistant/evidence.py`` holds."""
    from dataclasses import asdict

    import numpy as np

    from assistant.ask import Assistant
    from assistant.settings import Settings
    from corpus.settings import load
    from eval import refusal

    assistant = Assistant.open(load(Settings))
    questions = [question for path in options.sets for question in runs.read_questions(path)]
    measured, answerable = refusal.measure(assistant, questions)
    card_signs, card_answerable = refusal.measure(assistant, refusal.card_questions(assistant))
    fitted = refusal.fit(
        np.concatenate([measured, card_signs]), np.concatenate([answerable, card_answerable]), judged=len(answerable)
    )
    result = asdict(fitted) | {"questions": len(answerable), "card_questions": len(card_answerable)}
    show(options, result, "\n".join(f"{name} : {value}" for name, value in result.items()))
    return OK


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
