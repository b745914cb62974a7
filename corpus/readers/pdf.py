"""PDF to sections: page by page, in reading order, under the headings that the layout shows.

A file gives runs of characters with a place, a font and a size, and the lines that are drawn. The rest is found from
these: cells from the drawn lines, columns from the white between them, paragraphs from the spacing of their lines,
headings from their size, weight and number.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
from pdftext.extraction import dictionary_output

from corpus.documents import Document, Locator, Section
from corpus.errors import DocumentError
from corpus.readers.html import join_blocks
from corpus.readers.section_kinds import section_kind
from corpus.readers.source_file import SourceFile

__all__ = ["read"]

MARKS = r"•●○◦▪■□▫►▶➢➤➔→⇒✓✔❖◆‣⁃∙·–—\-"
BULLET = re.compile(rf"^(?:[{MARKS}]|[o»](?=\s))\s*(?=\S|$)")
ARROWS = "→➔►»"  # they open titles too
NUMBER = re.compile(
    r"^(?:(?:[A-Za-z]|\d{1,2})(?:\.\d{1,2})+(?:\.|(?=\s|$))"  # 2.1 or 2.1. or a.2 or X.2.1
    r"|(?:\d{1,2}|[A-Z]|[IVX]{1,4})[.)](?=\s|$)"  # 2. or 2) or IV.
    r"|\d{1,2}\.(?=[^\W\d])|\d(?=\s[A-ZÀ-Ý])|\d{2}(?=\s[A-ZÀ-Ý][a-zà-ÿ]{2}))"  # 2.Données, 8 Hébergement
)
LABEL = re.compile(rf"^(?:[{MARKS}o»]|(?:[A-Za-z]|[IVX]+)[.)]|\w?\d{{0,2}}(?:\.\d{{1,2}})*[.)]?)$")
# A title may open with a figure where words enough follow it; « 125 K vues » is no title.
FIGURE = re.compile(r"^\d+(?:\W+[^\W\d_]{2,}){3}")
CAPTION = re.compile(r"^(?:tableau|figure|source|nota|nb|note|graphique|sch[eé]ma|https?:)\b", re.IGNORECASE)
CONTENTS = re.compile(r"^(?:sommaire|table des mati[eè]res|index des|contents)\b", re.IGNORECASE)
LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")
ENTRY = re.compile(r"(?:^|\D\s)\d{1,3}$")
PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–|]?\s*\d{1,4}\s*(?:(?:/|sur|of)\s*\d{1,4})?\s*[-–|]?$", re.IGNORECASE)
# Word leaves the code of its note (« 3F ») beside the number that it shows.
NOTE_MARK = re.compile(r"^\d{1,3}F?(?:[,;]\s?\d{1,3})*$")
POWER = re.compile(r"(?:\b[ckm]?m[23]|\b10\d{1,2})$")
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# What follows a hyphen that is written: « est-il », « celui-ci », « a-t-on ».
INVERSION = re.compile(r"^(?:t-)?(?:ils?|elles?|on|ce|je|tu|nous|vous|ci|là|mêmes?)\b")
WEIGHTS = (("thin", 100), ("extralight", 200), ("light", 300), ("regular", 400), ("medium", 500), ("semibold", 600),
           ("demi", 600), ("extrabold", 800), ("bold", 700), ("black", 900), ("heavy", 900))  # fmt: skip
UNSEEN = dict.fromkeys((*range(9), *range(14, 32), *range(127, 160), 0xAD, 0x200B, 0xFEFF, 0xFFFD, 0xFFFE))
GUTTER = 9  # the least white between two columns, in points

Style = tuple[float, int]  # size, weight
Interval = tuple[float, float]


class Box(NamedTuple):
    """A place on the page, in points from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, x: float, y: float, slack: float = 0) -> bool:
        return self.left - slack <= x <= self.right + slack and self.top - slack <= y <= self.bottom + slack


