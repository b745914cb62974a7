"""PDF to sections: page by page, in reading order, under the headings that the page layout shows.

The file gives runs of characters with a place, a font and a size, and the lines that are drawn. All the rest is found
from these: cells from the drawn lines, columns from the white between them, paragraphs from their lines' spacing,
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
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pdftext.extraction import dictionary_output

from corpus.documents import Document, Locator, Section
from corpus.errors import DocumentError
from corpus.readers.html import join_blocks
from corpus.readers.section_kinds import section_kind
from corpus.readers.source_file import SourceFile

__all__ = ["read"]

Box = tuple[float, float, float, float]

BULLET = re.compile(r"^(?:[•●○◦▪■□▫►▶➢➤➔→⇒✓✔❖◆‣⁃∙·–—\-]|o(?= )|»(?= ))\s*(?=\S|$)")
NUMBER = re.compile(
    r"^(?:(?:[A-Za-z]|\d{1,2})(?:\.\d{1,2})+(?:\.|(?=\s|$))|(?:\d{1,2}|[A-Z]|[IVX]{1,4})[.)](?=\s|$)|\d{1,2}\.(?=[^\W\d])|\d{1,2}(?= [A-ZÀ-Ý]))"
)
LABEL = re.compile(r"^(?:[•●○◦▪■□▫►▶➢➤➔→⇒✓✔❖◆‣⁃∙·–—\-o»]|(?:[A-Za-z]|[IVX]+)[.)]|\w?\d{0,2}(?:\.\d{1,2})*[.)]?)$")
LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")
CONTENTS = re.compile(r"^(sommaire|table des mati[eè]res|index des|contents)\b", re.IGNORECASE)
CAPTION = re.compile(r"^(tableau|figure|source|nota|nb|note|graphique|sch[eé]ma|https?:)\b", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–|]?\s*\d{1,4}\s*(?:(?:/|sur|of)\s*\d{1,4})?\s*[-–|]?$", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# What follows a hyphen that is written: « est-il », « celui-ci », « a-t-on ».
INVERSION = re.compile(r"^(?:t-)?(?:ils?|elles?|on|ce|je|tu|nous|vous|ci|là|mêmes?)\b")
WEIGHTS = (("thin", 100), ("extralight", 200), ("light", 300), ("medium", 500), ("semibold", 600), ("demi", 600),
           ("extrabold", 800), ("bold", 700), ("black", 900), ("heavy", 900))  # fmt: skip
POWER = re.compile(r"(?:\b[ckm]?m[23]|\b10\d{1,2})$")
NOTE_MARK = re.compile(r"^\d{1,3}F?(?:[,;]\s?\d{1,3})*$")
ENTRY = re.compile(r"(?:^|\D\s)\d{1,3}$")
UNSEEN = dict.fromkeys(place for place in [*range(32), *range(127, 160), 0xAD, 0x200B, 0xFEFF, 0xFFFD, 0xFFFE] if chr(place) not in "\t\n")
# The least white between two columns, in points.
GUTTER = 9


@dataclass
class Piece:
    """A run of text on one baseline; ``styles`` counts its characters by (size, weight). ``rows`` makes it a table.

    ``aside`` numbers the narrow columns that stand beside a wide one.
    """

    box: Box
    text: str
    styles: Counter[tuple[float, int]] = field(default_factory=Counter)
    upright: bool = True
    rows: tuple[str, ...] = ()
    aside: int = 0

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def size(self) -> float:
        """The size of most of its characters."""
        sizes: Counter[float] = Counter()
        for (size, _), count in self.styles.items():
            sizes[size] += count
        return sizes.most_common(1)[0][0] if sizes else self.height

    @property
    def weight(self) -> int:
        """The lightest weight that a good part of its characters have: bold means bold throughout."""
        total = sum(self.styles.values())
        return min((weight for (_, weight), count in self.styles.items() if count > total * 0.15), default=400)


def read(source: SourceFile) -> list[Document]:
    """Return the file as one document; raise DocumentError where it is locked, damaged or holds no text."""
    title, pages = load(source.path)
    body = body_style(piece for page in pages for piece in page.pieces)
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
    title = title or Path(source.name).stem
    return [source.document(title=title, url=source.entry.url, date=source.entry.date, sections=tuple(sections_of(blocks)))]


# --- What the file holds ------------------------------------------------------------------------------------------


@dataclass
class Page:
    """A page: its number from 1, its size, its pieces of text in the file's order, the thin lines drawn on it."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    rules: list[Box]


