"""Quotes held against the original files: what is found, and each way of not being found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import audit
from eval.__main__ import main
from tests.corpus.readers.test_pdf import Text, pdf
from tests.eval.test_eval_commands import write_lines

PAGE = """---
title: "Réparer avant de remplacer"
author: Camille Roux
---
La commune répare *d'abord* ses ordinateurs.

## Pourquoi

Un écran garde sa valeur [huit ans](https://a.test) en moyenne.

### En chiffres

| appareil | années |
|---|---|
| téléphone | 4 |
| imprimante | 6 |

## Comment

Le service tient un registre des pannes.
"""
PUBLISHED = "<html><body><nav>Menu</nav><main><h1>Réparer avant de remplacer</h1><p><b>Auteur</b> : Camille Roux</p></main></body></html>"
CRITERIA = [
    {
        "numero": "3.1",
        "critere": "Le service mesure-t-il ses échanges ?",
        "objectif": "Connaître le poids de chaque page.",
    }
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = tmp_path / "originals"
    for name, content in {
        "pages/reparer.md": PAGE.encode(),
        "site/guides/reparer/index.html": PUBLISHED.encode(),
        "data/criteres.json": json.dumps(CRITERIA).encode(),
        "etude.pdf": pdf(
            [Text(50, 80, "Les terminaux pèsent la moitié de l’empreinte mesurée.")],
            [Text(50, 80, "Les réseaux viennent ensuite, et la phrase continue")],
            [Text(50, 80, "sur la page qui suit jusqu’à son point.")],
        ),
        "abimee.pdf": b"%PDF-1.4 rien",
    }.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return base


def problem(folder: Path, document: str, kind: str, value: str, quote: str, url: str = "") -> str:
    """What the audit says of one official quote; an empty string where it is found."""
    citation = {
        "number": 1, "quote": quote, "origin": "official", "document": document, "url": url,
        "locator": {"kind": kind, "value": value},
    }  # fmt: skip
    result = audit.audit([{"id": "q1", "citations": [citation]}], folder, "fr")
    assert result["checked"] == 1 and result["found"] == 1 - len(result["misses"])
    return result["misses"][0]["problem"] if result["misses"] else ""


MD, TITLE = "pages/reparer.md", "Réparer avant de remplacer"


@pytest.mark.parametrize(
    ("document", "kind", "value", "quote", "expected"),
    [
        (MD, "heading", TITLE, "La commune répare d'abord ses ordinateurs.", ""),
        (MD, "heading", TITLE, "Le service tient un registre des pannes.", ""),
        (MD, "heading", "Pourquoi", "Un écran garde sa valeur huit ans en moyenne.", ""),
        (MD, "heading", "Pourquoi", "| imprimante | 6 |", ""),
        (MD, "heading", "En chiffres", "| téléphone | 4 |", ""),
        (MD, "heading", "Comment", "Un écran garde sa valeur huit ans en moyenne.", "heading"),
        (MD, "heading", "En chiffres", "| téléphone | 6 |", "document"),
        (MD, "heading", "Pourquoi", "Un écran garde sa valeur neuf ans en moyenne.", "document"),
        (MD, "heading", "Pourquoi pas", "Un écran garde sa valeur huit ans en moyenne.", "heading"),
        ("etude.pdf", "page", "1", "Les terminaux pèsent la moitié de l’empreinte mesurée.", ""),
        ("etude.pdf", "page", "2", "Les terminaux pèsent la moitié de l’empreinte mesurée.", "page"),
        ("etude.pdf", "page", "2", "Les réseaux viennent ensuite, et la phrase continue sur la page qui suit jusqu’à son point.", ""),
        ("etude.pdf", "page", "1", "Les réseaux pèsent la moitié de l’empreinte mesurée.", "document"),
        ("data/criteres.json", "criterion", "3.1", "Connaître le poids de chaque page.", ""),
        ("data/criteres.json", "criterion", "3.2", "Connaître le poids de chaque page.", "criterion"),
        ("abimee.pdf", "page", "1", "rien", "unread"),
        ("ailleurs.md", "heading", "A", "rien", "no_file"),
        ("../secret.md", "heading", "A", "rien", "no_file"),
    ],
)  # fmt: skip
def test_a_quote_is_looked_for_where_its_locator_says(
    folder: Path, document: str, kind: str, value: str, quote: str, expected: str
) -> None:
    assert problem(folder, document, kind, value, quote) == expected


def test_a_row_is_looked_for_with_the_names_of_its_columns(folder: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Parc"
    for row in (["Site", "Métier", "Années"], ["Nord", "Écrans", 8], [None, "Claviers", 3]):
        sheet.append(row)
    book.save(folder / "parc.xlsx")
    found = "row", "Parc!3"
    assert problem(folder, "parc.xlsx", *found, "Métier : Claviers") == ""
    assert problem(folder, "parc.xlsx", *found, "Site : Nord") == ""  # as the cell above it says
    assert problem(folder, "parc.xlsx", *found, "Années : 8") == "row"
    assert problem(folder, "parc.xlsx", *found, "Années : 9") == "document"
    assert problem(folder, "parc.xlsx", *found, "Niveau 3 : Années") == ""
    (folder / "parc.csv").write_text("Site;Années\nNord;8\n", "cp1252")
    assert problem(folder, "parc.csv", "row", "2", "Années : 8") == ""


def test_what_the_layout_adds_is_looked_for_on_the_published_page(folder: Path) -> None:
    quote = "Auteur : Camille Roux"
    assert problem(folder, MD, "heading", TITLE, quote) == "document"
    assert problem(folder, MD, "heading", TITLE, quote, "https://a.test/guides/reparer/#:~:text=x") == ""
    assert problem(folder, MD, "heading", TITLE, "Menu", "https://a.test/guides/reparer/") == "document"


@pytest.mark.parametrize("indexed", ["originals", "originals/pages", ""])
def test_the_folder_may_be_the_one_that_was_indexed_one_above_it_or_one_within(folder: Path, indexed: str) -> None:
    root = folder.parent / indexed
    assert problem(root, MD, "heading", "Comment", "Le service tient un registre des pannes.") == ""


def run_of(path: Path, *quotes: tuple[str, str]) -> Path:
    citations = [
        {
            "number": n,
            "quote": quote,
            "origin": origin,
            "document": MD,
            "locator": {"kind": "heading", "value": "Comment"},
        }
        for n, (origin, quote) in enumerate(quotes, start=1)
    ]
    line: dict[str, Any] = {
        "id": "q1",
        "passages": [],
        "status": "answered",
        "abstained": False,
        "citations": citations,
    }
    return write_lines(path, line)


def test_the_command_lists_each_miss_and_holds_its_bar(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = "Le service tient un registre des pannes.", "Le service tient un registre des achats."
    run = run_of(tmp_path / "run.jsonl", ("official", good), ("official", bad), ("card", "De nous."))
    assert main(["audit", str(run), str(folder)]) == 1
    shown = capsys.readouterr().out
    assert "1 sur 2 (50,0\u00a0%" in shown and f"«\u00a0{bad}\u00a0»" in shown and "De nous." not in shown
    assert main(["audit", str(run), str(folder), "--bar", "0.5"]) == 0
    assert main(["audit", str(run), str(tmp_path / "none")]) == 2
    capsys.readouterr()
    monkeypatch.setenv("ASSISTANT_LANGUAGE", "en")
    assert main(["audit", str(run), str(folder)]) == 1
    shown = capsys.readouterr().out
    assert "not in the document: pages/reparer.md, “" in shown and f"“{bad}”" in shown and "«" not in shown
    assert main(["audit", str(run_of(tmp_path / "cards.jsonl", ("card", "De nous."))), str(folder)]) == 1


def test_the_audit_sees_the_mistakes_of_an_index(small_assistant: Any, tmp_path: Path) -> None:
    """Every quote of real answers is found in the files that were indexed; moved to another place, none is."""
    folder = Path(__file__).resolve().parents[1] / "assistant" / "documents"
    answers = [small_assistant.ask(question).to_dict() for question in (
        "Comment contrôler le critère 4.4 ?", "Quel est l’objectif du critère 8.3 ?", "Faut-il lire les vidéos automatiquement ?",
    )]  # fmt: skip
    lines = [{"id": str(number), **answer} for number, answer in enumerate(answers)]
    result = audit.audit(lines, folder, "fr")
    assert result["checked"] >= 3 and result["misses"] == []
    for line in lines:
        for citation in line["citations"]:
            citation["locator"] = {**citation["locator"], "value": "ailleurs"}
    assert audit.audit(lines, folder, "fr")["found"] == 0
