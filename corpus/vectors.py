"""A store of vectors by what was embedded, so that nothing is encoded twice and a killed run goes on where it was."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import numpy as np

__all__ = ["VectorStore", "text_key"]


def text_key(text: str) -> str:
    """The key of an embedded text."""
    return hashlib.sha256(text.encode()).hexdigest()


class VectorStore:
    """Vectors of one encoder in one SQLite file; each ``add`` is a transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path)
        self.connection.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")

    def get(self, keys: Iterable[str]) -> dict[str, np.ndarray]:
        """Return the vectors that are known among ``keys``."""
        wanted = set(keys)
        rows = self.connection.execute("SELECT key, vector FROM vectors")
        return {key: np.frombuffer(vector, np.float32) for key, vector in rows if key in wanted}

    def add(self, keys: list[str], vectors: np.ndarray) -> None:
        """Store ``vectors`` under ``keys``."""
        rows = [(key, vector.astype(np.float32).tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        with self.connection:
            self.connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def keep_only(self, keys: set[str]) -> None:
        """Drop what no passage uses any more."""
        known = {key for (key,) in self.connection.execute("SELECT key FROM vectors")}
        with self.connection:
            self.connection.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in known - keys])

    def close(self) -> None:
        """Close the file."""
        self.connection.close()
