"""Tables in and out, in real files: what a spreadsheet saves becomes a set, and what a run exports is read back the same."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from eval.__main__ import main
from eval.questions import read_questions

Capture = pytest.CaptureFixture[str]
# How tables are saved: by most programs, by some, by a French LibreOffice, by a French Excel, and as a workbook.
FORMS = [
    ("t.csv", "utf-8-sig", ","),
    ("t.CSV", "utf-8", ","),
    ("t.csv", "utf-8", ";"),
    ("t.csv", "cp1252", ";"),
    ("t.xlsx", "", ""),
]
ENDINGS = ["t.csv", "t.xlsx"]
ENGLISH = "id question persona kinds answerable history documents anchors nuggets edition why note".split()
FRENCH = (
    "identifiant|Question|public|SORTES| a une réponse |échanges précédents|documents|extraits|faits attendus|édition"
    "|remarque|notes"
).split("|")
ROW = (
    "q1|Quels critères, et d’où ?|buyer|figure\nlist|oui|Et l’eau ?\nPeu.|a.md\nb.md|cinq par jour\ndix ; au plus"
    "|Cinq.\n \n Dix. |2024|à revoir|rien à lire"
).split("|")
LINE = {
    "id": "q1",
    "question": "Quels critères, et d’où ?",
    "persona": "buyer",
    "kinds": ["figure", "list"],
    "answerable": True,
    "history": [["Et l’eau ?", "Peu."]],
    "gold": [{"document": "a.md", "anchor": "cinq par jour"}, {"document": "b.md", "anchor": "dix ; au plus"}],
    "nuggets": ["Cinq.", "Dix."],
    "edition": "2024",
    "why": "à revoir",
}


def save(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    if path.suffix == ".xlsx":
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def imported(table: Path) -> list[dict[str, Any]]:
    out = table.with_name("imported.jsonl")
    assert main(["import", str(table), "--out", str(out), "--force"]) == 0
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def run_of(path: Path, *lines: dict[str, Any]) -> Path:
    known = {"question": "Un ?", "answer": "Voici.", "status": "answered", "abstained": False, "passages": []}
    path.write_text("".join(json.dumps({**known, **line}) + "\n" for line in lines), "utf-8")
    return path


def export(run: Path, out: Path, *options: str) -> list[list[Any]]:
    """Return the cells of what is exported, as another program than ours reads them."""
    assert main(["export", str(run), "--out", str(out), "--force", *options]) == 0
    if out.suffix == ".xlsx":
        return [list(row) for row in load_workbook(out).active.iter_rows(values_only=True)]
    with out.open(encoding="utf-8" if options else "utf-8-sig", newline="") as file:
        return list(csv.reader(file))


# --- import ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [ENGLISH, FRENCH], ids=["english", "french"])
@pytest.mark.parametrize("form", FORMS, ids="-".join)
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, form: tuple[str, str, str], header: list[str]) -> None:
    name, *saved = form
    table = save(tmp_path / name, [header, ROW, ["", "Et après ?"]], *saved)
    assert imported(table) == [LINE, {"id": "q-002", "question": "Et après ?"}]


def test_a_workbook_holds_numbers_booleans_and_empty_rows(tmp_path: Path) -> None:
    header = ["id", "question", "answerable", "edition"]
    rows = [[12, "Un ?", True, 2024.0], [], [None, " ", None, None], [None, "Deux ?", False, 4.1], [1.0, 2026]]
    assert imported(save(tmp_path / "t.xlsx", [header, *rows])) == [
        {"id": "12", "question": "Un ?", "answerable": True, "edition": "2024"},
        {"id": "q-004", "question": "Deux ?", "answerable": False, "edition": "4.1"},
        {"id": "1", "question": "2026"},
    ]


def test_yes_and_no_as_people_and_spreadsheets_write_them(tmp_path: Path) -> None:
    said = "oui YES Vrai TRUE non No FAUX false".split()
    table = save(tmp_path / "t.csv", [["question", "answerable"], *([word, word] for word in said)])
    assert [line["answerable"] for line in imported(table)] == [True] * 4 + [False] * 4


def test_a_single_document_goes_with_every_anchor(tmp_path: Path) -> None:
    [line] = imported(save(tmp_path / "t.csv", [["question", "documents", "anchors"], ["Un ?", "a.md", "un\ndeux"]]))
    assert line["gold"] == [{"document": "a.md", "anchor": "un"}, {"document": "a.md", "anchor": "deux"}]


def test_a_comma_divides_nothing_in_a_table_of_one_column(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("question\r\nQuels critères, et d’où ?\r\n".encode("cp1252"))
    assert imported(tmp_path / "t.csv") == [{"id": "q-001", "question": "Quels critères, et d’où ?"}]


def test_a_workbook_of_another_program_is_read_whole(tmp_path: Path) -> None:
    # It says that it holds a single cell, and writes whole numbers as others do not.
    odd = {b'<dimension ref="A1:B2"': b'<dimension ref="A1"', b"<v>12</v>": b"<v>1.2E1</v>"}
    whole = save(tmp_path / "whole.xlsx", [["id", "question"], [12, "Un ?"]])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for usual, other in odd.items():
                assert usual in content or not name.endswith("sheet1.xml")
                content = content.replace(usual, other)
            new.writestr(name, content)
    assert imported(tmp_path / "t.xlsx") == [{"id": "12", "question": "Un ?"}]


# Rows, each with what is said of it.
BAD_ROWS = [
    (["q1", "Un ?"], ""),
    (["q2", "", "oui"], "Ligne 3\u00a0: il manque la question."),
    (
        ["q3", "Trois ?", "peut-être"],
        "Ligne 4\u00a0: «\u00a0a une réponse\u00a0» vaut oui ou non, et pas «\u00a0peut-être\u00a0».",
    ),
    (["q4", "Quatre ?", "", "Et l’eau ?"], "Ligne 5\u00a0: les échanges précédents vont par deux lignes"),
    ([], ""),
    (
        ["q5", "?", "", "", "a\nb", "un\ndeux\ntrois"],
        "Ligne 7\u00a0: il faut autant de documents (2) que d’extraits (3)",
    ),
    (["q6", "?", "", "", "a"], "Ligne 8\u00a0: il faut autant de documents (1) que d’extraits (0)"),
    (["q1", "Sept ?"], "Ligne 9\u00a0: l’identifiant «\u00a0q1\u00a0» est déjà celui de la ligne 2."),
    (["q8", "Huit ?", "non"], ""),
    (["q9", "Neuf", "", "", "", "", " et le reste ?"], "Ligne 11\u00a0: elle a plus de cellules que la première ligne"),
]


@pytest.mark.parametrize("name", ENDINGS)
def test_every_row_that_does_not_fit_is_told_and_nothing_is_written(tmp_path: Path, capsys: Capture, name: str) -> None:
    header = ["id", "question", "answerable", "history", "documents", "anchors"]
    table, out = save(tmp_path / name, [header, *(row for row, _ in BAD_ROWS)]), tmp_path / "out.jsonl"
    out.write_text("precious")
    assert main(["import", str(table), "--out", str(out), "--force"]) == 2
    shown = capsys.readouterr()
    *told, last = shown.err.splitlines()
    expected = [words for _, words in BAD_ROWS if words]
    assert [line[: len(words)] for line, words in zip(told, expected, strict=True)] == expected
    assert last.startswith(f"Rien n’a été écrit\u00a0: corrigez dans {table} ce que disent les 7 lignes")
    assert (shown.out, out.read_text()) == ("", "precious")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.csv", None, "n’existe pas"),
        ("t.ods", b"question\n", "ni un .xlsx ni un .csv"),
        ("t.csv", b"id,answer\nq1,Un ?\n", "colonne «\u00a0question\u00a0»"),
        ("t.csv", b"", "colonne «\u00a0question\u00a0»"),
        ("t.csv", b"question,id\n,\n", "aucune question"),
        ("t.csv", b'question,id\r\n"' + b"Un ?,q1\r\n" * 20_000, "ne s’ouvre pas"),
        ("t.xlsx", b"", "ne s’ouvre pas"),
        ("t.xlsx", b"PK\x03\x04 cut", "ne s’ouvre pas"),
        ("t.xlsx", b"question\nUn ?\n", "ne s’ouvre pas"),
        ("folder.xlsx", None, "Impossible de lire"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: Capture, name: str, content: bytes | None, words: str
) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    table, out = tmp_path / name, tmp_path / "out.jsonl"
    if content is not None:
        table.write_bytes(content)
    assert main(["import", str(table), "--out", str(out)]) == 2
    shown = capsys.readouterr().err
    assert (shown.count("\n"), words in shown, str(table) in shown, out.exists()) == (1, True, True, False)


# --- both -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["import", "export", "export --evalap"])
def test_a_file_is_replaced_only_by_force_and_a_folder_never(tmp_path: Path, capsys: Capture, command: str) -> None:
    table, run = save(tmp_path / "t.csv", [["question"], ["Un ?"]]), run_of(tmp_path / "run.jsonl", {"id": "q1"})
    name, *options = command.split()
    start = [name, str(table if name == "import" else run), *options, "--out"]
    (tmp_path / "out.csv").write_text("precious")
    (tmp_path / "folder.csv").mkdir()
    refused = {"out.csv": "--force", "folder.csv --force": "est un dossier", "none/out.csv": str(tmp_path / "none")}
    if name == "export":
        refused["out.ods"] = "ni un .xlsx ni un .csv"
    for out, words in refused.items():
        out, *force = out.split()
        assert main([*start, str(tmp_path / out), *force]) == 2
        shown = capsys.readouterr().err
        assert (shown.count("\n"), words in shown) == (1, True)
    assert {path.name for path in tmp_path.iterdir()} == {"t.csv", "run.jsonl", "out.csv", "folder.csv"}
    assert (tmp_path / "out.csv").read_text() == "precious"
    assert main([*start, str(tmp_path / "out.csv"), "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"written": 1}
    assert "Un ?" in (tmp_path / "out.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("name", ENDINGS)
def test_what_is_exported_is_imported_the_same(tmp_path: Path, name: str) -> None:
    turns = [["Le « poids » ?", "Deux  Mo."]]
    questions = [
        LINE,
        {"id": "007", "question": "Rien ?", "answerable": False, "why": "Absent.", "kinds": ["law"]},
        {"id": "q3", "question": "Deux\nlignes ?", "history": turns, "answerable": None},
    ]
    labels = tmp_path / "set.jsonl"
    labels.write_text("".join(json.dumps(line) + "\n" for line in questions), "utf-8")
    labelled, bare = run_of(tmp_path / "run.jsonl", *questions), run_of(tmp_path / "bare.jsonl", {"id": "q1"})
    # The bare run takes its labels from the set, and the two questions that it does not answer have their row too.
    for run, *options in ([labelled], [bare, "--questions", str(labels)]):
        assert main(["export", str(run), "--out", str(tmp_path / name), "--force", *options]) == 0
        imported(tmp_path / name)
        found = read_questions(tmp_path / "imported.jsonl")
        assert [one.model_dump() for one in found] == [one.model_dump() for one in read_questions(labels)]


@pytest.mark.parametrize("name", ENDINGS)
def test_a_break_in_a_list_is_not_taken_for_its_next_thing(tmp_path: Path, name: str) -> None:
    gold = [{"document": "a.md", "anchor": "cinq\npar jour"}, {"document": "b.md", "anchor": "dix"}]
    turn = ["Un\ndeux ?", "Trois\u2028quatre."]
    line = {"id": "q1", "gold": gold, "nuggets": ["Cinq\r\nau plus."], "history": [turn]}
    export(run_of(tmp_path / "run.jsonl", line), tmp_path / name)
    [found] = imported(tmp_path / name)
    assert [entry["anchor"] for entry in found["gold"]] == ["cinq par jour", "dix"]
    assert (found["nuggets"], found["history"]) == (["Cinq au plus."], [["Un deux ?", "Trois quatre."]])


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula_and_each_comes_back_unchanged(tmp_path: Path, name: str, start: str) -> None:
    words = f"{start}1+1"
    line = {"id": words, "question": f'{start}HYPERLINK("x")', "persona": words, "why": words, "nuggets": [words] * 2}
    line |= {"gold": [{"document": words, "anchor": words}]}
    run = run_of(tmp_path / "run.jsonl", {**line, "answer": words, "citations": [{"number": 1, "quote": words}]})
    _, cells = export(run, tmp_path / name)
    if name.endswith("xlsx"):
        [row] = load_workbook(tmp_path / name).active.iter_rows(min_row=2)
        assert {cell.data_type for cell in row if cell.value} == {"s"}
    else:
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
        assert cells.count(f"'{words}") == 6
    assert imported(tmp_path / name) == [line]


# --- export ---------------------------------------------------------------------------------------------------------


# The second was quoted, not retrieved.
PASSAGES = [
    {"number": 1, "text": 'Cinq, "six"\n; sept', "document": "a.md", "score": 0.5},
    {"number": 2, "text": "cité", "document": "b.md", "score": None},
    {"number": 3, "text": "-é", "document": "c.md", "score": 0.1},
]


@pytest.mark.parametrize("name", ENDINGS)
def test_an_export_says_what_came(tmp_path: Path, name: str) -> None:
    citation = {"number": 1, "quote": "cinq\n par jour", "title": "A", "url": "https://a.test"}
    came = {"answer": "Cinq [1].\nVoilà.", "passages": PASSAGES, "citations": [citation], "seconds": {"answer": 1.5}}
    nothing = dict.fromkeys([*LINE.keys() - {"id", "question"}, "answer", "citations", "seconds"])
    run = run_of(tmp_path / "run.jsonl", {"id": "q1", **came}, {"id": "q2", **nothing, "status": "not_found"})
    header, first, second = export(run, tmp_path / name)
    assert dict(zip(header[-5:], first[-5:], strict=True)) == {
        "answer": "Cinq [1].\nVoilà.",
        "status": "answered",
        "citations": "[1] A (https://a.test) : cinq par jour",
        "passages": "a.md\nc.md",
        "seconds": "1.5",
    }
    # Without the mark, Excel takes a CSV file for cp1252.
    assert name != "t.csv" or (tmp_path / name).read_bytes().startswith(b"\xef\xbb\xbf")
    # A label that is null is none: nothing is written for it, not even the word.
    assert [cell for cell in second if cell] == ["q2", "Un ?", "not_found"]


def test_evalap_gets_its_columns_and_the_cells_as_they_are(tmp_path: Path) -> None:
    lines = [
        {"id": "q1", "question": "=Un ?", "answer": "- Cinq.", "nuggets": ["Cinq.", "Six."], "passages": PASSAGES},
        {"id": "q2", "answer": None, "why": "Absent.", "status": "not_found", "abstained": True},
    ]
    out = tmp_path / "t.csv"
    header, *rows = export(run_of(tmp_path / "run.jsonl", *lines), out, "--evalap")
    assert not out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert header == ["query", "output_true", "output", "retrieval_context"]
    assert [row[:3] for row in rows] == [["=Un ?", "Cinq.\nSix.", "- Cinq."], ["Un ?", "Absent.", ""]]
    assert [json.loads(row[3]) for row in rows] == [['Cinq, "six"\n; sept', "-é"], []]


def test_what_a_workbook_cannot_hold_is_left_out(tmp_path: Path) -> None:
    lines = [{"id": "q1", "answer": "é" * 40_000}, {"id": "q2", "answer": "a\x00b\x0bc\x1b\ufffed\uffffe\ud83df\tg\nh"}]
    run = run_of(tmp_path / "run.jsonl", *lines)
    header, *rows = export(run, tmp_path / "t.xlsx")
    assert [row[header.index("answer")] for row in rows] == ["é" * 32_767, "abcdef\tg\nh"]
    assert [line["id"] for line in imported(tmp_path / "t.xlsx")] == ["q1", "q2"]
    # A CSV file has no such bounds; half a character is the one thing that UTF-8 does not hold.
    header, *rows = export(run, tmp_path / "t.csv")
    assert rows[0][header.index("answer")] == "é" * 40_000
