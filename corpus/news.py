"""What changed in the copy of the official sources since a day, and which prepared answers that concerns."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from corpus.errors import InputError
from corpus.fetch import one_line
from corpus.index import current
from corpus.messages import text
from corpus.places import source_line
from corpus.readers.source_file import SYNC_STATE, SYNCED, synced_sources
from corpus.settings import CorpusSettings

__all__ = ["answers_to_read_again", "news", "news_page"]


def news(folder: Path, since: date) -> list[dict[str, str]]:
    """Return what happened to each address of the copy from ``since`` on, the last of it first: "new", "changed" or "gone".

    Raises InputError where there is no copy yet.
    """
    if not (folder / SYNC_STATE).is_dir():
        raise InputError("news_missing")
    found: dict[str, dict[str, str]] = {}
    for record in journal(folder):
        if record["date"] >= since.isoformat() and record["event"] != "refused":
            before = found.pop(record["address"], {})
            # What came and then changed is still new to the reader.
            event = "new" if before.get("event") == "new" and record["event"] == "changed" else record["event"]
            found[record["address"]] = {**record, "event": event}
    return sorted(found.values(), key=lambda record: record["date"], reverse=True)


def journal(folder: Path) -> Iterable[dict[str, str]]:
    """The records of the journal, but for a line that was being written when a run was killed."""
    path = folder / SYNC_STATE / "journal.jsonl"
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        with contextlib.suppress(ValueError):
            yield json.loads(line)


def answers_to_read_again(settings: CorpusSettings) -> list[dict[str, str]] | None:
    """Return the prepared answers of which a proof has moved or gone, one record a proof; None where no index is newer than the copy.

    ``event`` is "answer_moved" or "answer_gone", ``title`` the question, ``address`` and ``place`` where the words of ``anchor`` stood.
    """
    index = current(settings)
    written = settings.data_folder / SYNCED / SYNC_STATE / "journal.jsonl"
    if index is None or (written.exists() and index.brought_up_to_date() < written.stat().st_mtime):
        return None
    return [
        {
            "date": index.manifest["built"][:10],
            "source": "",
            "address": one.source.url,
            "event": f"answer_{one.event}",
            "title": one.answer.question,
            "theme": "",
            "answer": one.answer.id,
            "anchor": one.anchor,
            "place": source_line(one.source, "fr"),
        }
        for one in index.changed_proofs()
    ]


def news_page(
    records: Sequence[Mapping[str, str]], answers: Sequence[Mapping[str, str]], since: date, language: str
) -> str:
    """Return the news as a page of Markdown, theme by theme, then the prepared answers to read again."""
    titles = {source["id"]: source["title"] for source in synced_sources()}
    words = {"new": "news_new", "changed": "news_changed", "gone": "news_gone"}
    counts = Counter(record["event"] for record in records)
    lines = [f"# {text('news_title', language, since=since.isoformat())}", ""]
    lines += [text("news_counts", language, **{event: counts[event] for event in words})]
    # What has no theme comes last.
    for theme in sorted({record["theme"] for record in records}, key=lambda theme: (not theme, theme.casefold())):
        heading = theme[:1].upper() + theme[1:] or text("news_no_theme", language)
        lines += ["", f"## {plain(heading)}", ""]
        for record in records:
            if record["theme"] == theme:
                link = f"[{plain(record['title'] or record['address'])}](<{record['address']}>)"
                publisher = plain(titles.get(record["source"], record["source"]))
                lines.append(f"- **{text(words[record['event']], language)}** – {link} – {publisher}, {record['date']}")
    if answers:
        lines += ["", f"## {text('news_answers', language, count=len({record['answer'] for record in answers}))}", ""]
    for record in answers:
        link = f"[{plain(record['place'])}](<{record['address']}>)"
        event = text(f"news_{record['event']}", language)
        lines.append(f"- **{event}** – {plain(record['title'])} – « {plain(record['anchor'])} » – {link}")
    return "\n".join(lines)


def plain(words: str) -> str:
    """Words of a document as Markdown that means nothing but itself."""
    return re.sub(r"([\\`*_\[\]<>|~&#!])", r"\\\1", one_line(words))
