"""Other retrieval systems over the same documents, with the same encoder, on the same machine, in one run.

Each is measured as shipped (its own splitter and its own defaults) and, for LlamaIndex, again with what we know: our
passages, the encoder's own prompts, cosine and French stemming. They read the official documents; our cards are left out,
which can only help them, since no card is gold. They take a question as it is: none of them
reads a conversation without a language model. A family of systems runs in a process of its own, whose peak memory is measured.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import InputError
from corpus.messages import text
from eval.questions import Question, read_questions

if TYPE_CHECKING:
    from corpus.documents import Document, Passage
    from corpus.encoders import Encoder
    from eval.settings import EvalSettings

__all__ = ["FAMILIES", "run"]

TOP = 10
AT_ONCE = 64
# How many splits an answer is written from, of 200 words each, and how long it may be.
GIVEN, ANSWER_TOKENS = 5, 400
# The prompt of Haystack's first tutorial, word for word.
HAYSTACK_PROMPT = """
Given the following information, answer the question.

Context:
{% for document in documents %}
    {{ document.content }}
{% endfor %}

Question: {{question}}
Answer:
"""
# The shares of the product's own fusion, given to the peers that take weights (assistant/search.py).
WEIGHTS = (0.45, 0.55)

# A question in; (document id, text) out, best first.
Retrieve = Callable[[Question], list[tuple[str, str]]]
# A question and what was found for it in; an answer out.
Write = Callable[[str, Sequence[tuple[str, str]]], str]


@dataclass(frozen=True)
class Peer:
    """A system that is ready: what retrieves, the seconds that it took to index all documents, and what writes answers, where it does."""

    name: str
    retrieve: Retrieve
    index_seconds: float | None
    answer: Write | None = None


@dataclass
class Embedding:
    """The encoder as a peer calls it, with the seconds that its last query took."""

    encoder: Encoder
    prompts: bool
    seconds: float = 0.0

    def query(self, words: str) -> list[float]:
        """Return the vector of a question: with the query prompt, or with none where a peer passes none."""
        started = time.perf_counter()
        vector = self.encoder.encode_query(words) if self.prompts else self.bare([words])[0]
        self.seconds = time.perf_counter() - started
        return [float(value) for value in vector]

    def texts(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of texts."""
        vectors = self.encoder.encode_passages(texts) if self.prompts else self.bare(texts)
        return [[float(value) for value in vector] for vector in vectors]

    def bare(self, texts: list[str]) -> Any:
        return self.encoder.model.encode(texts, prompt="", normalize_embeddings=True, show_progress_bar=False)


@dataclass(frozen=True)
class Corpus:
    """What every peer reads: the official documents of the index, in order, each with its passages."""

    documents: Mapping[str, Document]
    passages: Mapping[str, Sequence[Passage]]

    def texts(self) -> dict[str, str]:
        """Return each document as one text, its headings where they change."""
        found = {}
        for id, document in self.documents.items():
            lines: list[str] = [document.title]
            before: tuple[str, ...] = (document.title,)
            for passage in self.passages[id]:
                if passage.heading_path != before and passage.heading_path:
                    lines.append(passage.heading_path[-1])
                before = passage.heading_path or before
                lines.append(passage.text)
            found[id] = "\n\n".join(lines)
        return found


# --- the run --------------------------------------------------------------------------------------------------------


