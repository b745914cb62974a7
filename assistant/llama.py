"""The assistant's search as a LlamaIndex retriever, for who builds with LlamaIndex: it gives exactly what the assistant finds."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.answer import Hit
from assistant.ask import Assistant

__all__ = ["LlamaIndexRetriever"]


class LlamaIndexRetriever(BaseRetriever):
    """Retrieves the ``top`` passages on which the assistant would answer, in their order, each as a node with its score."""

    def __init__(self, assistant: Assistant, top: int = 10) -> None:
        super().__init__()
        self.assistant = assistant
        self.top = top

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self.assistant.search(query_bundle.query_str, top=self.top)
        return [NodeWithScore(node=node_of(hit), score=hit.score) for hit in found.passages]


def node_of(hit: Hit) -> TextNode:
    """A hit as a LlamaIndex node: the passage's text, and where it stands."""
    metadata: dict[str, Any] = {
        "title": hit.document.title,
        "document": hit.document.path,
        "url": hit.passage.url,
        "origin": hit.document.origin,
        "heading_path": " › ".join(hit.passage.heading_path),
        "locator": f"{hit.passage.locator.kind} {hit.passage.locator.value}",
    }
    return TextNode(id_=hit.passage.id, text=hit.passage.text, metadata=metadata)
