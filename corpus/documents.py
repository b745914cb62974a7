"""What the assistant knows, as plain values: documents, their sections, and the passages that are searched.

Standard library only, so that every other module can import it for free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from urllib.parse import quote

__all__ = [
    "FACETS",
    "KINDS",
    "PARTS",
    "SECTION_KINDS",
    "Document",
    "Locator",
    "Origin",
    "Part",
    "Passage",
    "Section",
    "Source",
    "deep_link",
]

KINDS = (
    "criterion",
    "good practice",
    "guide",
    "law",
    "study",
    "tool",
    "training",
    "media",
    "news",
    "FAQ",
    "definition",
)

SECTION_KINDS = (
    "aim",
    "how",
    "check",
    "why",
    "figures",
    "definition",
    "summary",
    "obligations",
    "dates",
    "who",
    "tools",
    "limits",
    "examples",
    "question",
    "transcript",
    "other",
)

# What documents are sorted by, beside their kind; the organisation's own have a "collection" too.
FACETS = {
    "theme": (
        "service numérique", "achats", "matériel", "réemploi", "déchets", "centre de données", "intelligence artificielle",
        "réglementation", "mesure", "gouvernance", "collectivités", "sensibilisation-formation", "programme NumÉco",
        "sécurité", "données personnelles",
    ),
    "audience": (
        "chef de projet", "développeur", "designer", "acheteur", "évaluateur", "formateur", "directeur", "agent",
        "collectivité", "entreprise", "exploitant",
    ),
    "stage": (
        "stratégie", "conception", "développement", "acquisition", "exploitation", "usage", "fin d'usage", "mesure",
        "pilotage",
    ),
}  # fmt: skip

Origin = Literal["official", "card", "own"]
# The parts of an index, searched apart: the documents in force, the cards, and the editions no longer in force.
Part = Literal["passages", "cards", "superseded"]
PARTS: tuple[Part, ...] = get_args(Part)
LocatorKind = Literal["page", "heading", "criterion", "paragraph", "second", "row"]


@dataclass(frozen=True)
class Locator:
    """Where in a document a reader finds the words: a PDF page, a heading, a criterion, a transcript paragraph…"""

    kind: LocatorKind
    value: str


@dataclass(frozen=True)
class Section:
    """A run of text under one heading.

    ``text`` is what the reader extracted, in a light layout that the splitter understands: paragraphs are apart by a
    blank line, each item of a list is a line that starts with ``- ``, each row of a table a line that starts with
    ``| ``. ``anchor`` is the HTML id of the heading where the page has one, else an empty string.
    """

    text: str
    heading_path: tuple[str, ...]
    kind: str
    locator: Locator
    anchor: str = ""


@dataclass(frozen=True)
class Source:
    """A document that a knowledge card summarises, and where in it the facts stand."""

    title: str
    publisher: str
    url: str
    locator: Locator | None = None


@dataclass(frozen=True)
class Document:
    """One thing that was published: a page, a PDF, a criterion, or one of our own knowledge cards.

    ``id`` is unique in an index; ``path`` is the file within its indexed folder (several criteria share one JSON file),
    or ``base/<id>`` for a card. ``superseded_by`` names the edition in force, and is empty for a document in force; where
    that edition replaces the document ``in_part`` only, it is still searched with those in force.
    ``withdrawn`` is the day when its official page was found to be gone, and is empty while it is published.
    ``properties`` holds what is typed in a structured document: a criterion's number, a good practice's code…
    ``questions`` help search and are never shown; ``links`` are the targets that the text itself no longer carries.
    ``copy_of`` is the id of the document that is indexed in the place of a copy, ``alternates`` the addresses of its copies.
    """

    id: str
    path: str
    origin: Origin
    title: str
    url: str
    kind: str
    sections: tuple[Section, ...] = ()
    publisher: str = ""
    language: str = "fr"
    date: str = ""
    edition: str = ""
    superseded_by: str = ""
    in_part: bool = False
    withdrawn: str = ""
    licence: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    questions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    copy_of: str = ""
    alternates: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        """True unless a later edition replaces the whole of this document."""
        return self.in_part or not self.superseded_by

    @property
    def part(self) -> Part:
        """The part of the index that this document is searched in."""
        return "superseded" if not self.in_force else "cards" if self.origin == "card" else "passages"


@dataclass(frozen=True)
class Passage:
    """The unit that is embedded, searched and quoted.

    ``text`` is a run of its section's text, never rewritten. ``context`` is the row that names a table's columns, where
    the passage holds rows cut off from it: it is embedded with the heading path, and quoted by nobody. ``url`` is the
    document's address at the right place; ``position`` is the passage's rank in its document, from 0.
    """

    id: str
    document_id: str
    text: str
    heading_path: tuple[str, ...]
    section_kind: str
    locator: Locator
    url: str
    position: int
    context: str = ""


def deep_link(url: str, locator: Locator, anchor: str = "") -> str:
    """Return ``url`` pointed at the place that ``locator`` names.

    A PDF opens at its page (``#page=``, counted from 1 in the file). A heading that has an id is linked by it; one that
    has none by a text fragment (https://wicg.github.io/scroll-to-text-fragment/), which a browser that does not know it ignores.
    """
    if not url:
        return ""
    if locator.kind == "page":
        return f"{url}#page={locator.value}"
    if anchor:
        return f"{url}#{quote(anchor)}"
    if locator.kind == "heading" and locator.value:
        return f"{url}#:~:text={quote(locator.value, safe='').replace('-', '%2D')}"
    return url
