"""python -m corpus index | add | remove | sync | news | status | check | disagreements | vectors | adapt"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.command import Parser, positive, start
from corpus.errors import InputError
from corpus.messages import number, text

if TYPE_CHECKING:
    from corpus.index import Report

# 0: all that was asked is done; 2: nothing could be done (``start``); 3: done, but some files could not be read.
DONE, INCOMPLETE = 0, 3
# What may become of an address that is synced, and the key of its word.
EVENTS = {
    "new": "sync_new",
    "changed": "sync_changed",
    "unchanged": "sync_unchanged",
    "gone": "sync_gone",
    "refused": "sync_refused",
}


# What may become of a file, and the end of the key of its word.
STATUSES = ("indexed", "copy", "navigation", "empty", "unread", "error")


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
    add = parser.add_command(commands, "add", text("add_help", language), run_add)
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=text("add_path_help", language))
    add.add_argument("--collection", required=True, metavar="NAME", help=text("collection_help", language))
    remove = parser.add_command(commands, "remove", text("remove_help", language), run_remove)
    remove.add_argument("--collection", required=True, metavar="NAME", help=text("collection_help", language))
    sync = parser.add_command(commands, "sync", text("sync_help", language), run_sync)
    sync.add_argument("--dry-run", action="store_true", help=text("sync_dry_run_help", language))
    sync.add_argument("--only", action="append", default=[], metavar="ID", help=text("sync_only_help", language))
    news = parser.add_command(commands, "news", text("news_help", language), run_news)
    news.add_argument("--since", required=True, metavar="DATE", help=text("news_since_help", language))
    parser.add_command(commands, "vectors", text("vectors_help", language), run_vectors)
    adapt = parser.add_command(commands, "adapt", text("adapt_help", language), run_adapt)
    adapt.add_argument("--pairs", type=positive, default=10_000, metavar="N", help=text("adapt_pairs_help", language))
    adapt.add_argument("--out", type=Path, metavar="FILE", help=text("adapt_out_help", language))
    parser.add_command(commands, "status", text("status_help", language), run_status)
    listed = text("disagreements_help", language)
    parser.add_command(commands, "disagreements", listed, run_disagreements)
    check = parser.add_command(commands, "check", text("check_help", language), run_check)
    check.add_argument("cards", nargs="*", type=Path, metavar="CARD", help=text("check_card_help", language))
    check.add_argument("--against", type=Path, metavar="FOLDER", help=text("check_against_help", language))
    return parser


def run_index(options: argparse.Namespace, language: str) -> int:
    """Bring the index up to date, then say what became of each file that could not be read."""
    return show(options, language, folders=options.folders, forget=options.forget)


def run_add(options: argparse.Namespace, language: str) -> int:
    """Add documents of the organisation's own to a collection."""
    name = options.collection.strip()
    if not re.fullmatch(r"[^\W_](?:[\w -]{0,58}[^\W_])?", name):
        raise InputError("collection_name_bad", name=name)
    return show(options, language, folders=options.paths, collection=name)


def run_remove(options: argparse.Namespace, language: str) -> int:
    """Drop a collection whole."""
    return show(options, language, without=options.collection.strip())


def show(options: argparse.Namespace, language: str, **changes: Any) -> int:
    """Bring the index up to date with what changes, and say what became of each file that could not be read."""
    from corpus.index import update
    from corpus.settings import CorpusSettings, load

    report = update(load(CorpusSettings), progress=not options.json, **changes)
    errors = [file for file in report.files if file.error]
    if options.json:
        print(json.dumps(report_record(report, language), ensure_ascii=False, indent=1))
    else:
        for file in errors:
            reason = text(file.error.key, language, **file.error.values)  # type: ignore[union-attr]
            print(labelled(file.name, reason, language), file=sys.stderr)
        unread = Counter(
            Path(file.name).suffix.lower() or file.name for file in report.files if file.status == "unread"
        )
        if unread:
            kinds = ", ".join(f"{suffix} ({number(count, language)})" for suffix, count in sorted(unread.items()))
            print(text("index_unread", language, count=sum(unread.values()), kinds=kinds))
        key = "index_done" if report.changed else "index_unchanged"
        print(text(key, language, documents=report.documents, passages=report.passages, encoded=report.encoded))
    return INCOMPLETE if errors else DONE


