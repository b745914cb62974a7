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
NUMBER = re.compile(r"^(?:(?:[A-Z]|[IVX]+|\d{1,2})(?:\.\d{1,2})+\.?|(?:\d{1,2}|[A-Z]|[IVX]+)[.)])(?=\s|$)|^\d{1,2}\.(?=[^\W\d])")
LABEL = re.compile(r"^(?:[•●○◦▪■□▫►▶➢➤➔→⇒✓✔❖◆‣⁃∙·–—\-o»]|(?:[a-z]|[A-Z]|[IVX]+|\d{1,2})[.)]|\d{1,2}(?:\.\d{1,2})+\.?)$")
LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")
CONTENTS = re.compile(r"^(sommaire|table des mati[eè]res|index des|contents)\b", re.IGNORECASE)
CAPTION = re.compile(r"^(tableau|figure|source|nota|nb|note|graphique|sch[eé]ma|https?:)\b", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–|]?\s*\d{1,4}\s*(?:(?:/|sur|of)\s*\d{1,4})?\s*[-–|]?$", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# What follows a hyphen that is written: « est-il », « celui-ci », « a-t-on ».
INVERSION = re.compile(r"^(?:t-)?(?:ils?|elles?|on|ce|je|tu|nous|vous|ci|là|mêmes?)\b")
WEIGHTS = (("thin", 100), ("extralight", 200), ("light", 300), ("medium", 500), ("semibold", 600), ("demi", 600),
           ("extrabold", 800), ("bold", 700), ("black", 900), ("heavy", 900))  # fmt: skip
# A file that leaves its spaces and controls in the text is read as the eye sees it.
ODD = dict.fromkeys(range(32)) | {0xAD: None, 0x200B: None, 0xFEFF: None, 0xFFFD: None, 0xFFFE: None}


@dataclass
class Piece:
    """A run of text on one baseline; ``styles`` counts its characters by (size, weight). ``rows`` makes it a table."""

    box: Box
    text: str
    styles: Counter[tuple[float, int]] = field(default_factory=Counter)
    upright: bool = True
    rows: tuple[str, ...] = ()

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
    body = body_style(pages)
    furniture = running_lines(pages, body)
    layouts = []
    for number, (size, pieces, rules) in enumerate(pages, start=1):
        kept = [piece for piece in pieces if not is_furniture(piece, size[1], furniture)]
        layouts.append((number, lines_of(kept, rules)))
    layouts = [(number, lines) for number, lines in layouts if not is_contents(lines)]
    words = Counter(word.casefold() for _, lines in layouts for line in lines for word in WORD.findall(line.text))
    blocks = [(number, block) for number, lines in layouts for block in paragraphs(lines, words)]
    if not blocks:
        raise DocumentError("pdf_no_text")
    return [
        source.document(
            title=title or source.path.stem, url=source.entry.url, date=source.entry.date, sections=tuple(sections_of(blocks, body))
        )
    ]


# --- What the file holds ------------------------------------------------------------------------------------------

Page = tuple[tuple[float, float], list[Piece], list[Box]]


def load(path: Path) -> tuple[str, list[Page]]:
    """Return (title in the metadata, pages as (size, pieces of text, drawn lines))."""
    try:
        with pypdfium2.PdfDocument(path) as file:
            title = re.sub(r"\s+", " ", file.get_metadata_value("Title")).strip()
            rules = [rules_of(page) for page in file]
        pages = dictionary_output(str(path), keep_chars=False, disable_links=True)
    except pypdfium2.PdfiumError as error:
        raise DocumentError("pdf_locked" if error.err_code == pdfium.FPDF_ERR_PASSWORD else "pdf_damaged") from error
    return title, [((page["width"], page["height"]), pieces_of(page, drawn), drawn) for page, drawn in zip(pages, rules, strict=True)]


