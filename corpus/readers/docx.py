"""DOCX to sections: mammoth makes a page of what a reader of the document sees, once what is not seen is taken out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

import mammoth
from bs4 import BeautifulSoup
from lxml import etree

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.readers.archives import checked_archive
from corpus.readers.office import BROKEN, document_from_page, page_of, parse_part, properties
from corpus.readers.source_file import SourceFile

__all__ = ["read"]

# The parts that are read: no running headers, no comments, nothing embedded, no orders to mammoth.
PART = re.compile(
    r"\[Content_Types\]\.xml|(word/)?_rels/.*\.rels|word/(?!header|footer|comments|people|\w*settings)[^/]*\.xml",
    re.IGNORECASE,
)
CONTENTS = ("toc ", "contents ", "table of figures", "table of contents")
STYLE_MAP = "p[style-name='Title'] => h1:fresh"
DEEPEST_LIST = 4  # what mammoth nests
BLOCKS = {"p", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass(frozen=True)
class Style:
    """What counts of a style: its name, the level of the headings that it makes (0 for none), whether it hides its text."""

    name: str = ""
    level: int = 0
    hidden: bool = False


def read(source: SourceFile) -> list[Document]:
    """Return the file as one document; raise DocumentError where it is locked, damaged or no DOCX."""
    with zipfile.ZipFile(checked_archive(source.path)) as archive:
        title, date = properties(archive, "docProps/core.xml")
        try:
            converted = mammoth.convert_to_html(clean(archive), style_map=STYLE_MAP, convert_image=lambda image: [])
        except (*BROKEN, ExpatError) as error:
            raise DocumentError("document_damaged") from error
    page = page_of(converted.value)
    place_notes(page)
    return document_from_page(source, page, title, date)


def clean(archive: zipfile.ZipFile) -> io.BytesIO:
    """Return a document of the same words, without what its reader does not see and in terms that mammoth knows."""
    names = [name for name in archive.namelist() if PART.fullmatch(name)]
    parts = {name: parse_part(archive, name) for name in names}
    styles = next((styles_of(root) for root in parts.values() if local(root) == "styles"), {})
    cleaned = io.BytesIO()
    with zipfile.ZipFile(cleaned, "w") as copy:
        for name, root in parts.items():
            if local(root) in ("document", "footnotes", "endnotes"):
                drop_contents(root, styles)
                drop_hidden(root, styles)
                lift_boxes(root)
                simplify(root, styles)
            copy.writestr(name, etree.tostring(root, encoding="utf-8", xml_declaration=True))
    cleaned.seek(0)
    return cleaned


def local(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


def value(node: etree._Element, path: str) -> str:
    """Return the ``val`` of the element at ``path``, empty where there is none."""
    found = node.find(path)
    return next((text for key, text in found.attrib.items() if key.endswith("}val")), "") if found is not None else ""


def switch(node: etree._Element, path: str) -> bool | None:
    """Return what a switch says, None where it is not there."""
    return None if node.find(path) is None else value(node, path) not in ("0", "false", "off")


def styles_of(root: etree._Element) -> dict[str, Style]:
    """Return the styles by id, each completed by those that it is based on."""
    nodes = {
        next((v for k, v in node.attrib.items() if k.endswith("}styleId")), ""): node for node in root.iter("{*}style")
    }
    styles = {}
    for id, node in nodes.items():
        chain: list[etree._Element] = []
        while node is not None and node not in chain:
            chain.append(node)
            node = nodes.get(value(node, "{*}basedOn"))
        levels = filter(None, (value(one, "{*}pPr/{*}outlineLvl") for one in chain))
        hidden = (switch(one, "{*}rPr/{*}vanish") for one in chain)
        styles[id] = Style(
            value(chain[0], "{*}name").casefold(),
            heading_level(next(levels, "")),
            next((said for said in hidden if said is not None), False),
        )
    return styles


def heading_level(outline: str) -> int:
    """Return the level from 1 of an outline level, which counts from 0 and has 9 for plain text; 0 for no heading."""
    return min(int(outline), 5) + 1 if outline.isdigit() and int(outline) < 9 else 0


def style_of(paragraph: etree._Element | None, styles: Mapping[str, Style]) -> Style:
    id = value(paragraph, "{*}pPr/{*}pStyle") if paragraph is not None else ""
    return styles.get(id, Style())


def drop_contents(root: etree._Element, styles: Mapping[str, Style]) -> None:
    """Remove the table of contents, which is no answer."""
    for block in list(root.iter("{*}sdt")):
        if value(block, "{*}sdtPr/{*}docPartObj/{*}docPartGallery").casefold() in CONTENTS:
            block.getparent().remove(block)
    for paragraph in list(root.iter("{*}p")):
        if style_of(paragraph, styles).name.startswith(CONTENTS):
            paragraph.getparent().remove(paragraph)


def drop_hidden(root: etree._Element, styles: Mapping[str, Style]) -> None:
    """Remove the runs that are hidden, by themselves or by their style."""
    for run in list(root.iter("{*}r")):
        said = switch(run, "{*}rPr/{*}vanish")
        if said is None:
            by_run = styles.get(value(run, "{*}rPr/{*}rStyle"), Style()).hidden
            said = by_run or style_of(next(run.iterancestors("{*}p"), None), styles).hidden
        if said:
            run.getparent().remove(run)


def lift_boxes(root: etree._Element) -> None:
    """Keep of each drawing its text boxes, in the form that mammoth reads: once, where Word writes two versions."""
    for drawing in list(root.iter("{*}AlternateContent", "{*}drawing", "{*}pict")):
        versions = list(drawing) if local(drawing) == "AlternateContent" else [drawing]
        boxes = next((found for version in versions if (found := list(outermost(version)))), [])
        if boxes:
            lifted = etree.Element(namespace(boxes[0]) + "pict")
            lifted.extend(boxes)
            drawing.getparent().replace(drawing, lifted)


def outermost(node: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes below ``node``, those of a hidden drawing excepted."""
    for child in node:
        if local(child) == "docPr" and child.get("hidden") in ("1", "true"):
            return
        if local(child) == "txbxContent":
            yield child
        else:
            yield from outermost(child)


