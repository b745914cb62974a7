"""The DOCX reader, on small files written here and on the official files where they are at hand."""

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
from corpus.readers.docx import read
from corpus.readers.source_file import SourceEntry, SourceFile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SPACES = {
    "w": W,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "v": "urn:schemas-microsoft-com:vml",
}
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = """
<w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Titre2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Chapitre"><w:name w:val="Chapitre maison"/><w:basedOn w:val="Titre1"/></w:style>
<w:style w:type="paragraph" w:styleId="Titre"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="TM1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="Cache"><w:name w:val="Caché"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="CacheAussi"><w:name w:val="Caché aussi"/><w:basedOn w:val="Cache"/></w:style>
<w:style w:type="paragraph" w:styleId="Boucle"><w:name w:val="Boucle"/><w:basedOn w:val="Boucle"/></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
""".format(levels="".join(f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="bullet"/></w:lvl>' for n in range(9)))


def p(content: str, style: str = "", properties: str = "") -> str:
    """A paragraph; ``content`` is its text, or its XML."""
    if style:
        properties = f'<w:pStyle w:val="{style}"/>{properties}'
    return f"<w:p><w:pPr>{properties}</w:pPr>{content if content.startswith('<') else r(content)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def item(text: str, level: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


def row(*cells: str, properties: str = "") -> str:
    return (
        f"<w:tr>{properties}"
        + "".join(f"<w:tc>{cell if '<' in cell else p(cell)}</w:tc>" for cell in cells)
        + "</w:tr>"
    )


def part(name: str, content: str) -> str:
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in SPACES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {spaces}>{content}</w:{name}>'


def write(path: Path, body: str, parts: dict[str, str] | None = None) -> None:
    """Write a DOCX file by hand: its body, and other parts by name, some of them given in short."""
    names = {"styles": part("styles", STYLES), "numbering": part("numbering", NUMBERING)}
    for name, content in (parts or {}).items():
        names[name] = content if "/" in name or content.startswith("<?xml") else part(name, content)
    targets = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{re.sub("[0-9]", "", name)}" Target="{name}.xml"/>' for name in names
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        main = f'<Relationship Id="m" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>')
        archive.writestr("word/document.xml", part("document", f"<w:body>{body}</w:body>"))
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{RELATIONS}">{targets}'
            f'<Relationship Id="lien" Type="{OFFICE}/hyperlink" Target="https://exemple.fr/" TargetMode="External"/></Relationships>',
        )
        for name, content in names.items():
            archive.writestr(name if "/" in name else f"word/{name}.xml", content)


UNKNOWN = SourceEntry()
Reader = Callable[..., Document]


@pytest.fixture
def docx(tmp_path: Path) -> Reader:
    """Read a document from the XML of its body."""

    def run(body: str, parts: dict[str, str] | None = None, entry: SourceEntry = UNKNOWN) -> Document:
        path = tmp_path / "note de service.docx"
        write(path, body, parts)
        [document] = read(SourceFile(path, "notes/note de service.docx", entry))
        return document

    return run


@pytest.fixture
def text(docx: Reader) -> Callable[..., str]:
    """The text of all sections."""
    return lambda *arguments, **named: "\n--\n".join(section.text for section in docx(*arguments, **named).sections)


def test_headings_make_sections_whatever_their_style_is_called(docx):
    document = docx(
        p("Guide", "Titre") + p("Avant.") + p("Un", "Titre1") + p("A.") + p("Deux", "Titre2") + p("B.")
        + p("Trois", "Chapitre") + p("C.") + p("Quatre", properties='<w:outlineLvl w:val="2"/>') + p("D.")
        + p("Corps", properties='<w:outlineLvl w:val="9"/>')
        + p("Suite.")
        + p('<w:bookmarkStart w:id="0" w:name="ici"/>' + r("Cinq"), "Titre2")
        + p("E.")
    )  # fmt: skip
    assert [(section.heading_path, section.text) for section in document.sections] == [
        (("Guide",), "Avant."),
        (("Un",), "A."),
        (("Un", "Deux"), "B."),
        (("Trois",), "C."),
        (("Trois", "Quatre"), "D.\n\nCorps\n\nSuite."),
        (("Trois", "Cinq"), "E."),
    ]
    assert {(s.locator.kind, s.anchor) for s in document.sections} == {("heading", "")}
    assert [section.locator.value for section in document.sections] == [
        "Guide",
        "Un",
        "Deux",
        "Trois",
        "Quatre",
        "Cinq",
    ]