def rules_of(page: pypdfium2.PdfPage) -> list[Box]:
    """Return the thin lines drawn on the page, however they are drawn, in the coordinates of the text."""
    if page.get_rotation():
        return []
    left, bottom, right, top = page.get_bbox()
    rules = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        x0, y0, x1, y1 = drawn.get_bounds()
        if min(x1 - x0, y1 - y0) <= 3 and max(x1 - x0, y1 - y0) >= 6:
            height = math.ceil(top - bottom)
            rules.append((x0 - left, height - (y1 - bottom), x1 - left, height - (y0 - bottom)))
    return rules


def pieces_of(page: Any, rules: list[Box]) -> list[Piece]:
    """Join the page's spans into pieces, cut where the baseline, a wide gap or a drawn line says so."""
    uprights = [rule for rule in rules if rule[3] - rule[1] > rule[2] - rule[0]]
    pieces: list[Piece] = []
    space = False
    for span in (span for block in page["blocks"] for line in block["lines"] for span in line["spans"]):
        raw = clean(span["text"])
        text = raw.strip()
        if not text:
            space = True
            continue
        box, font = tuple(span["bbox"]), span["font"]
        name = (font["name"] or "").rsplit("+", 1)[-1].casefold()
        if len(text) == 1 and not text.isascii() and ("wingdings" in name or "symbol" in name or "\ue000" <= text <= "\uf8ff"):
            text = raw = "•"
        upright = abs(math.sin(span["rotation"])) < 0.5
        last = pieces[-1] if pieces else None
        height = box[3] - box[1]
        # Slanted characters have a tight box, that tells nothing of their size.
        size = 0.0 if span["rotation"] else round(font["size"] if font["size"] > 2 else height, 1)
        weight = next((value for word, value in WEIGHTS if word in name), 400)
        if last and goes_on(last, box, upright, uprights):
            small = height < last.height * 0.8 and box[3] < last.box[3] - last.height * 0.1
            if small and text.isdigit() and not re.search(r"(\b[ckm]?m|\b10)$", last.text):
                space = True
                continue
            gap = space or raw[0].isspace() or box[0] - last.box[2] > 0.25 * height
            last.text += (" " if gap else "") + text
            last.box = union([last.box, box])
        else:
            last = Piece(box, text, upright=upright)
            pieces.append(last)
        if size:
            last.styles[size, weight] += len(text)
        space = raw[-1:].isspace()
    return pieces


def goes_on(piece: Piece, box: Box, upright: bool, rules: list[Box]) -> bool:
    """True where ``box`` continues ``piece`` on its line; a bullet or a number is far from what it opens."""
    if upright != piece.upright:
        return False
    if not upright:
        return abs(box[0] - piece.box[0]) < 3 and min(abs(box[3] - piece.box[1]), abs(box[1] - piece.box[3])) < 6
    height = min(piece.height, box[3] - box[1])
    overlap = min(piece.box[3], box[3]) - max(piece.box[1], box[1])
    gap = box[0] - piece.box[2]
    reach = max(height * 4, 30) if LABEL.match(piece.text) else height
    if overlap < height * 0.5 or not -height * 0.5 <= gap <= reach:
        return False
    middle = (box[1] + box[3]) / 2
    return not any(piece.box[2] - 2 < rule[0] < box[0] + 2 and rule[1] <= middle <= rule[3] for rule in rules)


def clean(text: str) -> str:
    """Return text without ligatures, controls and odd spaces; a cut word keeps its hyphen."""
    text = text.replace("\r", "").replace("-\n", "-").replace("\n", " ").translate(ODD)
    return re.sub(r"\s", " ", re.sub("[ﬀ-ﬆ]", lambda match: unicodedata.normalize("NFKC", match[0]), text))


