"""ODT to sections: the document's elements make a page of what its reader sees."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from functools import cache
from html import escape

from lxml import etree

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.readers.archives import checked_archive
from corpus.readers.office import document_from_page, page_of, parse_part, properties
from corpus.readers.source_file import SourceFile

__all__ = ["read"]

NAMESPACE = re.compile(r"\{urn:oasis:names:tc:opendocument:xmlns:(\w+)[^}]*\}")
# What a reader of the document does not see (comments, deletions, what a picture is called), and tables of contents.
UNSEEN = {
    "text:tracked-changes", "office:annotation", "office:forms", "office:event-listeners", "svg:title", "svg:desc",
    "text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index", "text:user-index",
    "text:alphabetical-index", "text:ruby-text", "text:script",
}  # fmt: skip
TAGS = {
    "text:list": "ul",
    "text:list-item": "li",
    "text:list-header": "li",
    "table:table": "table",
    "table:table-row": "tr",
    "table:table-cell": "td",
}
SPACES = {"text:s": " ", "text:tab": " ", "text:line-break": "<br>"}
FAMILIES = {"text:p": "paragraph", "text:h": "paragraph", "text:span": "text", "text:section": "section"}

Styles = Mapping[tuple[str, str], str]  # (family, name) to "hidden" or "title", for the styles that are one of the two


def read(source: SourceFile) -> list[Document]:
    """Return the file as one document; raise DocumentError where it is locked, damaged or no ODT."""
    with zipfile.ZipFile(checked_archive(source.path)) as archive:
        title, date = properties(archive, "meta.xml")
        parts = [parse_part(archive, name) for name in ("content.xml", "styles.xml") if name in archive.namelist()]
    body = parts[0].find("{*}body/{*}text") if parts else None
    if body is None:
        raise DocumentError("document_damaged")
    page = page_of(blocks(body, styles_of(parts)))
    return document_from_page(source, page, title, date)


@cache
def qualified(tag: str) -> str:
    """Return an element's name as the standard writes it: ``text:p``, but ``drawing:frame``."""
    return NAMESPACE.sub(r"\1:", tag)


def attribute(node: etree._Element, name: str) -> str:
    return next((text for key, text in node.attrib.items() if key.endswith("}" + name)), "")


def styles_of(parts: list[etree._Element]) -> Styles:
    """Return the styles that hide their text or make a title, by themselves or by those that they are based on."""
    nodes = {
        (attribute(node, "family"), attribute(node, "name")): node for part in parts for node in part.iter("{*}style")
    }
    styles: dict[tuple[str, str], str] = {}
    for family, name in nodes:
        chain: list[str] = []
        above = name
        while above and above not in chain:
            chain.append(above)
            node = nodes.get((family, above))
            above = attribute(node, "parent-style-name") if node is not None else ""
        looks = [
            look for one in chain if (family, one) in nodes for look in nodes[family, one].iter("{*}text-properties")
        ]
        display = next(filter(None, (attribute(look, "display") for look in looks)), "")
        if display == "none":
            styles[family, name] = "hidden"
        elif "Title" in chain:
            styles[family, name] = "title"
    return styles


def unseen(node: etree._Element, styles: Styles) -> bool:
    kind = qualified(node.tag)
    return (
        kind in UNSEEN
        or attribute(node, "is-hidden") == "true"
        or attribute(node, "display") == "none"
        or styles.get((FAMILIES.get(kind, ""), attribute(node, "style-name"))) == "hidden"
        or (kind == "text:p" and any(unseen(field, styles) for field in node.iter("{*}hidden-paragraph")))
    )


def blocks(node: etree._Element, styles: Styles, notes: list[str] | None = None) -> str:
    """Return the HTML of the blocks below ``node``; their notes follow the outermost list or table, or go to ``notes``."""
    html = ""
    for child in node.iterchildren(etree.Element):
        below: list[str] = [] if notes is None else notes
        kind = qualified(child.tag)
        if kind == "table:covered-table-cell":
            html += "<td></td>"
        elif unseen(child, styles):
            continue
        elif kind in ("text:p", "text:h"):
            boxes: list[str] = []
            tag = tag_of(child, styles)
            html += f"<{tag}>{inline(child, styles, boxes, below)}</{tag}>" + "".join(boxes)
        elif tag := TAGS.get(kind, ""):
            html += f"<{tag}>{blocks(child, styles, below)}</{tag}>"
        else:
            html += blocks(child, styles, notes)
        if notes is None:
            html += "".join(below)
    return html


def tag_of(paragraph: etree._Element, styles: Styles) -> str:
    if styles.get(("paragraph", attribute(paragraph, "style-name"))) == "title":
        return "h1"
    level = attribute(paragraph, "outline-level") or "1"
    return f"h{min(max(int(level), 1), 6)}" if qualified(paragraph.tag) == "text:h" and level.isdigit() else "p"


def inline(node: etree._Element, styles: Styles, boxes: list[str], notes: list[str]) -> str:
    """Return the HTML of a paragraph's own text; what is drawn in it goes to ``boxes``, what it notes to ``notes``."""
    html = escape(node.text or "")
    for child in node.iterchildren(etree.Element):
        kind = qualified(child.tag)
        if kind in SPACES:
            html += SPACES[kind]
        elif kind == "text:note":
            notes.extend(blocks(body, styles) for body in child.iterchildren("{*}note-body"))
        elif unseen(child, styles):
            pass
        elif kind.startswith("drawing:"):
            boxes.append(blocks(child, styles))
        elif kind == "text:a":
            html += f'<a href="{escape(attribute(child, "href"))}">{inline(child, styles, boxes, notes)}</a>'
        else:
            html += inline(child, styles, boxes, notes)
        html += escape(child.tail or "")
    return html
