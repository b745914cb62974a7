"""The ODT reader, on small files written here and on the official file where it is at hand."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.readers.docx import read as read_docx
from corpus.readers.odt import read
from corpus.readers.source_file import SourceEntry, SourceFile

NAMES = ("office", "style", "text", "table", "drawing", "svg-compatible", "xsl-fo-compatible", "meta", "script", "form")
PREFIXES = {"drawing": "draw", "svg-compatible": "svg", "xsl-fo-compatible": "fo"}
SPACES = " ".join(
    [f'xmlns:{PREFIXES.get(name, name)}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES]
    + ['xmlns:xlink="http://www.w3.org/1999/xlink"', 'xmlns:dc="http://purl.org/dc/elements/1.1/"']
)
AUTOMATIC = """
<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Discret"/>
<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="P3" style:family="paragraph" style:parent-style-name="Discret">
  <style:text-properties text:display="true"/></style:style>
<style:style style:name="B1" style:family="paragraph" style:parent-style-name="B1"/>
"""
NAMED = """
<style:style style:name="Title" style:family="paragraph"/>
<style:style style:name="Discret" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
"""
ANNOTATION = "<office:annotation><dc:creator>Alix</dc:creator><text:p>un commentaire</text:p></office:annotation>"


def write(path: Path, body: str, meta: str = "") -> None:
    """Write an ODT file by hand."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:automatic-styles>{AUTOMATIC}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        archive.writestr(
            "styles.xml",
            f"<office:document-styles {SPACES}><office:styles>{NAMED}</office:styles><office:master-styles>"
            "<style:master-page><style:header><text:p>En-tête.</text:p></style:header></style:master-page>"
            "</office:master-styles></office:document-styles>",
        )
        if meta:
            content = f"<office:document-meta {SPACES}><office:meta>{meta}</office:meta></office:document-meta>"
            archive.writestr("meta.xml", content)


UNKNOWN = SourceEntry()
Reader = Callable[..., Document]


@pytest.fixture
def odt(tmp_path: Path) -> Reader:
    """Read a document from the XML of its body."""

    def run(body: str, meta: str = "", entry: SourceEntry = UNKNOWN) -> Document:
        path = tmp_path / "note de service.odt"
        write(path, body, meta)
        [document] = read(SourceFile(path, "notes/note de service.odt", entry))
        return document

    return run


@pytest.fixture
def text(odt: Reader) -> Callable[[str], str]:
    """The text of all sections."""
    return lambda body: "\n--\n".join(section.text for section in odt(body).sections)


