"""Spreadsheets (XLSX, ODS, XLS, CSV): each row of a table a section that names its columns; the skills referential typed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, groupby, pairwise
from pathlib import Path

from corpus.documents import Document, Locator, Section
from corpus.lexical import fold
from corpus.readers.json_data import LINK, paragraphs
from corpus.readers.section_kinds import section_kind
from corpus.readers.source_file import SourceFile
from corpus.readers.workbook import Sheet, sheets_of

__all__ = ["read"]

# Where the row of column names is looked for: among the first rows, as wide as most of the widest one.
HEADER_WITHIN = 30
HEADER_SHARE = 0.7
BODY_SAMPLE = 100
# The most characters of a column's name, of either name where there are two columns, of the name of a group of columns.
NAME_CHARACTERS = 120
PAIR_CHARACTERS = 40
GROUP_CHARACTERS = 60
# A longer cell is a paragraph, whose sentences can be quoted one by one; a shorter one an item of a list.
ITEM_CHARACTERS = 200
# A longer row makes several sections, each starting with the cells that name it: its first ones, at most so many.
ROW_CHARACTERS = 1200
NAMING_CELLS = 3
NAMING_CHARACTERS = 300
# The rows of a sheet without columns' names are joined up to so many characters.
PROSE_CHARACTERS = 500

NUMBER = re.compile(r"[-+]?[\d\s.,:/%€-]+")

# The columns of the skills referential; those that follow name a job each, and give it a level.
SKILL_COLUMNS = {
    "type": re.compile("type de competences?"),
    "domain": re.compile("domaine de competences?"),
    "number": re.compile("n° d.identification.*"),
    "skill": re.compile("competences?"),
    "comment": re.compile("commentaires?"),
}
LEVELS = ("5", "4", "3", "2", "1")
LEVEL_CHARACTERS = 500


Shared = Mapping[int, Mapping[int, str]]  # by row and column, the cells that a row shares with one above it


@dataclass(frozen=True)
class Table:
    """Where the table of a sheet is: its columns' names, the row that holds them, and the first and last row of all names."""

    names: Mapping[int, str]
    header: int
    first: int
    last: int


def read(source: SourceFile) -> list[Document]:
    """Return the file as one document, and each skill of a skills referential as one before it.

    Raise DocumentError where the file is locked, damaged, too large or not what its ending says.
    """
    documents: list[Document] = []
    sections: list[Section] = []
    said: set[str] = set()
    for sheet in sheets_of(source.path, source.entry.language):
        shared = shared_cells(sheet)
        table = table_of(sheet, shared)
        columns = skill_columns(table) if table else {}
        if table and columns:
            documents.extend(skill_documents(source, sheet, table, columns, {document.id for document in documents}))
            continue
        sections.extend(sheet_sections(sheet, table, shared, said))
    if sections or not documents:
        title = Path(source.name).stem
        documents.append(source.document(title=title, url=source.entry.url, sections=tuple(sections)))
    return documents


def table_of(sheet: Sheet, shared: Shared) -> Table | None:
    """Return where the table of a sheet is, or None where no row names columns."""
    widest = max(map(len, sheet.rows.values()), default=0)
    for row in list(sheet.rows)[:HEADER_WITHIN] if widest > 1 else ():
        cells = {**shared.get(row, {}), **sheet.rows[row]}
        if sum(not wide(sheet, row, column) for column in cells) >= HEADER_SHARE * widest:
            # A name that is merged with the cell below it is as tall as two levels of names.
            last = min(row + 3, max(sheet.spans.get((row, column), (row, 0))[0] for column in cells))
            first = row - 1 if names_groups(sheet, row - 1) else row
            names = column_names(sheet, first, last)
            return Table(names, row, first, last) if are_names(sheet, cells, last, names) else None
    return None


def wide(sheet: Sheet, row: int, column: int) -> bool:
    """True where a cell is merged with the next column."""
    return sheet.spans.get((row, column), (row, column))[1] > column


def are_names(sheet: Sheet, cells: Mapping[int, str], last: int, names: Mapping[int, str]) -> bool:
    """True where the cells of a row read as names: short, no numbers, like nothing below them, and in full distinct."""
    longest = PAIR_CHARACTERS if len(cells) == 2 else NAME_CHARACTERS
    for text in cells.values():
        if len(text) > longest or "://" in text or text.endswith(".") or NUMBER.fullmatch(text):
            return False
    body = [below for row, below in sheet.rows.items() if row > last and below != cells][:BODY_SAMPLE]
    shapes = {column: re.sub(r"\d+", "0", text) for column, text in cells.items()}
    alike = any(
        re.sub(r"\d+", "0", below.get(column, "")) == shape for below in body for column, shape in shapes.items()
    )
    if not body or alike or len(set(names.values())) < 0.9 * len(cells):
        return False
    # Two cells below a title may as well be a term and what it means, unless one below them is a number.
    counted = any(NUMBER.fullmatch(text) for below in body for text in below.values())
    return len(cells) > 2 or counted or last == min(sheet.rows)


