"""Sets and runs as tables: what an evaluator fills in a spreadsheet, and what other tools import.

A table has one row a question. Its columns are the keys of a set's line (``eval/sets/README.md``), or their French names;
a cell that holds several things holds one a line. XLSX by openpyxl; CSV in UTF-8 or as Excel writes it in French.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corpus.errors import InputError
from corpus.files import write_atomically
from eval.metrics import Line, retrieved
from eval.questions import Question

__all__ = ["COLUMNS", "EVALAP", "read_rows", "read_table", "write_rows", "write_table", "written"]

# The column's names, the key of a set's line, and whether a cell holds a list, one a line.
COLUMNS = (
    ("id", "identifiant", False),
    ("question", "question", False),
    ("persona", "public", False),
    ("kinds", "sortes", True),
    ("answerable", "a une réponse", False),
    ("history", "échanges précédents", True),
    ("documents", "documents", True),
    ("anchors", "extraits", True),
    ("nuggets", "faits attendus", True),
    ("edition", "édition", False),
    ("why", "remarque", False),
)
LISTS = {key for key, _, several in COLUMNS if several}
NAMES = {name.casefold(): key for key, french, _ in COLUMNS for name in (key, french)}
TRUTHS = {
    "oui": True,
    "yes": True,
    "vrai": True,
    "true": True,
    "non": False,
    "no": False,
    "faux": False,
    "false": False,
}

# What EvalAP reads (https://github.com/etalab-ia/evalap): a list is written as JSON.
EVALAP = ("query", "output_true", "output", "retrieval_context")
# No cell of a spreadsheet holds more characters.
CELL = 32_767
BOM = b"\xef\xbb\xbf"
# How a cell begins that a spreadsheet would run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What XML cannot hold: a workbook with one of them does not open.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# --- questions ------------------------------------------------------------------------------------------------------


def read_table(path: Path) -> tuple[list[dict[str, Any]], list[InputError]]:
    """Return the lines of a set that a table holds, and one problem for each row that does not fit.

    A row without a question and without anything else is left out. Raise InputError where the table cannot be read, or has
    no column of questions.
    """
    rows = read_rows(path)
    header = [NAMES.get(name.strip().casefold(), "") for name in next(rows, [])]
    if "question" not in header:
        raise InputError("eval_table_no_question", path=path)
    lines: list[dict[str, Any]] = []
    problems: list[InputError] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        cells = {key: unharmed(cell.strip()) for key, cell in zip(header, row, strict=False) if key and cell.strip()}
        if not cells:
            continue
        try:
            if any(cell.strip() for cell in row[len(header) :]):
                raise InputError("eval_table_wide", row=number)
            line = line_of(cells, number)
            if first := seen.get(line["id"]):
                raise InputError("eval_table_duplicate", row=number, id=line["id"], first=first)
        except InputError as problem:
            problems.append(problem)
        else:
            seen[line["id"]] = number
            lines.append(line)
    if not (lines or problems):
        raise InputError("eval_no_questions", path=path)
    return lines, problems


def line_of(cells: Mapping[str, str], row: int) -> dict[str, Any]:
    """Return the line of a set that a row holds; raise InputError that says what does not fit."""
    values: dict[str, Any] = {key: listed(cell) if key in LISTS else cell for key, cell in cells.items()}
    if "question" not in values:
        raise InputError("eval_table_row_without", row=row)
    documents, anchors = values.pop("documents", []), values.pop("anchors", [])
    if len(documents) == 1:
        documents = documents * max(1, len(anchors))
    if len(documents) != len(anchors):
        raise InputError("eval_table_pairs", row=row, documents=len(documents), anchors=len(anchors))
    if anchors:
        values["gold"] = [{"document": one, "anchor": words} for one, words in zip(documents, anchors, strict=True)]
    history = values.pop("history", [])
    if len(history) % 2:
        raise InputError("eval_table_history", row=row)
    if history:
        values["history"] = [list(turn) for turn in zip(history[::2], history[1::2], strict=True)]
    if "answerable" in values:
        said = values["answerable"].casefold()
        if said not in TRUTHS:
            raise InputError("eval_table_truth", row=row, value=values["answerable"])
        values["answerable"] = TRUTHS[said]
    line = {"id": f"q-{row - 1:03d}", **values}
    try:
        Question.model_validate(line)
    except ValidationError as error:
        raise InputError("eval_table_cell", row=row, name=error.errors()[0]["loc"][0]) from error
    return line


def listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.splitlines() if part.strip()]


# --- runs -----------------------------------------------------------------------------------------------------------


def write_table(lines: Sequence[Line], path: Path, evalap: bool = False) -> None:
    """Write a run as a table: what was asked, what was expected, what came; or only what EvalAP imports."""
    if evalap:
        write_rows(path, [evalap_row(line) for line in lines], for_people=False)
    else:
        write_rows(path, [row_of(line) for line in lines])


def evalap_row(line: Line) -> dict[str, str]:
    contexts = [passage["text"] for passage in retrieved(line)]
    values = (
        line.get("question", ""),
        expected(line),
        line.get("answer") or "",
        json.dumps(contexts, ensure_ascii=False),
    )
    return dict(zip(EVALAP, values, strict=True))


def row_of(line: Line) -> dict[str, str]:
    """The columns of a set, so that they can be read back, then what the assistant said."""
    gold = line.get("gold") or ()
    answerable = line.get("answerable")
    return {
        "id": line["id"],
        "question": line.get("question", ""),
        "persona": line.get("persona") or "",
        "kinds": one_a_line(line.get("kinds") or ()),
        "answerable": "" if answerable is None else "oui" if answerable else "non",
        "history": one_a_line(words for turn in line.get("history") or () for words in turn),
        "documents": one_a_line(entry["document"] for entry in gold),
        "anchors": one_a_line(entry["anchor"] for entry in gold),
        "nuggets": one_a_line(line.get("nuggets") or ()),
        "edition": line.get("edition") or "",
        "why": line.get("why") or "",
        "answer": line.get("answer") or "",
        "status": line["status"],
        "citations": "\n".join(
            f"[{one['number']}] {one.get('title', '')} ({one.get('url', '')}) : {' '.join(one['quote'].split())}"
            for one in line.get("citations") or ()
        ),
        "passages": "\n".join(passage["document"] for passage in retrieved(line)),
        "seconds": str((line.get("seconds") or {}).get("answer", "")),
    }


def one_a_line(parts: Iterable[str]) -> str:
    """The cell that ``listed`` reads back: what breaks its line goes on behind a space."""
    return "\n".join(" ".join(part.splitlines()) for part in parts)


def expected(line: Line) -> str:
    """The answer to hold the assistant's against: the facts that a complete one states, or why there is none."""
    return "\n".join(line.get("nuggets") or ()) or line.get("why") or ""


