"""Spreadsheets: rows that name their columns, what a person sees of a workbook, the skills referential."""

from __future__ import annotations

import csv
import datetime
import time
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from corpus.documents import Document, Section
from corpus.errors import DocumentError
from corpus.messages import text
from corpus.passages import split
from corpus.readers import READERS, workbook
from corpus.readers.source_file import SourceEntry, SourceFile, entry_for
from corpus.readers.spreadsheet import read
from corpus.readers.workbook import number_shown

TOOL = "documents/2024/rgesn-mai2024/rgesn_2024_outil_declaration_ecoconception"
SKILLS = "documents/2024/ReferentielCompetencesNumEco-Beta.xlsx"
BETA = "documents/2021/referentiel-general-ecoconception-version-beta.csv"
DIAGNOSTIC = "documents/2023/NumEcoDiag-feuille-v1.0.1"

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
ODS = f"""<?xml version="1.0"?><office:document-content xmlns:office="{OFFICE}office:1.0" xmlns:table="{OFFICE}table:1.0"
 xmlns:text="{OFFICE}text:1.0" xmlns:style="{OFFICE}style:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:automatic-styles><style:style style:name="unseen" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>%s</office:spreadsheet></office:body></office:document-content>"""


PLAIN = SourceEntry()


@pytest.fixture
def rows(tmp_path):
    """Read an XLSX made of rows of cells; ``change`` gets the sheet before it is saved."""

    def run(
        lines: Iterable[Sequence[Any]], change: Any = lambda sheet: None, entry: SourceEntry = PLAIN
    ) -> list[Section]:
        book = Workbook()
        sheet = book.active
        sheet.title = "Feuille"
        for line in lines:
            sheet.append(line)
        change(sheet)
        book.save(tmp_path / "a.xlsx")
        [document] = read(SourceFile(tmp_path / "a.xlsx", "dossier/a.xlsx", entry))
        return list(document.sections)

    return run


@pytest.fixture
def ods(tmp_path):
    """Read an ODS made of the XML of its tables."""

    def run(tables: str) -> list[Section]:
        with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", ODS % tables)
        [document] = read(SourceFile(tmp_path / "a.ods", "a.ods"))
        return list(document.sections)

    return run


