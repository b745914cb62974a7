"""Workbooks and CSV to sheets of cells, as a person who opens them sees them: each format by its library, all to one shape."""

from __future__ import annotations

import csv
import io
import os
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import xlrd
from openpyxl import load_workbook
from openpyxl.worksheet._reader import WorksheetReader
from openpyxl.worksheet.cell_range import CellRange

from corpus.errors import DocumentError
from corpus.readers.archives import OLE, checked_archive, refuse
from corpus.readers.encoding import decoded
from corpus.readers.odt import attribute
from corpus.readers.office import BROKEN, parse_part

__all__ = ["Sheet", "sheets_of"]

MOST_CELLS = 1_000_000
# The sides of a sheet in the widest of the formats: what an ODS repeats further is not there.
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
# So many rows of a CSV tell how it is written.
SAMPLE_ROWS = 200
SEPARATOR_LINE = re.compile(r"sep=([;,|\t])\n", re.IGNORECASE)

# A number format, piece by piece: quoted text, an escaped character, the digits, any other character.
FORMAT_PIECE = re.compile(r'"([^"]*)"|\\(.)|([#0?](?:[#0?,.]*[#0?,])?)|(.)')
CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
# Conditions and colours, and the space and the filling that only a screen shows.
UNSEEN = re.compile(r"\[[^\]]*\]|[_*].")
TRUTH = {"fr": ("FAUX", "VRAI")}


@dataclass
class Sheet:
    """The filled cells of one visible sheet, without its hidden rows and columns.

    ``rows`` has each cell's text by row and column, counted from 1 as a spreadsheet shows them; ``spans`` the last
    (row, column) of each merged cell by its first. A CSV's only sheet has no name.
    """

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def sheets_of(path: Path, language: str) -> list[Sheet]:
    """Return the visible sheets of a workbook or CSV, numbers written as in ``language``.

    Raise DocumentError where the file is locked, damaged, not what its ending says, or holds more than MOST_CELLS.
    """
    opener = {".xlsx": open_xlsx, ".xls": open_xls, ".ods": open_ods, ".csv": open_csv}[path.suffix.lower()]
    found: list[Sheet] = []
    count = 0
    for sheet, cells in opener(path, language):
        sheet.name = " ".join(sheet.name.split())
        found.append(sheet)
        for row, column, text in cells:
            if text := text.strip():
                sheet.rows.setdefault(row, {})[column] = text
                count += 1
            if count > MOST_CELLS:
                raise DocumentError("sheet_large", most=MOST_CELLS)
        sheet.rows = {row: dict(sorted(sheet.rows[row].items())) for row in sorted(sheet.rows)}
    return found


Cells = Iterator[tuple[int, int, str]]  # row, column, text


def open_xlsx(path: Path, language: str) -> Iterator[tuple[Sheet, Cells]]:
    content = checked_archive(path)
    try:
        with warnings.catch_warnings(action="ignore"):  # of what openpyxl leaves out: macros, pictures, validations
            book = load_workbook(content, data_only=True, keep_links=False)
    except BROKEN as error:
        raise DocumentError("document_damaged") from error
    for page in book.worksheets:
        if page.sheet_state != "visible":
            continue
        yield Sheet(page.title, spans=page.spans), xlsx_cells(page, language)


def xlsx_cells(page: Any, language: str) -> Cells:
    groups = [group for group in page.column_dimensions.values() if group.hidden]
    columns = {column for group in groups for column in range(group.min, group.max + 1)}
    rows = {number for number, row in page.row_dimensions.items() if row.hidden}
    # The iterators of openpyxl go through every empty cell up to the last one, which may be 17 billion.
    for (row, column), cell in page._cells.items():
        if cell.value is None or cell.data_type == "e" or row in rows or column in columns:
            continue
        code = ""
        with suppress(LookupError):  # a style that a broken file lacks
            code = cell.number_format
        yield row, column, shown(cell.value, code, language)


def note_merged(reader: Any) -> None:
    """Note in ``spans`` of a sheet which of its cells are merged, and drop those that another covers."""
    merged, cells = reader.parser.merged_cells, reader.ws._cells
    reader.ws.spans = {}
    for left, top, right, bottom in (CellRange(one.ref).bounds for one in (merged.mergeCell if merged else ())):
        reader.ws.spans[top, left] = bottom, right
        few = (bottom - top + 1) * (right - left + 1) <= len(cells)
        covered = product(range(top, bottom + 1), range(left, right + 1)) if few else list(cells)
        for row, column in covered:
            if top <= row <= bottom and left <= column <= right and (row, column) != (top, left):
                cells.pop((row, column), None)


