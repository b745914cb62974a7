"""python -m corpus index | status"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.command import Parser, start
from corpus.messages import text

if TYPE_CHECKING:
    from corpus.index import Report

# 0: all that was asked is done; 2: nothing could be done (``start``); 3: done, but some files could not be read.
DONE, INCOMPLETE = 0, 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return start(build_parser, arguments)


def build_parser(language: str) -> Parser:
    """Return the parser of the commands, its help in ``language``."""
    parser = Parser(prog="python -m corpus", description=text("corpus_help", language), language=language)
    commands = parser.commands()
    index = parser.add_command(commands, "index", text("index_help", language), run_index)
    index.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help=text("index_folder_help", language))
    index.add_argument(
        "--forget", action="append", default=[], type=Path, metavar="FOLDER", help=text("forget_help", language)
    )
    parser.add_command(commands, "status", text("status_help", language), run_status)
    return parser


def run_index(options: argparse.Namespace, language: str) -> int:
    """Bring the index up to date, then say what became of each file that could not be read."""
    from corpus.index import update
    from corpus.settings import CorpusSettings, load

    report = update(load(CorpusSettings), options.folders, options.forget, progress=not options.json)
    errors = [file for file in report.files if file.error]
    if options.json:
        print(json.dumps(report_record(report, language), ensure_ascii=False, indent=1))
    else:
        for file in errors:
            print(f"{file.name} : {text(file.error.key, language, **file.error.values)}", file=sys.stderr)  # type: ignore[union-attr]
        unread = Counter(
            Path(file.name).suffix.lower() or file.name for file in report.files if file.status == "unread"
        )
        if unread:
            kinds = ", ".join(f"{suffix} ({count})" for suffix, count in sorted(unread.items()))
            print(text("index_unread", language, count=sum(unread.values()), kinds=kinds))
        key = "index_done" if report.changed else "index_unchanged"
        print(text(key, language, documents=report.documents, passages=report.passages, encoded=report.encoded))
    return INCOMPLETE if errors else DONE


def report_record(report: Report, language: str) -> dict[str, Any]:
    files = [
        {
            "name": file.name,
            "status": file.status,
            "reason": text(file.error.key, language, **file.error.values) if file.error else "",
        }
        for file in report.files
    ]
    return {
        "documents": report.documents,
        "passages": report.passages,
        "encoded": report.encoded,
        "changed": report.changed,
        "index": report.generation,
        "seconds": dict(report.seconds),
        "files": files,
    }


def run_status(options: argparse.Namespace, language: str) -> int:
    """Say what the current index holds: documents by kind, folders, editions that are superseded, files not read."""
    from corpus.files import read_lines
    from corpus.index import Index
    from corpus.settings import CorpusSettings, load

    settings = load(CorpusSettings)
    index = Index.open(settings)
    documents = list(index.documents.values())
    files = read_lines(index.folder / "files.jsonl")
    record = {
        **index.manifest,
        "data": str(settings.data_folder),
        "kinds": dict(Counter(document.kind for document in documents).most_common()),
        "origins": dict(Counter(document.origin for document in documents).most_common()),
        "superseded": dict(Counter(document.edition for document in documents if not document.in_force)),
        "files": dict(Counter(file["status"] for file in files)),
        "errors": {
            file["name"]: text(file["error"][0], language, **file["error"][1]) for file in files if file["error"]
        },
    }
    if options.json:
        print(json.dumps(record, ensure_ascii=False, indent=1))
        return DONE
    for key, value in record.items():
        label = text(f"status_{key}", language)
        if isinstance(value, dict):
            print(f"{label} :")
            for name, count in value.items():
                print(f"  {name} : {count}")
        else:
            print(f"{label} : {', '.join(value) if isinstance(value, list) else value}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