@pytest.fixture
def table(tmp_path):
    """Read a CSV from its content."""

    def run(content: str | bytes) -> list[Section]:
        (tmp_path / "a.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        [document] = read(SourceFile(tmp_path / "a.csv", "a.csv"))
        return list(document.sections)

    return run


def mirrored(folder, name: str) -> list[Document]:
    return read(SourceFile(folder / name, name, entry_for(folder, name)))


def texts(sections: Iterable[Section]) -> list[str]:
    return [section.text for section in sections]


def cell(words: str, **attributes: object) -> str:
    """The XML of a cell of an ODS; an attribute ``rows_spanned`` is ``table:number-rows-spanned``."""
    given = "".join(f' table:number-{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<table:table-cell office:value-type="string"{given}><text:p>{words}</text:p></table:table-cell>'


def line(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def sheet_of(*lines: str, attributes: str = "") -> str:
    return f'<table:table table:name="T" {attributes}>{"".join(lines)}</table:table>'


EMPTY = '<table:table-cell table:number-columns-repeated="16384"/>'
COVERED = "<table:covered-table-cell/>"


# --- rows and their columns ---------------------------------------------------------------------------------------


def test_a_row_is_a_section_that_names_its_columns(rows):
    found = rows([["Ville", "Habitants", "Note"], ["Lille", 236710, None], ["Nîmes", 148104, "Gard"]])
    assert texts(found) == [
        "- Ville : Lille\n- Habitants : 236710",
        "- Ville : Nîmes\n- Habitants : 148104\n- Note : Gard",
    ]
    assert [(section.locator.kind, section.locator.value) for section in found] == [
        ("row", "Feuille!2"),
        ("row", "Feuille!3"),
    ]
    assert {section.heading_path for section in found} == {("Feuille",)}


def test_the_columns_are_named_below_title_rows(rows):
    def merged(sheet):
        sheet.merge_cells("A1:C1")

    found = rows([["Équipements des communes en 2024"], [], ["Ville", "Postes", "Écrans"], ["Lille", 10, 20]], merged)
    assert texts(found) == ["Équipements des communes en 2024", "- Ville : Lille\n- Postes : 10\n- Écrans : 20"]
    assert [section.locator.value for section in found] == ["Feuille!1", "Feuille!4"]


def test_names_on_two_levels_are_joined(rows):
    def merged(sheet):
        for place in ("A1:A2", "B1:C1", "D1:E1"):
            sheet.merge_cells(place)

    lines = [["Ville", "2023", None, "2024"], [None, "Achats", "Dons", "Achats", "Dons"], ["Lille", 1, 2, 3, 4]]
    [section] = rows(lines, merged)
    assert section.text == (
        "- Ville : Lille\n- 2023 – Achats : 1\n- 2023 – Dons : 2\n- 2024 – Achats : 3\n- 2024 – Dons : 4"
    )


def test_groups_above_the_names_are_joined_to_them(rows):
    def merged(sheet):
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("D1:E1")

    lines = [[None, "Achats", None, "Dons"], ["Ville", "Neufs", "Usagés", "École", "Musée"], ["Lille", 1, 2, 3, 4]]
    [section] = rows(lines, merged)
    assert "- Achats – Usagés : 2\n- Dons – École : 3" in section.text


def test_a_merged_cell_stands_in_each_of_its_rows(rows):
    def merged(sheet):
        sheet.merge_cells("A2:A3")

    found = rows([["Domaine", "Action", "Année"], ["Achats", "Louer", 2024], [None, "Réparer", 2025]], merged)
    assert found[1].text == "- Domaine : Achats\n- Action : Réparer\n- Année : 2025"


def test_what_is_merged_over_several_columns_has_the_name_of_none(rows):
    def merged(sheet):
        sheet.merge_cells("B3:C3")

    found = rows([["Code", "Action", "Qui"], ["a1", "Louer", "DSI"], ["a2", "À compléter par tous"]], merged)
    assert found[1].text == "- Code : a2\n- À compléter par tous"


def test_a_sentence_below_the_table_is_no_row_of_it(rows):
    found = rows([["Ville", "Postes"], ["Lille", 3], [], ["Source : les communes."]])
    assert texts(found) == ["- Ville : Lille\n- Postes : 3", "Source : les communes."]


def test_a_row_of_names_that_comes_back_is_left_out(rows):
    names = ["Ville", "Postes", "Année"]
    assert len(rows([names, ["Lille", 3, 2024], names, ["Nîmes", 4, 2024]])) == 2


def test_a_long_cell_is_paragraphs_and_its_bullets_a_list(rows):
    long = "Une phrase assez longue. " * 10
    [section] = rows([["Code", "But", "Étapes"], ["a1", long, "Il faut :\n• louer\n• réparer"]])
    assert section.text == f"- Code : a1\n\nBut : {long.strip()}\n\nÉtapes : Il faut :\n\n- louer\n- réparer"


def test_a_long_row_makes_sections_that_each_name_it(rows):
    names = ["Ville", *(f"Indicateur {'abcdefghij'[i // 10]}{'abcdefghij'[i % 10]}" for i in range(100))]
    found = rows([names, ["Lille", *(f"valeur {i}" for i in range(100))]])
    assert len(found) > 2 and {section.locator.value for section in found} == {"Feuille!2"}
    assert all(section.text.startswith("- Ville : Lille\n") and len(section.text) < 1400 for section in found)
    assert sum(section.text.count("valeur 57") for section in found) == 1


def test_a_sheet_of_prose_gives_its_rows_joined_and_the_first_of_them(rows):
    lines = [
        ["Notice"],
        ["Voir https://exemple.fr/notice"],
        [],
        ["NA", "non nécessaire"],
        ["Niveau 1", "Bases"],
        ["Niveau 2", "Maîtrise"],
    ]
    found = rows(lines)
    assert texts(found) == [
        "Notice\n\nVoir https://exemple.fr/notice",
        "- NA : non nécessaire\n- Niveau 1 : Bases\n- Niveau 2 : Maîtrise",
    ]
    assert [section.locator.value for section in found] == ["Feuille!1", "Feuille!4"]


def test_what_heads_each_sheet_is_read_once(tmp_path):
    book = Workbook()
    for name in ("2023", "2024"):
        sheet = book.create_sheet(name)
        for line in (["Chiffres provisoires"], ["Ville", "Postes", "Écrans"], ["Lille", 3, 4]):
            sheet.append(line)
    book.save(tmp_path / "a.xlsx")
    [document] = read(SourceFile(tmp_path / "a.xlsx", "a.xlsx"))
    assert [section.locator.value for section in document.sections] == ["2023!1", "2023!3", "2024!3"]


# --- what a person sees -------------------------------------------------------------------------------------------


def test_values_read_as_they_are_shown(rows):
    def formats(sheet):
        for place, code in (("C2", "0%"), ("D2", "0.00"), ("E2", '#,##0 "€"'), ("G2", ";;;"), ("H2", "hh:mm")):
            sheet[place].number_format = code

    values = [
        3.0,
        datetime.date(2024, 5, 17),
        0.125,
        12.3456,
        1234567,
        True,
        42,
        datetime.time(9, 30),
        datetime.datetime(2024, 5, 17, 14, 5),
    ]
    found = rows([[f"Colonne {name}" for name in "abcdefghi"], values], formats)
    shown = [line.partition(" : ")[2] for line in found[0].text.split("\n")]
    assert shown == ["3", "2024-05-17", "12%", "12,35", "1\u202f234\u202f567 €", "VRAI", "09:30", "2024-05-17 14:05"]


def test_an_english_document_has_its_own_marks(rows):
    found = rows([["Name", "Share"], ["x", 1.5], ["y", False]], entry=SourceEntry(language="en"))
    assert [section.text[-5:] for section in found] == [": 1.5", "FALSE"]


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.1 + 0.2, "General", "0,3"),
        (10 / 3, "General", "3,333333333"),
        (-4.0, "General", "-4"),
        (75001, "00000", "75001"),
        (1001, "00000", "01001"),
        (-3.5, "0.0;(0.0)", "(3,5)"),
        (-3.5, "0.0;[Red]-0.0", "-3,5"),
        (-0.001, "0.0", "0,0"),
        (2.5, "0.##", "2,5"),
        (0.0, '0;-0;"néant"', "néant"),
        (1500000.0, "0.0,,", "1,5"),
        (1234.5, r"#,##0.00\ [$€-40C]", "1\u202f234,50 €"),
        (0.5, "# ?/?", "0,5"),
        (12.0, "0.00E+00", "12"),
        (7.0, '"n° "0', "n° 7"),
        (7.0, "_-* #,##0_-", "7"),
    ],
)
def test_a_number_is_written_as_its_format_shows_it(value, code, expected):
    assert number_shown(value, code, "fr") == expected


