"""Plain text: paragraphs, apart by a blank line or one a line, joined to sections that are worth a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from corpus.documents import Document, Locator, Section
from corpus.readers.encoding import decoded
from corpus.readers.json_data import BULLET
from corpus.readers.source_file import SourceFile

__all__ = ["read"]

SECTION_CHARACTERS = 500
# Lines as long as this, and no longer than twice it, were cut by a margin and not by their writer.
MARGIN = 50


def read(source: SourceFile) -> list[Document]:
    """Return the file as one document, each section located by the number of its first paragraph; raise DocumentError for what is no text."""
    sections: list[Section] = []
    gathered: list[str] = []
    paragraphs = list(paragraphs_of(decoded(source.path)))
    for number, paragraph in enumerate(paragraphs, 1):
        gathered.append(paragraph)
        if sum(map(len, gathered)) >= SECTION_CHARACTERS or number == len(paragraphs):
            first = Locator("paragraph", str(number - len(gathered) + 1))
            sections.append(Section("\n\n".join(gathered), (), "other", first))
            gathered = []
    return [source.document(title=Path(source.name).stem, url=source.entry.url, sections=tuple(sections))]


def paragraphs_of(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text, the items of a list as one, lines cut by a margin joined."""
    for part in re.split(r"\n\s*\n", text.replace("\f", "\n\n")):
        lines = [line for line in (re.sub(r"\s+", " ", line).strip() for line in part.split("\n")) if line]
        if not lines:
            continue
        longest = max(map(len, lines))
        joined = lines[0]
        for above, line in pairwise(lines):
            joined += (" " if cut(above, line, longest) else "\n") + line
        yield from laid_out(BULLET.sub("- ", joined).split("\n"))


def cut(above: str, line: str, longest: int) -> bool:
    """True where ``line`` goes on with the sentence of the line above it."""
    if BULLET.match(line):
        return False
    ends = above.endswith((".", "!", "?", ":", "…"))
    return (MARGIN <= longest <= 2 * MARGIN and not (ends and len(above) < longest * 0.8)) or (
        not ends and line[0].islower()
    )


def laid_out(lines: list[str]) -> Iterator[str]:
    """Yield lines as paragraphs, the items that follow each other as one."""
    items: list[str] = []
    for line in lines:
        if not line.startswith("- ") and items:
            yield "\n".join(items)
            items = []
        if line.startswith("- "):
            items.append(line)
        else:
            yield line
    if items:
        yield "\n".join(items)
