"""python -m assistant ask | search"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from typing import TYPE_CHECKING

from corpus.command import Parser, positive, start
from corpus.messages import text

if TYPE_CHECKING:
    from assistant.answer import Answer

# 0: answered (or passages found); 1: the sources do not hold the answer; 2: the question or the set-up does
# not allow one (``start``).
ANSWERED, NOT_FOUND = 0, 1
WIDTH = 100


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return start(build_parser, arguments)


def build_parser(language: str) -> Parser:
    """Return the parser of the commands, its help in ``language``."""
    parser = Parser(prog="python -m assistant", description=text("assistant_help", language), language=language)
    commands = parser.commands()
    for name in ("ask", "search"):
        command = parser.add_command(commands, name, text(f"{name}_help", language), run)
        command.add_argument("question", help=text("question_help", language))
        command.add_argument(
            "--filter", action="append", default=[], metavar="FACET=VALUE", help=text("filter_help", language)
        )
        command.add_argument("--top", type=positive, default=10, metavar="N", help=text("top_help", language))
    return parser


def run(options: argparse.Namespace, language: str) -> int:
    """Ask or search, and show what came."""
    filters = read_filters(options.filter)
    from assistant.settings import Settings
    from corpus.settings import load

    settings = load(Settings)
    from assistant.ask import Assistant

    assistant = Assistant.open(settings)
    method = assistant.ask if options.command == "ask" else assistant.search
    answer = method(options.question, filters=filters, top=options.top)
    if options.json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1))
    elif options.command == "ask":
        print_answer(answer, language)
    else:
        print_passages(answer, language)
    found = answer.status != "not_found" if options.command == "ask" else bool(answer.passages)
    return ANSWERED if found else NOT_FOUND


def read_filters(given: list[str]) -> dict[str, list[str]]:
    """Read ``facet=value`` options; raise InputError for another form."""
    from corpus.errors import InputError

    filters: dict[str, list[str]] = {}
    for item in given:
        facet, separator, value = item.partition("=")
        if not (facet and separator and value):
            raise InputError("filter_form", given=item)
        filters.setdefault(facet, []).append(value)
    return filters


def print_answer(answer: Answer, language: str) -> None:
    """Print how the question was read, where that is not as it was asked, the answer, then each source it cites, the organisation's own documents apart."""
    from assistant.verify import citation_line, cited

    print()
    if answer.standalone != answer.question.strip():
        print(f"{text('chat_understood', language, question=answer.standalone)}\n")
    for line in answer.text.split("\n"):
        print(textwrap.fill(line, WIDTH, subsequent_indent="  " if line.startswith("- ") else ""))
    for heading, below in cited(answer, language):
        print(f"\n{heading}")
        for number, hit in below:
            print(f"  [{number}] {citation_line(hit, language)}")
            if hit.passage.url:
                print(f"      {hit.passage.url}")
    if answer.suggestions:
        if answer.basis != "clarify":
            print(f"\n{text('chat_nearest' if answer.status == 'not_found' else 'further', language)}")
        print(*(f"  - {question}" for question in answer.suggestions), sep="\n")
    if answer.removed:
        print(f"\n{text('removed_count', language, count=len(answer.removed))}")
    print(f"\n{text('seconds', language, seconds=answer.seconds['answer'])}")


def print_passages(answer: Answer, language: str) -> None:
    """Print the passages found, best first."""
    from corpus.places import place_text

    for number, hit in enumerate(answer.passages, start=1):
        place = place_text(hit.passage.locator, language)
        print(f"\n[{number}] {hit.document.title}, {place}  ({hit.score})")
        print(f"    {' › '.join(hit.passage.heading_path)}")
        print(
            textwrap.indent(textwrap.fill(textwrap.shorten(hit.passage.text, 400, placeholder=" …"), WIDTH - 4), "    ")
        )
    if not answer.passages:
        print(text("no_passage", language))


if __name__ == "__main__":
    sys.exit(main())
