"""PPTX to sections: slide by slide under its title, in the order of the places, then the speaker's notes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import attrgetter
from typing import Any, NamedTuple

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError

from corpus.documents import Document, Locator, Section
from corpus.errors import DocumentError
from corpus.readers.archives import checked_archive
from corpus.readers.html import join_blocks, tidy
from corpus.readers.office import BROKEN, chosen_title, parse_xml, properties, without_symbols
from corpus.readers.section_kinds import section_kind
from corpus.readers.source_file import SourceFile

__all__ = ["read"]

RUNNING = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER}
BULLET = re.compile(r"^[•▪●○■–-]\s+")
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
NO_MARK = DRAWING + "buNone"
MARKS = {NO_MARK, DRAWING + "buChar", DRAWING + "buAutoNum", DRAWING + "buBlip"}
MOST_SHAPES = 200  # of a slide whose columns are looked for


class Placed(NamedTuple):
    """A shape and where it stands: from which height to which, from which left to which right, in the file's units."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    shape: Any


def read(source: SourceFile) -> list[Document]:
    """Return the file as one document, a section a slide; raise DocumentError where it is locked, damaged or no PPTX."""
    content = checked_archive(source.path)
    with zipfile.ZipFile(content) as archive:
        title, date = properties(archive, "docProps/core.xml")
    try:
        slides = list(pptx.Presentation(content).slides)
        shown = [
            (n, slide) for n, slide in enumerate(slides, start=1) if slide.element.get("show") not in ("0", "false")
        ]
        sections = [found for number, slide in shown if (found := section_of(number, slide))]
        first = next((heading for _, slide in shown if (heading := heading_of(slide))), "")
    except (*BROKEN, PythonPptxError) as error:
        raise DocumentError("document_damaged") from error
    title = chosen_title(source, title, first)
    return [source.document(title=title, url=source.entry.url, date=date, sections=tuple(sections))]


def section_of(number: int, slide: Any) -> Section | None:
    """Return a slide as a section; a slide of a title alone has it as its text, one without any text is None."""
    heading = heading_of(slide)
    title = slide.shapes.title
    shapes = [shape for shape in slide.shapes if title is None or shape.element is not title.element]
    blocks = list(blocks_of(shapes))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        blocks += [plain(paragraph.text) for paragraph in slide.notes_slide.notes_text_frame.paragraphs]
    text = join_blocks([block for block in blocks if block])
    if not text and not heading:
        return None
    path = (heading,) if text and heading else ()
    return Section(text or heading, path, section_kind(heading) or "other", Locator("page", str(number)))


def heading_of(slide: Any) -> str:
    return plain(slide.shapes.title.text_frame.text) if slide.shapes.title is not None else ""


def plain(text: str) -> str:
    """Return the text on one line."""
    return tidy(without_symbols(text))


def blocks_of(shapes: Iterable[Any]) -> Iterator[str]:
    """Yield the paragraphs, items and rows of the shapes that are seen, in reading order."""
    seen = [shape for shape in shapes if not is_hidden(shape)]
    for shape in in_order(seen):
        if hasattr(shape, "shapes"):  # a group
            yield from blocks_of(shape.shapes)
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                cells = [plain(cell.text) for cell in row.cells]
                if any(cells):
                    yield "| " + " | ".join(cells) + " |"
        elif shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                text = plain(paragraph.text)
                bare = BULLET.sub("", text)
                yield f"- {bare}" if bare and (bare != text or is_item(paragraph, shape)) else text
        else:
            yield from diagram(shape)


def is_hidden(shape: Any) -> bool:
    """True for a shape that is hidden, and for what runs from slide to slide: date, footer, number."""
    if shape.is_placeholder and shape.placeholder_format.type in RUNNING:
        return True
    return bool(shape.element.xpath("./*/p:cNvPr[@hidden='1' or @hidden='true']"))


def is_item(paragraph: Any, shape: Any) -> bool:
    """True for a paragraph with a bullet or a number, be it its own, its shape's, or that of its layout or master."""
    level = f"a:lvl{paragraph.level + 1}pPr"
    looks = [*paragraph._p.xpath("./a:pPr"), *shape.element.xpath(f".//a:lstStyle/{level}")]
    if shape.is_placeholder:
        layout, place = shape.part.slide.slide_layout, shape.placeholder_format.idx
        for holder in layout.placeholders:
            if holder.placeholder_format.idx == place:
                looks += holder.element.xpath(f".//a:lstStyle/{level}")
        looks += layout.slide_master.element.xpath(f"./p:txStyles/p:bodyStyle/{level}")
    marks = (mark.tag for look in looks for mark in look if mark.tag in MARKS)
    return next(marks, NO_MARK) != NO_MARK


def diagram(shape: Any) -> Iterator[str]:
    """Yield the texts of a diagram (SmartArt), which python-pptx does not read, as items."""
    for id in shape.element.xpath(".//a:graphicData/*/@r:dm"):
        data = parse_xml(shape.part.related_part(id).blob)
        for paragraph in data.iter(DRAWING + "p"):
            if text := plain("".join(run.text or "" for run in paragraph.iter(DRAWING + "t"))):
                yield f"- {text}"


def in_order(shapes: list[Any]) -> list[Any]:
    """Return the shapes as they are read; a shape without a place stands first."""
    placed = [Placed(extent(shape.top, shape.height), extent(shape.left, shape.width), shape) for shape in shapes]
    return [one.shape for one in parted(placed)]


def extent(start: int | None, length: int | None) -> tuple[int, int]:
    return start or 0, (start or 0) + (length or 0)


def parted(shapes: list[Placed]) -> list[Placed]:
    """Return the shapes parted again and again at the widest white band, across or down the slide."""
    if len(shapes) < 2 or len(shapes) > MOST_SHAPES:
        return sorted(shapes, key=lambda one: (one.rows, one.columns))
    _, before, after = max((widest_cut(shapes, axis) for axis in ("rows", "columns")), key=lambda cut: cut[0])
    return parted(before) + parted(after)


def widest_cut(shapes: list[Placed], axis: str) -> tuple[int, list[Placed], list[Placed]]:
    """Return (how far apart they are, the shapes before, those after) where they are furthest apart, or overlap least."""
    ordered = sorted(shapes, key=attrgetter(axis))
    ends = accumulate((getattr(one, axis)[1] for one in ordered), max)
    gaps = [getattr(one, axis)[0] - end for one, end in zip(ordered[1:], ends, strict=False)]
    place = gaps.index(max(gaps)) + 1
    return max(gaps), ordered[:place], ordered[place:]
