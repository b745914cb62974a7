"""The PDF reader, on small files drawn here and on the official files where they are at hand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdf
import pytest

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.readers.pdf import clean, read
from corpus.readers.source_file import SourceEntry, SourceFile, entry_for

WIDTH, HEIGHT = 595, 842
Reader = Callable[..., Document]
BODY = "Un serveur moins puissant suffit souvent et sa fabrication pèse moins sur les ressources"


@dataclass(frozen=True)
class Text:
    """A line of text from its left end, ``top`` points below the top of the page."""

    left: float
    top: float
    text: str
    size: float = 10
    bold: bool = False

    def drawn(self) -> bytes:
        text = self.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        font = b"F2" if self.bold else b"F1"
        return b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (font, self.size, self.left, HEIGHT - self.top, text)


@dataclass(frozen=True)
class Rule:
    """A thin line drawn from one point to another."""

    left: float
    top: float
    right: float
    bottom: float

    def drawn(self) -> bytes:
        return b"0.5 w %g %g m %g %g l S\n" % (self.left, HEIGHT - self.top, self.right, HEIGHT - self.bottom)


def pdf(*pages: list[Text | Rule], title: str = "") -> bytes:
    """Return a PDF file, written by hand: no library that writes PDF is needed to test one that reads them."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (6 + 2 * place) for place in range(len(pages)))),
        b"<< /Title (%s) >>" % title.encode("cp1252"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for place, page in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>" % (WIDTH, HEIGHT, 7 + 2 * place)
        )
        content = b"".join(item.drawn() for item in page)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root 1 0 R /Info 3 0 R >>" % (len(objects) + 1)
    start = b"startxref\n%d\n%%%%EOF" % len(data)
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%s\n%s" % (len(objects) + 1, table, trailer, start)


def lines(left: float, top: float, *texts: str, pitch: float = 13) -> list[Text | Rule]:
    return [Text(left, top + place * pitch, text) for place, text in enumerate(texts)]


@pytest.fixture
def read_pages(tmp_path: Path) -> Reader:
    """Return a function that draws pages and reads them back."""

    def draw_and_read(*pages: list[Text | Rule], title: str = "", entry: SourceEntry | None = None) -> Document:
        path = tmp_path / "essai.pdf"
        path.write_bytes(pdf(*pages, title=title))
        return read(SourceFile(path, "dossier/essai.pdf", entry or SourceEntry()))[0]

    return draw_and_read


def test_a_section_stands_on_its_page_under_the_headings_in_force(read_pages: Reader) -> None:
    document = read_pages(
        [
            Text(60, 100, "2. Les serveurs", 18, bold=True),
            Text(60, 140, "2.1. Objectif", 12, bold=True),
            *lines(60, 170, f"{BODY},", "comme le montrent les mesures de cette année."),
        ],
        [
            *lines(60, 100, "La page suivante en parle encore."),
            Text(60, 140, "Mise en œuvre", 12, bold=True),
            *lines(60, 170, f"{BODY}."),
        ],
    )
    assert [(section.locator.value, section.heading_path, section.kind) for section in document.sections] == [
        ("1", ("2. Les serveurs", "2.1. Objectif"), "aim"),
        ("2", ("2. Les serveurs", "2.1. Objectif"), "aim"),
        ("2", ("2. Les serveurs", "Mise en œuvre"), "how"),
    ]
    assert {section.locator.kind for section in document.sections} == {"page"}
    assert document.sections[0].text == f"{BODY}, comme le montrent les mesures de cette année."


def test_a_bold_lead_in_and_a_figure_in_large_type_are_no_headings(read_pages: Reader) -> None:
    document = read_pages(
        [
            *lines(60, 100, f"{BODY}."),
            Text(60, 130, "Attention :", bold=True),
            Text(118, 130, "la mesure porte sur une année entière et non sur un seul mois."),
            Text(60, 180, "17 vidéos", 24),
            *lines(60, 230, f"{BODY}."),
        ]
    )
    assert [section.heading_path for section in document.sections] == [()]
    assert "Attention : la mesure porte" in document.sections[0].text


