"""What the encoder is adapted on: questions of the cards, each with the prepared answer or the official passage that answers it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.answer_index import embedded_answer
from corpus.index import Index
from corpus.passages import embedded_text

__all__ = ["Pair", "batches", "held_out", "pairs_of"]

# One pair in so many is of a passage, so that search in the documents learns as matching does.
PASSAGES = 3
# The pairs of a batch are taken so many at a time, each group of neighbours: what is hard to tell apart.
NEIGHBOURS = 8


@dataclass(frozen=True)
class Pair:
    """A question, the text that answers it, and what both rest on: a text that rests on some of the same may answer it too."""

    question: str
    text: str
    rests_on: frozenset[str]


def held_out(card: str) -> bool:
    """True for the cards, one in five, on which nothing is trained: the ranker and the decision are fitted there."""
    return hashlib.sha256(card.encode()).digest()[0] % 5 == 0


def pairs_of(index: Index, count: int, seed: int) -> list[Pair]:
    """Return at most ``count`` pairs of four cards in five, drawn with ``seed``: of each answer one question at least where there
    is room, and official passages where the index holds them."""
    draw = random.Random(seed)
    standing = [one for one in index.prepared.answers.values() if not held_out(one.answer.card)]
    draw.shuffle(standing)
    held = index.passages(sorted({id for one in standing for id in one.passages if id}))
    by_answer, by_passage = [], []
    for one in standing:
        answer = one.answer
        rests_on = frozenset({answer.id, *(f"{answer.card} {proof.source} {proof.anchor}" for proof in answer.proofs)})
        rests_on |= {id for id in one.passages if id}
        asked = [*answer.phrasings, answer.question]
        draw.shuffle(asked)
        by_answer.append(Pair(asked[0], embedded_answer(answer), rests_on))
        proving = [id for id in dict.fromkeys(one.passages) if id]
        if proving and len(asked) > 1:
            passage = held[draw.choice(proving)]
            document = index.documents[passage.document_id]
            text = embedded_text(document, passage.heading_path, passage.text, passage.context)
            by_passage.append(Pair(asked[1], text, rests_on))
    of_passages = by_passage[: count // PASSAGES]
    return [*by_answer[: count - len(of_passages)], *of_passages]


def batches(pairs: Sequence[Pair], vectors: np.ndarray, size: int, seed: int) -> Iterator[list[int]]:
    """Yield the places of the pairs of each batch, every pair once: groups of neighbours by the ``vectors`` of their questions."""
    draw = np.random.default_rng(seed)
    free = np.ones(len(pairs), bool)
    groups = []
    for first in draw.permutation(len(pairs)).tolist():
        if not free[first]:
            continue
        near = np.where(free, vectors @ vectors[first], -2.0)
        near[first] = 2.0
        group = [place for place in np.argsort(-near)[:NEIGHBOURS].tolist() if free[place]]
        free[group] = False
        groups.append(group)
    order = draw.permutation(len(groups)).tolist()
    together = size // NEIGHBOURS
    for start in range(0, len(order), together):
        yield [place for group in order[start : start + together] for place in groups[group]]