# --- files ----------------------------------------------------------------------------------------------------------


def read_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a table as texts, by its ending; raise InputError where it is none."""
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise InputError("eval_table_ending", path=path)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("eval_no_file", path=path) from error
    except OSError as error:
        raise InputError("eval_unreadable", path=path, problem=error.strerror or str(error)) from error
    return read_xlsx(content, path) if path.suffix.lower() == ".xlsx" else read_csv(content, path)


def read_xlsx(content: bytes, path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # some programs write one cell there, and no other would be read
        rows = list(sheet.iter_rows(values_only=True))
    except Exception as error:  # a damaged archive fails in as many ways as there are archives
        raise InputError("eval_table_damaged", path=path) from error
    return ([written(cell) for cell in row] for row in rows)


def written(cell: object) -> str:
    """A cell as text: Excel keeps « 12 » as 12.0, and « vrai » as True."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def read_csv(content: bytes, path: Path) -> Iterator[list[str]]:
    """UTF-8, or else the Windows code page; commas, or else the semicolons of a French Excel.

    A table of one column has neither: a comma of its cells then divides nothing.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    delimiter = max(",", ";", key=first.count) if {",", ";"} & set(first) else "\t"
    try:
        return iter(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error as error:  # a quotation mark that is never closed takes in the rest of the file
        raise InputError("eval_table_damaged", path=path) from error


def write_rows(
    path: Path, rows: Sequence[Mapping[str, str]], widths: Mapping[str, int] | None = None, for_people: bool = True
) -> None:
    """Write rows that share their columns, in one step; raise InputError for an ending that is no table's.

    ``widths`` are those of an XLSX file's columns, in characters. A CSV file ``for_people`` begins with the mark that tells
    Excel that it is UTF-8, and no cell of it is taken for a formula (OWASP, CSV injection); a program gets the cells as
    they are.
    """
    header = list(rows[0]) if rows else []
    if path.suffix.lower() == ".csv":
        made = io.StringIO(newline="")
        writer = csv.writer(made)
        writer.writerow(header)
        writer.writerows([harmless(row[name]) if for_people else row[name] for name in header] for row in rows)
        write_atomically(path, (BOM if for_people else b"") + made.getvalue().encode(errors="replace"))
    elif path.suffix.lower() == ".xlsx":
        write_atomically(path, xlsx(header, rows, widths or {}))
    else:
        raise InputError("eval_table_ending", path=path)


def harmless(cell: str) -> str:
    """The cell, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unharmed(cell: str) -> str:
    """The cell as it was before ``harmless``."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def xlsx(header: Sequence[str], rows: Sequence[Mapping[str, str]], widths: Mapping[str, int]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.append(header)
    for row in rows:
        sheet.append([UNWRITABLE.sub("", row[name])[:CELL] for name in header])
    for column, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = widths.get(name, 24)
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type = "s"  # no formula, whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
