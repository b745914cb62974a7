"""The PPTX reader, on presentations made here by the library that writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.util import Inches

from corpus.documents import Document, deep_link
from corpus.errors import DocumentError
from corpus.readers.pptx import Placed, parted, read
from corpus.readers.source_file import SourceEntry, SourceFile

UNKNOWN = SourceEntry()
TITLE, TITLE_AND_CONTENT, TITLE_ONLY, BLANK = 0, 1, 5, 6  # layouts of the library's own template


@pytest.fixture
def deck() -> Any:
    made = pptx.Presentation()
    made.core_properties.title = ""
    return made


@pytest.fixture
def reading(tmp_path: Path) -> Callable[..., Document]:
    """Save a presentation, and read it."""

    def run(deck: Any, entry: SourceEntry = UNKNOWN) -> Document:
        path = tmp_path / "exposé du jour.pptx"
        deck.save(path)
        [document] = read(SourceFile(path, "exposés/exposé du jour.pptx", entry))
        return document

    return run


def slide(deck: Any, layout: int, title: str = "", body: str = "") -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    if body:
        made.placeholders[1].text = body
    return made


def box(holder: Any, text: str, left: float, top: float, width: float = 2, height: float = 0.5) -> Any:
    made = holder.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    made.text_frame.text = text
    return made


def test_a_slide_is_a_section_under_its_title_at_its_number(deck, reading):
    slide(deck, TITLE, "Numérique\vresponsable", "Un exposé\nde 2024")
    slide(deck, TITLE_ONLY, "Partie 1")
    slide(deck, BLANK)
    slide(deck, TITLE_AND_CONTENT, "Exemples", "Un serveur")
    document = reading(deck, SourceEntry(url="https://exemple.fr/a.pptx"))
    assert [(s.locator.kind, s.locator.value, s.heading_path, s.kind, s.text) for s in document.sections] == [
        ("page", "1", ("Numérique responsable",), "other", "Un exposé\n\nde 2024"),
        ("page", "2", (), "other", "Partie 1"),
        ("page", "4", ("Exemples",), "examples", "- Un serveur"),
    ]
    assert document.title == "Numérique responsable"
    assert deep_link(document.url, document.sections[2].locator) == "https://exemple.fr/a.pptx#page=4"


def test_bullets_come_from_the_master_the_paragraph_and_the_text(deck, reading):
    made = slide(deck, TITLE_AND_CONTENT, "A", "un\ndeux")
    made.placeholders[1].text_frame.paragraphs[1].level = 2
    for name, paragraph in (("buNone", "sans"), ("buAutoNum", "numéro")):
        added = made.placeholders[1].text_frame.add_paragraph()
        added.text = paragraph
        properties = added._p.get_or_add_pPr()
        properties.append(
            properties.makeelement(f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{name}", {})
        )
    made.placeholders[1].text_frame.add_paragraph()
    box(made, "• tapé\nlibre", 1, 6.9)
    assert reading(deck).sections[0].text == "- un\n- deux\n\nsans\n\n- numéro\n- tapé\n\nlibre"


def test_tables_are_rows(deck, reading):
    made = slide(deck, TITLE_ONLY, "A")
    table = made.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(5), Inches(2)).table
    for place, text in enumerate(("nom", "durée", "serveur", "5\nans", "", "")):
        table.cell(place // 2, place % 2).text = text
    assert reading(deck).sections[0].text == "| nom | durée |\n| serveur | 5 ans |"


@pytest.mark.parametrize("width", [2.5, 3.05])
def test_shapes_are_read_by_their_place_column_by_column(deck, reading, width):
    made = slide(deck, TITLE_ONLY, "A")
    for column in (2, 0, 1):
        box(made, f"texte {column}", 0.5 + 3 * column, 3.1, width)
        box(made, f"titre {column}", 0.5 + 3 * column, 2.5, width, 0.7)
    box(made, "pied", 0.5, 6, 8.5)
    box(made, "chapeau", 0.5, 1.2, 8.5)
    expected = "chapeau, titre 0, texte 0, titre 1, texte 1, titre 2, texte 2, pied".split(", ")
    assert reading(deck).sections[0].text.split("\n\n") == expected


def test_shapes_are_read_row_by_row_where_rows_are_further_apart(deck, reading):
    made = slide(deck, TITLE_ONLY, "A")
    for row in (1, 0):
        box(made, f"valeur {row}", 2.6, 2 + 2 * row)
        box(made, f"nom {row}", 0.5, 2 + 2 * row)
    assert reading(deck).sections[0].text.split("\n\n") == ["nom 0", "valeur 0", "nom 1", "valeur 1"]


def test_shapes_upon_each_other_are_all_read(deck, reading):
    made = slide(deck, TITLE_ONLY, "A")
    box(made, "dessous", 1, 2, 3, 2)
    box(made, "dessus", 1.5, 2.5, 1, 1)
    assert reading(deck).sections[0].text.split("\n\n") == ["dessous", "dessus"]


def test_a_drawing_of_thousands_of_shapes_is_ordered_at_once():
    placed = [Placed((place, place + 1), (0, 1), place) for place in range(5_000)]
    assert [one.shape for one in parted(placed[::-1])] == list(range(5_000))


def test_groups_are_read_as_one_in_their_own_order(deck, reading):
    made = slide(deck, TITLE_ONLY, "A")
    box(made, "après", 6, 2)
    group = made.shapes.add_group_shape()
    box(group, "g2", 1, 3)
    inner = group.shapes.add_group_shape()
    box(inner, "g1", 1, 2)
    assert reading(deck).sections[0].text.split("\n\n") == ["g1", "g2", "après"]


def test_notes_come_after_the_slide(deck, reading):
    made = slide(deck, TITLE_AND_CONTENT, "A", "un")
    made.notes_slide.notes_text_frame.text = "Dire ceci.\nPuis cela."
    alone = slide(deck, TITLE_ONLY, "B")
    alone.notes_slide.notes_text_frame.text = "Seule."
    empty = slide(deck, BLANK)
    assert empty.notes_slide.notes_text_frame.text == ""
    assert [(s.heading_path, s.text) for s in reading(deck).sections] == [
        (("A",), "- un\n\nDire ceci.\n\nPuis cela."),
        (("B",), "Seule."),
    ]


def test_hidden_slides_hidden_shapes_and_running_text_are_left_out(deck, reading):
    hidden = slide(deck, TITLE_AND_CONTENT, "Caché", "x")
    hidden.element.set("show", "0")
    made = slide(deck, TITLE_ONLY, "A")
    box(made, "invisible", 1, 2).element.xpath("./*/p:cNvPr")[0].set("hidden", "1")
    box(made, "visible", 1, 3)
    for place, kind in ((10, "dt"), (11, "ftr"), (12, "sldNum")):
        running = box(made, "courant", 1, place / 2)
        holder = running.element.nvSpPr.nvPr
        holder.append(holder.makeelement(f"{{{holder.nsmap['p']}}}ph", {"type": kind, "idx": str(place)}))
    [section] = reading(deck).sections
    assert (section.locator.value, section.text) == ("2", "visible")


DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def test_the_texts_of_a_diagram_are_items(deck, reading):
    made = slide(deck, TITLE_ONLY, "A")
    frame = made.shapes.add_table(1, 1, Inches(1), Inches(2), Inches(5), Inches(2))
    points = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{t}</a:t></a:r></a:p></dgm:t></dgm:pt>" for t in ("Réduire", "", "Réparer")
    )
    data = f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{DRAWING}"><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>'
    name = pptx.opc.packuri.PackURI("/ppt/diagrams/data1.xml")
    part = pptx.opc.package.Part(
        name,
        "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml",
        made.part.package,
        data.encode(),
    )
    id = made.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData")
    graphic = frame.element.xpath(".//a:graphicData")[0]
    graphic.set("uri", DIAGRAM)
    graphic.remove(graphic[0])
    graphic.append(
        graphic.makeelement(
            f"{{{DIAGRAM}}}relIds", {"{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm": id}
        )
    )
    assert reading(deck).sections[0].text == "- Réduire\n- Réparer"


def test_title_and_date_come_from_the_properties_then_from_the_first_slide_then_from_the_name(deck, reading):
    deck.core_properties.title = "Un titre"
    deck.core_properties.modified = datetime(2024, 5, 6, 12)
    document = reading(deck)
    assert (document.title, document.date, document.sections) == ("Un titre", "2024-05-06", ())
    deck.core_properties.title = "Présentation PowerPoint"
    assert reading(deck).title == "exposé du jour"
    slide(deck, BLANK)
    slide(deck, TITLE_ONLY, "Le vrai titre")
    assert reading(deck).title == "Le vrai titre"


def test_a_presentation_that_misses_a_part_is_damaged(tmp_path, deck):
    slide(deck, TITLE_ONLY, "A")
    whole = io.BytesIO()
    deck.save(whole)
    path = tmp_path / "a.pptx"
    for missing in ("ppt/slides/slide1.xml", "ppt/presentation.xml", "[Content_Types].xml"):
        with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as copy:
            for name in archive.namelist():
                if name != missing:
                    copy.writestr(name, archive.read(name))
        with pytest.raises(DocumentError) as caught:
            read(SourceFile(path, path.name))
        assert caught.value.key == "document_damaged"
