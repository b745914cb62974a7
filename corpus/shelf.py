"""The official documents of a folder that cards name, opened at the places that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tqdm import tqdm

from corpus.copies import plain_address
from corpus.documents import Document, Locator, Section, Source
from corpus.errors import AssistantError
from corpus.figures import Quantity, plain, quantities
from corpus.files import is_passed_over
from corpus.places import folded_heading, stands_at
from corpus.readers import READERS
from corpus.readers.html import page_of
from corpus.readers.markdown import html_of, split_front_matter
from corpus.readers.source_file import SourceFile, entry_for, read_text
from corpus.readers.worker import worker

__all__ = ["Block", "Place", "Shelf", "of_itself", "place_of"]

# What is quickest to read comes first; pages of the site only for what is found nowhere else.
FIRST, LAST = (".md", ".json"), (".html", ".htm")


@dataclass(frozen=True)
class Place:
    """What stands where a source says: the text, with what the document says of itself, and its figures."""

    text: str
    figures: tuple[Quantity, ...]


@dataclass(frozen=True)
class Block:
    """A run of text of a document, under its headings."""

    headings: tuple[str, ...]
    text: str


class Shelf:
    """The documents of a folder that some sources name, and the places in them."""

    def __init__(self, root: Path, sources: Iterable[Source], progress: bool = False) -> None:
        self.root = root
        self.at: dict[str, list[Document]] = defaultdict(list)
        self.unreadable: dict[str, AssistantError] = {}
        self.places: dict[tuple[str, Locator | None], Place | None] = {}
        # What ``corpus.answer_check`` has read of a document at a place.
        self.units: dict[tuple[int, Locator | None], list[Any]] = {}
        names = sorted(
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if path.suffix.lower() in READERS
            and path.is_file()
            and not any(map(is_passed_over, path.relative_to(root).parts))
        )
        files = [SourceFile(root / name, name, entry_for(root, name)) for name in names]
        wanted = {plain_address(source.url) for source in sources}
        named = [file for file in files if file.entry.url and plain_address(file.entry.url) in wanted]
        first = [file for file in files if file.path.suffix.lower() in FIRST or file in named]
        self.pages = [file for file in files if file.path.suffix.lower() in LAST and file not in named]
        self.read(first, progress)

    def read_pages(self, progress: bool) -> None:
        """Read the pages of the site too: they hold what their Markdown only calls for, and some have no other copy."""
        self.read(self.pages, progress)
        self.pages = []

    def read(self, files: Sequence[SourceFile], progress: bool) -> None:
        self.places.clear()
        with worker() as reader:
            for file in tqdm(files, desc="Lecture", unit="fichier", disable=not progress, leave=False):
                try:
                    documents = reader.read(file)
                except AssistantError as error:
                    if file.entry.url:
                        self.unreadable[plain_address(file.entry.url)] = error
                    continue
                for document in documents:
                    if document.url:
                        self.at[plain_address(document.url)].append(document)

    def documents(self, source: Source) -> Sequence[Document]:
        """The documents at a source's address."""
        return self.at.get(plain_address(source.url), ())

    def blocks(self, document: Document, locator: Locator | None) -> list[Block]:
        """The texts of a document at a place, but what the reader of a document with other texts drops: its table of contents."""
        return kept_at(document, locator) if document.sections else blocks_at(document, locator, self.root)

    def place(self, source: Source) -> Place | None:
        """What stands at a source's place, in all documents that have its address; nothing where there is none."""
        key = (plain_address(source.url), source.locator)
        if key not in self.places:
            texts = [
                text for document in self.documents(source) if (text := text_at(document, source.locator, self.root))
            ]
            joined = plain("\n".join(texts))
            self.places[key] = Place(joined, tuple(quantities(joined))) if texts else None
        return self.places[key]


def text_at(document: Document, locator: Locator | None, root: Path) -> str:
    """The text of a document at a place, with what it says of itself; empty where there is no such place."""
    blocks = blocks_at(document, locator, root)
    if not blocks and locator:
        return ""
    texts = [text for block in blocks for text in (*block.headings, block.text)]
    return "\n".join([*of_itself(document), *texts])


def of_itself(document: Document) -> list[str]:
    """What a document says of itself: its title, its date, its typed properties."""
    values = [value for value in document.properties.values() if not isinstance(value, bool)]
    listed = [item for value in values for item in (value if isinstance(value, tuple | list) else [value])]
    return [document.title, document.date, document.edition, document.url, *map(str, listed)]


def kept_at(document: Document, locator: Locator | None) -> list[Block]:
    """The texts that a document's reader keeps of a place, each under its headings."""
    sections = (section for section in document.sections if locator is None or stands_at(section, locator))
    return [Block(section.heading_path, section.text) for section in sections]


def blocks_at(document: Document, locator: Locator | None, root: Path) -> list[Block]:
    """The texts of a document at a place, each under its headings, also those that its reader drops; none where there is no such place."""
    if kept := kept_at(document, locator):
        return kept
    if not document.sections:
        texts = raw_text(root / document.path)
        names = map(folded_heading, [document.title, *texts])
        held = not locator or (locator.kind == "heading" and folded_heading(locator.value) in names)
        return [Block((), "\n\n".join(texts))] if held else []
    if locator and locator.kind == "page" and document.path.endswith(".pdf"):
        return [Block((), text)] if (text := raw_page(root / document.path, int(locator.value))) else []
    return []


@cache
def raw_page(path: Path, number: int) -> str:
    """The bare text of a PDF's page, of which the reader keeps nothing; empty beyond the end."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        # A page that exists may hold only a picture.
        return (pdf[number - 1].get_textpage().get_text_range() or " ") if 1 <= number <= len(pdf) else ""


@cache
def raw_text(path: Path) -> list[str]:
    """The bare lines of a page that only leads elsewhere, of which its reader keeps nothing."""
    if path.suffix.lower() not in (".md", *LAST):
        return []
    text = read_text(path)
    page = html_of(split_front_matter(text)[1])[0] if path.suffix == ".md" else text
    lines = page_of(page).get_text("\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


@cache
def place_of(section: Section) -> Place:
    joined = plain("\n".join((*section.heading_path, section.text)))
    return Place(joined, tuple(quantities(joined)))