def p(content: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{content}</text:p>'


def h(content: str, level: int = 1) -> str:
    return f'<text:h text:outline-level="{level}">{content}</text:h>'


def listed(*items: str) -> str:
    return "<text:list>" + "".join(f"<text:list-item>{item}</text:list-item>" for item in items) + "</text:list>"


def row(*cells: str) -> str:
    return (
        "<table:table-row>"
        + "".join(f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in cells)
        + "</table:table-row>"
    )


def note(content: str, kind: str = "footnote") -> str:
    body = f"<text:note-body><text:p>{content}</text:p></text:note-body>"
    return f'<text:note text:note-class="{kind}"><text:note-citation>1</text:note-citation>{body}</text:note>'


def box(content: str) -> str:
    return f"<draw:frame><svg:title>nom</svg:title><draw:text-box>{content}</draw:text-box></draw:frame>"


def test_headings_make_sections(odt):
    document = odt(
        p("Guide", "P2") + p("Avant.") + h("Un") + p("A.") + h("Deux", 2) + p("B.") + h("Trois", 9) + p("C.")
        + f"<text:section>{h('Quatre')}{p('D.')}</text:section>" + listed(listed(h("Cinq", 2)) + "") + p("E.")
    )  # fmt: skip
    assert [(section.heading_path, section.text) for section in document.sections] == [
        (("Guide",), "Avant."),
        (("Un",), "A."),
        (("Un", "Deux"), "B."),
        (("Un", "Deux", "Trois"), "C."),
        (("Quatre",), "D."),
        (("Quatre", "Cinq"), "E."),
    ]
    assert [section.locator.value for section in document.sections][-1] == "Cinq"


def test_items_of_nested_lists_are_lines(text):
    items = listed(p("un") + listed(p("deux") + listed(p("trois"))), p("quatre"))
    assert text(p("Voici :") + items + p("Fin.")) == "Voici :\n\n- un\n- deux\n- trois\n- quatre\n\nFin."


def test_rows_of_tables_are_lines_and_covered_cells_keep_their_place(text):
    covered = f"<table:table-row><table:covered-table-cell>{p('vieux')}</table:covered-table-cell><table:table-cell>{p('6 ans')}</table:table-cell></table:table-row>"
    head = f"<table:table-column/><table:table-header-rows>{row('nom', 'durée')}</table:table-header-rows>"
    table = f"<table:table>{head}{row('serveur', '5 ans')}{covered}</table:table>"
    assert text(p("Avant.") + table + p("Après.")) == (
        "Avant.\n\n| nom | durée |\n| serveur | 5 ans |\n|  | 6 ans |\n\nAprès."
    )


def test_notes_stand_after_the_outermost_block_that_calls_them_without_their_marks(text):
    table = f"<table:table>{row('cellule' + note('Note de table.'), 'b')}{row('c', 'd')}</table:table>"
    body = (
        p(f"Texte{note('Première.')} suivi{note('De fin.', 'endnote')}.") + p("Autre.")
        + listed(p("un" + note("D’un.")), p("deux")) + table
    )  # fmt: skip
    assert text(body) == (
        "Texte suivi.\n\nPremière.\n\nDe fin.\n\nAutre.\n\n- un\n- deux\n\nD’un.\n\n"
        "| cellule | b |\n| c | d |\n\nNote de table."
    )


def test_text_boxes_and_shapes_are_read_after_their_paragraph(text):
    shape = f"<draw:g><draw:custom-shape>{p('Dans la forme.')}<draw:enhanced-geometry/></draw:custom-shape></draw:g>"
    assert text(
        box(p("En page.")) + p(f"Avant{box(p('Dans la boîte.') + listed(p('point')))} après.{shape}") + p("Fin.")
    ) == ("En page.\n\nAvant après.\n\nDans la boîte.\n\n- point\n\nDans la forme.\n\nFin.")


def test_what_a_reader_does_not_see_is_left_out(text):
    deleted = f"<text:tracked-changes><text:changed-region><text:deletion>{p('supprimé')}</text:deletion></text:changed-region></text:tracked-changes>"
    body = (
        "<office:forms/>" + deleted
        + p(f'Vu<text:span text:style-name="T1"> caché</text:span> et<text:change text:change-id="a"/> lu{ANNOTATION}.')
        + p("Discret", "Discret") + p("Discret aussi", "P1") + p("Montré", "P3")
        + f'<text:section text:display="none">{p("section cachée")}</text:section>'
        + p('<text:hidden-paragraph text:is-hidden="true"/>paragraphe caché')
        + p('<text:hidden-paragraph text:is-hidden="false"/>Paragraphe vu')
        + p('Dit<text:hidden-text text:is-hidden="true" text:string-value="x">texte caché</text:hidden-text>')
        + f"<text:table-of-content><text:index-body>{p('Sommaire ..... 3')}</text:index-body></text:table-of-content>"
    )  # fmt: skip
    assert text(body) == "Vu et lu.\n\nMontré\n\nParagraphe vu\n\nDit"


def test_spaces_line_ends_fields_and_markup_are_read_as_they_look(text):
    content = 'a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d <text:page-number>4</text:page-number> &lt;b&gt; numé\u00adrique'
    assert text(p(content)) == "a b c d 4 <b> numérique"


def test_links_are_kept_apart(odt):
    document = odt(
        p('voir <text:a xlink:href="https://exemple.fr/?a=1&amp;b=2">le <text:span>site</text:span></text:a>.')
    )
    assert document.sections[0].text == "voir le site."
    assert document.links == ("https://exemple.fr/?a=1&b=2",)


def test_title_and_date_come_from_the_properties_then_from_the_first_heading_then_from_the_name(odt):
    dates = "<meta:creation-date>2023-01-02T08:00:00</meta:creation-date>"
    document = odt(h("Un") + p("A."), f"<dc:title>Un titre</dc:title>{dates}<dc:date>2024-05-06T17:38:56.5</dc:date>")
    assert (document.title, document.date) == ("Un titre", "2024-05-06")
    document = odt(h("Un" + note("n")) + p("A."), f"<dc:title>Sans nom 1</dc:title>{dates}")
    assert (document.title, document.date, document.sections[0].text) == ("Un", "2023-01-02", "n\n\nA.")
    document = odt(p("A."))
    assert (document.title, document.date) == ("note de service", "")
    document = odt(p("A."), dates, SourceEntry(title="Le vrai", date="2022"))
    assert (document.title, document.date) == ("Le vrai", "2022")


@pytest.mark.parametrize("content", ["", "<office:document-content", f"<office:document-content {SPACES}/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])  # fmt: skip
def test_a_broken_content_is_damage(tmp_path, content):
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    with pytest.raises(DocumentError) as caught:
        read(SourceFile(path, path.name))
    assert caught.value.key == "document_damaged"


TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
WORD = re.compile(r"\w+")


@pytest.mark.knowledge_base
def test_every_word_of_the_file_of_the_mirror_is_read_as_of_its_docx(knowledge_base):
    path = next(knowledge_base.rglob("rgesn_2024_exemple_declaration_ecoconception.odt"))
    [document] = read(SourceFile(path, path.name))
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    paragraphs = [" ".join(node.itertext()) for node in root.iter(TEXT + "p")]
    there = Counter(WORD.findall("\n".join(paragraphs)))
    kept = Counter(WORD.findall("\n".join(section.text for section in document.sections)))
    assert there.total() > 2_500
    assert sum((there & kept).values()) >= 0.995 * there.total()
    [other] = read_docx(SourceFile(path.with_suffix(".docx"), path.name))
    assert document.sections == other.sections
    assert (document.title, document.date, document.links) == (other.title, other.date, other.links)