@dataclass(eq=False)
class Piece:
    """A run of text on one baseline, then a line, a paragraph or a table, as the reading goes on.

    ``styles`` counts its characters by style; ``rows`` makes it a table; ``aside`` is the area of the narrow column
    that it stands in beside a wide one.
    """

    box: Box
    text: str
    styles: Counter[Style] = field(default_factory=Counter)
    upright: bool = True
    rows: tuple[str, ...] = ()
    aside: Box | None = None

    @property
    def size(self) -> float:
        """The size of most of its characters."""
        sizes: Counter[float] = Counter()
        for (size, _), count in self.styles.items():
            sizes[size] += count
        return sizes.most_common(1)[0][0] if sizes else self.box.height

    @property
    def weight(self) -> int:
        """The lightest weight that a good part of its characters have: bold means bold throughout."""
        total = sum(self.styles.values())
        return min((weight for (_, weight), count in self.styles.items() if count > total * 0.2), default=400)


@dataclass
class Page:
    """A page: its number from 1, its size, its pieces of text in the file's order, the thin lines drawn on it."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    rules: list[Box]


@dataclass
class Block:
    """A heading, a paragraph, a list item or a table; ``depth`` is that of a heading's number, 0 where it has none."""

    page: int
    text: str
    rows: tuple[str, ...]
    aside: Box | None
    size: float
    weight: int
    slide: bool
    heading: bool = False
    depth: int = 0


def read(source: SourceFile) -> list[Document]:
    """Return the file as one document; raise DocumentError where it is locked, damaged or holds no text."""
    title, pages = load(source.path)
    body = main_style(piece for page in pages for piece in page.pieces)
    furniture = running_lines(pages)
    words = vocabulary(pages)
    blocks: list[Block] = []
    contents = False
    for page in pages:
        lines = lines_of(page, furniture, words)
        contents = is_contents(lines, contents)
        if not contents:
            blocks += blocks_of(page, lines, words, body)
    if not blocks:
        raise DocumentError("pdf_no_text")
    return [
        source.document(
            title=title or Path(source.name).stem,
            url=source.entry.url,
            date=source.entry.date,
            sections=tuple(sections_of(blocks)),
        )
    ]


# --- What the file holds ------------------------------------------------------------------------------------------


def load(path: Path) -> tuple[str, list[Page]]:
    """Return (title in the metadata, pages)."""
    try:
        with pypdfium2.PdfDocument(path) as file:
            title = re.sub(r"\s+", " ", file.get_metadata_value("Title")).strip()
            rules = [rules_of(page) for page in file]
        pages = dictionary_output(str(path), keep_chars=True, disable_links=True)
    except (pypdfium2.PdfiumError, ValueError) as error:
        locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise DocumentError("pdf_locked" if locked else "pdf_damaged") from error
    return title, [
        Page(number, page["width"], page["height"], pieces_of(page, drawn), drawn)
        for number, (page, drawn) in enumerate(zip(pages, rules, strict=True), start=1)
    ]


def rules_of(page: pypdfium2.PdfPage) -> list[Box]:
    """Return the thin lines drawn on the page, be they strokes or flat areas, in the coordinates of its text."""
    if page.get_rotation():
        return []
    left, bottom, _, top = page.get_bbox()
    height = math.ceil(top - bottom)
    rules = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        x0, y0, x1, y1 = drawn.get_bounds()
        if min(x1 - x0, y1 - y0) <= 3 and max(x1 - x0, y1 - y0) >= 6:
            rules.append(Box(x0 - left, height - (y1 - bottom), x1 - left, height - (y0 - bottom)))
    return rules if len(rules) <= 1000 else []  # more make a drawing, not a table


