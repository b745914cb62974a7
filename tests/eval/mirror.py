"""The mirrored knowledge base as the sets name it: which files stand at an official address, and the words that each holds."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corpus.places import folded_words
from corpus.readers.markdown import page_address, split_front_matter
from corpus.readers.source_file import SourceFile, entry_for, read_text
from eval.metrics import address

HOME = "https://ecoresponsable.numerique.gouv.fr/"
TEXTS = (".md", ".html", ".json", ".csv")


def addresses(folder: Path, path: Path) -> list[str]:
    """The official addresses of one file: that of each criterion where it holds several."""
    name = path.relative_to(folder).as_posix()
    entry = entry_for(folder, name)
    if "{number}" in entry.url:
        criteria = json.loads(path.read_text("utf-8"))
        criteria = criteria["criteres"] if isinstance(criteria, dict) else criteria
        return [entry.url.replace("{number}", str(criterion["numero"])) for criterion in criteria]
    if entry.url:
        return [entry.url]
    if entry.home:
        front, _ = split_front_matter(read_text(path))
        return [page_address(SourceFile(path, name, entry), front)]
    if name.startswith("site/"):
        return [HOME + name.removeprefix("site/").removesuffix("index.html")]
    if name.startswith("documents/"):
        return [HOME + "docs/" + quote(name.removeprefix("documents/"))]
    return []


@cache
def by_address(folder: Path) -> dict[str, list[Path]]:
    """The files that stand at each address, as ``eval.metrics.address`` writes it."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for one in addresses(folder, path):
                found[address(one)].append(path)
    return dict(found)


def source_words(text: str) -> list[str]:
    """The words that a reader of a source sees: without its tags, link targets and addresses."""
    return folded_words(html.unescape(re.sub(r"<[^>]+>|\]\([^)]*\)|https?://\S+", " ", text)))


def strings(value: Any) -> Iterator[str]:
    """Each string of a JSON value."""
    if isinstance(value, str):
        yield value.replace("\\n", " ")
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def cells(path: Path) -> Iterator[str]:
    """The cells of a workbook, row by row."""
    if path.suffix == ".xls":
        import xlrd

        for sheet in xlrd.open_workbook(path).sheets():
            yield from (str(cell) for row in range(sheet.nrows) for cell in sheet.row_values(row))
    else:
        from openpyxl import load_workbook

        for sheet in load_workbook(path, read_only=True, data_only=True):
            yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


@cache
def words_of(path: Path) -> list[str]:
    """The words of a file that is not a PDF, by its ending."""
    if path.suffix in TEXTS:
        text = path.read_text("utf-8", "replace")
        if path.suffix == ".json":
            return source_words(" ".join(strings(json.loads(text))))
        return source_words(re.sub(r"[*_`]", "", text) if path.suffix == ".md" else text)
    if path.suffix in (".xls", ".xlsx"):
        return source_words(" ".join(cells(path)))
    names = ("word/document.xml", "content.xml")
    with zipfile.ZipFile(path) as archive:
        text = " ".join(archive.read(name).decode() for name in names if name in archive.namelist())
    # Runs of one paragraph are apart only by their style: they join up; what ends a block parts the words.
    return source_words(re.sub(r"<[^>]+>", "", re.sub(r"</(?:text:p|text:h|w:p|table:table-cell)>|<w:br/>", " ", text)))


@cache
def page_words(path: Path) -> list[list[str]]:
    """The words of each page of a PDF, words cut by a hyphen joined."""
    from pypdf import PdfReader

    return [source_words(re.sub(r"(\w)-\n(\w)", r"\1\2", page.extract_text())) for page in PdfReader(path).pages]


def in_a_row(words: list[str], sought: list[str]) -> bool:
    return f" {' '.join(sought)} " in f" {' '.join(words)} "


def on_page(words: list[str], sought: list[str]) -> bool:
    """True where a page of a PDF holds the words, in whichever of the ways that pypdf gives them.

    It cuts some words in two; and it gives the boxes of a drawn page, such as a figure and its caption, out of order.
    """
    return in_a_row(words, sought) or "".join(sought) in "".join(words) or set(sought) <= set(words)