def test_headers_footers_and_page_numbers_are_left_out(read_pages: Reader) -> None:
    pages = [
        [
            Text(60, 30, f"Rapport annuel, partie {number}"),
            Text(290, 820, str(number)),
            *lines(60, 100, f"{word} {BODY}."),
        ]
        for number, word in enumerate(["D’abord,", "Ensuite,", "Enfin,"], start=1)
    ]
    document = read_pages(*pages)
    assert [section.text for section in document.sections] == [
        f"{word} {BODY}." for word in ["D’abord,", "Ensuite,", "Enfin,"]
    ]


def test_a_cut_word_is_joined_and_a_compound_kept(read_pages: Reader) -> None:
    document = read_pages(
        lines(
            60,
            100,
            "La mesure de l’écoconception reste délicate et elle dépend peut-être de celui qui mesure, de l’écoconcep-",
        )
        + lines(60, 113, "tion telle qu’il l’entend, ou bien encore de la méthode ; le résultat sera donc peut-")
        + lines(60, 126, "être différent d’une équipe à l’autre, et d’ailleurs une mesure de plus est-")
        + lines(60, 139, "elle utile à qui connaît déjà les principaux postes de sa consomma-")
        + lines(60, 152, "tion de ressources ?")
    )
    (section,) = document.sections
    for words in ["de l’écoconception telle", "peut-être différent", "est-elle utile", "sa consommation de"]:
        assert words in section.text


def test_paragraphs_and_items_are_told_apart(read_pages: Reader) -> None:
    document = read_pages(
        lines(60, 100, f"{BODY}", "et sur les sols.")
        + lines(
            60,
            140,
            "•  Réemployer un poste qui fonctionne encore, après un nettoyage et une vérification, au lieu",
            pitch=13,
        )
        + lines(70, 153, "d’en acheter un.")
        + lines(60, 166, "–  Réparer.", "1. Trier ce qui reste.")
    )
    assert document.sections[0].text.split("\n") == [
        f"{BODY} et sur les sols.",
        "",
        "- Réemployer un poste qui fonctionne encore, après un nettoyage et une vérification, au lieu d’en acheter un.",
        "- Réparer.",
        "",
        "1. Trier ce qui reste.",
    ]


def test_columns_are_read_one_after_the_other(read_pages: Reader) -> None:
    left = ["La colonne de gauche se lit avant", "celle de droite, même si leurs", "lignes sont à la même hauteur."]
    right = ["La colonne de droite vient après,", "car personne ne lit une page en", "sautant par-dessus le blanc."]
    interleaved = [item for pair in zip(lines(60, 140, *left), lines(320, 140, *right), strict=True) for item in pair]
    document = read_pages([*lines(60, 100, f"{BODY}, en tête de page."), *interleaved])
    assert document.sections[0].text.split("\n\n")[1:] == [" ".join(left), " ".join(right)]


def test_a_heading_of_a_narrow_column_does_not_head_the_wide_one(read_pages: Reader) -> None:
    margin = [Text(60, 140, "À retenir", bold=True), *lines(60, 160, "Peu de lignes,", "peu de mots.")]
    document = read_pages([Text(60, 90, "Fiche", 20), *margin, *lines(240, 140, BODY[:60], BODY[60:], f"{BODY[:60]}.")])
    assert [section.heading_path for section in document.sections] == [("Fiche", "À retenir"), ("Fiche",)]


def test_a_table_drawn_with_lines_gives_a_row_a_line(read_pages: Reader) -> None:
    rules = [Rule(60, y, 420, y) for y in (100, 120, 150, 170)] + [Rule(x, 100, x, 170) for x in (60, 180, 300, 420)]
    cells = [
        *(Text(left, 114, text) for left, text in ((65, "Poste"), (185, "Durée"), (305, "Nombre"))),
        *(Text(left, 134, text) for left, text in ((65, "Écran de"), (185, "6 ans"), (305, "12"))),
        Text(65, 145, "bureau"),
        *(Text(left, 164, text) for left, text in ((65, "Serveur"), (305, "3"))),
    ]
    document = read_pages([*rules, *cells, *lines(60, 220, f"{BODY}.")])
    assert document.sections[0].text.split("\n") == [
        "| Poste | Durée | Nombre |",
        "| Écran de bureau | 6 ans | 12 |",
        "| Serveur |  | 3 |",
        "",
        f"{BODY}.",
    ]