def labelled(name: str, value: str | int, language: str) -> str:
    """« name : value » as the language writes it."""
    shown = number(value, language) if isinstance(value, int) else value
    return f"{text('label', language, name=name)} {shown}"


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


def run_sync(options: argparse.Namespace, language: str) -> int:
    """Bring the official sources up to date, then say what happened to each address that is not as it was."""
    from corpus.settings import CorpusSettings, load
    from corpus.sync import sync

    report = sync(load(CorpusSettings).data_folder, options.only, options.dry_run, progress=not options.json)
    counts = Counter(outcome.event for outcome in report.outcomes)
    reasons = [
        text(outcome.error.key, language, **outcome.error.values) if outcome.error else ""
        for outcome in report.outcomes
    ]
    if options.json:
        record = {
            "folder": str(report.folder),
            "counts": {event: counts[event] for event in EVENTS},
            "bodies": report.bodies,
            "bytes": report.bytes,
            "seconds": report.seconds,
            "addresses": [
                {"source": one.source, "address": one.address, "event": one.event, "title": one.title, "reason": reason}
                for one, reason in zip(report.outcomes, reasons, strict=True)
            ],
        }
        print(json.dumps(record, ensure_ascii=False, indent=1))
        return INCOMPLETE if counts["refused"] else DONE
    for outcome, reason in zip(report.outcomes, reasons, strict=True):
        if outcome.event == "refused":
            refused = f"{outcome.address} – {reason}"
            print(labelled(text(EVENTS["refused"], language), refused, language), file=sys.stderr)
        elif outcome.event != "unchanged":
            kept = f"{outcome.title} ({outcome.address})"
            print(labelled(text(EVENTS[outcome.event], language), kept, language))
    named = {event: counts[event] for event in EVENTS}
    if options.dry_run:
        print(text("sync_dry_run_done", language, **named))
    else:
        print(text("sync_done", language, **named, bodies=report.bodies, size=report.bytes / 1e6))
        print(text("sync_next", language, folder=report.folder))
    return INCOMPLETE if counts["refused"] else DONE


def run_news(options: argparse.Namespace, language: str) -> int:
    """Say what changed in the official sources since a day, and which prepared answers are to be read again."""
    from datetime import date

    from corpus.news import answers_to_read_again, news, news_page
    from corpus.readers.source_file import SYNCED
    from corpus.settings import CorpusSettings, load

    try:
        since = date.fromisoformat(options.since)
    except ValueError as error:
        raise InputError("news_since_bad", given=options.since) from error
    settings = load(CorpusSettings)
    records = news(settings.data_folder / SYNCED, since)
    answers = answers_to_read_again(settings)
    if options.json:
        print(json.dumps([*records, *(answers or [])], ensure_ascii=False, indent=1))
    else:
        print(news_page(records, answers or [], since, language))
    if answers is None:
        print(text("news_not_indexed", language, folder=settings.data_folder / SYNCED), file=sys.stderr)
    return DONE


def run_vectors(options: argparse.Namespace, language: str) -> int:
    """Write the vectors of the embedded cards, which are shipped with them."""
    from corpus.index import ship_vectors
    from corpus.vectors import SHIPPED

    count = ship_vectors()
    size = SHIPPED.stat().st_size
    record = {"vectors": count, "path": str(SHIPPED), "bytes": size}
    print(json.dumps(record) if options.json else text("vectors_done", language, count=count, size=size / 1e6))
    return DONE


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
        "superseded": dict(
            Counter(
                f"{document.edition} → {document.superseded_by}" for document in documents if document.superseded_by
            )
        ),
        "withdrawn": {document.url: document.withdrawn for document in documents if document.withdrawn},
        "files": files_by_format(files),
        "errors": {
            file["name"]: text(file["error"][0], language, **file["error"][1]) for file in files if file["error"]
        },
    }
    if options.json:
        print(json.dumps(record, ensure_ascii=False, indent=1))
        return DONE
    for key, value in record.items():
        if value in ({}, []):
            continue
        label = text(f"status_{key}", language)
        if isinstance(value, dict):
            print(text("label", language, name=label))
            table = [f"  {labelled(name, held, language)}" for name, held in value.items()]
            print(files_table(value, language) if key == "files" else "\n".join(table))
        else:
            print(labelled(label, ", ".join(value) if isinstance(value, list) else value, language))
    return DONE


