"""``python -m eval run | score | compare | gate | report | import | export | rate | audit | peers | bench | scale | fit``.

Exit codes: 0 all well, 1 a bar is not met, 2 bad input or nothing to do, 3 some questions have no line. What takes time
to import is imported where it is used, so that help comes at once; ``eval/commands.py`` is what each command does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.command import Parser, positive, start
from corpus.messages import text
from eval.defaults import DEVELOPMENT, MODES, SEARCHES

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return start(build_parser, arguments, interrupted="eval_interrupted")


def build_parser(language: str) -> Parser:
    """Return the parser of the commands, its help in ``language``."""

    def says(key: str) -> str:
        return text(f"eval_help_{key}", language)

    parser = Parser(prog="python -m eval", description=says("eval"), epilog=says("exit_codes"), language=language)
    group = parser.commands()

    def command(name: str) -> Any:
        def run(options: argparse.Namespace, language: str) -> int:
            from eval import commands

            return int(getattr(commands, f"{name}_command")(options, language))

        return parser.add_command(group, name, says(name), run, epilog=says("exit_codes"))

    def judged(options: Any) -> None:
        options.add_argument("--questions", type=Path, metavar="QUESTIONS", help=says("labels"))
        options.add_argument("--judge", metavar="JUDGE", help=says("judge"))

    options = command("run")
    options.add_argument("questions", type=Path, metavar="QUESTIONS", help=says("questions"))
    options.add_argument("--out", type=Path, required=True, metavar="RUN", help=says("out"))
    options.add_argument("--top", type=positive, default=10, metavar="N", help=says("top"))
    options.add_argument("--retrieval-only", action="store_true", help=says("retrieval_only"))
    options.add_argument("--mode", choices=MODES, default=MODES[0], help=says("mode"))
    options.add_argument("--assistant", default="", metavar="URL", help=says("assistant"))
    options.add_argument("--repeat", type=positive, default=1, metavar="N", help=says("repeat"))
    options.add_argument("--resume", action="store_true", help=says("resume"))
    options.add_argument("--force", action="store_true", help=says("force"))

    options = command("score")
    options.add_argument("paths", type=Path, nargs="+", metavar="RUN", help=says("score_run"))
    judged(options)
    options.add_argument("--labels", type=Path, metavar="LABELS", help=says("reader_labels"))
    options.add_argument("--readings", type=Path, nargs="+", default=[], metavar="READINGS", help=says("readings"))
    options.add_argument("--bar", action="append", default=[], metavar="BAR", help=says("bar"))

    options = command("compare")
    options.add_argument("before", type=Path, metavar="A", help=says("before"))
    options.add_argument("after", type=Path, metavar="B", help=says("after"))
    judged(options)

    options = command("gate")
    options.add_argument("path", type=Path, metavar="RUN", help=says("score_run"))
    options.add_argument("--baseline", type=Path, required=True, metavar="FILE", help=says("baseline"))
    options.add_argument("--write", action="store_true", help=says("baseline_write"))
    judged(options)

    options = command("report")
    options.add_argument("paths", type=Path, nargs="+", metavar="RUN", help=says("report_runs"))
    options.add_argument("--out", type=Path, required=True, metavar="PAGE.html", help=says("page"))
    options.add_argument("--summary", type=Path, metavar="SUMMARY.md", help=says("summary"))
    judged(options)
    options.add_argument("--labels", type=Path, metavar="LABELS", help=says("reader_labels"))
    options.add_argument("--force", action="store_true", help=says("force_file"))

    options = command("import")
    options.add_argument("table", type=Path, metavar="TABLE", help=says("table"))
    options.add_argument("--out", type=Path, required=True, metavar="QUESTIONS", help=says("imported"))
    options.add_argument("--force", action="store_true", help=says("force_file"))

    options = command("export")
    options.add_argument("path", type=Path, metavar="RUN", help=says("score_run"))
    options.add_argument("--out", type=Path, required=True, metavar="TABLE", help=says("exported"))
    options.add_argument("--evalap", action="store_true", help=says("evalap"))
    options.add_argument("--questions", type=Path, metavar="QUESTIONS", help=says("labels"))
    options.add_argument("--force", action="store_true", help=says("force_file"))

    options = command("rate")
    options.add_argument("before", type=Path, metavar="A", help=says("before"))
    options.add_argument("after", type=Path, metavar="B", help=says("after"))
    options.add_argument("--sheet", type=Path, metavar="SHEET.xlsx", help=says("sheet"))
    options.add_argument("--count", type=positive, default=30, metavar="N", help=says("rate_count"))
    options.add_argument("--rated", type=Path, nargs="+", default=[], metavar="SHEET.xlsx", help=says("rated"))
    options.add_argument("--force", action="store_true", help=says("force_file"))

    options = command("audit")
    options.add_argument("path", type=Path, metavar="RUN", help=says("score_run"))
    options.add_argument("folder", type=Path, metavar="FOLDER", help=says("audit_folder"))
    options.add_argument("--bar", type=float, default=0.98, metavar="SHARE", help=says("audit_bar"))

    options = command("peers")
    options.add_argument("questions", type=Path, metavar="QUESTIONS", help=says("questions"))
    options.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=says("peers_out"))
    options.add_argument("--only", action="append", default=[], metavar="NAME", help=says("peers_only"))
    options.add_argument("--force", action="store_true", help=says("force_file"))

    options = command("bench")
    options.add_argument(
        "questions", type=Path, nargs="?", default=DEVELOPMENT, metavar="QUESTIONS", help=says("speed")
    )
    options.add_argument("--searches", type=positive, default=SEARCHES, metavar="N", help=says("searches"))
    options.add_argument("--answers", type=positive, metavar="N", help=says("answers"))
    options.add_argument("--bar", action="append", default=[], metavar="BAR", help=says("bar"))

    options = command("scale")
    options.add_argument(
        "questions", type=Path, nargs="?", default=DEVELOPMENT, metavar="QUESTIONS", help=says("speed")
    )
    options.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=says("scale_out"))
    options.add_argument("--times", type=positive, action="append", default=[], metavar="N", help=says("times"))

    options = command("fit")
    options.add_argument("sets", type=Path, nargs="+", metavar="QUESTIONS", help=says("fit_sets"))
    options.add_argument("--plot", type=Path, metavar="FILE", help=says("fit_plot"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