def names_groups(sheet: Sheet, row: int) -> bool:
    """True where a row holds several short cells alone, each merged over columns or with the cell below it."""
    cells = sheet.rows.get(row, {})
    return len(cells) > 1 and all(
        (row, column) in sheet.spans and len(text) <= GROUP_CHARACTERS for column, text in cells.items()
    )


def column_names(sheet: Sheet, first: int, last: int) -> dict[int, str]:
    """Return the name of each column: what the rows of names say of it, from the group down."""
    names: dict[int, list[str]] = {}
    for row in range(first, last + 1):
        for column, text in sheet.rows.get(row, {}).items():
            name = one_line(text).rstrip(" :")
            for place in range(column, sheet.spans.get((row, column), (row, column))[1] + 1):
                if name not in names.setdefault(place, []):
                    names[place].append(name)
    return {column: " – ".join(parts) for column, parts in names.items()}


def tidy(text: str) -> str:
    """Return a cell's text in the layout of ``Section.text``, a link of Markdown by its label."""
    return paragraphs(LINK.sub(r"\1", text)) or text


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def sheet_sections(sheet: Sheet, table: Table | None, shared: Shared, said: set[str]) -> Iterator[Section]:
    """Yield the sections of a sheet: one or more a row of its table, and the prose around it that is not ``said`` yet."""
    kind = section_kind(sheet.name) or "other"

    def section(row: int, text: str) -> Section:
        return Section(text, heading_path(sheet), kind, place_of(sheet, row))

    def prose_sections(rows: list[int]) -> Iterator[Section]:
        for row, text in prose(sheet, rows):
            if text not in said:  # what heads one sheet after the other is read once
                said.add(text)
                yield section(row, text)

    if table is None:
        yield from prose_sections(list(sheet.rows))
        return
    body = [row for row in sheet.rows if row > table.last]
    notes = dict.fromkeys(row for row in body if is_note(sheet, row, shared))
    yield from prose_sections([row for row in sheet.rows if row < table.first])
    for row in body:
        if row not in notes and sheet.rows[row] != sheet.rows[table.header]:
            for text in row_texts(sheet, row, shared.get(row, {}), table.names):
                yield section(row, text)
    yield from prose_sections(list(notes))


def heading_path(sheet: Sheet) -> tuple[str, ...]:
    return (sheet.name,) if sheet.name else ()


def place_of(sheet: Sheet, row: int) -> Locator:
    return Locator("row", f"{sheet.name}!{row}" if sheet.name else str(row))


def shared_cells(sheet: Sheet) -> dict[int, dict[int, str]]:
    """Return the short cells that are merged with cells below them, in each of the rows below."""
    shared: dict[int, dict[int, str]] = {}
    rows = list(sheet.rows)
    for (row, column), (last, _) in sheet.spans.items():
        text = sheet.rows.get(row, {}).get(column, "")
        if text and last > row and len(text) <= NAME_CHARACTERS:
            for below in rows[bisect_right(rows, row) : bisect_right(rows, last)]:
                shared.setdefault(below, {})[column] = text
    return shared


def is_note(sheet: Sheet, row: int, shared: Shared) -> bool:
    """True where a row is one cell apart: merged over columns, or below an empty row; a sentence about the table."""
    [column, *others] = sheet.rows[row]
    return not others and row not in shared and (wide(sheet, row, column) or row - 1 not in sheet.rows)


def row_texts(sheet: Sheet, row: int, shared: Mapping[int, str], names: Mapping[int, str]) -> Iterator[str]:
    """Yield the text of a row, in several parts where it is long."""
    cells = {**shared, **sheet.rows[row]}
    end = max(names)
    blocks = []
    for column in sorted(cells):
        last = sheet.spans.get((row, column), (row, column))[1]
        # What is merged over columns of several names belongs to none of them.
        name = names.get(column, "")
        alone = all(names.get(place, "") == name for place in range(column, min(last, end) + 1))
        blocks.append(block(name if alone else "", cells[column]))
    naming: list[str] = []
    for text in blocks[:NAMING_CELLS]:
        if sum(map(len, naming)) + len(text) > NAMING_CHARACTERS:
            break
        naming.append(text)
    part: list[str] = []
    for text in blocks:
        if len(part) > len(naming) and sum(map(len, part)) + len(text) > ROW_CHARACTERS:
            yield laid_out(part)
            part = list(naming)
        part.append(text)
    yield laid_out(part)