def load(path: Path) -> tuple[str, list[Page]]:
    """Return (title in the metadata, pages)."""
    try:
        with pypdfium2.PdfDocument(path) as file:
            title = re.sub(r"\s+", " ", file.get_metadata_value("Title")).strip()
            rules = [rules_of(page) for page in file]
        pages = dictionary_output(str(path), keep_chars=True, disable_links=True)
    except pypdfium2.PdfiumError as error:
        raise DocumentError("pdf_locked" if error.err_code == pdfium.FPDF_ERR_PASSWORD else "pdf_damaged") from error
    return title, [
        Page(number, page["width"], page["height"], pieces_of(page, drawn), drawn)
        for number, (page, drawn) in enumerate(zip(pages, rules, strict=True), start=1)
    ]


def rules_of(page: pypdfium2.PdfPage) -> list[Box]:
    """Return the thin lines drawn on the page, however they are drawn, in the coordinates of the text."""
    if page.get_rotation():
        return []
    left, bottom, right, top = page.get_bbox()
    height = math.ceil(top - bottom)
    rules = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        x0, y0, x1, y1 = drawn.get_bounds()
        if min(x1 - x0, y1 - y0) <= 3 and max(x1 - x0, y1 - y0) >= 6:
            rules.append((x0 - left, height - (y1 - bottom), x1 - left, height - (y0 - bottom)))
    return rules


def pieces_of(page: Any, rules: list[Box]) -> list[Piece]:
    """Join the page's characters into pieces, cut where the baseline, a wide gap or a drawn line says so."""
    uprights = [rule for rule in rules if rule[3] - rule[1] > rule[2] - rule[0]]
    pieces: list[Piece] = []
    space = False
    for span in (span for block in page["blocks"] for line in block["lines"] for span in line["spans"]):
        font = span["font"]
        name = (font["name"] or "").rsplit("+", 1)[-1].casefold()
        weight = next((value for word, value in WEIGHTS if word in name), 400)
        upright = abs(math.sin(span["rotation"])) < 0.5
        space = space or not span["text"].strip()
        for part, box in parts_of(span, uprights):
            text = clean(part).strip()
            if not text:
                space = True
                continue
            if len(text) == 1 and not text.isascii() and ("wingdings" in name or "symbol" in name):
                text = "•"
            height = box[3] - box[1]
            last = pieces[-1] if pieces else None
            if last and last.upright == upright and goes_on(last, text, box, uprights):
                raised = text[-1] == "F" or box[1] + box[3] < last.box[1] + last.box[3]
                if height < last.height * 0.8 and raised and NOTE_MARK.match(text) and not POWER.search(last.text + text):
                    space = True
                    continue
                gap = space or part[0].isspace() or box[0] - last.box[2] > 0.25 * height
                last.text += (" " if gap and upright else "") + text
                last.box = union([last.box, box])
            else:
                # InDesign draws bullets as shapes, and leaves the wide space that follows them.
                last = Piece(box, "• " + text if part[0] == "\u2002" else text, upright=upright)
                pieces.append(last)
            # Slanted characters have a tight box, that tells nothing of their size.
            if not (span["rotation"] and upright):
                last.styles[round(font["size"] if font["size"] > 2 else height, 1), weight] += len(text)
            space = part[-1:].isspace()
    return pieces