def union(boxes: Iterable[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


# --- What the pages share -----------------------------------------------------------------------------------------


def body_style(pages: list[Page]) -> tuple[float, int]:
    """Return the (size, weight) of most of the text."""
    styles: Counter[tuple[float, int]] = Counter()
    for _, pieces, _ in pages:
        for piece in pieces:
            for (size, weight), count in piece.styles.items():
                styles[round(size), weight] += count
    return styles.most_common(1)[0][0] if styles else (0.0, 400)


def masked(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def running_lines(pages: list[Page], body: tuple[float, int]) -> set[str]:
    """Return the lines, digits masked, that recur at the edges of the pages: headers and footers.

    A line close to the edge needs three pages; further in, where titles and notes stand too, a third of the pages.
    """
    edge: Counter[str] = Counter()
    margin: Counter[str] = Counter()
    for (_, height), pieces, _ in pages:
        seen = {masked(piece.text): depth(piece, height) for piece in pieces if piece.size < body[0] * 1.4}
        edge.update(text for text, value in seen.items() if value < 0.075)
        margin.update(text for text, value in seen.items() if value < 0.15)
    return {text for text in margin if edge[text] >= 3 or margin[text] >= max(3, len(pages) / 3)}


def depth(piece: Piece, height: float) -> float:
    """How far into the page the piece stands, from the nearest of its top and bottom."""
    middle = (piece.box[1] + piece.box[3]) / 2 / height
    return min(middle, 1 - middle)


def is_furniture(piece: Piece, height: float, furniture: set[str]) -> bool:
    value = depth(piece, height)
    return (value < 0.15 and masked(piece.text) in furniture) or (value < 0.09 and bool(PAGE_NUMBER.match(piece.text)))


# --- Reading order ------------------------------------------------------------------------------------------------


def lines_of(pieces: list[Piece], rules: list[Box]) -> list[Piece]:
    """Return the page's lines and tables in reading order."""
    tables, pieces = tables_of(pieces, rules)
    lines: list[Piece] = []
    for piece in reading_order([piece for piece in pieces if piece.upright] + tables):
        last = lines[-1] if lines else None
        if last and not last.rows and not piece.rows and same_line(last, piece) and piece.box[0] >= last.box[0]:
            lines[-1] = Piece(union([last.box, piece.box]), f"{last.text} {piece.text}", last.styles + piece.styles)
        else:
            lines.append(piece)
    return lines + [piece for piece in pieces if not piece.upright]


def same_line(one: Piece, other: Piece) -> bool:
    overlap = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return overlap > 0.5 * min(one.height, other.height)


def reading_order(pieces: list[Piece]) -> list[Piece]:
    """Cut the page into bands by white lines, bands that share a white gutter into columns, and so on within."""
    bands = bands_of(pieces)
    ordered: list[Piece] = []
    start = 0
    while start < len(bands):
        end, gutters = start, gutters_of(bands[start])
        shared = gutters
        while end + 1 < len(bands) and (shared := common(gutters, gutters_of(bands[end + 1]))):
            end, gutters = end + 1, shared
        group = [piece for band in bands[start : end + 1] for piece in band]
        columns = split(group, gutters)
        if len(columns) > 1:
            for column in columns:
                ordered += reading_order(column)
        elif len(bands) > 1:
            for band in bands[start : end + 1]:
                ordered += reading_order(band)
        else:
            ordered += by_line(group)
        start = end + 1
    return ordered


def bands_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces in bands, from top to bottom, that a white line parts."""
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
    """Return the intervals, wide enough for a gutter, that are white in both, unless only the outer white is left."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others if min(b, d) - max(a, c) >= 9]
    return both


def split(group: list[Piece], gutters: list[tuple[float, float]]) -> list[list[Piece]]:
    """Part the pieces by the gutters that have at least two lines on either side."""
    columns = [group]
    for left, right in gutters:
        if right - left < 9 or math.isinf(left) or math.isinf(right):
            continue
        before = [piece for piece in columns[-1] if piece.box[2] <= left + 0.1]
        after = [piece for piece in columns[-1] if piece.box[0] >= right - 0.1]
        if min(len(bands_of(before)), len(bands_of(after))) >= 2:
            columns[-1:] = [before, after]
    return columns


def by_line(pieces: list[Piece]) -> list[Piece]:
    """Return overlapping pieces line by line."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[1]):
        line = next((line for line in lines if same_line(line[0], piece)), None)
        if line is None:
            lines.append([piece])
        else:
            line.append(piece)
    return [piece for line in lines for piece in sorted(line, key=lambda piece: piece.box[0])]


# --- Tables -------------------------------------------------------------------------------------------------------


def tables_of(pieces: list[Piece], rules: list[Box]) -> tuple[list[Piece], list[Piece]]:
    """Return (tables drawn with lines, the pieces outside them)."""
    tables: list[Piece] = []
    for frame in frames_of(rules):
        area = union(frame)
        inside = [piece for piece in pieces if contains(area, piece)]
        rows = rows_of(inside, frame)
        if sum(len(row) > 1 for row in rows) >= 2:
            texts = tuple("| " + " | ".join(row) + " |" for row in rows)
            tables.append(Piece(area, "\n".join(texts), rows=texts))
            pieces = [piece for piece in pieces if not contains(area, piece)]
    return tables, pieces


def contains(area: Box, piece: Piece) -> bool:
    x, y = (piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def frames_of(rules: list[Box]) -> list[list[Box]]:
    """Group the drawn lines that touch each other."""
    frames: list[list[Box]] = []
    for rule in sorted(rules, key=lambda rule: rule[1]):
        touched = [frame for frame in frames if any(touch(rule, other) for other in frame)]
        frames = [frame for frame in frames if frame not in touched] + [[rule, *(other for frame in touched for other in frame)]]
    return [frame for frame in frames if len(frame) >= 5]


def touch(one: Box, other: Box) -> bool:
    return (
        one[0] <= other[2] + 3 and other[0] <= one[2] + 3 and one[1] <= other[3] + 3 and other[1] <= one[3] + 3
    )


def rows_of(pieces: list[Piece], frame: list[Box]) -> list[list[str]]:
    """Return the texts of a table's cells, row by row; a cell that spans several rows stands in its first."""
    across = [rule for rule in frame if rule[2] - rule[0] >= rule[3] - rule[1]]
    upright = [rule for rule in frame if rule[2] - rule[0] < rule[3] - rule[1]]
    cells: dict[tuple[float, float], list[Piece]] = {}
    for piece in pieces:
        x, y = (piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2
        top = max((rule[1] for rule in across if rule[0] - 3 <= x <= rule[2] + 3 and rule[1] <= y), default=0)
        left = max((rule[0] for rule in upright if rule[1] - 3 <= y <= rule[3] + 3 and rule[0] <= x), default=0)
        cells.setdefault((round(top / 4) * 4, round(left / 4) * 4), []).append(piece)
    rows: dict[float, list[tuple[float, str]]] = {}
    for (top, left), inside in sorted(cells.items()):
        text = " ".join(piece.text for piece in by_line(inside)).replace("|", "/")
        rows.setdefault(top, []).append((left, text))
    return [[text for _, text in row] for row in rows.values()]


# --- Paragraphs and headings --------------------------------------------------------------------------------------


def is_contents(lines: list[Piece]) -> bool:
    """True for a table of contents: it serves navigation, not answers."""
    texts = [line.text for line in lines if not line.rows]
    entries = sum(bool(LEADER.search(text)) or bool(re.search(r"\D\s\d{1,3}$", text)) for text in texts)
    named = any(CONTENTS.match(text) for text in texts[:3])
    return entries >= 3 and entries >= len(texts) * (0.25 if named else 0.4) and (named or sum(bool(LEADER.search(text)) for text in texts) >= 3)


def paragraphs(lines: list[Piece], words: Counter[str]) -> Iterator[Piece]:
    """Yield the page's paragraphs, list items and tables, each as one piece."""
    block: list[Piece] = []
    for line in lines:
        if block and not follows(line, block, lines):
            yield joined(block, words)
            block = []
        block.append(line)
    if block:
        yield joined(block, words)


def follows(line: Piece, block: list[Piece], lines: list[Piece]) -> bool:
    """True where ``line`` continues the paragraph ``block``."""
    last, first = block[-1], block[0]
    if line.rows or last.rows or not line.upright or BULLET.match(line.text):
        return False
    if abs(line.size - last.size) > 0.1 * last.size or (line.weight != last.weight and abs(line.weight - last.weight) >= 200):
        if not (last.text[-1:].islower() and line.text[:1].islower()):
            return False
    if line.box[1] < last.box[1]:  # on top of another column
        return last.text[-1:] not in ".!?:;" and line.text[:1].islower()
    gap = line.box[1] - last.box[3]
    if gap > (min(last.height, line.height) * 0.9) or min(line.box[2], last.box[2]) <= max(line.box[0], last.box[0]):
        return False
    if len(block) > 1 and gap > block[-1].box[1] - block[-2].box[3] + 2.5:
        return False
    if NUMBER.match(line.text):
        return False
    if line.weight >= 500 and line.weight == last.weight:  # a title is cut where its author wants
        return True
    if BULLET.match(first.text) and len(block) > 1 and block[1].box[0] > first.box[0] + 3 and line.box[0] < first.box[0] + 3:
        return False
    # A line that had room for the next one's first word ends its paragraph.
    edge = max(other.box[2] for other in lines if abs(other.box[0] - last.box[0]) < 40)
    room = edge - last.box[2]
    width = (line.box[2] - line.box[0]) / max(len(line.text), 1)
    return line.text[:1].islower() or room < width * (len(line.text.split()[0]) + 4)


def joined(block: list[Piece], words: Counter[str]) -> Piece:
    """Return the lines of a paragraph as one piece, its cut words joined."""
    text = block[0].text
    for line in block[1:]:
        text = join_text(text, line.text, words)
    if not block[0].rows:
        text = re.sub(" {2,}", " ", text).strip()
        text = BULLET.sub("- ", text) if BULLET.match(text) else text
    return Piece(union(line.box for line in block), text, sum((line.styles for line in block), Counter()), block[0].upright, block[0].rows)


def join_text(text: str, line: str, words: Counter[str]) -> str:
    """Join two lines; a hyphen at the end is kept, or not, as the document writes the word elsewhere."""
    cut = re.search(r"([^\W\d_]+)-$", text)
    head = re.match(r"[^\W\d_]+", line)
    if not cut or not head:
        return text + ("" if text.endswith("-") and "/" in text.split()[-1] else " ") + line
    one = (cut[1] + head[0]).casefold()
    two = f"{cut[1]}-{head[0]}".casefold()
    keep = bool(INVERSION.match(line)) or not (cut[1][-1].islower() and head[0][0].islower()) or "/" in text.split()[-1]
    if words[one] or words[two]:
        keep = words[two] > 0 and not words[one]
    return (text if keep else text[:-1]) + line


def heading_rank(block: Piece, body: tuple[float, int]) -> tuple[float, float, int] | None:
    """Return how high a heading stands, the smaller the higher; None for what is no heading."""
    text = block.text
    letters = sum(character.isalpha() for character in text)
    if block.rows or not block.upright or text.startswith("- ") or not 3 <= letters or len(text) > 160:
        return None
    if text.endswith((".", ";", ",")) and not NUMBER.match(text) or text[0].islower() or CAPTION.match(text):
        return None
    size, weight = round(block.size), block.weight
    bigger, bolder = block.size >= body[0] * 1.15, weight >= body[1] + 150
    if not bigger and not (bolder and block.size >= body[0] * 0.95 and not text.endswith(":")):
        return None
    if letters < len(text) * 0.5:
        return None
    return (-size, -weight, 0)


def sections_of(blocks: list[tuple[int, Piece]], body: tuple[float, int]) -> Iterator[Section]:
    """Yield a section for each run of blocks on one page under one heading."""
    path: list[tuple[tuple[float, float, int], str]] = []
    texts: list[str] = []
    page = 0

    def close() -> Iterator[Section]:
        if texts:
            headings = tuple(heading for _, heading in path)
            kind = next((kind for heading in reversed(headings) if (kind := section_kind(heading))), "other")
            yield Section(join_blocks(texts), headings, kind, Locator("page", str(page)))
            texts.clear()

    for number, block in blocks:
        rank = heading_rank(block, body)
        if number != page or rank:
            yield from close()
        page = number
        if rank:
            path = [*(item for item in path if item[0] < rank), (rank, block.text)]
        elif block.rows:
            texts.extend(block.rows)
        else:
            texts.append(block.text)
    yield from close()