def test_a_heading_that_heads_nothing_is_text_and_the_title_is_not(docx):
    document = docx(
        p("Guide", "Titre") + p("Un", "Titre1") + p("A.") + p("Seul", "Titre1") + p("Deux", "Titre1") + p("B.")
    )
    assert [(s.heading_path, s.text) for s in document.sections] == [(("Un",), "A.\n\nSeul"), (("Deux",), "B.")]
    assert document.title == "Guide"


def test_items_of_nested_lists_are_lines_however_deep(text):
    assert text(p("Voici :") + item("un") + item("deux", 1) + item("trois", 7) + item("quatre") + p("Fin.")) == (
        "Voici :\n\n- un\n- deux\n- trois\n- quatre\n\nFin."
    )


def test_rows_of_tables_are_lines_and_merged_cells_keep_their_place(text):
    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("serveur")
    under = "<w:tcPr><w:vMerge/></w:tcPr>" + p("<w:r/>")
    table = f"<w:tbl>{row('nom', 'durée')}{row(merged, '5 ans')}{row(under, '6 ans')}</w:tbl>"
    assert text(p("Avant.") + table + p("Après.")) == (
        "Avant.\n\n| nom | durée |\n| serveur | 5 ans |\n|  | 6 ans |\n\nAprès."
    )


def test_a_table_that_lays_out_is_text_and_one_within_a_cell_is_told_once(text):
    inner = f"<w:tbl>{row('a', 'b')}{row('c', 'd')}</w:tbl>"
    frame = f"<w:tbl>{row(p('Encadré.') + item('point'), '')}{row(p('Suite.'), '')}</w:tbl>"
    assert text(frame) == "Encadré.\n\n- point\n\nSuite."
    assert text(f"<w:tbl>{row('x', p('y') + inner)}{row('z', 't')}</w:tbl>") == "| x | y a b c d |\n| z | t |"


NOTES = (
    '<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Première note.</w:t></w:r></w:p></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:t>Seconde note.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> Cachée.</w:t></w:r></w:p></w:footnote>'
)


def test_notes_stand_after_the_block_that_calls_them_without_their_marks(docx):
    call = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    table = f"<w:tbl>{row(p(r('cellule') + call.format(2)), 'b')}</w:tbl>"
    document = docx(
        p("Un", "Titre1") + p(r("Texte") + call.format(1) + r(" suivi.")) + p("Autre.") + table + p("Deux", "Titre1") + p("Fin."),
        {"footnotes": NOTES},
    )  # fmt: skip
    assert [section.text for section in document.sections] == [
        "Texte suivi.\n\nPremière note.\n\nAutre.\n\n| cellule | b |\n\nSeconde note.",
        "Fin.",
    ]


def test_endnotes_and_two_notes_of_a_paragraph_keep_their_order(text):
    calls = '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t>B</w:t></w:r><w:r><w:endnoteReference w:id="1"/></w:r>'
    endnotes = '<w:endnote w:id="1"><w:p><w:r><w:t>De fin.</w:t></w:r></w:p></w:endnote>'
    assert text(p(r("A") + calls), {"footnotes": NOTES, "endnotes": endnotes}) == "AB\n\nPremière note.\n\nDe fin."


def test_a_call_of_a_missing_note_is_damage(docx):
    with pytest.raises(DocumentError) as caught:
        docx(p(r("A") + '<w:r><w:footnoteReference w:id="9"/></w:r>'), {"footnotes": NOTES})
    assert caught.value.key == "document_damaged"


BOX = f"<w:txbxContent>{p('Dans la boîte.')}</w:txbxContent>"
DRAWING = "<w:drawing><wp:anchor>{}<wps:wsp><wps:txbx>{}</wps:txbx></wps:wsp></wp:anchor></w:drawing>"
VML = "<w:pict><v:{0}><v:textbox>{1}</v:textbox></v:{0}></w:pict>"


@pytest.mark.parametrize(
    "drawn",
    [
        DRAWING.format("", BOX),
        VML.format("shape", BOX),
        VML.format("oval", BOX),
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{DRAWING.format('', BOX)}</mc:Choice></mc:AlternateContent>",
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{DRAWING.format('', BOX)}</mc:Choice>"
        f"<mc:Fallback>{VML.format('shape', BOX)}</mc:Fallback></mc:AlternateContent>",
        f"<mc:AlternateContent><mc:Choice Requires='x'/><mc:Fallback>{VML.format('shape', BOX)}</mc:Fallback></mc:AlternateContent>",
    ],
)
def test_a_text_box_is_read_once_after_its_paragraph(text, drawn):
    assert (
        text(p(r("Avant") + f"<w:r>{drawn}</w:r>" + r(" après.")) + p("Fin."))
        == "Avant après.\n\nDans la boîte.\n\nFin."
    )


