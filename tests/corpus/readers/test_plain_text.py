"""Plain text: paragraphs and their numbers, lists, lines cut by a margin, encodings."""

from __future__ import annotations

import pytest

from corpus.documents import Section
from corpus.errors import DocumentError
from corpus.messages import text
from corpus.readers import READERS
from corpus.readers.encoding import decoded
from corpus.readers.plain_text import read
from corpus.readers.source_file import SourceEntry, SourceFile


@pytest.fixture
def sections(tmp_path):
    """Read a text from its content."""

    def run(content: str | bytes) -> tuple[Section, ...]:
        path = tmp_path / "note.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        [document] = read(SourceFile(path, "dossier/note.txt", SourceEntry(url="https://exemple.fr/note.txt")))
        assert (document.title, document.url) == ("note", "https://exemple.fr/note.txt")
        return document.sections

    return run


def test_paragraphs_are_joined_and_located_by_their_number(sections):
    paragraphs = [f"Paragraphe {number} : " + "des mots et encore des mots. " * 8 for number in range(1, 6)]
    found = sections("\n\n".join(paragraphs))
    assert [(section.locator.kind, section.locator.value) for section in found] == [
        ("paragraph", "1"),
        ("paragraph", "4"),
    ]
    assert found[1].text == "\n\n".join(paragraph.strip() for paragraph in paragraphs[3:])


def test_lines_cut_by_a_margin_are_one_paragraph(sections):
    lines = [
        "Un service numérique bien conçu se contente de peu, et cela se",
        "mesure. Il tourne sur des machines anciennes, avec une connexion",
        "lente.",
        "",
        "Autre paragraphe, court.",
    ]
    [section] = sections("\r\n".join(lines))
    assert section.text == " ".join(lines[:3]) + "\n\nAutre paragraphe, court."


def test_short_lines_and_long_ones_are_a_paragraph_each(sections):
    long = "Une ligne qui va bien au-delà de toute marge. " * 4
    [section] = sections(f"Titre\nSous-titre\n{long}\n{long}\n")
    assert section.text == f"Titre\n\nSous-titre\n\n{long.strip()}\n\n{long.strip()}"


def test_items_that_follow_each_other_are_one_list(sections):
    [section] = sections("Il faut :\n* louer\n  du matériel\n•  réparer\n- donner\nFin")
    assert section.text == "Il faut :\n\n- louer du matériel\n- réparer\n- donner\n\nFin"


@pytest.mark.parametrize("content", ["", " \n\n\t\n"])
def test_a_text_without_words_has_no_section(sections, content):
    assert sections(content) == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "mac_roman"])
def test_the_encoding_is_found(sections, encoding):
    assert sections("Déjà reçu : été, hôpital à Nîmes.".encode(encoding))[0].text == "Déjà reçu : été, hôpital à Nîmes."


def test_the_encoding_is_found_far_from_the_start(tmp_path):
    words = "Plain words. " * 30_000 + "L’été à Nîmes coûte 25 €, déjà reçu."
    (tmp_path / "a.txt").write_bytes(words.encode("cp1252"))
    assert decoded(tmp_path / "a.txt") == words


def test_a_damaged_letter_does_not_change_the_others(sections):
    assert sections("été, déjà, reçu, hôpital, forêt, à côté ".encode() + b"\xff")[0].text.startswith("été, déjà, reçu")


@pytest.mark.parametrize("content", [b"%PDF-1.7\n\0\1\2", b"\x89PNG\r\n\x1a\n\0\0", bytes(range(256))])
def test_what_is_no_text_is_told(sections, content):
    with pytest.raises(DocumentError, match="not_text") as caught:
        sections(content)
    assert "UTF-8" in text(caught.value.key, "en")


def test_the_reader_is_the_one_of_its_ending(tmp_path):
    (tmp_path / "a.txt").write_text("Des mots.")
    assert READERS[".txt"](SourceFile(tmp_path / "a.txt", "a.txt"))[0].sections[0].text == "Des mots."
