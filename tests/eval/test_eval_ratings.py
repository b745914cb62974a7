"""Two runs rated blind: sheets in real files, filled in as readers would, and what is made of their marks."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from eval.__main__ import main

Capture = pytest.CaptureFixture[str]
MARKS = ["exactitude 1 (0-3)", "exactitude 2 (0-3)", "utilité 1 (0-3)", "utilité 2 (0-3)"]
PREFERRED = "préférence (1, 2 ou =)"
COLUMNS = ["identifiant", "question", "faits attendus", "réponse 1", "réponse 2", *MARKS, PREFERRED, "remarque"]
ENGLISH = [
    "id", "exactness 1 (0-3)", "exactness 2 (0-3)", "usefulness 1 (0-3)", "usefulness 2 (0-3)", "preference (1, 2 or =)",
]  # fmt: skip
IDS = [f"q{number}" for number in range(1, 13)]
# The marks of a row and the side preferred, from the number of the row and the side on which A stands.
Reader = Callable[[int, int], Sequence[Any]]


def run_of(path: Path, said: str, ids: Sequence[str] = IDS, **more: Any) -> Path:
    """Write a run that always says the same thing, and that would give itself away by the word « secret »."""
    known = {"answer": said, "status": "answered", "abstained": False, "passages": [], "model": f"secret-{said}"}
    lines = [{"id": id, "question": f"Question {id} ?", **known, **more} for id in ids]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return path


@pytest.fixture
def runs(tmp_path: Path) -> list[str]:
    return [str(run_of(tmp_path / f"secret-{said}.jsonl", said)) for said in ("alpha", "beta")]


def read(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        return [["" if cell is None else str(cell) for cell in row] for row in load_workbook(path).active.values]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def sheet_of(runs: Sequence[str], path: Path, *options: str) -> list[list[str]]:
    """Write a sheet and return its rows, without the header."""
    assert main(["rate", *runs, "--sheet", str(path), "--force", *options]) == 0
    header, *rows = read(path)
    assert header == COLUMNS
    return rows


def filled(blank: Path, path: Path, reader: Reader) -> Path:
    """Fill in a sheet where it stands: numbers in an XLSX file, as a spreadsheet keeps what is typed."""
    rows = read(blank)
    for number, row in enumerate(rows[1:]):
        row[5:10] = reader(number, 1 if row[3].startswith("alpha") else 2)
    if path.suffix == ".csv":
        return write(path, rows)
    book = load_workbook(blank)
    for row, cells in zip(rows[1:], book.active.iter_rows(min_row=2), strict=True):
        for value, cell in zip(row[5:10], cells[5:10], strict=True):
            cell.value = value
    book.save(path)
    return path


def rated(runs: Sequence[str], *sheets: Path, capsys: Capture) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["rate", *runs, "--rated", *map(str, sheets), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def for_alpha(number: int, alpha: int) -> Sequence[Any]:
    """A reader who finds alpha exact and of some use, beta wrong and of little use."""
    return [3, 0, 2, 1, 1] if alpha == 1 else [0, 3, 1, 2, 2]


# --- the sheet ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sheet.xlsx", "sheet.csv"])
def test_a_sheet_does_not_say_which_run_is_which(tmp_path: Path, runs: list[str], name: str) -> None:
    rows = sheet_of(runs, tmp_path / name)
    assert sorted(row[0] for row in rows) == sorted(IDS)
    first = [row[3] for row in rows]
    assert all({row[3], row[4]} == {"alpha", "beta"} == {*first} for row in rows)
    assert {cell for row in rows for cell in row[5:]} == {""}
    files = [(tmp_path / name).read_bytes()]
    if name.endswith("xlsx"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            files = [archive.read(part) for part in archive.namelist()]
    assert not [content for content in files if b"secret" in content]
    # The same on each writing; and a question is turned the other way where the runs are.
    assert sheet_of(runs, tmp_path / f"again-{name}") == rows
    assert [row[4] for row in sheet_of(runs[::-1], tmp_path / f"turned-{name}")] == first


def test_a_sheet_shows_what_a_reader_needs(tmp_path: Path) -> None:
    citation = {"number": 1, "quote": "cinq\n  par jour", "title": "A"}
    one = run_of(tmp_path / "a.jsonl", "alpha", ["q1"], citations=[citation])
    labels = {"history": [["Images ?", "Légères."]], "nuggets": ["Cinq.", "Six."]}
    other = run_of(tmp_path / "b.jsonl", "", ["q1"], abstained=True, status="not_found", **labels)
    [[_, question, facts, *answers]] = sheet_of([str(one), str(other)], tmp_path / "t.xlsx")
    assert (question, facts) == ("Images ?\nLégères.\n→ Question q1 ?", "- Cinq.\n- Six.")
    refused = "(L’assistant a dit ne pas trouver la réponse.)"
    assert set(answers[:2]) == {"alpha\n\n[1] A\u00a0: «\u00a0cinq par jour\u00a0»", refused}
    run_of(tmp_path / "b.jsonl", "beta", ["q1"], nuggets=None, why="Absent.", history=None)
    [[_, question, facts, *_]] = sheet_of([str(one), str(other)], tmp_path / "t.xlsx")
    assert (question, facts) == ("Question q1 ?", "Absent.")


def test_a_sheet_holds_as_many_as_are_asked_for_and_both_answer(
    tmp_path: Path, runs: list[str], capsys: Capture
) -> None:
    some = sheet_of(runs, tmp_path / "t.csv", "--count", "5")
    assert len({row[0] for row in some}) == 5
    assert "5 paires" in capsys.readouterr().out
    assert [row[0] for row in some] != IDS[:5]
    run_of(Path(runs[1]), "beta", ["q3", "q4", "x"])
    assert {row[0] for row in sheet_of(runs, tmp_path / "t.csv")} == {"q3", "q4"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": ""}, "en commun"),
        ({"ids": ["x"]}, "en commun"),
        ({"question": "Autre ?"}, "«\u00a0q1\u00a0» n’est pas la même"),
    ],
)
def test_runs_that_cannot_be_set_side_by_side(
    tmp_path: Path, runs: list[str], capsys: Capture, change: dict[str, Any], words: str
) -> None:
    run_of(Path(runs[1]), "beta", **change)
    for both in (runs, runs[::-1]):
        assert main(["rate", *both, "--sheet", str(tmp_path / "t.xlsx")]) == 2
        shown = capsys.readouterr().err
        assert (shown.count("\n"), words in shown, (tmp_path / "t.xlsx").exists()) == (1, True, False)


def test_a_sheet_replaces_a_file_only_by_force(tmp_path: Path, runs: list[str], capsys: Capture) -> None:
    sheet = tmp_path / "t.csv"
    sheet.write_text("precious")
    for out in (sheet, tmp_path / "none" / "t.csv", tmp_path / "t.ods"):
        assert main(["rate", *runs, "--sheet", str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 3
    assert sheet.read_text() == "precious" and not (tmp_path / "t.ods").exists()
    assert len(sheet_of(runs, sheet)) == len(IDS)


# --- the marks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_marks_come_back_to_their_run(
    tmp_path: Path, runs: list[str], capsys: Capture, name: str, turned: bool
) -> None:
    runs = runs[::-1] if turned else runs
    sheet_of(runs, tmp_path / name)
    result = rated(runs, filled(tmp_path / name, tmp_path / f"filled-{name}", for_alpha), capsys=capsys)
    reader = result["readers"][f"filled-{Path(name).stem}"]
    means = {mark: (sides["before"]["value"], sides["after"]["value"]) for mark, sides in reader["marks"].items()}
    alpha = {"exact": (3, 0), "useful": (2, 1)}
    assert means == ({mark: pair[::-1] for mark, pair in alpha.items()} if turned else alpha)
    assert reader["preferred"] == {"before": 0 if turned else 12, "after": 12 if turned else 0, "same": 0}
    # The sign test: of the 2¹² ways to prefer one of two twelve times, two are as far from even.
    assert (reader["rated"], reader["p"]) == (12, pytest.approx(2 / 2**12))


def test_a_formulas_first_character_is_part_of_an_identifier(tmp_path: Path, capsys: Capture) -> None:
    ids = [f"{start}q{number}" for number in range(6) for start in "=+-@"]
    runs = [str(run_of(tmp_path / f"{said}.jsonl", said, ids)) for said in ("alpha", "beta")]
    sheet_of(runs, tmp_path / "t.csv")
    filled(tmp_path / "t.csv", tmp_path / "t.csv", for_alpha)
    assert rated(runs, tmp_path / "t.csv", capsys=capsys)["readers"]["t"]["preferred"]["before"] == 24


def test_rows_left_empty_are_not_rated(tmp_path: Path, runs: list[str], capsys: Capture) -> None:
    def reader(number: int, alpha: int) -> Sequence[Any]:
        return [2, 2, 2, 2, "="] if number < 4 else [""] * 5

    sheet_of(runs, tmp_path / "t.xlsx")
    found = rated(runs, filled(tmp_path / "t.xlsx", tmp_path / "t.xlsx", reader), capsys=capsys)["readers"]["t"]
    assert (found["rated"], found["preferred"], found["p"]) == (4, {"before": 0, "after": 0, "same": 4}, None)


@pytest.mark.parametrize(("header", "saved"), [(ENGLISH, ("utf-8-sig", ",")), (None, ("cp1252", ";"))])
def test_a_sheet_without_its_texts_reads_the_same(
    tmp_path: Path, runs: list[str], capsys: Capture, header: list[str] | None, saved: tuple[str, str]
) -> None:
    def reader(number: int, alpha: int) -> Sequence[Any]:
        return [number % 4, 3, alpha, 0, "12="[number % 3]]

    sheet_of(runs, tmp_path / "whole.xlsx")
    whole = filled(tmp_path / "whole.xlsx", tmp_path / "whole.xlsx", reader)
    kept = [[row[0], *row[5:10]] for row in read(whole)]
    kept[0] = [name.upper() for name in header or kept[0]]
    bare = write(tmp_path / "bare.csv", [row[::-1] for row in kept], *saved)
    result = rated(runs, whole, bare, capsys=capsys)
    assert result["readers"]["bare"] == result["readers"]["whole"]


# --- agreement ------------------------------------------------------------------------------------------------------


def varied(number: int, alpha: int) -> Sequence[Any]:
    """Marks that use the whole scale evenly, on both sides."""
    return [number % 4, (number + 1) % 4, (number + 2) % 4, (number + 3) % 4, 1 + number % 2]


def opposite(number: int, alpha: int) -> Sequence[Any]:
    *marks, preferred = varied(number, alpha)
    return [*(3 - mark for mark in marks), 3 - preferred]


def test_agreement_of_readers(tmp_path: Path, runs: list[str], capsys: Capture) -> None:
    blank = tmp_path / "blank.xlsx"
    sheet_of(runs, blank)
    anne, bob, carl = (
        filled(blank, tmp_path / f"{name}.xlsx", reader)
        for name, reader in (("anne", varied), ("bob", varied), ("carl", opposite))
    )
    same, *others = rated(runs, anne, bob, carl, capsys=capsys)["agreement"]
    assert same["readers"] == ["anne", "bob"]
    perfect = {"kappa": 1.0, "same": 1.0}
    assert same["marks"] == {mark: {**perfect, "count": 24} for mark in ("exact", "useful")}
    assert same["preferred"] == {**perfect, "count": 12}
    assert [pair["readers"] for pair in others] == [["anne", "carl"], ["bob", "carl"]]
    for pair in others:
        assert [found["kappa"] for found in (*pair["marks"].values(), pair["preferred"])] == [pytest.approx(-1)] * 3
    assert main(["rate", *runs, "--rated", str(anne), str(bob), str(carl)]) == 0
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert {
        "lecteur note (0 à 3) A intervalle à 95 % B intervalle à 95 %",
        "anne exactitude 1,33 [0,75 ; 1,92] 1,67 [1,00 ; 2,33]",
        "carl utilité 1,33 [0,67 ; 2,00] 1,67 [1,08 ; 2,25]",
        "anne : 12 paires notées ; préfère A 6 fois, B 6 fois, ni l’un ni l’autre 0 fois (p = 1,000).",
        "Accord de anne et bob sur 24 notes : exactitude, kappa 1,00, mêmes notes 100 %.",
        "Accord de bob et carl sur 12 notes : la préférence, kappa -1,00, mêmes notes 0 %.",
    } <= set(shown)
    assert len(shown) == 2 + 3 * 2 + 1 + 3 + 3 * 3


def test_two_sheets_of_one_name_are_two_readers_and_other_questions_no_agreement(
    tmp_path: Path, runs: list[str], capsys: Capture
) -> None:
    for name in ("q1", "q2"):
        (tmp_path / name).mkdir()
    one, other = (write(tmp_path / id / "t.csv", [ENGLISH, [id, 3, 0, 2, 1, "="]]) for id in ("q1", "q2"))
    # A sheet that is given twice is one reader.
    result = rated(runs, one, other, one, capsys=capsys)
    assert list(result["readers"]) == [str(one), str(other)]
    [pair] = result["agreement"]
    assert pair["preferred"] == {"kappa": None, "same": None, "count": 0}
    assert main(["rate", *runs, "--rated", str(one), str(other)]) == 0
    assert "Accord" not in capsys.readouterr().out


# --- what does not fit ----------------------------------------------------------------------------------------------

MARK = "ligne 4\u00a0: les notes vont de 0 à 3"
GOOD = ["q1", 3, 0, 2, 1, "="]
# Marks out of the scale, preferences that are none, rows half filled in.
BAD = "4|0|2|1|1 3|0|2|-1|1 3|2,5|2|1|1 3|0|oui|1|1 3|0|2|1|3 3|0|2|1|A 3|0||1|1 3|0|2|1| ||||= 3".split()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        *((f"q2|{marks}", MARK) for marks in BAD),
        ("q1|0|3|2|1|2", "ligne 4\u00a0: l’identifiant «\u00a0q1\u00a0» est déjà celui de la ligne 2"),
        ("q99|3|0|2|1|1", "note la question «\u00a0q99\u00a0», que les deux fichiers n’ont pas en commun"),
    ],
)
def test_a_bad_row_is_one_sentence(tmp_path: Path, runs: list[str], capsys: Capture, row: str, words: str) -> None:
    good = write(tmp_path / "good.csv", [ENGLISH, GOOD])
    bad = write(tmp_path / "bad.csv", [ENGLISH, GOOD, ["q3", "", "", "", "", ""], row.split("|")])
    assert main(["rate", *runs, "--rated", str(good), str(bad)]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n"), str(bad) in shown.err, words in shown.err) == ("", 1, True, True)


@pytest.mark.parametrize(
    ("name", "rows", "words"),
    [
        ("t.csv", [ENGLISH, ["q1", "", "", "", "", ""]], "ne contient aucune note"),
        ("t.csv", [ENGLISH], "ne contient aucune note"),
        ("t.csv", [ENGLISH[:-2], GOOD[:-2]], "(préférence (1, 2 ou =), utilité 2 (0-3))"),
        ("t.csv", [["question", *ENGLISH[1:]], GOOD], "(identifiant)"),
        ("t.csv", [], "n’a pas les colonnes d’une feuille de notation"),
        ("t.xlsx", [ENGLISH, GOOD], "ne s’ouvre pas comme un classeur"),
        ("t.ods", [ENGLISH, GOOD], "ni un .xlsx ni un .csv"),
        ("none.csv", None, "n’existe pas"),
    ],
)
def test_a_file_that_is_no_sheet_is_one_sentence(
    tmp_path: Path, runs: list[str], capsys: Capture, name: str, rows: list[Any] | None, words: str
) -> None:
    if rows is not None:
        write(tmp_path / name, rows)
    assert main(["rate", *runs, "--rated", str(tmp_path / name)]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n"), str(tmp_path / name) in shown.err) == ("", 1, True)
    assert words in shown.err


@pytest.mark.parametrize("options", ["", "--sheet t.xlsx --rated filled.csv"])
def test_a_sheet_is_written_or_read(
    tmp_path: Path, runs: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "filled.csv", [ENGLISH, GOOD])
    assert main(["rate", *runs, *options.split()]) == 2
    shown = capsys.readouterr().err
    assert (shown.count("\n"), "--sheet" in shown, "--rated" in shown) == (1, True, True)
    assert not (tmp_path / "t.xlsx").exists()