def test_what_a_reader_does_not_see_is_left_out(text):
    hidden = '<wp:docPr id="1" name="a" hidden="1"/>'
    change = 'w:id="1" w:author="a" w:date="2024-01-01T00:00:00Z"'
    body = (
        p(r("Vu") + r(" caché", "<w:vanish/>") + r(" montré", '<w:vanish w:val="0"/>') + r(" non", '<w:rStyle w:val="CacheAussi"/>'))
        + p(r("Visible", '<w:rStyle w:val="Cache"/><w:vanish w:val="false"/>'))
        + p(f"<w:r>{DRAWING.format(hidden, BOX)}</w:r>")
        + p(r("Reste") + f"<w:del {change}><w:r><w:delText> supprimé</w:delText></w:r></w:del><w:ins {change}>{r(' ajouté')}</w:ins>")
        + p(f"<w:moveFrom {change}>{r('déplacé')}</w:moveFrom>")
        + p(f"<w:moveTo {change}>{r('arrivé')}</w:moveTo>")
        + f"<w:tbl>{row('a', 'b')}{row('effacée', 'aussi', properties=f'<w:trPr><w:del {change}/></w:trPr>')}</w:tbl>"
        + p(r("Dit") + '<w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>')
        + '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>'
    )  # fmt: skip
    comment = f'<w:comment w:id="0" w:author="a" w:initials="a">{p("un commentaire")}</w:comment>'
    parts = {
        "comments": comment,
        "header1": part("hdr", p("En-tête.")),
        "footer1": part("ftr", p("Pied.")),
    }
    assert text(body, parts) == "Vu montré\n\nVisible\n\nReste ajouté\n\narrivé\n\n| a | b |\n\nDit"


def test_a_table_of_contents_is_left_out(text):
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    block = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{p('Sommaire')}</w:sdtContent></w:sdt>"
    kept = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Gardé.')}</w:sdtContent></w:sdt>"
    assert text(block + p("Un ...... 3", "TM1") + kept) == "Gardé."


