"""``python -m corpus check``: each rule catches a wrong card and accepts a right one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import check as module
from corpus.__main__ import main
from corpus.check import check, sentence
from corpus.errors import InputError

HOME = "https://ecoresponsable.numerique.gouv.fr"
PDF = "docs/2024/rgesn-mai2024/referentiel_general_ecoconception_des_services_numeriques_version_2024.pdf"
PAGE = """---
title: Un essai sur les équipements
date: 2023-07-13
---
Ce texte d'introduction compte 12 équipements.

## L'empreinte d’un équipement

La fabrication émet 180 kg équivalent CO2, soit 76 % du total, pour 2,5 millions d'appareils gardés deux ans.

### Le détail

Un écran de 24 pouces en émet 25 000 g. La loi n° 2021-1485 du 15 novembre 2021, article L. 541-15, en parle.

## Autre chose

| Année | Tonnes |
|---|---|
| 2020 | 850 |

Le taux est de 99 %.
"""
CRITERION = {
    "numero": "4.10", "critere": "Le service annonce-t-il le format de saisie ?", "thematique": "UX/UI",
    "priorite": "Modéré", "difficulte": "Faible", "metiers": "Développeur", "cible": "N/A sans formulaire",
    "objectif": "Moins de 3 échanges.", "miseEnOeuvre": "Indiquer le format.", "controle": "Tester 5 saisies.",
}  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CARD = """---
id: essai-{slug}
title: "{title}"
kind: guide
language: fr
date: 2024-05
sources:
{sources}
facets: {{theme: [matériel], audience: [agent], stage: [usage]}}
{more}questions:
  - "Quelle est l’empreinte de {slug} ?"
  - "Combien de temps garder {slug} ?"
---

## L’essentiel

{text}

## Mise en œuvre