def pieces_of(page: Any, rules: list[Box]) -> list[Piece]:
    """Join the page's characters into pieces, cut where the baseline, a wide gap or a drawn line says so."""
    uprights = [rule for rule in rules if rule.height > rule.width]
    pieces: list[Piece] = []
    style: Style = (0.0, 400)
    space = False
    for span in (span for block in page["blocks"] for line in block["lines"] for span in line["spans"]):
        name = (span["font"]["name"] or "").rsplit("+", 1)[-1].casefold()
        upright = abs(math.sin(span["rotation"])) < 0.5
        for raw, box in parts_of(span, uprights):
            text = clean(raw).strip()
            if not text:
                space = True
                continue
            if len(text) == 1 and not text.isascii() and ("wingdings" in name or "symbol" in name):
                text = "•"
            last = pieces[-1] if pieces else None
            if last and last.upright == upright and goes_on(last, text, box, uprights):
                raised = box.height < last.box.height * 0.8 and (text[-1] == "F" or box.middle[1] < last.box.middle[1])
                if raised and NOTE_MARK.match(text) and not POWER.search(last.text + text):
                    space = True
                    continue
                apart = space or raw[0].isspace() or box.left - last.box.right > 0.25 * box.height
                last.text += (" " if apart and upright else "") + text
                last.box = union([last.box, box])
            else:
                # InDesign draws bullets as shapes, and leaves the wide space that follows them.
                last = Piece(box, "• " + text if raw[0] == "\u2002" else text, upright=upright)
                pieces.append(last)
            # Slanted characters have a tight box, which tells nothing: they are set as the text before.
            slanted = upright and span["rotation"] != 0 and box.height <= style[0]
            size = span["font"]["size"] if 2 < span["font"]["size"] < 1000 else box.height
            weight = next((value for word, value in WEIGHTS if word in name), style[1] if slanted else 400)
            style = style[0] if slanted else max(round(size, 1), 0.1), weight
            last.styles[style] += len(text)
            space = raw[-1].isspace()
        space = space or not span["text"].strip()
    return pieces


def parts_of(span: Any, uprights: list[Box]) -> Iterator[tuple[str, Box]]:
    """Yield the (text, box) of a span, cut where its characters jump: two cells may share a span."""
    text = ""
    boxes: list[Box] = []
    for character in span["chars"]:
        # The width of a space and the height of a slanted character are not to be trusted.
        if not character["char"].isspace():
            box = Box(*character["bbox"])
            if not math.isfinite(sum(box)):  # in a damaged file
                continue
            if boxes and not span["rotation"] and not beside(boxes[-1], box, box.height, uprights):
                yield text, union(boxes)
                text, boxes = "", []
            boxes.append(box)
        text += character["char"]
    if boxes:
        yield text, union(boxes)


def goes_on(piece: Piece, text: str, box: Box, uprights: list[Box]) -> bool:
    """True where ``text`` at ``box`` continues ``piece``; a bullet or a number stands far from what it opens."""
    if not piece.upright:
        ends = min(abs(box.bottom - piece.box.top), abs(box.top - piece.box.bottom))
        return abs(box.left - piece.box.left) < 3 and ends < 6
    height = min(piece.box.height, box.height)
    opens = LABEL.match(piece.text) and (text[0].isalpha() or not piece.text.isdigit())
    return beside(piece.box, box, max(height * 4, 30) if opens else height, uprights)


def beside(one: Box, other: Box, reach: float, uprights: list[Box]) -> bool:
    """True where ``other`` stands right of ``one`` on its line, within reach, no drawn line between them."""
    gap = other.left - one.right
    if not same_line(one, other) or not -0.5 * min(one.height, other.height) <= gap <= reach:
        return False
    return gap < 1 or not any(
        one.right - 2 < rule.left < other.left + 2 and rule.top <= other.top + 2 and rule.bottom >= other.bottom - 2
        for rule in uprights
    )


def same_line(one: Box, other: Box) -> bool:
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0.5 * min(one.height, other.height)


