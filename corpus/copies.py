"""The same document in several formats, or at several addresses: which one is kept, and which are its copies."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from corpus.documents import Document
from corpus.lexical import fold

__all__ = ["copies", "furniture", "plain_address", "repeated_sections", "shingles", "without_furniture"]

# From the format that is read best to the one that is read worst; within a row, all alike.
PAGES = ((".md",), (".json",), (".html", ".htm"))
FORMATS = (*PAGES, (".docx", ".odt"), (".xlsx", ".xls", ".ods", ".csv"), (".pdf",))
RANKS = {suffix: rank for rank, suffixes in enumerate(FORMATS) for suffix in suffixes}
WORD = re.compile(r"\w+")
SHINGLE_WORDS = 5
# A copy under a like name: so much of it stands in the kept document, which holds at most as much again.
COPIED, FILLED = 0.8, 0.5
# A copy under another name: the same words but for a few, and more of them than a template for short pages holds.
SAME, LONG = 0.99, 100
# A shingle that stands in more kept documents than this says nothing of any.
RARE = 32
CANDIDATES = 8


# The formats that others are made of: pages as they were written, and data.
SOURCES = 2
# A row of a table says nothing new where so much of it stands in them: its column names, marks and scores stand in none.
REPEATED_ROW = 0.5
# A paragraph that so many files hold, copies apart, is furniture. Of the mirror's 315 files that are indexed, 8 share one at most.
MANY_FILES = 20


def copies(documents: Sequence[Document]) -> dict[str, str]:
    """Return, by the id of each document that is a copy, the id of the document to keep.

    A copy has the address of the kept document, or its text. Kept is the best format, then the newest, then the first id.
    Documents of different origins, editions or collections are never copies, nor those of one file; our cards never are.
    """
    return {copy: kept for group in groups_of(documents) for copy, kept in copies_among(group)}


def repeated_sections(documents: Sequence[Document]) -> set[tuple[str, int]]:
    """Return (document id, place of the section) of each section that repeats what documents of a better format say already.

    The page that shows the whole referential and the tool that declares conformity to it hold its criteria: they are indexed
    once, as criteria. A PDF keeps all its sections: its pages are quoted as pages.
    """
    found = set()
    for group in groups_of(documents):
        numbers: dict[str, int] = {}
        said = frozenset().union(*(shingles(document, numbers) for document in group if rank(document)[1] < SOURCES))
        for document in group:
            if not SOURCES <= rank(document)[1] < RANKS[".pdf"]:
                continue
            enough = REPEATED_ROW if rank(document)[1] == RANKS[".xlsx"] else COPIED
            for place, section in enumerate(document.sections):
                own = shingles(replace(document, sections=(section,)), numbers)
                if own and len(own & said) >= enough * len(own):
                    found.add((document.id, place))
    return found


def furniture(texts: Iterable[tuple[str, str]]) -> set[str]:
    """Return the paragraphs that stand in many files: furniture of their pages, which says nothing of any subject.

    ``texts`` are (file, text) of what is read, paragraphs apart by a blank line; what stands in a list or a table is never
    furniture: the values of a form are.
    """
    files: dict[str, set[str]] = defaultdict(set)
    for file, text in texts:
        for paragraph in text.split("\n\n"):
            if not paragraph.startswith(("- ", "| ")):
                files[paragraph].add(file)
    return {paragraph for paragraph, found in files.items() if len(found) >= MANY_FILES}


def without_furniture(text: str, known: set[str]) -> str:
    """Return ``text`` without the furniture that it begins or ends with: what is left is a run of it, or nothing."""
    paragraphs = text.split("\n\n")
    while paragraphs and paragraphs[-1] in known:
        paragraphs.pop()
    while paragraphs and paragraphs[0] in known:
        paragraphs.pop(0)
    return "\n\n".join(paragraphs)


def groups_of(documents: Sequence[Document]) -> list[list[Document]]:
    """The documents that may be copies of each other, in each group from the one to keep first to the last."""
    ordered = sorted(documents, key=lambda document: document.id)
    ordered.sort(key=lambda document: document.date, reverse=True)
    ordered.sort(key=rank)
    groups: dict[tuple[object, ...], list[Document]] = defaultdict(list)
    for document in ordered:
        if document.origin != "card":
            groups[what_tells_apart(document)].append(document)
    return list(groups.values())


def rank(document: Document) -> tuple[bool, int]:
    """The place of a document's format; those without any text come last."""
    return not document.sections, RANKS.get(PurePosixPath(document.path).suffix.lower(), len(FORMATS))