def test_hidden_rows_columns_and_sheets_are_left_out(tmp_path):
    book = Workbook()
    sheet = book.active
    for line in (["Ville", "Postes", "Calcul"], ["Lille", 3, 1], ["Nîmes", 4, 1]):
        sheet.append(line)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    for state in ("hidden", "veryHidden"):
        unseen = book.create_sheet(state)
        unseen.append(["secret"])
        unseen.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    [document] = read(SourceFile(tmp_path / "a.xlsx", "a.xlsx"))
    assert texts(document.sections) == ["- Ville : Lille\n- Postes : 3"]


def test_an_error_and_a_formula_never_calculated_are_left_out(rows):
    found = rows([["Ville", "Postes", "Part"], ["Lille", "=1/0", "#DIV/0!"]])
    assert texts(found) == ["- Ville : Lille"]


def test_an_ods_gives_what_it_shows(ods):
    names = line(*map(cell, ("Ville", "Part", "Date", "Note")))
    row = line(
        cell("Lille"),
        '<table:table-cell office:value-type="percentage" office:value="0.123"><text:p>12 %</text:p></table:table-cell>',
        '<table:table-cell office:value-type="date" office:date-value="2024-05-17"><text:p>17 mai 24</text:p></table:table-cell>',
        '<table:table-cell office:value-type="string"><office:annotation><text:p>caché</text:p></office:annotation>'
        "<text:p>Un<text:s/>deux</text:p><text:p>• <text:span>trois</text:span></text:p></table:table-cell>",
    )
    broken = line('<table:table-cell calcext:value-type="error"><text:p>Err:502</text:p></table:table-cell>')
    [section] = ods(sheet_of(names, row, broken))
    assert section.text == "- Ville : Lille\n- Part : 12 %\n- Date : 2024-05-17\n\nNote : Un deux\n\n- trois"
    assert section.locator.value == "T!2"