def clean(text: str) -> str:
    """Return text without ligatures, controls and odd spaces; a cut word keeps its hyphen."""
    text = re.sub("[\ue000-\uf8ff]", "•", text.replace("\x02", "-")).translate(UNSEEN)
    text = re.sub("[ﬀ-ﬆ]", lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def union(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


# --- What the pages share -----------------------------------------------------------------------------------------


def main_style(pieces: Iterable[Piece]) -> Style:
    """Return the style, its size rounded, of most of the text."""
    styles: Counter[Style] = Counter()
    for piece in pieces:
        for (size, weight), count in piece.styles.items():
            styles[round(size), weight] += count
    return styles.most_common(1)[0][0] if styles else (0.0, 400)


def vocabulary(pages: list[Page]) -> Counter[str]:
    """Count the words of the document, those cut at the end of a line excepted."""
    texts = (re.sub(r"\S+-$", "", piece.text) for page in pages for piece in page.pieces)
    return Counter(word.casefold() for text in texts for word in WORD.findall(text))


def running_lines(pages: list[Page]) -> set[str]:
    """Return the lines, without their digits, that recur at the edges of the pages: headers and footers.

    A line close to the edge needs three pages; further in, where titles and notes stand too, a third of the pages.
    """
    edge: Counter[str] = Counter()
    margin: Counter[str] = Counter()
    for page in pages:
        edge.update({masked(piece.text) for piece in page.pieces if depth(piece, page) < 0.075})
        margin.update({masked(piece.text) for piece in page.pieces if depth(piece, page) < 0.15})
    least = max(3, len(pages) / 3)
    return {text for text in margin if edge[text] >= 3 or margin[text] >= least}


def masked(text: str) -> str:
    """Return the text without its digits, unless it has hardly more: a date recurs as it is, a number does not."""
    bare = re.sub(r"\d+", "", text.casefold()).strip()
    return bare if len(bare) > 3 else text


def depth(piece: Piece, page: Page) -> float:
    """How far into the page the piece stands, from the nearest of its top and bottom."""
    part = piece.box.middle[1] / page.height
    return min(part, 1 - part)


def is_furniture(piece: Piece, page: Page, furniture: set[str]) -> bool:
    if PAGE_NUMBER.match(piece.text):
        part = piece.box.middle[0] / page.width
        return min(depth(piece, page), part, 1 - part) < 0.09
    return depth(piece, page) < 0.15 and masked(piece.text) in furniture


# --- Reading order ------------------------------------------------------------------------------------------------


def lines_of(page: Page, furniture: set[str], words: Counter[str]) -> list[Piece]:
    """Return the page's lines and tables in reading order."""
    tables, pieces = tables_of(page, words)
    pieces = [piece for piece in pieces if not is_furniture(piece, page, furniture)]
    lines: list[Piece] = []
    for piece in reading_order([piece for piece in pieces if piece.upright] + tables, words):
        last = lines[-1] if lines else piece
        joins = not last.rows and not piece.rows and same_line(last.box, piece.box) and piece.box.left > last.box.left
        if joins:
            lines[-1] = merged([last, piece], f"{last.text} {piece.text}")
        else:
            lines.append(piece)
    return lines + [piece for piece in pieces if not piece.upright]


def merged(pieces: list[Piece], text: str) -> Piece:
    """Return several pieces as one; what they are, the first tells."""
    styles: Counter[Style] = sum((piece.styles for piece in pieces), Counter())
    first = pieces[0]
    return Piece(union(piece.box for piece in pieces), text, styles, first.upright, first.rows, first.aside)


def reading_order(pieces: list[Piece], words: Counter[str]) -> list[Piece]:
    """Cut the page into bands by the white across it, bands that share a gutter into columns, and so on within."""
    bands = bands_of(pieces)
    if len(bands) == 1 and len(split(bands, gutters := gutters_of(bands[0]))) == 1:
        return [piece for line in by_line(pieces) for piece in line]
    ordered: list[Piece] = []
    start = 0
    while start < len(bands):
        end, gutters = start, gutters_of(bands[start])
        while end + 1 < len(bands) and (shared := common(gutters, gutters_of(bands[end + 1]))):
            end, gutters = end + 1, shared
        end = last_of_columns(bands, start, end, gutters)
        group = bands[start : end + 1]
        columns = split(group, gutters)
        if len(columns) == 1:
            ordered += [piece for band in group for piece in reading_order(band, words)]
        elif rows := aligned(columns, group, words):
            ordered += rows
        else:
            mark_asides(columns)
            ordered += [piece for column in columns for piece in reading_order(column, words)]
        start = end + 1
    return ordered


def bands_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces in bands, from top to bottom, that white parts from side to side."""
    bands: list[list[Piece]] = []
    bottom = -math.inf
    for piece in sorted(pieces, key=lambda piece: piece.box.top):
        if piece.box.top > bottom - min(2.0, 0.2 * piece.box.height):
            bands.append([])
        bands[-1].append(piece)
        bottom = max(bottom, piece.box.bottom)
    return bands


def gutters_of(band: list[Piece]) -> list[Interval]:
    """Return the white intervals of a band, those left and right of all its text included."""
    gutters = []
    edge = -math.inf
    for piece in sorted(band, key=lambda piece: piece.box.left):
        if piece.box.left > edge:
            gutters.append((edge, piece.box.left))
        edge = max(edge, piece.box.right)
    return [*gutters, (edge, math.inf)]


def common(some: list[Interval], others: list[Interval]) -> list[Interval]:
    """Return what is white in both and wide enough, unless it is only left and right of all text."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    both = [(left, right) for left, right in both if right - left >= GUTTER]
    return both if any(right - left < math.inf for left, right in both) else []


def last_of_columns(bands: list[list[Piece]], start: int, end: int, gutters: list[Interval]) -> int:
    """Return the last band of the columns that begin at ``start``.

    The lines above the columns (the end of a paragraph) and below them (the next title) may leave the gutter white too.
    """
    edges = [right for left, right in gutters if right - left < math.inf]
    sides = [{sum(piece.box.left >= edge - 0.1 for edge in edges) for piece in band} for band in bands[start : end + 1]]
    if edges and sides[0] == {0} and end > start:
        return start
    if end + 1 < len(bands):
        for last in range(max(start + 1, end - 1), end + 1):
            gap = bands[last][0].box.top - max(piece.box.bottom for piece in bands[last - 1])
            if gap > bands[last][0].box.height and all(len(side) == 1 for side in sides[last - start :]):
                return last - 1
    return end


def split(bands: list[list[Piece]], gutters: list[Interval]) -> list[list[Piece]]:
    """Part the bands by the gutters that have at least two lines on either side."""
    columns = [[piece for band in bands for piece in band]]
    for left, right in gutters:
        if GUTTER <= right - left < math.inf:
            before = [piece for piece in columns[-1] if piece.box.right <= left + 0.1]
            after = [piece for piece in columns[-1] if piece.box.left >= right - 0.1]
            if min(len(by_line(before)), len(by_line(after))) >= 2:
                columns[-1:] = [before, after]
    return columns


def mark_asides(columns: list[list[Piece]]) -> None:
    """Mark the columns much narrower than the widest; one that is set in larger type is a title, and none."""
    areas = [union(piece.box for piece in column) for column in columns]
    widest = max(range(len(columns)), key=lambda place: areas[place].width)
    for column, area in zip(columns, areas, strict=True):
        narrow = area.width < 0.6 * areas[widest].width
        if narrow and main_style(column)[0] < 1.1 * main_style(columns[widest])[0]:
            for piece in column:
                piece.aside = area


def by_line(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces line by line, each from left to right; first the number that stands before several lines."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.top):
        line = next((line for line in lines if same_line(line[0].box, piece.box)), None)
        if line is None:
            lines.append([piece])
        else:
            line.append(piece)
    lines = [sorted(line, key=lambda piece: piece.box.left) for line in lines]
    for line in lines:
        label = line[0]
        if LABEL.match(label.text) and all(label.box.right <= p.box.left for p in pieces if p is not label):
            line.remove(label)
            return [[label], *filter(None, lines)]
    return lines


# --- Tables -------------------------------------------------------------------------------------------------------


def table(area: Box, rows: list[list[str]]) -> Piece:
    texts = tuple("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows)
    return Piece(area, "\n".join(texts), rows=texts)


def cell_text(pieces: list[Piece], words: Counter[str]) -> str:
    text = ""
    for line in by_line(pieces):
        text = join_text(text, " ".join(piece.text for piece in line), words)
    return text


def aligned(columns: list[list[Piece]], bands: list[list[Piece]], words: Counter[str]) -> list[Piece]:
    """Return the bands as items, or as rows of a table without lines; nothing where columns are to be read one by one.

    Items have a number, a bullet or a label with a colon in their first column. In a table, all columns but one hold
    short entries, most of them beside an entry of another column, and the long one does not run on from line to line.
    """
    cells = [[[piece for piece in band if piece in column] for column in columns] for band in bands]
    if all(LABEL.match(piece.text) or piece.text.endswith(":") for piece in columns[0]):
        items: list[list[Piece]] = []
        for row, band in zip(cells, bands, strict=True):
            if row[0] or not items:
                items.append([])
            items[-1] += band
        return [merged(item, cell_text(item, words)) for item in items]
    lengths = [sum(len(piece.text) for piece in column) / len(column) for column in columns]
    rows = [[cell_text(cell, words) for cell in row] for row in cells]
    full = sum(is_row(row) for row in rows)
    run_on = sum(row[lengths.index(max(lengths))][:1].islower() for row in rows)
    if sorted(lengths)[-2] > 15 or full < max(2, 0.6 * len(rows)) or run_on > 0.2 * len(rows):
        return []
    return [table(union(piece.box for column in columns for piece in column), rows)]


def is_row(cells: list[str]) -> bool:
    return sum(map(bool, cells)) > 1


def tables_of(page: Page, words: Counter[str]) -> tuple[list[Piece], list[Piece]]:
    """Return (the tables drawn with lines, the pieces outside them)."""
    tables: list[Piece] = []
    pieces = page.pieces
    for frame in frames_of(page.rules):
        area = union(frame)
        rows = rows_of([piece for piece in pieces if area.holds(*piece.box.middle)], frame, words)
        if sum(map(is_row, rows)) >= 2:
            tables.append(table(area, rows))
            pieces = [piece for piece in pieces if not area.holds(*piece.box.middle)]
    return tables, pieces


def frames_of(rules: list[Box]) -> list[list[Box]]:
    """Group the drawn lines that touch each other."""
    frames: list[tuple[Box, list[Box]]] = []
    for rule in rules:
        touched = [frame for frame in frames if touch(rule, frame[0]) and any(touch(rule, one) for one in frame[1])]
        frames = [frame for frame in frames if frame not in touched]
        group = [rule, *(one for _, others in touched for one in others)]
        frames.append((union([rule, *(area for area, _ in touched)]), group))
    return [group for _, group in frames if len(group) >= 5]


def touch(one: Box, other: Box) -> bool:
    across = one.left <= other.right + 3 and other.left <= one.right + 3
    return across and one.top <= other.bottom + 3 and other.top <= one.bottom + 3


def rows_of(pieces: list[Piece], frame: list[Box], words: Counter[str]) -> list[list[str]]:
    """Return the texts of a table's cells, row by row; a cell that spans several rows stands in its first."""
    uprights = [rule for rule in frame if rule.height > rule.width]
    flats = [rule for rule in frame if rule.height <= rule.width]
    edges = sorted({snapped(rule.left) for rule in uprights})
    cells: dict[float, dict[float, list[Piece]]] = {}
    for piece in pieces:
        x, y = piece.box.middle
        top = max((rule.top for rule in flats if rule.holds(x, rule.top, 3) and rule.top <= y), default=0)
        left = max((rule.left for rule in uprights if rule.holds(rule.left, y, 3) and rule.left <= x), default=0)
        cells.setdefault(snapped(top), {}).setdefault(snapped(left), []).append(piece)
    rows = []
    for top, row in sorted(cells.items()):
        # An empty cell keeps its place, for the cells of a column to stand under each other.
        bounds = [edge for edge in edges if any(rule.holds(edge, top + 5, 4) for rule in uprights)]
        rows.append([cell_text(row.get(edge, []), words) for edge in sorted({*bounds[:-1], *row})])
    return rows


def snapped(value: float) -> float:
    return round(value / 4) * 4


# --- Paragraphs ---------------------------------------------------------------------------------------------------


def is_contents(lines: list[Piece], before: bool) -> bool:
    """True for a table of contents, which is no answer; ``before`` tells whether the page before is one."""
    texts = [text.strip("| ") for line in lines for text in line.text.split("\n")]
    leaders = sum(bool(LEADER.search(text)) for text in texts)
    entries = sum(bool(LEADER.search(text) or ENTRY.search(text)) for text in texts)
    if before or any(CONTENTS.match(text) for text in texts):
        return entries >= max(3, len(texts) * 0.25)
    return leaders >= 3 and entries >= len(texts) * 0.4


def blocks_of(page: Page, lines: list[Piece], words: Counter[str], body: Style) -> list[Block]:
    """Return the page's headings, paragraphs, list items and tables."""
    # A slide may be set larger than the rest of the document.
    here = main_style(lines)
    if here[0] > body[0] and sum(len(line.text) for line in lines if round(line.size) == here[0]) >= 200:
        body = here
    blocks = []
    group: list[Piece] = []
    for place, line in enumerate(lines, start=1):
        group.append(line)
        if place == len(lines) or not follows(lines[place], group, lines):
            text = group[0].text
            for other in group[1:]:
                text = join_text(text, other.text, words)
            if any(map(str.isalnum, text)):
                blocks.append(block_of(merged(group, text), page, body))
            group = []
    return blocks


def follows(line: Piece, group: list[Piece], lines: list[Piece]) -> bool:
    """True where ``line`` continues the paragraph that ``group`` begins."""
    first, last = group[0], group[-1]
    low, ended = line.text[0].islower(), last.text[-1] in ".!?:;"
    if line.rows or last.rows or not line.upright or BULLET.match(line.text):
        return False
    if line.box.top < last.box.top:  # at the top of the next column
        return low and not ended
    gap = line.box.top - last.box.bottom
    if gap > 0.9 * min(last.box.height, line.box.height):
        return False
    if min(line.box.right, last.box.right) <= max(line.box.left, last.box.left):
        return False
    if len(group) > 1 and group[-2].box.top < last.box.top and gap > last.box.top - group[-2].box.bottom + 2.5:
        return False
    if abs(line.size - last.size) > 0.1 * last.size and not low:
        return False
    if NUMBER.match(line.text) and (ended or NUMBER.match(first.text)):
        return False
    if BULLET.match(first.text):
        hangs = line.box.left > first.box.left + 3
        if hangs or (len(group) > 1 and group[1].box.left > first.box.left + 3):
            return hangs
    # A title is cut where its author wants.
    if low or last.text.endswith(",") or line.weight == last.weight >= 500:
        return True
    # A bold run may wrap within a paragraph; a paragraph that is bold so far is the title of one that is not.
    if abs(line.weight - last.weight) >= 200 and (ended or first.weight > line.weight):
        return False
    # A line that had room for the next one's first word ends its paragraph.
    edge = max(other.box.right for other in lines if other is line or abs(other.box.left - last.box.left) < 40)
    letter = line.box.width / len(line.text)
    return edge - last.box.right <= letter * (len(line.text.split()[0]) + 4)


def join_text(text: str, line: str, words: Counter[str]) -> str:
    """Join two lines; a hyphen at the end goes where it cuts a word, as far as the document's own words tell."""
    if not text or not line:
        return text or line
    address = "/" in text.split()[-1]
    cut, head = re.search(r"([^\W\d_]+)-$", text), re.match(r"[^\W\d_]+", line)
    if not cut or not head:
        return text + ("" if text.endswith("-") and address else " ") + line
    left, right = cut[1].casefold(), head[0].casefold()
    if words[left + right] or words[f"{left}-{right}"]:
        keep = not words[left + right]
    elif cut[1][-1].islower() and head[0][0].islower():
        # The end of a cut word stands at the head of a line once: a word of its own stands elsewhere too.
        keep = bool(INVERSION.match(line)) or (min(len(left), len(right)) > 2 and words[left] > 0 and words[right] > 1)
    else:
        keep = True
    return (text if keep or address else text[:-1]) + line


# --- Headings and sections ----------------------------------------------------------------------------------------


def block_of(piece: Piece, page: Page, body: Style) -> Block:
    """Return the paragraph as a block, a heading where its layout makes it one."""
    text = re.sub(" {2,}", " ", piece.text).strip()
    bullet = BULLET.match(text)
    bare = text[bullet.end() :] if bullet else text
    slide = page.width > page.height
    block = Block(page.number, text, piece.rows, piece.aside, piece.size, piece.weight, slide)
    number = NUMBER.match(bare)
    if looks_like_title(bare, bool(number)) and piece.upright and not piece.rows and (not bullet or text[0] in ARROWS):
        bolder = piece.weight >= body[1] + 150 and not bare.endswith(":")
        block.heading = piece.size >= 1.15 * body[0] or (bolder and piece.size >= (0.85 if number else 0.95) * body[0])
    if block.heading:
        block.text, block.depth = bare, len(re.findall(r"\w+", number[0])) if number else 0
    elif bullet:
        block.text = f"- {bare}"
    return block


def looks_like_title(text: str, numbered: bool) -> bool:
    """True for a short text that opens as a title does, does not end as a sentence, and is made of words."""
    letters = sum(character.isalpha() for character in text)
    if letters < max(3, len(text) * 0.5) or len(text) > (250 if numbered else 160) or re.search("=|://", text):
        return False
    opens = numbered or text[0].isupper() or text[0] == "«" or bool(FIGURE.match(text))
    return opens and not text.endswith((".", ";", ",")) and not CAPTION.match(text)


def stands_above(one: Block, other: Block) -> bool:
    """True where the heading ``one``, met earlier, still heads what stands under the heading ``other``."""
    ratio = one.size / other.size
    if one.depth and other.depth:
        return one.depth < other.depth or (one.depth == other.depth and ratio > 1.3)
    # The titles of slides shrink to fit.
    if abs(math.log(ratio)) > math.log(1.3 if other.slide else 1.05):
        return ratio > 1
    return one.weight >= other.weight + 150 or (one.depth > other.depth and ratio > 1.03)


def heads(heading: Block, block: Block) -> bool:
    """True where ``heading`` may head ``block``: what stands in an aside heads nothing outside it."""
    return not heading.aside or (heading.page, heading.aside) == (block.page, block.aside)


def sections_of(blocks: list[Block]) -> Iterator[Section]:
    """Yield a section for each run of blocks on one page under one heading."""
    path: list[Block] = []
    texts: list[str] = []
    place: tuple[int, tuple[str, ...]] = (0, ())
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        path = [heading for heading in path if heads(heading, block)]
        if block.heading:
            path = [heading for heading in path if stands_above(heading, block)]
            # A heading that heads nothing is text: the title of a cover, a figure in large type.
            if after and heads(block, after) and (not after.heading or stands_above(block, after)):
                path.append(block)
                continue
        here = block.page, tuple(heading.text for heading in path)
        if here != place and texts:
            yield section(texts, *place)
            texts = []
        place = here
        texts.extend(block.rows or [block.text])
    if texts:
        yield section(texts, *place)


def section(texts: list[str], page: int, headings: tuple[str, ...]) -> Section:
    bare = (NUMBER.sub("", heading) for heading in reversed(headings))
    kind = next((kind for heading in bare if (kind := section_kind(heading))), "other")
    return Section(join_blocks(texts), headings, kind, Locator("page", str(page)))