def what_tells_apart(document: Document) -> tuple[object, ...]:
    """What two documents must have in common to be one."""
    return document.origin, document.edition, document.in_force, document.facets.get("collection")


def copies_among(group: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Yield (the id of a copy, the id of the document to keep) of a group in order of preference.

    Each document is compared with those kept before it, by the shingles that it shares with few of them: near-linear time.
    """
    addresses = {document.id: address(document) for document in group}
    at_address = Counter((document.path, addresses[document.id]) for document in group)
    numbers: dict[str, int] = {}
    by_address: dict[str, str] = {}
    by_shingle: dict[int, list[str]] = defaultdict(list)
    kept: dict[str, tuple[Document, frozenset[int]]] = {}
    for document in group:
        text = shingles(document, numbers)
        here = addresses[document.id]
        # An address that several documents of one file share, as the criteria of an old referential, is none of theirs.
        if at_address[document.path, here] > 1:
            here = ""
        same = by_address.get(here) or same_text(document, text, by_shingle, kept)
        if same:
            yield document.id, same
        else:
            kept[document.id] = (document, text)
            for shingle in text:
                if len(by_shingle[shingle]) <= RARE:
                    by_shingle[shingle].append(document.id)
        if here:
            by_address.setdefault(here, same or document.id)


def same_text(
    document: Document,
    text: frozenset[int],
    by_shingle: Mapping[int, list[str]],
    kept: Mapping[str, tuple[Document, frozenset[int]]],
) -> str:
    """Return the id of the kept document of another file that has most of this document's text, or an empty string."""
    shared = Counter(id for shingle in text if len(ids := by_shingle.get(shingle, [])) <= RARE for id in ids)
    found = {}
    for id, _ in shared.most_common(CANDIDATES):
        other, words = kept[id]
        common = len(text & words)
        copied, filled = common / len(text), common / len(words)
        like = copied >= COPIED and filled >= FILLED and like_named(document, other)
        same = copied >= SAME and filled >= SAME and len(text) >= LONG
        if (like or same) and other.path != document.path:
            found[id] = common
    return max(found, key=lambda id: found[id], default="")


def like_named(document: Document, other: Document) -> bool:
    """True where the words of one title are among those of the other: two events announced in the same words differ there."""
    names, others = (set(WORD.findall(fold(each.title))) for each in (document, other))
    return names <= others or others <= names


def shingles(document: Document, numbers: dict[str, int]) -> frozenset[int]:
    """The hashes of each run of words of a document's sections; ``numbers`` gives each word met one of its own."""
    text = " ".join(section.text for section in document.sections)
    words = WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    run = [numbers.setdefault(word, len(numbers)) for word in words]
    starts = range(max(len(run) - SHINGLE_WORDS + 1, min(len(run), 1)))
    return frozenset(hash(tuple(run[start : start + SHINGLE_WORDS])) for start in starts)


def address(document: Document) -> str:
    """The document's address without what tells no two apart: scheme, fragment, closing slash, escapes.

    A page and a file to download, whose address may be that of the page that presents it, are told apart.
    """
    file = "file:" if rank(document)[1] >= len(PAGES) else ""
    return document.url and file + plain_address(document.url)


def plain_address(url: str) -> str:
    """An address without what tells no two apart."""
    parts = urlsplit(url)
    path = unicodedata.normalize("NFC", unquote(parts.path)).removesuffix("index.html").rstrip("/")
    return f"{parts.netloc.lower()}{path}?{parts.query}"
