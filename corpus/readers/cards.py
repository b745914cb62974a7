"""Knowledge cards (``corpus/base``): our own summaries, each naming the official documents that it sums up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.documents import KINDS, Document, Locator, Source, deep_link
from corpus.errors import DocumentError
from corpus.readers.html import sections_from_html
from corpus.readers.markdown import html_of, split_front_matter
from corpus.readers.source_file import read_text

__all__ = ["BASE", "card_paths", "read_card"]

BASE = Path(__file__).resolve().parent.parent / "base"
REQUIRED = ("id", "title", "kind", "sources")
LOCATORS = ("page", "criterion", "heading", "paragraph", "row")


def card_paths(folder: Path = BASE) -> list[Path]:
    """Return the paths of all cards, sorted."""
    return sorted(path for path in folder.rglob("*.md") if path.name != "LICENSE.md")


def read_card(path: Path) -> Document:
    """Return a card as a document; raise DocumentError where its front matter misses what a card needs."""
    front, body = split_front_matter(read_text(path))
    if missing := [name for name in REQUIRED if not front.get(name)]:
        raise DocumentError("card_incomplete", names=", ".join(missing))
    if front["kind"] not in KINDS:
        raise DocumentError("card_kind", kind=front["kind"], kinds=", ".join(KINDS))
    sources = tuple(read_source(source) for source in front["sources"])
    page, _ = html_of(body)
    title = str(front["title"])
    return Document(
        id=f"base/{front['id']}",
        path=f"base/{front['id']}",
        origin="card",
        title=title,
        url=deep_link(sources[0].url, sources[0].locator) if sources[0].locator else sources[0].url,
        kind=str(front["kind"]),
        sections=sections_from_html(page, title),
        publisher=sources[0].publisher,
        language=str(front.get("language") or "fr"),
        date=str(front.get("date") or ""),
        edition=str(front.get("edition") or ""),
        superseded_by=str(front.get("superseded-by") or ""),
        licence="Licence Ouverte 2.0",
        facets={facet: tuple(map(str, values)) for facet, values in (front.get("facets") or {}).items()},
        properties=properties(front.get("properties") or {}),
        sources=sources,
        questions=tuple(map(str, front.get("questions") or ())),
    )


def read_source(entry: dict[str, Any]) -> Source:
    """One entry of a card's ``sources``: where the facts stand, by its first locator."""
    locator = next((Locator(kind, str(entry[kind])) for kind in LOCATORS if entry.get(kind)), None)  # type: ignore[arg-type]
    return Source(str(entry["title"]), str(entry.get("publisher") or ""), str(entry["url"]), locator)


def properties(values: dict[str, Any]) -> dict[str, Any]:
    """Typed properties with tuples for lists, as the readers of official documents give them."""
    return {name: tuple(map(str, value)) if isinstance(value, list) else str(value) for name, value in values.items()}
