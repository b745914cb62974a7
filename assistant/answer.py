"""The answer: claims that point to citations, the passages they come from, and what was removed on the way.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.documents import Document, Locator, Passage, Source

__all__ = ["Answer", "Basis", "Citation", "Claim", "Hit", "Removed"]

Status = Literal["answered", "partial", "not_found"]
# What an answer is made of: an answer prepared beforehand; typed properties; extracts of the documents, or what a model writes of
# them; questions to choose from; what is known to be absent; nothing; a reply to talk.
Basis = Literal["prepared", "catalogue", "extracts", "clarify", "absence", "none", "talk"]


@dataclass(frozen=True)
class Hit:
    """A passage that search returned, with its document. ``score`` is None for a passage that search did not return.

    ``drawn_from`` are the places that bear it, where it is of a card and says which of the card's sources they are.
    """

    passage: Passage
    document: Document
    score: float | None = None
    drawn_from: tuple[Source, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """What a card's words are drawn from; empty for another document."""
        return self.drawn_from or self.document.sources


@dataclass(frozen=True)
class Citation:
    """What one claim rests on. ``number`` is that of the passage in ``Answer.passages`` (from 1) and the [n] in the text.

    ``quote`` stands word for word in the passage. ``origin`` is "official" where the quote also stands at ``url``, and
    "card" where it is our own summary of the documents that it names. Who publishes it, when, and what replaces it are the
    document's, in the passage of that number.
    """

    number: int
    quote: str
    title: str
    url: str
    locator: Locator
    origin: str
    document: str
    passage_id: str


@dataclass(frozen=True)
class Claim:
    """One sentence (or list item) of the answer. ``citations`` are the numbers of what supports it; none for a lead-in of our own.

    ``language`` is empty where it is that of what it quotes, else of the answer.
    """

    text: str
    citations: tuple[int, ...] = ()
    kind: Literal["sentence", "item", "title", "heading", "note"] = "sentence"
    language: str = ""


@dataclass(frozen=True)
class Removed:
    """A claim that did not pass the verification, and the key of the reason."""

    text: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """Everything about one answer. ``seconds`` has "encode", "search" (without encoding) and "answer" (whole).

    ``prepared`` is the id of the prepared answer that it is (the first, of two), or of the absence; empty for another basis.
    ``matched`` are the ids of all that were near, the likeliest first, ``verified`` the day when its proofs were last found in the
    documents. ``suggestions`` are the questions that go further, or may be meant. ``ranked`` are the ids of the passages that
    search returned, best first, whatever their numbers.
    """

    question: str
    standalone: str
    language: str
    mode: Literal["composed", "written"]
    status: Status
    claims: tuple[Claim, ...]
    passages: tuple[Hit, ...]
    citations: tuple[Citation, ...]
    basis: Basis = "none"
    removed: tuple[Removed, ...] = ()
    suggestions: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    encoder: str = ""
    model: str = ""
    index: str = ""
    prepared: str = ""
    matched: tuple[str, ...] = ()
    verified: str = ""
    ranked: tuple[str, ...] = ()
    done: bool = True

    @property
    def text(self) -> str:
        """The answer as Markdown, with its [n] after each claim; sentences that follow one another from one passage run on."""
        blocks: list[str] = []
        before: Claim | None = None
        for claim in self.claims:
            line = claim.text + "".join(f" [{number}]" for number in claim.citations)
            if claim.kind in ("title", "heading"):
                line = f"**{claim.text}**"
            elif claim.kind == "item":
                line = f"- {line}"
            same_run = before is not None and before.kind == claim.kind
            if same_run and claim.kind == "item":
                blocks[-1] += f"\n{line}"
            elif same_run and claim.kind == "sentence" and before is not None and before.citations == claim.citations:
                blocks[-1] += f" {line}"
            else:
                blocks.append(line)
            before = claim
        return "\n\n".join(blocks)

    def to_dict(self) -> dict[str, Any]:
        """The contract of a run's line, without its id. Keys are added, never renamed."""
        ranks = {id: rank for rank, id in enumerate(self.ranked, start=1)}
        return {
            "question": self.question,
            "standalone": self.standalone,
            "answer": self.text,
            "claims": [
                {"text": claim.text, "citations": list(claim.citations), "kind": claim.kind} for claim in self.claims
            ],
            "status": self.status,
            "abstained": self.status == "not_found",
            "basis": self.basis,
            "passages": [
                {
                    "number": number,
                    "text": hit.passage.text,
                    "document": hit.document.path,
                    "title": hit.document.title,
                    "url": hit.passage.url,
                    "locator": {"kind": hit.passage.locator.kind, "value": hit.passage.locator.value},
                    "score": hit.score,
                    "origin": hit.document.origin,
                    "kind": hit.document.kind,
                    "edition": hit.document.edition,
                    "superseded": not hit.document.in_force,
                    "withdrawn": hit.document.withdrawn,
                    "heading_path": list(hit.passage.heading_path),
                    "id": hit.passage.id,
                    "rank": ranks.get(hit.passage.id),
                }
                for number, hit in enumerate(self.passages, start=1)
            ],
            "citations": [
                {
                    "number": citation.number,
                    "quote": citation.quote,
                    "title": citation.title,
                    "url": citation.url,
                    "locator": {"kind": citation.locator.kind, "value": citation.locator.value},
                    "origin": citation.origin,
                    "document": citation.document,
                }
                for citation in self.citations
            ],
            "removed": [{"text": removed.text, "reason": removed.reason} for removed in self.removed],
            "suggestions": list(self.suggestions),
            "language": self.language,
            "mode": self.mode,
            "seconds": dict(self.seconds),
            "encoder": self.encoder,
            "model": self.model,
            "index": self.index,
            "prepared": self.prepared,
            "matched": list(self.matched),
            "verified": self.verified,
        }
