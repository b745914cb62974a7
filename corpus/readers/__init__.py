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


def read_web_page(source: SourceFile) -> list[Document]:
    """Read an HTML page."""
    from corpus.readers import web_page

    return web_page.read(source)


def read_docx(source: SourceFile) -> list[Document]:
    """Read a Word document."""
    from corpus.readers import docx

    return docx.read(source)


def read_odt(source: SourceFile) -> list[Document]:
    """Read an OpenDocument text."""
    from corpus.readers import odt

    return odt.read(source)


def read_pptx(source: SourceFile) -> list[Document]:
    """Read a PowerPoint presentation, slide by slide."""
    from corpus.readers import pptx

    return pptx.read(source)


def read_spreadsheet(source: SourceFile) -> list[Document]:
    """Read a workbook or a CSV, row by row."""
    from corpus.readers import spreadsheet

    return spreadsheet.read(source)


def read_plain_text(source: SourceFile) -> list[Document]:
    """Read a plain text, paragraph by paragraph."""
    from corpus.readers import plain_text

    return plain_text.read(source)


def read_subtitles(source: SourceFile) -> list[Document]:
    """Read the subtitles of a video."""
    from corpus.readers import subtitles

    return subtitles.read(source)


# Readers are imported when a file of theirs is met: an index of the embedded base loads no PDF library.
READERS: Mapping[str, Reader] = {
    ".html": read_web_page,
    ".htm": read_web_page,
    ".md": read_markdown,
    ".json": read_json,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".pptx": read_pptx,
    ".xlsx": read_spreadsheet,
    ".xls": read_spreadsheet,
    ".ods": read_spreadsheet,
    ".csv": read_spreadsheet,
    ".txt": read_plain_text,
    ".srt": read_subtitles,
    ".vtt": read_subtitles,
}
