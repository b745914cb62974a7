"""Vectors by what was embedded, so that nothing is encoded twice: a store on this machine, and those of the cards, as shipped."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from corpus.files import write_atomically

__all__ = ["SHIPPED", "VectorStore", "read_shipped", "text_key", "write_shipped"]

# The vectors of the embedded cards, so that a first index encodes none of them.
SHIPPED = Path(__file__).resolve().parent / "base" / "vectors.npz"


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


def write_shipped(encoder: str, vectors: dict[str, np.ndarray], path: Path = SHIPPED) -> None:
    """Write the vectors of the cards, by key, as those of ``encoder``.

    They are kept in half precision: the cosine of each with the exact one is above 0.99999.
    """
    keys = sorted(vectors)
    halves = np.array([vectors[key] for key in keys], np.float16)
    buffer = io.BytesIO()
    np.savez(
        buffer, encoder=np.array(encoder), keys=np.array(keys), vectors=halves, digest=digest(encoder, keys, halves)
    )
    write_atomically(path, buffer.getvalue())


def read_shipped(encoder: str, path: Path = SHIPPED) -> dict[str, np.ndarray]:
    """Return the shipped vectors by key; none where they are another encoder's, or not as they were written."""
    try:
        with np.load(path, allow_pickle=False) as file:
            name, keys, halves, written = (file[part] for part in ("encoder", "keys", "vectors", "digest"))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if str(name) != encoder or str(written) != digest(encoder, keys.tolist(), halves):
        return {}
    vectors = halves.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return dict(zip(keys.tolist(), vectors, strict=True))


def digest(encoder: str, keys: list[str], halves: np.ndarray) -> str:
    """What tells whether a file is whole: SHA-256 of all that it holds."""
    return hashlib.sha256("\n".join([encoder, str(halves.shape), *keys]).encode() + halves.tobytes()).hexdigest()