def test_an_ods_hides_rows_columns_and_sheets_and_counts_repeated_ones(ods):
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    lines = [
        line(*map(cell, ("Ville", "Postes", "Calcul"))),
        line(EMPTY, attributes='table:number-rows-repeated="3"'),
        line(cell("Nîmes"), cell("4"), attributes='table:visibility="filter"'),
        line(cell("Lille"), cell("3", columns_repeated=2)),
    ]
    secret = sheet_of(line(cell("secret")), attributes='table:style-name="unseen"')
    [section] = ods(sheet_of(columns, *lines) + secret)
    assert (section.text, section.locator.value) == ("- Ville : Lille\n- Postes : 3", "T!6")


def test_an_ods_knows_its_merged_cells(ods):
    found = ods(
        sheet_of(
            line(*map(cell, ("Domaine", "Action", "Qui"))),
            line(cell("Achats", rows_spanned=2), cell("Louer"), cell("DSI")),
            line(COVERED, cell("Tous réparent", columns_spanned=2), COVERED),
        )
    )
    assert texts(found) == ["- Domaine : Achats\n- Action : Louer\n- Qui : DSI", "- Domaine : Achats\n- Tous réparent"]


# --- CSV ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_whatever_parts_its_cells(table, tmp_path, delimiter):
    with (tmp_path / "b.csv").open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(
            [["Ville", "Part", "Note"], ["Lille", "1,5", 'un "mot"; deux, trois'], ["Nîmes", "2,5", "a\nb"]]
        )
    found = table((tmp_path / "b.csv").read_bytes())
    assert found[0].text == '- Ville : Lille\n- Part : 1,5\n- Note : un "mot"; deux, trois'
    assert [(section.locator.value, section.heading_path) for section in found] == [("2", ()), ("3", ())]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_the_encoding_of_excel(table, encoding):
    assert (
        table("Année;Dépense\n2024;été à Nîmes\n".encode(encoding))[0].text == "- Année : 2024\n- Dépense : été à Nîmes"
    )


def test_a_csv_that_names_its_delimiter_is_believed(table):
    assert table("sep=|\nVille|Part\nLille|1,5;2\n")[0].text == "- Ville : Lille\n- Part : 1,5;2"


def test_a_csv_of_one_column_keeps_its_commas(table):
    assert texts(table("Remarque, date\nLille, hier, ou avant\nRien\n")) == [
        "Remarque, date\n\nLille, hier, ou avant\n\nRien"
    ]