def parts_of(span: Any, uprights: list[Box]) -> Iterator[tuple[str, Box]]:
    """Yield the (text, box) of a span, cut where its characters jump: cells and tabs may share a span."""
    text = ""
    boxes: list[Box] = []
    for character in span["chars"]:
        box = tuple(character["bbox"])
        # A space has no width that could be trusted, and the box of a slanted character no height.
        if not character["char"].isspace():
            if boxes and not span["rotation"] and not beside(boxes[-1], box, box[3] - box[1], uprights):
                yield text, union(boxes)
                text, boxes = "", []
            boxes.append(box)
        text += character["char"]
    if text.strip():
        yield text, union(boxes)


def goes_on(piece: Piece, text: str, box: Box, uprights: list[Box]) -> bool:
    """True where ``text`` at ``box`` continues ``piece`` on its line; a bullet or a number is far from what it opens."""
    if not piece.upright:
        return abs(box[0] - piece.box[0]) < 3 and min(abs(box[3] - piece.box[1]), abs(box[1] - piece.box[3])) < 6
    height = min(piece.height, box[3] - box[1])
    opens = LABEL.match(piece.text) and (text[0].isalpha() or not piece.text.isdigit())
    return beside(piece.box, box, max(height * 4, 30) if opens else height, uprights)


def beside(one: Box, other: Box, reach: float, uprights: list[Box]) -> bool:
    """True where ``other`` stands right of ``one`` on its line, within reach, no drawn line between them."""
    height = min(one[3] - one[1], other[3] - other[1])
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    if overlap < height * 0.5 or not -height * 0.5 <= other[0] - one[2] <= reach:
        return False
    return not any(
        one[2] - 2 < rule[0] < other[0] + 2 and rule[1] <= other[1] + 2 and rule[3] >= other[3] - 2 for rule in uprights
    )


def clean(text: str) -> str:
    """Return text without ligatures, controls and odd spaces; a cut word keeps its hyphen."""
    text = re.sub("[\ue000-\uf8ff]", "•", text.replace("\x02", "-")).translate(UNSEEN)
    return re.sub(r"\s+", " ", re.sub("[ﬀ-ﬆ]", lambda match: unicodedata.normalize("NFKC", match[0]), text))