def test_short_entries_side_by_side_are_rows_and_labels_open_items(read_pages: Reader) -> None:
    rows = [("Réduire le nombre d’écrans de chaque bureau", "Faible"), ("Garder les postes six ans", "Moyenne")]
    listed = [
        item
        for place, (left, right) in enumerate(rows)
        for item in (Text(60, 140 + 20 * place, left), Text(420, 140 + 20 * place, right))
    ]
    labels = [Text(60, 300, "Cible :"), Text(180, 300, "tous les services")]
    labels += [Text(60, 320, "Métiers :"), Text(180, 320, "développement")]
    text = read_pages([*lines(60, 100, f"{BODY}."), *listed, *lines(60, 260, f"{BODY}."), *labels]).sections[0].text
    assert "| Réduire le nombre d’écrans de chaque bureau | Faible |\n| Garder les postes six ans | Moyenne |" in text
    assert text.endswith("Cible : tous les services\n\nMétiers : développement")


def test_a_table_of_contents_gives_no_section(read_pages: Reader) -> None:
    contents = lines(
        60, 100, "Sommaire", *(f"Chapitre {word} ............ {place}" for place, word in enumerate("abcd", 2))
    )
    document = read_pages(contents, lines(60, 100, f"{BODY}."))
    assert [section.locator.value for section in document.sections] == ["2"]


def test_text_printed_twice_and_note_marks_are_read_once_and_not_at_all(read_pages: Reader) -> None:
    document = read_pages(
        [
            Text(60, 100, "Une ombre double ce titre", 18, bold=True),
            Text(60, 100, "Une ombre double ce titre", 18, bold=True),
            Text(60, 140, "Le secteur en émet 17 millions de tonnes"),
            Text(241, 136, "3", 5),
            Text(247, 140, "chaque année."),
        ]
    )
    (section,) = document.sections
    assert section.heading_path == ("Une ombre double ce titre",)
    assert section.text == "Le secteur en émet 17 millions de tonnes chaque année."


def test_clean_leaves_what_the_eye_sees() -> None:
    assert clean("\u00a0e\ufb03cace\u0000 \ufb02ux\u200b\u00ad,  0\u202f%\t") == " efficace flux, 0 % "
    assert clean("\uf0b7") == "•"
    assert clean("e\u0301cran") == "écran"


def test_the_title_is_that_of_the_sources_then_of_the_file_then_its_name(read_pages: Reader) -> None:
    page = lines(60, 100, f"{BODY}.")
    assert (
        read_pages(page, title="Guide", entry=SourceEntry(title="Le guide", url="https://exemple.fr/g.pdf")).title
        == "Le guide"
    )
    assert read_pages(page, title="Guide").title == "Guide"
    assert read_pages(page).title == "essai"


def test_the_document_says_where_the_file_stands(read_pages: Reader) -> None:
    document = read_pages(lines(60, 100, f"{BODY}."), entry=SourceEntry(url="https://exemple.fr/g.pdf", date="2024-05"))
    assert (document.id, document.url, document.date) == ("dossier/essai.pdf", "https://exemple.fr/g.pdf", "2024-05")


def locked(path: Path) -> bytes:
    path.write_bytes(pdf(lines(60, 100, BODY)))
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)
    return path.read_bytes()


