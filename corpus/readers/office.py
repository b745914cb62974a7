"""What the readers of office documents share: their XML, their properties, and the way from HTML to a document."""

from __future__ import annotations

import re
import zipfile
from itertools import zip_longest
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from lxml import etree

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.readers import html
from corpus.readers.html import HEADINGS, heading_text, links_of, sections_of
from corpus.readers.source_file import SourceFile

__all__ = [
    "BROKEN",
    "chosen_title",
    "document_from_page",
    "page_of",
    "parse_part",
    "parse_xml",
    "properties",
    "without_symbols",
]

# What the libraries raise for a document that misses a part, or has one where another is expected.
BROKEN = (AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError)
# Titles that the software gives.
NO_TITLE = re.compile(
    r"(microsoft (word|powerpoint) - .*|pr[ée]sentation( powerpoint)?|powerpoint presentation"
    r"|(document|sans titre|sans nom|untitled|diapositive|slide|titre|title)[ _]?\d*)",
    re.IGNORECASE,
)
DATE = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
# What symbol fonts show in their own way, and nobody else can.
SYMBOLS = re.compile("[\ue000-\uf8ff]")


def parse_part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """Return the root of an XML member; raise DocumentError where it is missing or broken."""
    try:
        return parse_xml(archive.read(name))
    except (KeyError, etree.XMLSyntaxError) as error:
        raise DocumentError("document_damaged") from error


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of an XML text; nothing is fetched. Raise DocumentError where it declares entities of its own."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:  # which no office format allows
        raise DocumentError("document_damaged")
    return root


def properties(archive: zipfile.ZipFile, name: str) -> tuple[str, str]:
    """Return (title, date of the last change) from the member that holds the properties, each empty where it is missing."""
    if name not in archive.namelist():
        return "", ""
    root = parse_part(archive, name)
    found = {etree.QName(node).localname: " ".join((node.text or "").split()) for node in root.iter("{*}*")}
    dates = (DATE.match(found.get(kind, "")) for kind in ("modified", "date", "created", "creation-date"))
    return found.get("title", ""), next((date[0] for date in dates if date), "")


def chosen_title(source: SourceFile, *candidates: str) -> str:
    """Return the first candidate that is a title, else the file's name."""
    return next((title for title in candidates if title and not NO_TITLE.fullmatch(title)), Path(source.name).stem)


def without_symbols(text: str) -> str:
    """Return the text without the characters that have a meaning in their font alone."""
    return SYMBOLS.sub("", text)


def page_of(text: str) -> BeautifulSoup:
    return html.page_of(without_symbols(text))


def document_from_page(source: SourceFile, page: BeautifulSoup, title: str, date: str) -> list[Document]:
    """Return a text document, given as a page, as one Document; ``title`` is that of its properties."""
    plain_frames(page)
    heading = page.find(list(HEADINGS))
    title = chosen_title(source, title, heading_text(heading) if isinstance(heading, Tag) else "")
    plain_headings(page, title)
    return [
        source.document(
            title=title,
            url=source.entry.url,
            date=date,
            sections=sections_of(page, title),
            links=tuple(link for link in links_of(page) if not link.startswith("#")),
        )
    ]


def plain_frames(page: BeautifulSoup) -> None:
    """Turn into plain blocks the tables that lay out (one filled cell a row at most), and those within a table's cell."""
    for table in page.find_all("table"):
        parts = [part for part in table.find_all(["tr", "td", "th"]) if part.find_parent("table") is table]
        cells = [cell for cell in parts if cell.name != "tr" and cell.get_text(strip=True)]
        if table.find_parent("table") or len({id(cell.parent) for cell in cells}) == len(cells):
            for part in (table, *parts):
                part.name = "div"


def plain_headings(page: BeautifulSoup, title: str) -> None:
    """Turn the headings that head nothing into paragraphs, so that their words are not lost; the title stays."""
    headings = page.find_all(list(HEADINGS))
    for heading, after in zip_longest(headings, headings[1:]):
        lower = after is not None and HEADINGS[after.name] > HEADINGS[heading.name]
        if not lower and heading_text(heading) != title and not is_text_between(heading, after):
            heading.name = "p"


def is_text_between(heading: Tag, after: Tag | None) -> bool:
    own = {id(node) for node in heading.descendants}
    for node in heading.next_elements:
        if node is after:
            return False
        if isinstance(node, NavigableString) and node.strip() and id(node) not in own:
            return True
    return False
