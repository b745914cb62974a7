"""What the tests of this folder share: passages of the small index, passages made by hand, a scripted model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from assistant.answer import Hit
from corpus.documents import Document, Locator, Passage

WORKSHOP = "markdown/publications/atelier-reparation.md"
QUIZ = "quiz/quiz-fin-usage.json"
REGISTER = "markdown/reglementation/registre-ecrans.md"
OFFICIAL = "data/referentiel-ecoconception.json#"
FORMER = "data/ecodesign-framework.json#"
CARD = "base/rgesn-2024-"


def spaced(text: str) -> str:
    """A text with the no-break spaces of French typography as plain ones."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def hits_of(index: Any, document_id: str) -> list[Hit]:
    """All passages of a document, as search would give them."""
    ids = index.passage_ids[document_id]
    passages = index.passages(ids)
    return [Hit(passages[id], index.documents[document_id], 0.5) for id in ids]


def hit_of(index: Any, document_id: str, kind: str = "") -> Hit:
    """The first passage of a document, of its section ``kind`` where one is given."""
    return next(hit for hit in hits_of(index, document_id) if kind in ("", hit.passage.section_kind))


def made_hit(text: str, name: str = "a", title: str = "Un titre", language: str = "fr") -> Hit:
    """A passage that stands in no index."""
    document = Document(name, f"{name}.md", "official", title, f"https://{name}.fr/", "guide", language=language)
    place = Locator("heading", "Partie")
    return Hit(
        Passage(f"{name}0", name, text, ("Partie",), "other", place, f"https://{name}.fr/#partie", 0), document, 0.5
    )


class ScriptedModel:
    """A language model that says what it was given, part by part; an exception among the parts is raised.

    Each call takes the next reply; one call too many is an error. ``calls`` holds the messages, ``said`` the parts.
    """

    def __init__(self, *replies: Iterable[str | Exception]) -> None:
        self.replies = list(replies)
        self.calls: list[Sequence[Any]] = []
        self.said: list[str] = []

    def stream_chat(self, messages: Sequence[Any]) -> Iterator[Any]:
        self.calls.append(messages)
        if not self.replies:
            raise AssertionError("the model was called once too often")
        return self.speak(self.replies.pop(0))

    def speak(self, parts: Iterable[str | Exception]) -> Iterator[Any]:
        for part in parts:
            if isinstance(part, Exception):
                raise part
            self.said.append(part)
            yield SimpleNamespace(delta=part)