def simplify(root: etree._Element, styles: Mapping[str, Style]) -> None:
    """Put what mammoth does not know into what it knows, and take out what tells nothing here, for it is slow."""
    etree.strip_tags(root, "{*}fldSimple", "{*}dir", "{*}bdo")
    # A merged cell stays in each of its rows, empty but in the first, so that columns stay under each other.
    etree.strip_elements(root, "{*}bookmarkStart", "{*}bookmarkEnd", "{*}proofErr", "{*}vMerge", with_tail=False)
    for run in root.iter("{*}r"):
        for look in run.findall("{*}rPr"):
            run.remove(look)
    for line_end in root.iter("{*}br", "{*}cr", "{*}ptab"):
        line_end.tag = namespace(line_end) + "br"
        line_end.attrib.clear()
    for depth in root.iter("{*}ilvl"):
        for key, level in depth.attrib.items():
            if level.isdigit():
                depth.set(key, str(min(int(level), DEEPEST_LIST)))
    for paragraph in root.iter("{*}p"):
        look = paragraph.find("{*}pPr")
        level = heading_level(value(paragraph, "{*}pPr/{*}outlineLvl")) or style_of(paragraph, styles).level
        if look is not None and level:
            etree.strip_elements(look, "{*}pStyle")
            etree.SubElement(look, namespace(look) + "pStyle", {namespace(look) + "val": f"Heading{level}"})


def namespace(node: etree._Element) -> str:
    return f"{{{etree.QName(node).namespace}}}"


def place_notes(page: BeautifulSoup) -> None:
    """Put each note after the block whose text calls it, and drop the calls and the arrows that lead back to them."""
    notes = {str(item["id"]): item for item in page.select("li[id^=footnote-], li[id^=endnote-]")}
    for call in reversed(page.select("a[id^=footnote-ref-], a[id^=endnote-ref-]")):
        blocks = [parent for parent in call.parents if parent.name in BLOCKS]
        note = notes.pop(str(call["href"])[1:], None)
        call.decompose()
        if note and blocks:
            for arrow in note.select("a[href^='#footnote-ref-'], a[href^='#endnote-ref-']"):
                arrow.decompose()
            note.name = "div"
            blocks[-1].insert_after(note.extract())