# openpyxl's own way makes a cell of each that is merged: a million for a column, billions for a sheet.
WorksheetReader.bind_merged_cells = note_merged


def open_xls(path: Path, language: str) -> Iterator[tuple[Sheet, Cells]]:
    content = path.read_bytes()
    with open(os.devnull, "w") as nowhere:
        try:
            book = xlrd.open_workbook(file_contents=content, logfile=nowhere, formatting_info=True, ragged_rows=True)
        except MemoryError:
            raise
        except Exception as error:  # whatever xlrd stumbles over in a broken file
            if "encrypted" in str(error).lower():
                raise DocumentError("document_locked") from error
            if content.startswith(b"PK"):
                raise DocumentError("document_other", found=".xlsx", ending=".xls") from error
            if not content.startswith(OLE):
                refuse(content, ".xls")
            raise DocumentError("document_damaged") from error
    for page in book.sheets():
        if page.visibility:
            continue
        spans = {(row + 1, column + 1): (last, end) for row, last, column, end in page.merged_cells}
        yield Sheet(page.name, spans=spans), xls_cells(book, page, language)


def xls_cells(book: Any, page: Any, language: str) -> Cells:
    rows = {number for number, row in page.rowinfo_map.items() if row.hidden}
    columns = {number for number, column in page.colinfo_map.items() if column.hidden}
    for row in sorted(set(range(page.nrows)) - rows):
        for column, cell in enumerate(page.row(row)):
            if column in columns or cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
                continue
            value = cell.value
            if cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            elif cell.ctype == xlrd.XL_CELL_DATE:
                try:
                    value = xlrd.xldate_as_datetime(value, book.datemode)
                    value = value.time() if cell.value < 1 else value
                except (OverflowError, ValueError):  # a date that no calendar has
                    continue
            code = ""
            with suppress(LookupError):  # a style that a broken file lacks
                code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
            yield row + 1, column + 1, shown(value, code, language)


def open_ods(path: Path, language: str) -> Iterator[tuple[Sheet, Cells]]:
    with zipfile.ZipFile(checked_archive(path)) as archive:
        root = parse_part(archive, "content.xml")
    hidden = {
        attribute(style, "name")
        for style in root.iter("{*}style")
        if any(attribute(look, "display") == "false" for look in style.iterchildren("{*}table-properties"))
    }
    for table in root.iterfind("{*}body/{*}spreadsheet/{*}table"):
        if attribute(table, "style-name") not in hidden:
            sheet = Sheet(attribute(table, "name"))
            yield sheet, ods_cells(table, sheet.spans)


def ods_cells(table: Any, spans: dict[tuple[int, int], tuple[int, int]]) -> Cells:
    """Yield the cells of a table, and note in ``spans`` those that are merged."""

    def repeated(node: Any, name: str, most: int) -> int:
        count = attribute(node, name)
        return min(int(count[:9]), most) if count.isdecimal() else 1

    def seen(node: Any) -> bool:
        return attribute(node, "visibility") not in ("collapse", "filter")

    columns: set[int] = set()  # hidden ones
    column = 1
    for node in table.iter("{*}table-column"):
        count = repeated(node, "number-columns-repeated", MOST_COLUMNS)
        if not seen(node) and column <= MOST_COLUMNS:
            columns.update(range(column, column + count))
        column += count
    row = 1
    for line in table.iter("{*}table-row"):
        times = repeated(line, "number-rows-repeated", MOST_ROWS)
        column = 1
        for cell in line.iterchildren("{*}table-cell", "{*}covered-table-cell"):
            count = repeated(cell, "number-columns-repeated", MOST_COLUMNS)
            across = repeated(cell, "number-columns-spanned", MOST_COLUMNS)
            down = repeated(cell, "number-rows-spanned", MOST_ROWS)
            if across > 1 or down > 1:
                spans[row, column] = (row + down - 1, column + across - 1)
            text = ods_text(cell) if seen(line) and cell.tag.endswith("}table-cell") else ""
            if text and row <= MOST_ROWS and column <= MOST_COLUMNS:
                visible = [place for place in range(column, column + count) if place not in columns]
                for place in product(range(row, row + times), visible):
                    yield *place, text
            column += count
        row += times


def ods_text(cell: Any) -> str:
    """Return what an ODS shows in a cell: its paragraphs, a date as ISO writes it, nothing for an error."""
    types = [value for key, value in cell.attrib.items() if key.endswith("}value-type")]
    if "error" in types:
        return ""
    if "date" in types and (value := attribute(cell, "date-value")):
        return value[:16].replace("T", " ").removesuffix(" 00:00")

    def words(node: Any) -> str:
        text = node.text or ""
        for child in node.iterchildren("{*}*"):
            kind = child.tag.partition("}")[2]
            if kind in ("s", "tab"):
                text += " "
            elif kind == "line-break":
                text += "\n"
            else:
                text += words(child)
            text += child.tail or ""
        return text

    return "\n".join(words(paragraph) for paragraph in cell.iterchildren("{*}p"))