def union(boxes: Iterable[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


# --- What the pages share -----------------------------------------------------------------------------------------


def body_style(pieces: Iterable[Piece]) -> tuple[float, int]:
    """Return the (size, weight) of most of the text."""
    styles: Counter[tuple[float, int]] = Counter()
    for piece in pieces:
        styles.update({(round(size), weight): count for (size, weight), count in piece.styles.items()})
    return styles.most_common(1)[0][0] if styles else (0.0, 400)


def vocabulary(pages: list[Page]) -> Counter[str]:
    """Count the words of the document, those cut at the end of a line excepted."""
    texts = (re.sub(r"\S+-$", "", piece.text) for page in pages for piece in page.pieces)
    return Counter(word.casefold() for text in texts for word in WORD.findall(text))


def masked(text: str) -> str:
    return re.sub(r"\d+", "", text.casefold()).strip()


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
    return ({text for text in edge if edge[text] >= 3} | {text for text in margin if margin[text] >= least}) - {""}


def depth(piece: Piece, page: Page) -> float:
    """How far into the page the piece stands, from the nearest of its top and bottom."""
    middle = (piece.box[1] + piece.box[3]) / 2 / page.height
    return min(middle, 1 - middle)


def is_furniture(piece: Piece, page: Page, furniture: set[str]) -> bool:
    value = depth(piece, page)
    if PAGE_NUMBER.match(piece.text):
        side = (piece.box[0] + piece.box[2]) / 2 / page.width
        return min(value, side, 1 - side) < 0.09
    return value < 0.15 and masked(piece.text) in furniture


# --- Reading order ------------------------------------------------------------------------------------------------


def lines_of(page: Page, furniture: set[str], words: Counter[str]) -> list[Piece]:
    """Return the page's lines and tables in reading order."""
    tables, pieces = tables_of(page, words)
    pieces = [piece for piece in pieces if not is_furniture(piece, page, furniture)]
    lines: list[Piece] = []
    for piece in reading_order([piece for piece in pieces if piece.upright] + tables, words):
        last = lines[-1] if lines else None
        if last and not last.rows and not piece.rows and same_line(last, piece) and piece.box[0] >= last.box[0]:
            lines[-1] = Piece(union([last.box, piece.box]), f"{last.text} {piece.text}", last.styles + piece.styles, aside=last.aside)
        else:
            lines.append(piece)
    return lines + [piece for piece in pieces if not piece.upright]


def same_line(one: Piece, other: Piece) -> bool:
    overlap = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return overlap > 0.5 * min(one.height, other.height)


def reading_order(pieces: list[Piece], words: Counter[str]) -> list[Piece]:
    """Cut the page into bands by the white across it, bands that share a gutter into columns, and so on within."""
    bands = bands_of(pieces)
    ordered: list[Piece] = []
    start = 0
    while start < len(bands):
        end, gutters = start, gutters_of(bands[start])
        while end + 1 < len(bands) and (shared := common(gutters, gutters_of(bands[end + 1]))):
            end, gutters = end + 1, shared
        start, end = trimmed(bands, start, end, gutters)
        group = bands[start : end + 1]
        columns = split([piece for band in group for piece in band], gutters)
        if len(columns) > 1 and (rows := aligned(columns, group, words)):
            ordered += rows
        elif len(columns) > 1:
            areas = [union(piece.box for piece in column) for column in columns]
            for column, area in zip(columns, areas, strict=True):
                if area[2] - area[0] < 0.6 * max(other[2] - other[0] for other in areas):
                    for piece in column:
                        piece.aside = id(column)
                ordered += reading_order(column, words)
        elif len(bands) > 1:
            ordered += [piece for band in group for piece in reading_order(band, words)]
        else:
            ordered += [piece for line in by_line(pieces) for piece in line]
        start = end + 1
    return ordered


def trimmed(bands: list[list[Piece]], start: int, end: int, gutters: list[tuple[float, float]]) -> tuple[int, int]:
    """Return (start, end) of the columns without the short lines around them: the end of a paragraph, the next title."""
    edges = [right for left, right in gutters if math.isfinite(right - left)]
    sides = [{sum(piece.box[0] >= edge - 0.1 for edge in edges) for piece in band} for band in bands[start : end + 1]]
    if {0} in sides[:-1] and sides[0] == {0} and edges:
        return start, start
    if end + 1 < len(bands):
        for last in (end, end - 1):
            gap = bands[last][0].box[1] - max(piece.box[3] for piece in bands[last - 1]) if last > start else 0
            if gap > bands[last][0].height and all(len(side) == 1 for side in sides[last - start :]):
                return start, last - 1
    return start, end


def bands_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces in bands, from top to bottom, that white parts from side to side."""
    bands: list[list[Piece]] = []
    bottom = -math.inf
    for piece in sorted(pieces, key=lambda piece: piece.box[1]):
        if piece.box[1] > bottom - min(2.0, 0.2 * piece.height):
            bands.append([])
        bands[-1].append(piece)
        bottom = max(bottom, piece.box[3])
    return bands


def gutters_of(band: list[Piece]) -> list[tuple[float, float]]:
    """Return the white intervals of a band, those left and right of all text included."""
    gutters = []
    edge = -math.inf
    for piece in sorted(band, key=lambda piece: piece.box[0]):
        if piece.box[0] > edge:
            gutters.append((edge, piece.box[0]))
        edge = max(edge, piece.box[2])
    return [*gutters, (edge, math.inf)]


def common(some: list[tuple[float, float]], others: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return what is white in both, where it is wide enough for a gutter."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    both = [(left, right) for left, right in both if right - left >= GUTTER]
    return both if any(math.isfinite(right - left) for left, right in both) else []


def split(group: list[Piece], gutters: list[tuple[float, float]]) -> list[list[Piece]]:
    """Part the pieces by the gutters that have at least two lines on either side."""
    columns = [group]
    for left, right in gutters:
        if GUTTER <= right - left < math.inf:
            before = [piece for piece in columns[-1] if piece.box[2] <= left + 0.1]
            after = [piece for piece in columns[-1] if piece.box[0] >= right - 0.1]
            if min(len(by_line(before)), len(by_line(after))) >= 2:
                columns[-1:] = [before, after]
    return columns


def by_line(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces line by line, each from left to right; first the number that stands before several lines."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[1]):
        line = next((line for line in lines if same_line(line[0], piece)), None)
        if line is None:
            lines.append([piece])
        else:
            line.append(piece)
    left = min((piece for piece in pieces), key=lambda piece: piece.box[0], default=None)
    if left and LABEL.match(left.text) and all(left is piece or left.box[2] <= piece.box[0] for piece in pieces):
        lines = [[left], *([piece for piece in line if piece is not left] for line in lines)]
    return [sorted(line, key=lambda piece: piece.box[0]) for line in lines if line]


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
    """Return the bands as items, or rows of a table without lines; nothing where the columns are to be read one by one.

    Items have a number, a bullet or a label with a colon in their first column. In a table, all columns but one hold
    short entries, most of them beside an entry of another column.
    """
    rows = [[[piece for piece in column if piece in band] for column in columns] for band in bands]
    if all(LABEL.match(piece.text) or piece.text.endswith(":") for piece in columns[0]):
        items: list[list[Piece]] = []
        for row, band in zip(rows, bands, strict=True):
            if row[0] or not items:
                items.append([])
            items[-1] += band
        styles = [sum((piece.styles for piece in item), Counter()) for item in items]
        return [Piece(union(p.box for p in item), cell_text(item, words), style) for item, style in zip(items, styles, strict=True)]
    lengths = sorted(sum(len(piece.text) for piece in column) / len(column) for column in columns)
    full = sum(sum(map(bool, row)) > 1 for row in rows)
    if lengths[-2] > 15 or full < 2 or full < 0.6 * len(rows):
        return []
    return [table(union(p.box for band in bands for p in band), [[cell_text(cell, words) for cell in row] for row in rows])]


def tables_of(page: Page, words: Counter[str]) -> tuple[list[Piece], list[Piece]]:
    """Return (the tables drawn with lines, the pieces outside them)."""
    tables: list[Piece] = []
    pieces = page.pieces
    for frame in frames_of(page.rules):
        area = union(frame)
        rows = rows_of([piece for piece in pieces if contains(area, piece)], frame, words)
        if sum(sum(map(bool, row)) > 1 for row in rows) >= 2:
            tables.append(table(area, rows))
            pieces = [piece for piece in pieces if not contains(area, piece)]
    return tables, pieces


def contains(area: Box, piece: Piece) -> bool:
    x, y = (piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def frames_of(rules: list[Box]) -> list[list[Box]]:
    """Group the drawn lines that touch each other."""
    frames: list[list[Box]] = []
    for rule in rules:
        touched = [frame for frame in frames if any(touch(rule, other) for other in frame)]
        frames = [frame for frame in frames if frame not in touched]
        frames.append([rule, *(other for frame in touched for other in frame)])
    return [frame for frame in frames if len(frame) >= 5]


def touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] + 3 and other[0] <= one[2] + 3 and one[1] <= other[3] + 3 and other[1] <= one[3] + 3


def rows_of(pieces: list[Piece], frame: list[Box], words: Counter[str]) -> list[list[str]]:
    """Return the texts of a table's cells, row by row; a cell that spans several rows stands in its first."""
    across = [rule for rule in frame if rule[2] - rule[0] >= rule[3] - rule[1]]
    uprights = [rule for rule in frame if rule[2] - rule[0] < rule[3] - rule[1]]
    edges = sorted({round(rule[0] / 4) * 4 for rule in uprights})
    cells: dict[float, dict[float, list[Piece]]] = {}
    for piece in pieces:
        x, y = (piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2
        top = max((rule[1] for rule in across if rule[0] - 3 <= x <= rule[2] + 3 and rule[1] <= y), default=0)
        left = max((rule[0] for rule in uprights if rule[1] - 3 <= y <= rule[3] + 3 and rule[0] <= x), default=0)
        cells.setdefault(round(top / 4) * 4, {}).setdefault(round(left / 4) * 4, []).append(piece)
    rows = []
    for top, row in sorted(cells.items()):
        # An empty cell keeps its place, for the cells of a column to stand under each other.
        bounded = [edge for edge in edges if any(abs(rule[0] - edge) <= 4 and rule[1] <= top + 5 <= rule[3] for rule in uprights)]
        rows.append([cell_text(row.get(edge, []), words) for edge in sorted({*bounded[:-1], *row})])
    return rows


# --- Paragraphs ---------------------------------------------------------------------------------------------------


def blocks_of(page: Page, lines: list[Piece], words: Counter[str], body: tuple[float, int]) -> list[Block]:
    """Return the page's headings, paragraphs, list items and tables."""
    # A slide may be set larger than the rest of the document.
    here = body_style(lines)
    if here[0] > body[0] and sum(len(line.text) for line in lines if round(line.size) == here[0]) >= 200:
        body = here
    blocks = []
    for paragraph in paragraphs(lines):
        text = paragraph[0].text
        for line in paragraph[1:]:
            text = join_text(text, line.text, words)
        whole = Piece(union(line.box for line in paragraph), text, sum((line.styles for line in paragraph), Counter()))
        whole.upright, whole.rows, whole.aside = paragraph[0].upright, paragraph[0].rows, paragraph[0].aside
        blocks.append(block_of(whole, page, body))
    return blocks


def is_contents(lines: list[Piece], before: bool) -> bool:
    """True for a table of contents: it serves navigation, not answers. ``before`` tells that the page before is one."""
    texts = [text.strip("| ") for line in lines for text in line.text.split("\n")]
    leaders = sum(bool(LEADER.search(text)) for text in texts)
    entries = sum(bool(LEADER.search(text) or ENTRY.search(text)) for text in texts)
    if before or any(CONTENTS.match(text) for text in texts):
        return entries >= 3 and entries >= len(texts) * 0.25
    return leaders >= 3 and entries >= len(texts) * 0.4


def paragraphs(lines: list[Piece]) -> Iterator[list[Piece]]:
    """Yield the lines of each paragraph."""
    block: list[Piece] = []
    for line in lines:
        if block and not follows(line, block, lines):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def follows(line: Piece, block: list[Piece], lines: list[Piece]) -> bool:
    """True where ``line`` continues the paragraph ``block``."""
    first, last = block[0], block[-1]
    low, ended = line.text[0].islower(), last.text[-1] in ".!?:;"
    if line.rows or last.rows or not line.upright or BULLET.match(line.text):
        return False
    if line.box[1] < last.box[1]:  # at the top of the next column
        return low and not ended
    gap = line.box[1] - last.box[3]
    if gap > min(last.height, line.height) * 0.9 or min(line.box[2], last.box[2]) <= max(line.box[0], last.box[0]):
        return False
    if len(block) > 1 and last.box[1] > block[-2].box[1] and gap > last.box[1] - block[-2].box[3] + 2.5:
        return False
    if abs(line.size - last.size) > 0.1 * last.size and not low:
        return False
    if NUMBER.match(line.text) and (ended or NUMBER.match(first.text)):
        return False
    note = re.match(r"(\d{1,3}) \S", line.text)
    if note and first.text.startswith(f"{int(note[1]) - 1} "):
        return False
    if BULLET.match(first.text):
        hangs = line.box[0] > first.box[0] + 3
        if hangs or (len(block) > 1 and block[1].box[0] > first.box[0] + 3):
            return hangs
    if line.weight == last.weight >= 500:  # a title is cut where its author wants
        return True
    # A line that had room for the next one's first word ends its paragraph.
    edge = max(other.box[2] for other in [line, *lines] if abs(other.box[0] - last.box[0]) < 40 or other is line)
    width = (line.box[2] - line.box[0]) / len(line.text)
    room = edge - last.box[2] > width * (len(line.text.split()[0]) + 4)
    if abs(line.weight - last.weight) >= 200 and (room or ended) and not low:
        return False
    return low or not room or last.text.endswith(",")


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


@dataclass
class Heading:
    """How a heading stands among the others: its size, its weight, the depth of its number (0 for none)."""

    text: str
    size: float
    weight: int
    number: int
    slide: bool
    aside: int


@dataclass
class Block:
    """A heading, a paragraph, a list item or the rows of a table, as it stands in a section's text."""

    page: int
    text: str
    rows: tuple[str, ...] = ()
    heading: Heading | None = None
    aside: int = 0


def block_of(piece: Piece, page: Page, body: tuple[float, int]) -> Block:
    """Return the paragraph as a block, with the heading that its layout makes of it."""
    text = re.sub(" {2,}", " ", piece.text).strip()
    bullet = BULLET.match(text)
    bare = text[bullet.end() :] if bullet else text
    block = Block(page.number, f"- {bare}" if bullet else text, piece.rows, aside=piece.aside)
    number = NUMBER.match(bare)
    letters = sum(character.isalpha() for character in bare)
    if piece.rows or not piece.upright or (bullet and bullet[0][0] not in "→➔►»"):
        return block
    if letters < max(3, len(bare) * 0.5) or len(bare) > (250 if number else 160) or "=" in bare:
        return block
    if not (number or bare[0].isupper() or bare[0] in "«0123456789") or bare.endswith((".", ";", ",")) or CAPTION.match(bare):
        return block
    bigger = piece.size >= body[0] * 1.15
    bolder = piece.weight >= body[1] + 150 and piece.size >= body[0] * (0.85 if number else 0.95) and not bare.endswith(":")
    if bigger or bolder:
        depth = len(re.findall(r"\w+", number[0])) if number else 0
        block.heading = Heading(bare, piece.size, piece.weight, depth, page.width > page.height, piece.aside)
    return block


def stands_above(one: Heading, other: Heading) -> bool:
    """True where ``one``, met earlier, still heads the text under ``other``."""
    if one.number and other.number:
        return one.number < other.number
    ratio = one.size / other.size
    # The titles of slides shrink to fit.
    if abs(math.log(ratio)) > math.log(1.3 if other.slide else 1.05):
        return ratio > 1
    return one.weight >= other.weight + 150 or bool(one.number and not other.number and ratio > 1.03)


def sections_of(blocks: list[Block]) -> Iterator[Section]:
    """Yield a section for each run of blocks on one page under one heading."""
    path: list[Heading] = []
    texts: list[str] = []
    place: tuple[int, tuple[str, ...]] = (0, ())
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        heading = block.heading
        path = [other for other in path if other.aside in (0, block.aside)]
        if heading:
            path = [other for other in path if stands_above(other, heading)]
            # A heading that heads nothing is text: the title of a cover, a figure in large type.
            reaches = after and heading.aside in (0, after.aside)
            if after and reaches and (not after.heading or stands_above(heading, after.heading)):
                path.append(heading)
                continue
        here = block.page, tuple(other.text for other in path)
        if here != place and texts:
            yield section(texts, *place)
            texts = []
        place = here
        texts.extend(block.rows or [block.text])
    if texts:
        yield section(texts, *place)


def section(texts: list[str], page: int, headings: tuple[str, ...]) -> Section:
    kind = next((kind for heading in reversed(headings) if (kind := section_kind(heading))), "other")
    return Section(join_blocks(texts), headings, kind, Locator("page", str(page)))