@pytest.mark.parametrize("key", ["pdf_locked", "pdf_damaged", "pdf_no_text"])
def test_a_file_that_cannot_be_read_says_why(key: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "essai.pdf"
    data = {
        "pdf_locked": locked(path),
        "pdf_damaged": b"%PDF-1.4\nrien de plus",
        "pdf_no_text": pdf([Rule(60, 60, 90, 60)]),
    }
    path.write_bytes(data[key])
    with pytest.raises(DocumentError) as caught:
        read(SourceFile(path, "essai.pdf"))
    assert caught.value.key == key
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list the open files")
def test_no_file_is_left_open(read_pages: Reader) -> None:
    read_pages(lines(60, 100, BODY))
    before = len(os.listdir("/proc/self/fd"))
    read_pages(lines(60, 100, BODY))
    assert len(os.listdir("/proc/self/fd")) == before


RGESN = "2024/rgesn-mai2024/referentiel_general_ecoconception_des_services_numeriques_version_2024.pdf"
STUDY = "2024/etude-ademe-impacts-environnementaux-numerique.pdf"
PRACTICES = "2023/guide-de-bonnes-pratiques-numerique-responsable-version-1.pdf"
PURCHASES = "2021/guide-achats-numeriques-responsables-version-beta-avril-2021.pdf"
CLOUD = "2025/RCP_datacenter_services_cloud_FR.pdf"
AI = "2025/MINUMECO_fiche_IA_frugale_VF.pdf"
FACTS = [
    (RGESN, 25, ("1 Stratégie", "1.4 Le service", "OBJECTIF"), "aim", "un service numérique peut évoluer"),
    (RGESN, 29, ("1 Stratégie", "1.6 Le service", "MOYEN DE TEST OU DE CONTRÔLE"), "check", "Contrôler le type et la quantité"),
    (RGESN, 85, ("5 Contenus", "5.4 Le service", "POUR ALLER PLUS LOIN"), "tools", "| Mozilla Firefox | Oui (depuis 2015) |"),
    (RGESN, 81, ("5 Contenus", "5.2 Le service"), "other", "Cible : N/A si le service"),
    (STUDY, 13, ("2.Données", "2.4.Tier 3", "2.4.2. Data centers"), "other", "| 1,93 | 1,93 | 1,93 | 1,55 |"),
    (STUDY, 28, ("5.Limites de l’étude", "5.1. Limites générales"), "limits", "La limite principale de notre étude"),
    (PRACTICES, 25, ("a.2 Définir", "Exemples de pilotes"), "examples", "- Délégué au numérique responsable"),
    (PRACTICES, 36, ("b.2 Intégrer les compétences",), "how", "Selon le public ou le service"),
    (PURCHASES, 9, ("QUELLES SONT LES PARTIES", "AIRBUS"), "other", "Depuis janvier 2019, la direction informatique"),
    (PURCHASES, 57, ("EXEMPLE D’ANNEXE",), "examples", "| Lister | | Pas de moyen"),
    (CLOUD, 12, ("1. Portée", "1.3. Positionnement"), "other", "D’une manière globale, le RCP"),
    (AI, 7, ("Les impacts environnementaux", "MÉTAUX"), "other", "la demande de cuivre"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "page", "headings", "kind", "words"), FACTS)
def test_the_official_files_hold_these_words_under_these_headings(
    name: str, page: int, headings: tuple[str, ...], kind: str, words: str, knowledge_base: Path
) -> None:
    for section in official(knowledge_base, name).sections:
        if section.locator.value == str(page) and section.kind == kind and words in " ".join(section.text.split()):
            last = section.heading_path[-len(headings) :]
            assert all(found.startswith(start) for found, start in zip(last, headings, strict=True))
            return
    pytest.fail(f"no such words on page {page}")


def test_every_criterion_of_the_referential_has_its_three_parts(knowledge_base: Path) -> None:
    kinds: dict[str, set[str]] = {}
    for section in official(knowledge_base, RGESN).sections:
        for heading in section.heading_path:
            if number := re.match(r"\d\.\d{1,2} ", heading):
                kinds.setdefault(number[0], set()).add(section.kind)
    assert len(kinds) == 78
    assert all(found >= {"aim", "how", "check"} for found in kinds.values())


@cache
def official(folder: Path, name: str) -> Document:
    return read(SourceFile(folder / "documents" / name, name, entry_for(folder, f"documents/{name}")))[0]