{filler}
"""
HEADING = f'{HOME}/actualites/essai/", heading: "L’empreinte d\'un équipement'
SECTION, WHOLE, INTRO = (
    HEADING,
    f"{HOME}/actualites/essai/",
    f'{HOME}/actualites/essai/", heading: "Un essai sur les équipements',
)
PAGE_1, PAGE_2 = f'{HOME}/{PDF}", page: "1', f'{HOME}/{PDF}", page: "2'
NUMBER = f'{HOME}/publications/referentiel-general-ecoconception/critere/4.10/", criterion: "4.10'


def pdf(*pages: str) -> bytes:
    """A PDF of one line a page."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for place, line in enumerate(pages):
        content = b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % line.encode("cp1252")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * place)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    data, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def card(slug: str, text: str = "Un texte.", *sources: str, title: str = "", more: str = "", words: int = 8) -> str:
    """A card of the family « essai », right but for what is given."""
    listed = "\n".join(f'  - {{title: Source, publisher: P, url: "{source}"}}' for source in sources or (WHOLE,))
    # No two cards have the same text.
    filler = " ".join(
        f"Mot {' '.join(slug + letter + LETTERS[place] for letter in LETTERS[:13])}." for place in range(words)
    )
    title = title or f"Une fiche sur {slug}"
    return CARD.format(slug=slug, title=title, sources=listed, more=more, text=text, filler=filler)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of official documents: a page, a PDF of two pages, a criterion, and a page that is kept in HTML only."""
    folder = tmp_path_factory.mktemp("mirror") / "knowledge-base"
    files: dict[str, bytes] = {
        "markdown/actualites/posts/essai.md": PAGE.encode(),
        f"documents/{PDF.removeprefix('docs/')}": pdf("La page une compte 78 critères.", "La page deux en compte 30."),
        "data/referentiel-ecoconception.json": json.dumps([CRITERION]).encode(),
        "site/seule/index.html": b"<html lang=fr><head><title>Seule</title></head><body><main><h1>Seule</h1>"
        b"<p>Cette page reste 41 jours en ligne, puis part aux archives du site.</p></main></body></html>",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


# What is right, then what is wrong with the key of its problem; each text with the places that it names.
RIGHT = {
    "chiffre": ("La fabrication émet 180 kg équivalent CO2, soit 76 % du total.", SECTION),
    "mots": ("Sont gardés 2 ans 2 500 000 appareils.", SECTION),
    "detail": ("Un écran de 24 pouces émet 25 kg, selon la loi n° 2021-1485 du 15 novembre 2021.", SECTION),
    "article": ("L’article L541-15 le dit depuis novembre 2021.", SECTION),
    "tableau": ("Le total de 2020 est de 850 tonnes.", f'{WHOLE}", heading: "Autre chose'),
    "date": ("La page de juillet 2023 le dit.", SECTION),
    "introduction": ("Le texte compte 12 équipements.", INTRO),
    "entier": ("Le taux est de 99 % et l’écran mesure 24 pouces.", WHOLE),
    "page": ("Le référentiel compte 78 critères (page 1).", PAGE_1),
    "pages": ("Le référentiel compte 78 critères, dont 30 (pages 1 et 2).", PAGE_1, PAGE_2),
    "critere": ("Le critère 4.10 demande de tester 5 saisies.", NUMBER),
    "html": ("La page reste 41 jours en ligne.", f"{HOME}/seule/"),
    "fragment": ("Le taux est de 99 %.", f"{WHOLE}#autre-chose"),
    "langue": ("Un agent garde une machine un an. Le premier écran, le 2e écran, les deux tiers, la moitié.", WHOLE),
    "liste": ("Le service suit trois règles : garder, réparer et donner. Les trois règles valent pour tous.", WHOLE),
}
WRONG = {
    "chiffre": ("La fabrication émet 190 kg équivalent CO2.", "check_figure", SECTION),
    "unite": ("La fabrication émet 180 tonnes équivalent CO2.", "check_unit", SECTION),
    "millions": ("2,5 milliards d’appareils sont gardés.", "check_figure", SECTION),
    "annee": ("La page de 2022 le dit.", "check_figure", SECTION),
    "jour": ("La loi du 16 novembre 2021 le dit.", "check_figure", SECTION),
    "article": ("L’article L. 541-16 le dit.", "check_figure", SECTION),
    "loi": ("La loi n° 2021-1486 le dit.", "check_figure", SECTION),
    "autre-titre": ("Le taux est de 99 %.", "check_figure_elsewhere", SECTION),
    "au-dessus": ("Un écran mesure 24 pouces.", "check_figure_elsewhere", INTRO),
    "page-suivante": ("Le référentiel compte 78 critères.", "check_figure_elsewhere", PAGE_2),
    "page-citee": ("Le référentiel compte 78 critères (page 2).", "check_page_mention", PAGE_1),
    "critere": ("Le critère 4.1 demande de tester.", "check_figure", NUMBER),
    "mots": ("Les appareils sont gardés trois ans.", "check_figure", SECTION),
    "compte": ("Le service suit trois règles : garder et réparer.", "check_figure", WHOLE),
    "sans-source": ("Un texte.", "check_source", f"{HOME}/actualites/absente/"),
    "sans-titre": ("Un texte.", "check_place", f'{WHOLE}", heading: "Un titre absent'),
    "au-dela": ("Un texte.", "check_place", f'{HOME}/{PDF}", page: "3'),
    "autre-critere": ("Un texte.", "check_place", NUMBER.replace('criterion: "4.10', 'criterion: "4.11')),
    "lien": ("Un texte, voir https://exemple.fr.", "check_link", WHOLE),
    "gras": ("Un **texte**.", "check_bold", WHOLE),
    "balise": ("Un <b>texte</b>.", "check_html", WHOLE),
    "rangs": ("| a | b |", "check_table", WHOLE),
    "titre": ("Un texte.\n\n## Divers\n\nUn autre.", "check_heading", WHOLE),
    "niveau": ("Un texte.\n\n### Chiffres\n\nUn autre.", "check_heading", WHOLE),
}


@pytest.fixture(scope="module")
def checked(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str]]:
    """All cards written and checked at once; gives the keys of the problems of one."""
    folder = tmp_path_factory.mktemp("fiches") / "essai"
    folder.mkdir()
    cards = {f"bon-{slug}": card(f"bon-{slug}", text, *sources) for slug, (text, *sources) in RIGHT.items()}
    cards |= {f"faux-{slug}": card(f"faux-{slug}", text, *sources) for slug, (text, _, *sources) in WRONG.items()}
    values = "[{value: '180 kg', says: A, date: 2023, source: 1}, {value: '99 %', says: B, date: 2023, source: %d}]"
    disagreement = "disagreement: {subject: Un sujet, explanation: Un écart., values: %s}\n"
    for slug, source in (("bon-ecart", 2), ("faux-ecart", 1)):
        more = disagreement % values.replace("%d", str(source))
        cards[slug] = card(slug, "Un texte.", SECTION, f'{WHOLE}", heading: "Autre chose', more=more)
    cards["faux-court"] = card("faux-court", words=1)
    cards["faux-long"] = card("faux-long", words=26)
    cards["faux-id"] = card("faux-autre-id")
    cards["faux-en-tete"] = card("faux-en-tete").replace("kind: guide", "kind: poème\nother: x")
    cards["faux-jumeau-un"] = card("faux-jumeau-un", title="Deux jumeaux")
    cards["faux-jumeau-deux"] = card("faux-jumeau-deux", title="Deux  JUMEAUX")
    cards["faux-double"] = card("bon-mots", "Un texte.", title="Un autre").replace(
        "essai-bon-mots", "essai-faux-double"
    )
    for slug, text in cards.items():
        (folder / f"{slug}.md").write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BASE", folder.parent)
        report = check([folder], documents)
    assert report.cards == len(cards)

    def keys(slug: str) -> list[str]:
        return [problem.key for problem in report.problems if Path(problem.card).stem == slug]

    return keys


@pytest.mark.parametrize("slug", [*RIGHT, "ecart"])
def test_a_right_card_has_no_problem(checked, slug):
    assert checked(f"bon-{slug}") == []


@pytest.mark.parametrize("slug", WRONG)
def test_a_wrong_card_is_caught(checked, slug):
    assert set(checked(f"faux-{slug}")) == {WRONG[slug][1]}


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("ecart", {"check_figure_elsewhere"}),
        ("court", {"check_length"}),
        ("long", {"check_length"}),
        ("id", {"check_id"}),
        ("en-tete", {"card_choice", "card_unknown"}),
        ("jumeau-un", {"check_same_title"}),
        ("double", {"check_same_question", "check_same_text"}),
    ],
)
def test_the_form_of_a_card_and_its_likes_are_checked(checked, slug, expected):
    assert set(checked(f"faux-{slug}")) == expected


@pytest.fixture(autouse=True)
def empty_base(tmp_path, monkeypatch):
    """No card but those of a test."""
    monkeypatch.setattr(module, "BASE", tmp_path)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_problem_is_one_sentence(documents, tmp_path, language):
    path = tmp_path / "essai" / "faux.md"
    path.parent.mkdir()
    path.write_text(card("faux", "Le taux est de 98 %, puis de 99 % (page 4).", SECTION), "utf-8")
    said = [sentence(problem, language) for problem in check([path], documents).problems]
    assert len(said) == 3 and all("{" not in words and "\n" not in words for words in said)
    assert "98 %" in said[1] and "Autre chose" in said[2]


def test_a_document_that_cannot_be_read_is_a_problem(documents, tmp_path):
    folder = tmp_path / "knowledge-base"
    path = folder / f"documents/{PDF.removeprefix('docs/')}"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a PDF")
    (tmp_path / "essai").mkdir()
    (tmp_path / "essai" / "x.md").write_text(card("x", "Un texte.", PAGE_1), "utf-8")
    assert [problem.key for problem in check([tmp_path / "essai"], folder).problems] == ["check_unreadable"]


def test_what_office_suites_and_systems_leave_is_neither_card_nor_source(documents, tmp_path):
    (tmp_path / "essai").mkdir()
    for name in ("x.md", "._x.md", "~$x.md", "x.tmp/y.md"):
        (tmp_path / "essai" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "essai" / name).write_text(card("x", "Le taux est de 99 %.", f"{HOME}/actualites/essai/"), "utf-8")
    report = check([tmp_path / "essai"], documents)
    assert (report.cards, report.problems) == (1, ())
    sources = tmp_path / "sources"
    for name in ("site/~$index.html", "site/__MACOSX/index.html", "site/.cache/index.html", "site/index.html"):
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text("<p>Une page.</p>", "utf-8")
    assert [file.name for file in module.Shelf(sources, []).pages] == ["site/index.html"]


def test_what_is_no_card_nor_folder_is_refused(tmp_path):
    for paths, against in (([tmp_path / "absent"], None), ([tmp_path], None), ([], tmp_path / "absent")):
        with pytest.raises(InputError):
            check(paths, against)


def test_the_command_prints_problems_by_card_and_ends_with_3(documents, tmp_path, capsys):
    (tmp_path / "essai").mkdir()
    path = tmp_path / "essai" / "x.md"
    path.write_text(card("x", "Le taux est de 98 %.", SECTION), "utf-8")
    assert main(["check", str(path), "--against", str(documents)]) == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "essai/x.md (1)" and "98 %" in lines[1] and lines[2].strip() == "Le taux est de 98 %."
    assert lines[-1] == "1 fiche, 1 problème"
    assert main(["check", str(path), "--against", str(documents), "--json"]) == 3
    record: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert record["cards"] == 1 and [problem["rule"] for problem in record["problems"]] == ["check_figure"]
    path.write_text(card("x", "Le taux est de 76 %.", SECTION), "utf-8")
    assert main(["check", str(path), "--against", str(documents)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 fiche, 0 problème"
