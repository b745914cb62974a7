"""What the commands share: a parser whose own few words are in the reader's language, and one way to fail."""

from __future__ import annotations

import argparse
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from corpus.errors import AssistantError, problem_of
from corpus.messages import LANGUAGES, text

__all__ = ["INTERRUPTED", "REFUSED", "UNFORESEEN", "UNREAD", "Parser", "positive", "start"]

# The last three as the system has them: EX_SOFTWARE, and 128 more than the signals SIGINT and SIGPIPE.
REFUSED, UNFORESEEN, INTERRUPTED, UNREAD = 2, 70, 130, 141
# What argparse says of a command that does not fit, by the key of our sentence.
PROBLEMS = {
    "missing": r"the following arguments are required: (?P<names>.*)",
    "unknown": r"unrecognized arguments: (?P<names>.*)",
    "no_value": r"argument (?P<name>.*?): expected one argument",
    "choice": r"argument (?P<name>.*?): invalid choice: (?P<value>.*?) \(choose from (?P<known>.*)\)",
    "number": r"argument (?P<name>.*?): invalid positive value: (?P<value>.*)",
}


class Parser(argparse.ArgumentParser):
    """argparse with its own few words from the catalogue."""

    def __init__(self, *, language: str = "fr", **options: Any) -> None:
        super().__init__(**options, add_help=False)
        self.language = language
        # A group of our own name: argparse's are in English.
        self.options = self.add_argument_group(text("command_options", language))
        self.options.add_argument("-h", "--help", action="help", help=text("command_help", language))

    def commands(self) -> Any:
        """Return what the sub-commands are added to."""
        words = {"title": text("command_commands", self.language), "metavar": text("command_command", self.language)}
        return self.add_subparsers(required=True, dest="command", **words)

    def add_command(self, commands: Any, name: str, summary: str, run: Callable[..., int], epilog: str = "") -> Any:
        """Add the sub-command ``name``, which ``run`` carries out, and return the group of its options."""
        # A percent sign is a placeholder in ``help``, and nowhere else.
        listed = summary.replace("%", "%%")
        sub = commands.add_parser(name, help=listed, description=summary, epilog=epilog, language=self.language)
        sub.set_defaults(run=run)
        sub.options.add_argument("--json", action="store_true", help=text("json_help", self.language))
        return sub.options

    def format_help(self) -> str:
        return self.worded(super().format_help())

    def format_usage(self) -> str:
        return self.worded(super().format_usage())

    def worded(self, help_text: str) -> str:
        worded = help_text.replace("usage:", text("command_usage", self.language), 1)
        if self.language == "fr":
            worded = re.sub(r"^(\S.*\S):$", r"\1 :", worded, flags=re.MULTILINE)
        return worded

    def error(self, message: str) -> NoReturn:
        said = ((key, re.fullmatch(pattern, message, re.DOTALL)) for key, pattern in PROBLEMS.items())
        known = (text(f"command_problem_{key}", self.language, **match.groupdict()) for key, match in said if match)
        sentence = text("command_bad", self.language, command=self.prog, problem=next(known, message))
        self.exit(REFUSED, f"{sentence}\n")


def positive(words: str) -> int:
    """Return the whole number from 1 that ``words`` say, for argparse."""
    number = int(words)
    if number < 1:
        raise ValueError
    return number


def start(build: Callable[[str], Parser], arguments: Sequence[str] | None, interrupted: str = "interrupted") -> int:
    """Run one command and return its exit code; what went wrong is one sentence on standard error.

    What was not foreseen has a code of its own, since 0 and 1 are answers; ASSISTANT_DEBUG=1 shows where it happened.
    """
    # A help that read the whole settings would not come at once: the environment alone gives its language.
    language = os.environ.get("ASSISTANT_LANGUAGE", "fr")
    language = language if language in LANGUAGES else "fr"
    try:
        try:
            options = build(language).parse_args(arguments)
            from corpus.settings import CorpusSettings, load

            language = load(CorpusSettings).language
            return int(options.run(options, language))
        finally:
            print(end="", flush=True)  # what cannot be written is known here, and not when Python ends
    except AssistantError as error:
        tell(text(error.key, language, **error.values))
        return REFUSED
    except BrokenPipeError:  # whoever read has left, as `head` does: what is still to be written goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return UNREAD
    except OSError as error:
        problem = error.strerror or str(error)
        key = "system_error" if error.filename else "system_failed"
        tell(text(key, language, path=error.filename, problem=problem))
        return REFUSED
    except KeyboardInterrupt:
        tell(text(interrupted, language))
        return INTERRUPTED
    except SystemExit:
        raise
    except BaseException as error:  # not Exception alone: a library in Rust panics with another
        if os.environ.get("ASSISTANT_DEBUG"):
            tell("".join(traceback.format_exception(error)))
        tell(text("unforeseen", language, problem=problem_of(error)))
        return UNFORESEEN


def tell(sentence: str) -> None:
    """Write a sentence to standard error, where anybody reads it."""
    with suppress(OSError):
        print(sentence, file=sys.stderr)