def test_quotes_written_with_a_backslash_are_understood(table):
    found = table('"id","but","fin"\n"1","les \\"bons\\" besoins, les vrais\\n* un\\n* deux","x"\n"2","a","y"\n')
    assert found[0].text == '- id : 1\n\nbut : les "bons" besoins, les vrais\n\n- un\n- deux\n\n- fin : x'


def test_links_of_markdown_give_their_label(table):
    assert table("Nom;Page\nx;voir [le guide](https://exemple.fr/a)\n")[0].text == "- Nom : x\n- Page : voir le guide"


# --- bad input ----------------------------------------------------------------------------------------------------


def refusal(path) -> str:
    with pytest.raises(DocumentError) as caught:
        read(SourceFile(path, path.name))
    assert text(caught.value.key, "fr", **caught.value.values)
    return caught.value.key


@pytest.mark.parametrize("ending", [".xlsx", ".ods", ".xls", ".csv"])
@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n\0\1", b"PK\3\4\0\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_what_is_no_spreadsheet_is_told(tmp_path, ending, content):
    (tmp_path / f"a{ending}").write_bytes(content)
    assert refusal(tmp_path / f"a{ending}") in {"document_damaged", "document_other", "document_unknown", "not_text"}


def test_a_workbook_cut_short_is_told(tmp_path, knowledge_base):
    for ending in (".xls", ".ods"):
        content = (knowledge_base / f"{DIAGNOSTIC}{ending}").read_bytes()
        (tmp_path / f"a{ending}").write_bytes(content[: len(content) // 2])
        assert refusal(tmp_path / f"a{ending}") == "document_damaged"


def test_a_workbook_under_another_ending_is_told(tmp_path, rows):
    rows([["Ville", "Postes"], ["Lille", 3]])
    (tmp_path / "b.xls").write_bytes((tmp_path / "a.xlsx").read_bytes())
    assert refusal(tmp_path / "b.xls") == "document_other"


def test_a_broken_csv_is_told_with_its_line(tmp_path):
    (tmp_path / "a.csv").write_text('a;b\n1;2\n3;"' + "x" * 200_000)
    with pytest.raises(DocumentError, match="csv_broken") as caught:
        read(SourceFile(tmp_path / "a.csv", "a.csv"))
    assert caught.value.values == {"line": 3}


def test_a_long_name_merged_over_every_column_is_read_once(rows):
    def merged(sheet):
        sheet.merged_cells.add("D2:XFD1048576")

    name = "Un serveur moins puissant suffit. " * 950
    started = time.process_time()
    found = rows([["", ""], [0, 0, 0, name]], merged)
    assert name.strip() in " ".join(" ".join([*section.heading_path, section.text]) for section in found)
    assert time.process_time() - started < 2


def test_a_stray_cell_at_the_far_end_costs_nothing(rows):
    def stray(sheet):
        sheet["XFD1048576"] = "fin"

    assert texts(rows([["Ville", "Postes"], ["Lille", 3]], stray)) == ["- Ville : Lille\n- Postes : 3", "fin"]


@pytest.mark.parametrize("endless", ["99999999999", "9" * 5000])
def test_what_an_ods_repeats_without_end_is_refused(ods, endless):
    with pytest.raises(DocumentError, match="sheet_large"):
        ods(sheet_of(line(cell("x", columns_repeated=endless), attributes=f'table:number-rows-repeated="{endless}"')))


def test_a_million_empty_rows_cost_nothing(ods):
    [section] = ods(sheet_of(line(EMPTY, attributes='table:number-rows-repeated="1048000"'), line(cell("fin"))))
    assert section.locator.value == "T!1048001"


def test_too_many_cells_are_refused(rows, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CELLS", 5)
    with pytest.raises(DocumentError, match="sheet_large"):
        rows([["a", "b", "c"], [1, 2, 3]])


def test_an_entity_of_the_xml_is_refused(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    content = (
        ODS % f'<table:table table:name="T"><table:table-row>{cell("&b;")}</table:table-row></table:table>'
    ).replace('<?xml version="1.0"?>', '<?xml version="1.0"?>' + bomb)
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert refusal(tmp_path / "a.ods") == "document_damaged"


def test_an_empty_workbook_is_a_document_without_sections(rows):
    assert rows([]) == []


# --- the skills referential ---------------------------------------------------------------------------------------

SKILL_NAMES = ["Type de compétence", "Domaine de compétence", "N° d'identification compétences NumEco", "Compétences", "Commentaire", "Développeuse\nDéveloppeur", "Designer UX", "Gestionnaire \ndes systèmes"]  # fmt: skip


def skills(tmp_path, lines: Iterable[Sequence[Any]], name: str = "quelconque.xlsx") -> list[Document]:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    notice = book.create_sheet("Notice")
    notice.append(["Niveau 1", "Bases"])
    notice.append(["Niveau 2", "Échange"])
    book.active.title = "Référentiel"
    book.save(tmp_path / name)
    return read(SourceFile(tmp_path / name, name, SourceEntry(kind="guide", url="https://exemple.fr/r.xlsx")))


def test_a_skill_is_a_document_with_the_level_of_each_job(tmp_path):
    lines = [SKILL_NAMES, [None, None, None, None, None, "F1", "F2", "x"],
             ["Métier", "Data", 7, "Trier ses données", "Souvent", 5, "NA", 2], ["Métier", None, 8, "Archiver", None, 2, 2, None]]  # fmt: skip
    first, second, notice = skills(tmp_path, lines)
    assert first.properties == {
        "number": "7",
        "skill": "Trier ses données",
        "type": "Métier",
        "domain": "Data",
        "comment": "Souvent",
        "levels": ("Développeuse / Développeur : 5", "Gestionnaire des systèmes : 2"),
    }
    assert (first.id, first.path, first.kind, first.url) == (
        "quelconque.xlsx#7",
        "quelconque.xlsx",
        "training",
        "https://exemple.fr/r.xlsx",
    )
    [section] = first.sections
    assert (section.locator.value, section.heading_path) == ("Référentiel!3", ("Référentiel", "7 – Trier ses données"))
    assert section.text.split("\n")[1:4:2] == ["- Domaine de compétence : Data", "- Compétences : Trier ses données"]
    assert section.text.endswith("\n- Niveau 5 : Développeuse / Développeur\n- Niveau 2 : Gestionnaire des systèmes")
    assert second.properties["domain"] == "Data" and second.properties["comment"] == ""
    assert second.sections[0].text.endswith("- Niveau 2 : Développeuse / Développeur ; Designer UX")
    assert (notice.id, texts(notice.sections)) == ("quelconque.xlsx", ["- Niveau 1 : Bases\n- Niveau 2 : Échange"])


def test_a_number_given_twice_makes_two_documents(tmp_path):
    lines = [SKILL_NAMES, *(["Métier", "Data", 7, name, None, 1, 1, 1] for name in ("Trier", "Archiver", "Supprimer"))]
    assert [document.id[-4:] for document in skills(tmp_path, lines)[:3]] == ["sx#7", "#7-2", "#7-3"]


def test_each_passage_of_a_long_skill_names_its_level(tmp_path):
    jobs = [f"Métier {first}{second} du numérique écoresponsable" for first in "abcdef" for second in "ghijklmnop"]
    [document, _] = skills(tmp_path, [[*SKILL_NAMES[:5], *jobs], ["Métier", "Data", 7, "Trier", None, *[3] * 60]])
    cut = [passage.text for passage in split(document, lambda content: len(content) < 900)]
    assert len(cut) > 3 and all("- Niveau 3 : " in passage for passage in cut)
    assert len(document.properties["levels"]) == sum(passage.count("Métier ") for passage in cut[1:]) + cut[0].count(
        "Métier "
    )


def test_a_table_without_those_columns_is_no_skills_referential(tmp_path):
    [document] = skills(tmp_path, [["Type de compétence", "Compétences", "Note"], ["Métier", "Trier", "a"]])
    assert document.kind == "guide" and "levels" not in document.properties


# --- the mirror ---------------------------------------------------------------------------------------------------


def test_the_skills_referential_of_the_mission(knowledge_base):
    *found, notice = mirrored(knowledge_base, SKILLS)
    assert len(found) == len({document.id for document in found}) == 73
    assert {document.kind for document in found} == {"training"} and all(d.properties["domain"] for d in found)
    assert len({document.properties["domain"] for document in found}) == 9
    requests = next(document for document in found if document.properties["number"] == "17")
    assert "Développeuse / Développeur : 5" in requests.properties["levels"]
    assert not any("NA" in level.split(" : ") for document in found for level in document.properties["levels"])
    assert requests.title.startswith("Référentiel de compétences") and requests.url.endswith(
        SKILLS[len("documents/") :]
    )
    assert notice.sections[-1].locator.value == "Notice!4" and notice.sections[-1].text.count("\n- Niveau ") == 5


def test_the_tool_of_the_rgesn_reads_the_same_in_both_formats(knowledge_base):
    read_in = {ending: mirrored(knowledge_base, TOOL + ending)[0] for ending in (".xlsx", ".ods")}
    criteria = [
        [
            (s.locator.value, s.text.replace("\xa0", " "))
            for s in document.sections
            if not s.locator.value.startswith("Score")
        ]
        for document in read_in.values()
    ]
    assert criteria[0] == criteria[1] and len(criteria[0]) > 130
    first = next(section for section in read_in[".ods"].sections if section.locator.value == "1 Stratégie (1)!3")
    assert first.text.startswith("- ID : 1 - Stratégie (1/2)\n- ID : 1.1\n- Libellé du critère : ")
    assert "- Dénominateur : 1,5\n" in first.text and (read_in[".ods"].edition, read_in[".ods"].kind) == (
        "RGESN 2024",
        "tool",
    )
    score = next(section for section in read_in[".xlsx"].sections if section.locator.value == "Score d'avancement!10")
    assert score.text.startswith("- Score global : 0 %")


def test_the_diagnostic_sheet_reads_the_same_in_both_formats_without_its_hidden_columns(knowledge_base):
    both = [mirrored(knowledge_base, DIAGNOSTIC + ending)[0] for ending in (".ods", ".xls")]
    assert both[0].sections == both[1].sections and len(both[0].sections) == 80
    assert all(
        line.split(" : ")[0] in {"- ID", "- Thématique", "- Libellé du critère", "- Évaluation"}
        for s in both[1].sections
        for line in s.text.split("\n")
    )
    assert all(document.superseded_by == "RGESN 2024" for document in both)


def test_the_beta_csv_has_its_79_criteria_whole(knowledge_base):
    [document] = mirrored(knowledge_base, BETA)
    assert {section.locator.value for section in document.sections} == {str(row) for row in range(2, 81)}
    assert document.edition == "RGESN 2021 (bêta)" and document.superseded_by == "RGESN 2024"
    assert not any(sign in section.text for section in document.sections for sign in ("\\", "](", "****"))
    assert all(section.text.startswith("- id : ") for section in document.sections)


def test_every_spreadsheet_of_the_mirror_is_official(knowledge_base):
    paths = [
        path
        for path in sorted((knowledge_base / "documents").rglob("*"))
        if path.suffix in (".xlsx", ".ods", ".xls", ".csv")
    ]
    assert len(paths) == 7
    for path in paths:
        name = path.relative_to(knowledge_base).as_posix()
        entry = entry_for(knowledge_base, name)
        assert entry.publisher and entry.url.endswith(name.removeprefix("documents/"))
        assert all(
            section.text
            for document in READERS[path.suffix](SourceFile(path, name, entry))
            for section in document.sections
        )