def run_adapt(options: argparse.Namespace, language: str) -> int:
    """Train the encoder on the cards, and write its file."""
    from corpus.adaptation.rebuild import rebuild
    from corpus.adaptation.training import Recipe
    from corpus.encoders import ADAPTED
    from corpus.index import Index, cores
    from corpus.settings import CorpusSettings, load

    settings = load(CorpusSettings)
    out = options.out or ADAPTED
    if not out.parent.is_dir():
        raise InputError("folder_missing", folder=out.parent)
    kept = settings.data_folder / "adaptation.pt"
    index = Index.open(settings)
    agreement = rebuild(index, Recipe(pairs=options.pairs), out, kept, cores(), progress=not options.json)
    if options.json:
        print(json.dumps({"file": str(out), "bytes": out.stat().st_size, "agreement": agreement}, indent=1))
    else:
        print(text("adapt_done", language, file=out, size=out.stat().st_size / 1e6, agreement=agreement))
    return DONE


def run_check(options: argparse.Namespace, language: str) -> int:
    """Check the knowledge cards, and say what is to be mended in each."""
    from corpus.check import check, sentence
    from corpus.coverage import MOST_WORDS
    from corpus.places import place_text

    report = check(options.cards, options.against, progress=not options.json)
    said = [(problem, sentence(problem, language)) for problem in report.problems]
    if options.json:
        lines = [
            {"card": problem.card, "rule": problem.key, "problem": words, "sentence": problem.sentence}
            for problem, words in said
        ]
        places = [
            {**asdict(one), "place": place_text(one.place, language), "why": text(f"unanswered_{one.reason}", language)}
            for one in report.unanswered
        ]
        record = {
            "cards": report.cards,
            "answers": report.answers,
            "quantities": report.quantities,
            "problems": lines,
            "unanswered": places,
        }
        print(json.dumps(record, ensure_ascii=False, indent=1))
        return INCOMPLETE if said else DONE
    counts = Counter(problem.card for problem, _ in said)
    for card, count in counts.items():
        print(f"{card} ({number(count, language)})")
        for problem, words in said:
            if problem.card == card:
                print(f"  - {words}" + (f"\n      {problem.sentence}" if problem.sentence else ""))
    if options.against is None:
        print(text("check_without", language))
    else:
        print(text("check_counted", language, quantities=report.quantities))
    if report.unanswered:
        print(text("unanswered", language, count=len(report.unanswered), words=MOST_WORDS))
        for reason, count in Counter(place.reason for place in report.unanswered).most_common():
            print(f"  {labelled(text(f'unanswered_{reason}', language), count, language)}")
    print(text("check_done", language, cards=report.cards, problems=len(said)))
    return INCOMPLETE if said else DONE


def run_disagreements(options: argparse.Namespace, language: str) -> int:
    """Print what the cards say of the disagreements between sources."""
    from corpus.disagreements import disagreements_page
    from corpus.readers.cards import card_paths, read_card

    cards = [read_card(path) for path in card_paths()]
    if options.json:
        record = {card.id: card.properties["disagreement"] for card in cards if "disagreement" in card.properties}
        print(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        print(disagreements_page(cards, language), end="")
    return DONE


def files_by_format(files: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """How many files of each format had each outcome; a card is a format of its own."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for file in files:
        name = Path(file["name"])
        counts["base/*.md" if file["name"].startswith("base/") else name.suffix.lower() or name.name][
            file["status"]
        ] += 1
    return {name: dict(counts[name]) for name in sorted(counts)}


def files_table(formats: Mapping[str, Mapping[str, int]], language: str) -> str:
    """The same as lines of columns, with their sums."""
    sums = sum((Counter(counts) for counts in formats.values()), Counter())
    shown = [status for status in STATUSES if sums[status]]
    rows = [["", *(text(f"file_{status}", language) for status in shown)]]
    rows += [
        [name, *(number(counts.get(status, 0), language) for status in shown)]
        for name, counts in [*formats.items(), ("", sums)]
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  "
        + row[0].ljust(widths[0])
        + "".join(cell.rjust(width + 2) for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
