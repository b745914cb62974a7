"""Files to documents: one module a format, one row a file's ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from corpus.documents import Document
from corpus.readers.source_file import SourceFile

__all__ = ["READERS", "Reader"]

Reader = Callable[[SourceFile], list[Document]]


def read_markdown(source: SourceFile) -> list[Document]:
    """Read an Eleventy page."""
    from corpus.readers import markdown

    return markdown.read(source)


def read_json(source: SourceFile) -> list[Document]:
    """Read the referential or a quiz."""
    from corpus.readers import json_data

    return json_data.read(source)


def read_pdf(source: SourceFile) -> list[Document]:
    """Read a PDF, page by page."""
    from corpus.readers import pdf

    return pdf.read(source)


# Readers are imported when a file of theirs is met: an index of the embedded base loads no PDF library.
READERS: Mapping[str, Reader] = {".md": read_markdown, ".json": read_json, ".pdf": read_pdf}
