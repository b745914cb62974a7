"""Files written whole or not at all, JSON Lines, and the files of a folder that no one wrote. Standard library only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["is_leftover", "is_passed_over", "read_lines", "write_atomically", "write_lines"]

# What office suites, browsers and systems leave beside documents, in lower case. What begins with a dot (.DS_Store, ._notes.md,
# .~lock.budget.ods#) is hidden, and needs no place here.
LEFTOVERS = {
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "icon\r",
    "__macosx",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "@eadir",
}
LEFTOVER_STARTS = ("~$", "~wrl")  # Office: who has a document open, and what it was before it is saved
LEFTOVER_ENDINGS = ("~", ".tmp", ".part", ".partial", ".crdownload")


def is_leftover(name: str) -> bool:
    """True for the name of a file or folder that an office suite, a browser or a system left, such as ``~$notes.docx``."""
    name = name.lower()
    return name in LEFTOVERS or name.startswith(LEFTOVER_STARTS) or name.endswith(LEFTOVER_ENDINGS)


def is_passed_over(name: str) -> bool:
    """True for the name of what is no document of the folder it is in: hidden, or a leftover."""
    return name.startswith(".") or is_leftover(name)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace ``path`` by ``content`` (a text in UTF-8) in one step."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file of JSON Lines that this project wrote."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