def run(questions: Path, out: Path, settings: EvalSettings, only: Sequence[str], force: bool) -> list[dict[str, Any]]:
    """Measure each family in a process of its own; write ``out/<system>.jsonl`` for each system, and ``out/costs.json``.

    Return one row a system: ``name``, ``family``, ``index_seconds``, ``memory`` (peak of its family, bytes) and the path of
    its ``run``. Raise InputError where a family is unknown, a file is in the way or a package is missing.
    """
    from importlib.util import find_spec
    from multiprocessing import get_context

    from corpus.files import write_atomically
    from corpus.index import Index

    asked = read_questions(questions)
    if not all(
        find_spec(name) for name in ("haystack", "llama_index.retrievers.bm25", "llama_index.vector_stores.chroma")
    ):
        raise InputError("eval_peers_missing")
    if unknown := sorted(set(only) - FAMILIES.keys()):
        raise InputError("eval_peer_unknown", name=unknown[0], known=", ".join(FAMILIES))
    if out.is_dir() and any(out.iterdir()) and not force:
        raise InputError("eval_file_exists", path=out)
    out.mkdir(parents=True, exist_ok=True)
    Index.open(settings)  # an index that is missing is told before any process starts
    rows: list[dict[str, Any]] = []
    for family in only or FAMILIES:
        print(text("eval_peer_family", settings.language, name=family), file=sys.stderr)
        pool = get_context("spawn").Pool(1)
        rows += pool.apply(measure, (family, settings.model_dump(), [one.model_dump() for one in asked], str(out)))
        pool.close()
        pool.join()
    write_atomically(out / "costs.json", json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    return rows


def measure(
    family: str, settings: Mapping[str, Any], questions: Sequence[Mapping[str, Any]], out: str
) -> list[dict[str, Any]]:
    """Index with one family and put every question to each of its systems; runs in a process of its own."""
    from importlib.metadata import version
    from resource import RUSAGE_SELF, getrusage

    from tqdm import tqdm

    from corpus.encoders import load_encoder
    from corpus.index import Index, cores
    from eval.runs import code_version
    from eval.settings import EvalSettings

    own = EvalSettings(**settings)
    described = {"code": code_version(), "settings": {name: version(name) for name in PACKAGES[family]}}
    index = Index.open(own)
    corpus = official(index)
    encoder = load_encoder(own.encoder, cores())
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        embedding, peers = FAMILIES[family](corpus, encoder, own, Path(folder))
        for peer in peers:
            path = Path(out) / f"{peer.name}.jsonl"
            with path.open("w", encoding="utf-8") as file:
                for one in tqdm(questions, desc=peer.name, file=sys.stderr, mininterval=1):
                    question = Question.model_validate(one, strict=False)
                    embedding.seconds = 0.0
                    started = time.perf_counter()
                    found = peer.retrieve(question)
                    whole = time.perf_counter() - started
                    line = {
                        "id": question.id,
                        "question": question.question,
                        **{name: value for name, value in one.items() if name not in ("id", "question") and value},
                        "passages": [
                            {
                                "number": number,
                                "text": words,
                                "document": index.documents[id].path,
                                "title": index.documents[id].title,
                                "url": index.documents[id].url,
                                "score": 1 / number,
                            }
                            for number, (id, words) in enumerate(found[:TOP], start=1)
                        ],
                        "citations": [],
                        "status": "",
                        "abstained": False,
                        "seconds": {"encode": embedding.seconds, "search": whole - embedding.seconds},
                        "encoder": own.encoder,
                        "model": "",
                        "index": index.generation,
                        "system": {"peer": peer.name, "family": family, **described},
                    }
                    if peer.answer:
                        started = time.perf_counter()
                        line["answer"] = peer.answer(question.question, found)
                        line["seconds"]["answer"] = time.perf_counter() - started
                        line["model"] = own.llm_model
                    if one.get("answerable") is not None:
                        line["answerable"] = one["answerable"]
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
            rows.append({"name": peer.name, "family": family, "index_seconds": peer.index_seconds, "run": path.name})
    scale = 1 if sys.platform == "darwin" else 1024
    memory = getrusage(RUSAGE_SELF).ru_maxrss * scale
    return [{**row, "memory": memory} for row in rows]


def official(index: Any) -> Corpus:
    """Return the official documents of an index with their passages, in order."""
    documents = {
        id: one for id, one in index.documents.items() if one.origin == "official" and index.passage_ids.get(id)
    }
    wanted = [passage for id in documents for passage in index.passage_ids[id]]
    known: dict[str, Passage] = {}
    for start in range(0, len(wanted), 1000):
        known.update(index.passages(wanted[start : start + 1000]))
    return Corpus(documents, {id: [known[passage] for passage in index.passage_ids[id]] for id in documents})


# --- the families ---------------------------------------------------------------------------------------------------


def product(corpus: Corpus, encoder: Encoder, settings: EvalSettings, folder: Path) -> tuple[Embedding, list[Peer]]:
    """Our own search as a user has it, its cards and its reading of a conversation included; its index is there already."""
    from assistant.ask import Assistant
    from corpus.index import Index

    assistant = Assistant(settings, Index.open(settings), encoder)
    embedding = Embedding(encoder, prompts=True)

    def retrieve(question: Question) -> list[tuple[str, str]]:
        found = assistant.search(question.question, question.history, question.filters, TOP)
        embedding.seconds = found.seconds["encode"]
        return [(hit.document.id, hit.passage.text) for hit in found.passages]

    return embedding, [Peer("product", retrieve, None)]


def llamaindex(corpus: Corpus, encoder: Encoder, settings: EvalSettings, folder: Path) -> tuple[Embedding, list[Peer]]:
    """LlamaIndex as shipped: its splitter over whole documents, English BM25, fusion of raw scores, no prompt."""
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.schema import Document as Whole

    embedding = Embedding(encoder, prompts=False)
    started = time.perf_counter()
    documents = [
        Whole(
            text=words, id_=id, metadata={"file_name": corpus.documents[id].path, "title": corpus.documents[id].title}
        )
        for id, words in corpus.texts().items()
    ]
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    split = time.perf_counter() - started
    return embedding, llamaindex_peers("llamaindex", nodes, split, embedding, folder, False, {}, {})


def llamaindex_tuned(
    corpus: Corpus, encoder: Encoder, settings: EvalSettings, folder: Path
) -> tuple[Embedding, list[Peer]]:
    """LlamaIndex with our passages and headings, the encoder's prompts, cosine, French stemming and weighted fusion.

    The vectors of our passages are known already: what it takes to encode them is not in its index time.
    """
    import Stemmer
    from llama_index.core.schema import TextNode

    from corpus.encoders import collection_name
    from corpus.passages import embedded_text
    from corpus.vectors import VectorStore, text_key

    embedding = Embedding(encoder, prompts=True)
    nodes, origins = [], {}
    for id, passages in corpus.passages.items():
        for passage in passages:
            words = embedded_text(corpus.documents[id], passage.heading_path, passage.text, passage.context)
            nodes.append(
                TextNode(
                    text=words,
                    id_=passage.id,
                    metadata={"document": id},
                    excluded_embed_metadata_keys=["document"],
                    excluded_llm_metadata_keys=["document"],
                )
            )
            origins[passage.id] = (id, passage.text)
    store = VectorStore(settings.data_folder / "vectors" / f"{collection_name(settings.encoder)}.sqlite")
    known = store.get(text_key(node.text) for node in nodes)
    store.close()
    for node in nodes:
        vector = known.get(text_key(node.text))
        node.embedding = embedding.texts([node.text])[0] if vector is None else vector.tolist()
    bm25 = {"stemmer": Stemmer.Stemmer("french"), "language": "fr"}
    fusion = {"mode": "relative_score", "retriever_weights": list(WEIGHTS)}
    peers = llamaindex_peers("llamaindex-tuned", nodes, 0.0, embedding, folder, True, bm25, fusion)

    def with_own_text(retrieve: Retrieve) -> Retrieve:
        return lambda question: [origins[id] for id, _ in retrieve(question)]

    return embedding, [Peer(peer.name, with_own_text(peer.retrieve), peer.index_seconds) for peer in peers]


def llamaindex_peers(
    name: str,
    nodes: Sequence[Any],
    split_seconds: float,
    embedding: Embedding,
    folder: Path,
    cosine: bool,
    bm25_options: Mapping[str, Any],
    fusion_options: Mapping[str, Any],
) -> list[Peer]:
    """Return LlamaIndex's vector, BM25 and fusion retrievers over the same nodes.

    A passage is named by the document it comes from, or by its own id where it is a node of ours.
    """
    import chromadb
    from chromadb.config import Settings as ChromaSettings
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.chroma import ChromaVectorStore

    class Wrapped(BaseEmbedding):
        """The encoder as LlamaIndex calls it."""

        def _get_query_embedding(self, query: str) -> list[float]:
            return embedding.query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return embedding.query(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return embedding.texts([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return embedding.texts(texts)

    started = time.perf_counter()
    client = chromadb.PersistentClient(str(folder / name), settings=ChromaSettings(anonymized_telemetry=False))
    space: Any = {"metadata": {"hnsw:space": "cosine"}} if cosine else {}
    store = ChromaVectorStore(chroma_collection=client.create_collection("peers", embedding_function=None, **space))
    vectors = VectorStoreIndex(
        nodes,
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=Wrapped(),
        show_progress=True,
    )
    dense = vectors.as_retriever(similarity_top_k=TOP)
    dense_seconds = split_seconds + time.perf_counter() - started
    started = time.perf_counter()
    lexical = BM25Retriever.from_defaults(nodes=list(nodes), similarity_top_k=TOP, **bm25_options)
    lexical_seconds = split_seconds + time.perf_counter() - started
    # It wants a language model even where it has no query to write.
    fusion = QueryFusionRetriever(
        [dense, lexical], llm=MockLLM(), num_queries=1, similarity_top_k=TOP, use_async=False, **fusion_options
    )

    def of(retriever: Any) -> Retrieve:
        def retrieve(question: Question) -> list[tuple[str, str]]:
            hits = retriever.retrieve(question.question)
            return [(hit.node.ref_doc_id or hit.node.node_id, hit.node.text) for hit in hits]

        return retrieve

    return [
        Peer(f"{name}-vector", of(dense), dense_seconds),
        Peer(f"{name}-bm25", of(lexical), lexical_seconds),
        Peer(f"{name}-fusion", of(fusion), dense_seconds + lexical_seconds - split_seconds),
    ]


def haystack(corpus: Corpus, encoder: Encoder, settings: EvalSettings, folder: Path) -> tuple[Embedding, list[Peer]]:
    """Haystack's hybrid retrieval as its guide builds it: splits of 200 words, BM25 and vectors joined by their ranks; its answers are
    those of its guide's prompt, where the settings name a language model."""
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    from haystack import Document as Whole
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from tqdm import tqdm

    embedding = Embedding(encoder, prompts=True)
    started = time.perf_counter()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    wholes = [Whole(content=words, meta={"document": id}) for id, words in corpus.texts().items()]
    parts = DocumentSplitter(split_by="word", split_length=200).run(documents=wholes)["documents"]
    vectors: list[list[float]] = []
    for first in tqdm(range(0, len(parts), AT_ONCE), desc="haystack", file=sys.stderr, mininterval=1):
        vectors += embedding.texts([part.content or "" for part in parts[first : first + AT_ONCE]])
    store.write_documents(
        [
            Whole(content=part.content, meta=part.meta, embedding=vector)
            for part, vector in zip(parts, vectors, strict=True)
        ]
    )
    lexical = InMemoryBM25Retriever(store, top_k=TOP)
    dense = InMemoryEmbeddingRetriever(store, top_k=TOP)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP)
    seconds = time.perf_counter() - started

    def retrieve(question: Question) -> list[tuple[str, str]]:
        both = [
            dense.run(query_embedding=embedding.query(question.question))["documents"],
            lexical.run(query=question.question)["documents"],
        ]
        return [(hit.meta["document"], hit.content) for hit in joiner.run(documents=both)["documents"]]

    return embedding, [
        Peer("haystack-hybrid", retrieve, seconds, haystack_answers(settings) if settings.writes else None)
    ]


def haystack_answers(settings: EvalSettings) -> Write:
    """Return what writes an answer as Haystack's first tutorial does (https://haystack.deepset.ai/tutorials/27_first_rag_pipeline), by
    the language model of the settings."""
    from haystack import Document as Whole
    from haystack.components.builders import ChatPromptBuilder
    from haystack.components.generators.chat import OpenAIChatGenerator
    from haystack.dataclasses import ChatMessage
    from haystack.utils import Secret

    builder = ChatPromptBuilder([ChatMessage.from_user(HAYSTACK_PROMPT)], required_variables="*")
    generator = OpenAIChatGenerator(
        api_key=Secret.from_token(settings.llm_api_key.get_secret_value() or "none"),
        api_base_url=settings.llm_base_url,
        model=settings.llm_model,
        generation_kwargs={"temperature": 0.0, "max_tokens": ANSWER_TOKENS},
        timeout=settings.llm_timeout,
    )

    def answer(question: str, found: Sequence[tuple[str, str]]) -> str:
        documents = [Whole(content=words) for _, words in found[:GIVEN]]
        prompt = builder.run(question=question, documents=documents)["prompt"]
        return str(generator.run(messages=prompt)["replies"][0].text)

    return answer


FAMILIES: Mapping[str, Callable[..., tuple[Embedding, list[Peer]]]] = {
    "product": product,
    "llamaindex": llamaindex,
    "llamaindex-tuned": llamaindex_tuned,
    "haystack": haystack,
}
# The packages whose version a run of theirs says.
LLAMAINDEX = ("llama-index-core", "llama-index-retrievers-bm25", "llama-index-vector-stores-chroma", "chromadb")
PACKAGES: Mapping[str, Sequence[str]] = {
    "product": (),
    "llamaindex": LLAMAINDEX,
    "llamaindex-tuned": LLAMAINDEX,
    "haystack": ("haystack-ai",),
}
