"""Files written whole or not at all, and JSON Lines. Standard library only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["read_lines", "write_atomically", "write_lines"]


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