def test_fields_line_ends_and_odd_characters_are_read_as_they_look(text):
    field = f'<w:fldSimple w:instr=" REF x ">{r("champ")}</w:fldSimple>'
    code = '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> DATE </w:instrText><w:fldChar w:fldCharType="separate"/></w:r>'
    ends = '<w:r><w:t>a</w:t><w:br w:type="page"/><w:t>b</w:t><w:cr/><w:t>c</w:t><w:tab/><w:t>d</w:t></w:r>'
    odd = r("numé\u00adrique") + "<w:r><w:softHyphen/></w:r>" + r("\uf0b7") + f"<w:bdo>{r('!')}</w:bdo>"
    assert text(p(field + code + r(" 2024") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>') + p(ends) + p(odd)) == (
        "champ 2024\n\na b c d\n\nnumérique!"
    )


def test_links_are_kept_apart(docx):
    linked = (
        f'<w:hyperlink r:id="lien">{r("le site")}</w:hyperlink><w:hyperlink w:anchor="ici">{r(" ici")}</w:hyperlink>'
    )
    document = docx(p('<w:bookmarkStart w:id="0" w:name="ici"/>' + linked))
    assert document.sections[0].text == "le site ici"
    assert document.links == ("https://exemple.fr/",)


def properties(title: str = "", dates: str = "") -> dict[str, str]:
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    spaces = f'xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    return {"docProps/core.xml": f'<?xml version="1.0"?><cp:coreProperties {spaces}><dc:title>{title}</dc:title>{dates}</cp:coreProperties>'}  # fmt: skip


def test_title_and_date_come_from_the_properties_then_from_the_first_heading_then_from_the_name(docx):
    dates = "<dcterms:created>2023-01-02T08:00:00Z</dcterms:created><dcterms:modified>2024-05-06T17:38:56Z</dcterms:modified>"
    document = docx(p("Un", "Titre1") + p("A."), properties("Un titre  entier", dates))
    assert (document.title, document.date) == ("Un titre entier", "2024-05-06")
    document = docx(
        p("Un", "Titre1") + p("A."),
        properties("Microsoft Word - Document1", "<dcterms:created>2023-01-02</dcterms:created>"),
    )
    assert (document.title, document.date) == ("Un", "2023-01-02")
    document = docx(p("A."), properties("", "<dcterms:modified>hier</dcterms:modified>"))
    assert (document.title, document.date) == ("note de service", "")
    assert document.sections[0].locator.value == "note de service"
    known = SourceEntry(title="Le vrai", date="2022", url="https://exemple.fr/note.docx")
    document = docx(p("A."), properties("Un titre"), entry=known)
    assert (document.title, document.date, document.url) == ("Le vrai", "2022", "https://exemple.fr/note.docx")


def test_a_document_without_text_has_no_section(docx):
    assert docx(p("<w:r/>")).sections == ()


def test_strict_documents_are_read_too(tmp_path):
    path = tmp_path / "a.docx"
    write(path, p("Un", "Chapitre") + p(r("Vu.") + r(" caché", "<w:vanish/>")))
    strict = tmp_path / "b.docx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(strict, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name).decode().replace(W, STRICT)
            copy.writestr(name, content.replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"))
    [document] = read(SourceFile(strict, "b.docx"))
    assert [(s.heading_path, s.text) for s in document.sections] == [(("Un",), "Vu.")]


def broken(tmp_path: Path, name: str, content: str | None) -> str:
    """The key of the error of a document one part of which is replaced, or missing."""
    whole, path = tmp_path / "whole.docx", tmp_path / "broken.docx"
    write(whole, p("A."))
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as copy:
        for other in archive.namelist():
            if other != name:
                copy.writestr(other, archive.read(other))
        if content is not None:
            copy.writestr(name, content)
    with pytest.raises(DocumentError) as caught:
        read(SourceFile(path, path.name))
    return caught.value.key


def test_a_part_that_is_missing_or_broken_is_damage(tmp_path):
    assert broken(tmp_path, "word/document.xml", None) == "document_damaged"
    assert broken(tmp_path, "word/document.xml", "<w:document") == "document_damaged"
    assert broken(tmp_path, "word/styles.xml", "") == "document_damaged"
    assert broken(tmp_path, "word/numbering.xml", part("numbering", '<w:num w:numId="1"/>')) == "document_damaged"


def test_entities_are_neither_multiplied_nor_fetched(tmp_path):
    (tmp_path / "secret.txt").write_text("SECRET", "utf-8")
    address = (tmp_path / "secret.txt").as_uri()
    body = part("document", f"<w:body>{p('A &b; &x; Z')}</w:body>")
    bomb = "".join(f'<!ENTITY {a} "{f"&{z};" * 20}">' for a, z in zip("bcdefg", "cdefgh", strict=True))
    doctype = f'<!DOCTYPE w:document [{bomb}<!ENTITY h "{"lol" * 30}"><!ENTITY x SYSTEM "{address}">]>'
    for declared in (doctype, '<!DOCTYPE w:document [<!ENTITY b "B"><!ENTITY x "X">]>'):
        assert broken(tmp_path, "word/document.xml", body.replace("?><", f"?>{declared}<", 1)) == "document_damaged"


def test_orders_to_the_library_are_not_followed(text):
    assert text(p("Vu."), {"mammoth/style-map": "p => !"}) == "Vu."


def test_an_external_image_is_not_fetched(text):
    picture = '<w:drawing><wp:inline><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:link="lien"/></wp:inline></w:drawing>'
    assert text(p(r("Vu.") + f"<w:r>{picture}</w:r>")) == "Vu."


WORD = re.compile(r"\w+")


@pytest.mark.knowledge_base
def test_every_word_of_the_files_of_the_mirror_is_read(knowledge_base):
    paths = sorted(knowledge_base.rglob("*.docx"))
    assert len(paths) >= 2
    for path in paths:
        [document] = read(SourceFile(path, path.name))
        with zipfile.ZipFile(path) as archive:
            root = ElementTree.fromstring(archive.read("word/document.xml"))
        written = [
            "".join(node.text or "" for node in paragraph.iter(f"{{{W}}}t")) for paragraph in root.iter(f"{{{W}}}p")
        ]
        headings = {heading for section in document.sections for heading in section.heading_path}
        there = Counter(WORD.findall("\n".join(written)))
        kept = Counter(WORD.findall("\n".join([*(s.text for s in document.sections), *headings])))
        assert sum((there & kept).values()) >= 0.995 * there.total(), path.name
        assert sum((there & kept).values()) >= 0.995 * kept.total(), path.name


@pytest.mark.knowledge_base
def test_the_example_of_a_declaration_has_its_headings_lists_and_date(knowledge_base):
    path = next(knowledge_base.rglob("rgesn_2024_exemple_declaration_ecoconception.docx"))
    [document] = read(SourceFile(path, path.name))
    assert document.date == "2024-05-06"
    section = next(s for s in document.sections if s.heading_path[-1:] == ("Empreinte environnementale du service",))
    assert section.heading_path[-2] == "1 Stratégie"
    assert "\n- Empreinte carbone [à compléter]\n- Consommation d’énergie\u00a0: [à compléter]\n" in section.text
    assert document.links == (
        "https://www.arcep.fr/demarches-et-services/professionnels/referentiel-general-ecoconception-services-numeriques.html",
    )
