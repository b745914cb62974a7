"""Vectors by what was embedded, so that nothing is encoded twice: a store on this machine, and those of the cards, as shipped."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from corpus.files import write_atomically

__all__ = ["SHIPPED", "VectorStore", "read_shipped", "text_key", "write_shipped"]

# The vectors of the embedded cards, so that a first index encodes none of them.
SHIPPED = Path(__file__).resolve().parent / "base" / "vectors.npz"
KEY_BYTES = 16


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


def write_shipped(encoder: str, vectors: Mapping[str, np.ndarray], path: Path = SHIPPED) -> None:
    """Write the vectors of the cards, by key, as those of ``encoder``.

    Each is kept in 8 bits, scaled by its largest component: the cosine of each with the exact one is above 0.9998. Of a key, the
    first 128 bits are kept.
    """
    ordered = sorted(vectors)
    keys = np.array([list(bytes.fromhex(key)[:KEY_BYTES]) for key in ordered], np.uint8)
    exact = np.array([vectors[key] for key in ordered], np.float32)
    scaled = np.round(exact * (127 / np.abs(exact).max(axis=1, keepdims=True))).astype(np.int8)
    buffer = io.BytesIO()
    np.savez(buffer, encoder=np.array(encoder), keys=keys, vectors=scaled, digest=digest(encoder, keys, scaled))
    write_atomically(path, buffer.getvalue())


def read_shipped(encoder: str, wanted: Iterable[str], path: Path = SHIPPED) -> dict[str, np.ndarray]:
    """Return the shipped vectors among the keys ``wanted``; none where they are another encoder's, or not as they were written."""
    try:
        with np.load(path, allow_pickle=False) as file:
            name, keys, scaled, written = (file[part] for part in ("encoder", "keys", "vectors", "digest"))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if str(name) != encoder or str(written) != digest(encoder, keys, scaled):
        return {}
    places = {key.tobytes(): place for place, key in enumerate(keys)}
    known = {key: place for key in wanted if (place := places.get(bytes.fromhex(key)[:KEY_BYTES])) is not None}
    vectors = scaled[list(known.values())].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return dict(zip(known, vectors, strict=True))


def digest(encoder: str, keys: np.ndarray, scaled: np.ndarray) -> str:
    """What tells whether a file is whole: SHA-256 of all that it holds."""
    return hashlib.sha256(f"{encoder} {scaled.shape}".encode() + keys.tobytes() + scaled.tobytes()).hexdigest()