def open_csv(path: Path, language: str) -> Iterator[tuple[Sheet, Cells]]:
    text = decoded(path)
    delimiters = ";,\t"
    if line := SEPARATOR_LINE.match(text):  # how Excel is told
        delimiters, text = line[1], text[line.end() :]
    rows = csv_rows(text, delimiters)
    yield (
        Sheet(""),
        ((row, column, value) for row, cells in enumerate(rows, 1) for column, value in enumerate(cells, 1)),
    )


def csv_rows(text: str, delimiters: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV, read in the way that gives most of its first rows the same number of cells."""
    manners = [{"delimiter": delimiter, "doublequote": True} for delimiter in delimiters]
    if '\\"' in text:
        # Programs that write \" for a quote write \n for a line break.
        manners += [{"delimiter": delimiter, "escapechar": "\\", "doublequote": False} for delimiter in delimiters]
    manner = max(manners, key=lambda manner: evenness(text, manner))
    if evenness(text, manner)[0] < 0.5:  # no table: a row a line
        manner = {"delimiter": "\x1f"}
    return parsed(text, manner)


def parsed(text: str, manner: dict[str, Any]) -> Iterator[list[str]]:
    if "escapechar" in manner:
        text = text.replace("\\n", "\n")
    reader = csv.reader(io.StringIO(text, newline=""), **manner)
    try:
        yield from reader
    except csv.Error as error:
        raise DocumentError("csv_broken", line=reader.line_num) from error


def evenness(text: str, manner: dict[str, Any]) -> tuple[float, int]:
    """Return (share of the first rows that have the usual number of cells, that number); (0, 0) where it is one cell."""
    widths: list[int] = []
    try:
        for row in parsed(text, manner):
            widths.extend([len(row)] if row else [])
            if len(widths) == SAMPLE_ROWS:
                break
    except DocumentError:
        pass
    usual = max(set(widths), key=widths.count, default=0)
    return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)


def shown(value: Any, code: str, language: str) -> str:
    """Return a cell's value as its number format ``code`` shows it, dates in ISO; an empty string where it shows nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return TRUTH.get(language, ("FALSE", "TRUE"))[value]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        hours, minutes = divmod(round(value.total_seconds() / 60), 60)
        return f"{hours}:{minutes:02}"
    try:
        return number_shown(float(value), code, language)
    except OverflowError:  # larger than any that a spreadsheet calculates with
        return ""


def number_shown(value: float, code: str, language: str) -> str:
    """Return a number as a format such as ``# ##0,00 "€"`` or ``0%`` (in Excel's own notation) shows it."""
    mark, thousands = (",", "\u202f") if language == "fr" else (".", ",")
    sections = code.split(";")
    section = sections[0]
    if value == 0 and len(sections) > 2:
        section = sections[2]
    elif value < 0 and len(sections) > 1:
        section, value = sections[1], -value  # which writes its own sign
    if code and not section:
        return ""
    pieces = FORMAT_PIECE.findall(UNSEEN.sub("", CURRENCY.sub(r'"\1"', section)))
    digits = [digit for _, _, digit, _ in pieces if digit]
    letters = "".join(other for _, _, _, other in pieces)
    if not digits and any(quoted or escaped for quoted, escaped, _, _ in pieces) and "@" not in letters:
        return "".join(quoted or escaped or other for quoted, escaped, _, other in pieces)
    # One run of digits alone is written here; fractions, powers of ten and the format that every cell has are not.
    if len(digits) != 1 or re.search(r"[A-Za-z/@]", letters):
        plain = str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
        return plain.replace(".", mark)
    [places] = digits
    whole, _, decimals = places.rstrip(",").partition(".")
    value = value * 100 ** letters.count("%") / 1000 ** (len(places) - len(places.rstrip(",")))
    number = f"{abs(value):{',' if ',' in whole else ''}.{len(decimals)}f}"
    integer, _, fraction = number.partition(".")
    fraction = fraction[: len(decimals.rstrip("#?"))] + fraction[len(decimals.rstrip("#?")) :].rstrip("0")
    integer = integer.zfill(whole.count("0")).replace(",", thousands)
    sign = "-" if value < 0 and (integer + fraction).strip("0" + thousands) else ""
    written = sign + integer + (mark + fraction if fraction else "")
    return "".join(written if digit else quoted or escaped or other for quoted, escaped, digit, other in pieces)
