"""A file that is about to be read, and what ``corpus/sources.toml`` says of it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from corpus.documents import Document, Origin
from corpus.errors import DocumentError, InputError

__all__ = [
    "SYNCED",
    "SYNC_STATE",
    "SourceEntry",
    "SourceFile",
    "entry_for",
    "read_state",
    "read_text",
    "storable",
    "synced_sources",
    "withdrawn",
    "written_out",
]

SOURCES = Path(__file__).resolve().parent.parent / "sources.toml"
# The folder that `python -m corpus sync` fills, and the one within it that says what it did.
SYNCED, SYNC_STATE = "official", ".sync"
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class SourceEntry:
    """One row of ``sources.toml``, as it applies to one file.

    ``url`` is the address of the file itself; ``home`` the address of the site that the file is a page of, ``below`` the
    path under which the site shows it, and ``tail`` the file's path below the folder that its row's path starts with.
    """

    kind: str = "guide"
    title: str = ""
    publisher: str = ""
    licence: str = ""
    language: str = "fr"
    date: str = ""
    edition: str = ""
    superseded_by: str = ""
    in_part: bool = False
    withdrawn: str = ""
    url: str = ""
    home: str = ""
    below: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tail: PurePosixPath = field(default_factory=PurePosixPath)


@dataclass(frozen=True)
class SourceFile:
    """``path`` on disk, ``name`` within the index (the path in its indexed folder), and its row of ``sources.toml``."""

    path: Path
    name: str
    entry: SourceEntry = SourceEntry()
    origin: Origin = "official"

    def document(self, **values: Any) -> Document:
        """Build the file's document: what the reader found, completed by what ``sources.toml`` knows and wins on."""
        entry = self.entry
        known = {
            "id": self.name,
            "path": self.name,
            "origin": self.origin,
            "kind": entry.kind,
            "publisher": entry.publisher,
            "licence": entry.licence,
            "language": entry.language,
            "edition": entry.edition,
            "superseded_by": entry.superseded_by,
            "in_part": entry.in_part,
            "withdrawn": entry.withdrawn,
            "facets": entry.facets,
        }
        document = Document(**{**known, **values})
        return replace(document, title=entry.title or document.title, date=entry.date or document.date)


@cache
def tables() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(SOURCES.read_text("utf-8"))


def rows() -> list[dict[str, Any]]:
    """The rows of ``sources.toml``, in order: the first whose path fits a file applies."""
    return tables()["source"]


def synced_sources() -> list[dict[str, Any]]:
    """The sources that ``python -m corpus sync`` brings, as their tables of ``sources.toml`` describe them."""
    return tables()["sync"]


def entry_for(folder: Path, name: str) -> SourceEntry:
    """Return the row of ``sources.toml`` for the file ``name`` of ``folder``; a row without any knowledge where none fits.

    A row's path is matched from any folder of the file's own path on, so that a copy of the whole knowledge base and a
    copy of one of its folders are both recognised.
    """
    parts = PurePosixPath(folder.resolve().name, name).parts
    for row in rows():
        pattern = row["path"]
        for start in range(len(parts)):
            tail = "/".join(parts[start:])
            if fnmatchcase(tail, pattern):
                values = {key: value for key, value in row.items() if key not in ("path", "facets")}
                facets = {facet: tuple(names) for facet, names in row.get("facets", {}).items()}
                return SourceEntry(**values, facets=facets, tail=PurePosixPath(*parts[start + 1 :]))
    return synced_entry(name) if parts[0] == SYNCED and (folder / SYNC_STATE).is_dir() else SourceEntry()


def synced_entry(name: str) -> SourceEntry:
    """Return what its source's table says of the file ``name`` of the synced folder; nothing of one that it does not list."""
    id, _, tail = name.partition("/")
    table: dict[str, Any] = next((table for table in synced_sources() if table["id"] == id), {"url": "", "pages": []})
    listed = table.get("pages", [{"file": tail, "url": table["url"] + quote(tail.removesuffix("index.html"))}])
    page = next((page for page in listed if page["file"] == tail), None)
    if page is None:
        return SourceEntry()
    values = {key: table[key] for key in ("publisher", "licence", "kind", "facets") if key in table} | page
    facets = {facet: tuple(names) for facet, names in values.pop("facets", {}).items()}
    return SourceEntry(**{key: value for key, value in values.items() if key != "file"}, facets=facets)


def read_state(folder: Path) -> dict[str, Any]:
    """The state of the copy of the official sources in ``folder``, see ``corpus.sync``; an empty one where there is no copy.

    Raises InputError where it cannot be read.
    """
    path = folder / SYNC_STATE / "state.json"
    try:
        return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}
    except ValueError as error:
        raise InputError("sync_state_broken", path=path) from error


def withdrawn(folder: Path) -> Mapping[str, str]:
    """Return the names of the files of ``folder`` whose document is no longer published, each with the day this was seen."""
    files = read_state(folder).get("files", {})
    return {name: file["withdrawn"] for name, file in files.items() if file["withdrawn"]}


def storable(value: Any) -> Any:
    """Return what JSON or YAML gave, its strings without the NULs and the halves of characters that escapes may write."""
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    return [storable(one) for one in value] if isinstance(value, list) else value


def written_out(address: str) -> str:
    """Return an address with its letters as a server gets them: accents and spaces by their ``%``, what is so already as it is."""
    return quote(UNSTORABLE.sub("", address), safe="%/:?#[]@!$&'()*+,;=~")


def read_text(path: Path) -> str:
    """Return the file's text; raise DocumentError where it is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("not_utf8", position=error.start) from error
