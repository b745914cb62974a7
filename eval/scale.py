"""How search holds at many times the passages: an index grown with made-up neighbours of its own, measured as it is used.

A neighbour has the vector of a real passage moved a little (``SPREAD``) and its words with some drawn anew from all the
passages (``REDRAWN``), so that each search meets as many rivals near the answer as elsewhere. Neighbours belong to made-up
documents. Nothing is encoded: encoding takes the time that it takes, passage by passage, and is told apart.
"""

from __future__ import annotations

import random
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.messages import text
from eval.questions import read_questions

if TYPE_CHECKING:
    from assistant.settings import Settings
    from corpus.documents import Document, Passage

__all__ = ["measure_scale", "plot"]

# The length of the random part of a neighbour's vector, beside 1 of the real one (cosine 0.96), and the share of its words that
# are drawn anew.
SPREAD, REDRAWN, SEED = 0.3, 0.3, 0
SEARCHES = 500


def measure_scale(questions: Path, settings: Settings, times: Sequence[int], out: Path) -> list[dict[str, Any]]:
    """Return one row a size: ``times``, ``passages``, ``store`` (seconds), ``disk`` and ``memory`` (peak, bytes), ``search`` (seconds).

    Each size is built below ``out``, searched, and removed, in processes of their own. Raises IndexMissing, and InputError for
    questions that cannot be read.
    """
    from multiprocessing import get_context

    from corpus.index import Index

    Index.open(settings)  # an index that is missing, or questions, are told before any process starts
    read_questions(questions)
    rows = []
    for factor in times:
        print(text("eval_scale_size", settings.language, times=factor), file=sys.stderr)
        grown = settings.model_copy(update={"data": out / f"x{factor}"})
        row: dict[str, Any] = {"times": factor}
        try:
            for step, given in ((grow, (settings, grown, factor)), (search, (questions, grown))):
                with get_context("spawn").Pool(1) as pool:
                    row |= pool.apply(step, given)
        finally:
            shutil.rmtree(grown.data_folder, ignore_errors=True)
        rows.append(row)
    return rows


def grow(settings: Settings, grown: Settings, factor: int) -> dict[str, Any]:
    """Write the index of ``grown``: that of ``settings`` and ``factor`` - 1 neighbours of each of its passages."""
    import json
    import shutil

    from corpus.encoders import collection_name
    from corpus.files import write_atomically, write_lines
    from corpus.index import Index, document_record, store
    from corpus.passages import embedded_text

    index = Index.open(settings)
    passages = list(index.passages(index.ids).values())
    stored = [part.get(include=["embeddings"]) for part in index.collections.values()]
    by_id = {id: vector for got in stored for id, vector in zip(got["ids"], got["embeddings"], strict=True)}
    vectors = np.array([by_id[passage.id] for passage in passages], np.float32)
    documents = dict(index.documents)
    rng = np.random.default_rng(SEED)
    every, near = list(passages), [vectors]
    for copied, made in neighbours(index.documents, passages, factor):
        documents |= {document.id: document for document in copied}
        every += made
        moved = vectors + SPREAD / np.sqrt(vectors.shape[1]) * rng.standard_normal(vectors.shape, np.float32)
        near.append(moved / np.linalg.norm(moved, axis=1, keepdims=True))
    texts = [embedded_text(documents[p.document_id], p.heading_path, p.text, p.context) for p in every]
    home = grown.data_folder / "index" / collection_name(grown.encoder)
    folder = home / "grown"
    folder.mkdir(parents=True)
    started = time.perf_counter()
    store(folder, documents, every, texts, [*np.concatenate(near), *index.questions[-1]])
    seconds = time.perf_counter() - started
    shutil.copytree(index.folder / "answers", folder / "answers")
    write_lines(folder / "documents.jsonl", map(document_record, documents.values()))
    manifest = {**index.manifest, "generation": "grown", "documents": len(documents), "passages": len(every)}
    write_atomically(folder / "manifest.json", json.dumps(manifest))
    write_atomically(home / "current", "grown")
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"passages": len(every), "store": seconds, "disk": disk}


def neighbours(
    documents: dict[str, Document], passages: Sequence[Passage], factor: int
) -> Iterator[tuple[list[Document], list[Passage]]]:
    """Yield ``factor`` - 1 times a made-up copy of each document and passage, as official documents in force."""
    drawn = random.Random(SEED)
    vocabulary = [word for passage in passages for word in passage.text.split(" ")]
    for number in range(1, factor):
        copied = [
            replace(one, id=f"{one.id}~{number}", path=f"{one.path}~{number}", url=f"{one.url}~{number}", origin="official",
                    kind="guide", superseded_by="", properties={}, sources=(), questions=(), alternates=())
            for one in documents.values()
        ]  # fmt: skip
        made = [
            replace(
                passage,
                id=f"{passage.id}~{number}",
                document_id=f"{passage.document_id}~{number}",
                text=" ".join(
                    drawn.choice(vocabulary) if drawn.random() < REDRAWN else word for word in passage.text.split(" ")
                ),
            )
            for passage in passages
        ]
        yield copied, made


def search(questions: Path, settings: Settings) -> dict[str, Any]:
    """Return the seconds of each search, warm and without encoding, those of opening, and the peak memory (bytes)."""
    from eval.speed import measure_speed

    seconds = measure_speed(questions, settings, SEARCHES, answers=0)
    # Linux gives kilobytes, macOS bytes.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"open": seconds["open"][0], "search": seconds["search"], "encode": seconds["encode"], "memory": memory}


def plot(rows: Sequence[dict[str, Any]], language: str) -> bytes:
    """Return a PNG: the median and the 95th percentile of a search, memory, disk and storing time by number of passages."""
    import io

    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.subplots(2, 2).flat
    passages = [row["passages"] for row in rows]
    curves = (
        ("eval_scale_search", {"p50": percentiles(rows, 50), "p95": percentiles(rows, 95)}),
        ("eval_scale_memory", {"": [row["memory"] / 1e6 for row in rows]}),
        ("eval_scale_disk", {"": [row["disk"] / 1e6 for row in rows]}),
        ("eval_scale_store", {"": [row["store"] for row in rows]}),
    )
    for axis, (key, lines) in zip(axes, curves, strict=True):
        for mark, (name, values) in zip("os", lines.items(), strict=False):
            axis.plot(passages, values, f"{mark}-", label=name)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_title(text(key, language))
        axis.set_xlabel(text("eval_scale_passages", language))
        axis.grid(alpha=0.3)
        if len(lines) > 1:
            axis.legend(frameon=False)
    made = io.BytesIO()
    figure.savefig(made, format="png", dpi=110, metadata={"Software": None})
    return made.getvalue()


def percentiles(rows: Sequence[dict[str, Any]], percent: int) -> list[float]:
    """A percentile of each size's searches, in milliseconds."""
    return [float(np.percentile(row["search"], percent)) * 1000 for row in rows]