def block(name: str, text: str) -> str:
    """Return a cell with its column's name: an item where it is short, else paragraphs."""
    text = tidy(text)
    if "\n" not in text and len(text) <= ITEM_CHARACTERS and not text.startswith("- "):
        return f"- {name} : {text}" if name else f"- {text}"
    return (f"{name} :\n\n{text}" if text.startswith("- ") else f"{name} : {text}") if name else text


def laid_out(blocks: list[str]) -> str:
    """Return blocks as one text: items one below the other, paragraphs apart by a blank line."""
    text = blocks[0]
    for above, below in pairwise(blocks):
        item = above.startswith("- ") and below.startswith("- ") and "\n" not in above + below
        text += ("\n" if item else "\n\n") + below
    return text


def prose(sheet: Sheet, rows: list[int]) -> Iterator[tuple[int, str]]:
    """Yield (first row, text) of the rows of a sheet that is no table, those that follow each other joined."""
    for _, following in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
        blocks: list[str] = []
        first = 0
        for _, row in following:
            if blocks and sum(map(len, blocks)) >= PROSE_CHARACTERS:
                yield first, laid_out(blocks)
                blocks = []
            first = first if blocks else row
            blocks.extend(prose_blocks(sheet, row))
        yield first, laid_out(blocks)


def prose_blocks(sheet: Sheet, row: int) -> list[str]:
    """Return the cells of a row without columns: its first names the others, save those that are paragraphs of their own."""
    cells = sheet.rows[row]
    first = min(cells)
    apart = {column: tidy(text) for column, text in cells.items() if "\n" in text or wide(sheet, row, column)}
    name, *others = [one_line(text) for column, text in cells.items() if column not in apart or column == first]
    if not others or first in apart or len(name) > NAME_CHARACTERS:
        return [tidy(text) for text in cells.values()]
    return [block(name.rstrip(" :"), " ; ".join(others)), *apart.values()]


def skill_columns(table: Table) -> dict[str, int]:
    """Return the columns of a skills referential by what they hold, or nothing where the table is another."""
    columns = {
        what: column
        for what, name in SKILL_COLUMNS.items()
        for column, text in table.names.items()
        if name.fullmatch(fold(text).replace("’", "'"))
    }
    return columns if SKILL_COLUMNS.keys() - {"comment"} <= columns.keys() else {}


def skill_documents(
    source: SourceFile, sheet: Sheet, table: Table, columns: Mapping[str, int], taken: set[str]
) -> Iterator[Document]:
    """Yield one document a skill, with the level that it takes in each job; no id is among ``taken``, which grows."""
    jobs = {
        column: re.sub(r"\s*\n\s*(?=[A-Z])", " / ", text)
        for column, text in sheet.rows[table.header].items()
        if column > max(columns.values())
    }
    domain = ""
    for row, cells in sheet.rows.items():
        values = {what: one_line(cells.get(column, "")) for what, column in columns.items()}
        if row <= table.last or not values["number"].isdecimal() or not values["skill"]:
            continue
        domain = values["domain"] or domain  # one cell for all skills of a domain
        values["domain"] = domain
        number, skill = values["number"], values["skill"]
        levels = {one_line(job): cells[column] for column, job in jobs.items() if cells.get(column) in LEVELS}
        lines = [f"- {table.names[column]} : {values[what]}" for what, column in columns.items() if values[what]]
        for level in LEVELS:
            for found in level_jobs(levels, level):
                lines.append(f"- Niveau {level} : {' ; '.join(found)}")
        # The referential gives some numbers twice.
        id = next(id for n in count(1) if (id := f"{source.name}#{number}" + (f"-{n}" if n > 1 else "")) not in taken)
        taken.add(id)
        yield source.document(
            id=id,
            title=skill,
            url=source.entry.url,
            kind="training",
            sections=(
                Section(
                    "\n".join(lines),
                    (*heading_path(sheet), f"{number} – {skill}"),
                    "other",
                    place_of(sheet, row),
                ),
            ),
            properties={
                "number": number,
                "skill": skill,
                "type": values["type"],
                "domain": domain,
                "comment": values.get("comment", ""),
                "levels": tuple(f"{job} : {level}" for job, level in levels.items()),
            },
        )


def level_jobs(levels: Mapping[str, str], level: str) -> Iterator[list[str]]:
    """Yield the jobs of one level, as many at once as a line holds: a passage that a long list is cut into names its level."""
    line: list[str] = []
    for job in (job for job, value in levels.items() if value == level):
        if line and sum(map(len, line)) + len(job) > LEVEL_CHARACTERS:
            yield line
            line = []
        line.append(job)
    if line:
        yield line
