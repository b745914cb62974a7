"""Copies: one document in several formats or at several addresses, and what only looks like one."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from corpus.copies import copies, furniture, without_furniture
from corpus.documents import Document, Locator, Section
from corpus.readers import READERS
from corpus.readers.source_file import SourceFile, entry_for

SITE = "https://exemple.gouv.fr/"


def prose(seed: int, count: int = 200) -> str:
    """A text of words drawn at random: two seeds share no run of five."""
    words = random.Random(seed)
    return " ".join(f"mot{words.randrange(10_000)}" for _ in range(count))


def page(path: str, text: str = "", title: str = "Le don d’équipements", **values: object) -> Document:
    """A document that holds ``text``; its address is that of its path unless told."""
    sections = (Section(text, (), "other", Locator("heading", title)),) if text else ()
    known = {"origin": "official", "url": f"{SITE}{path.rpartition('.')[0]}/", "kind": "guide"}
    return Document(id=path, path=path, title=title, sections=sections, **{**known, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    ["https://exemple.gouv.fr/don/", "http://EXEMPLE.gouv.fr/don#haut", "https://exemple.gouv.fr/don/index.html"],
)
def test_a_page_at_the_same_address_is_a_copy_even_rewritten(address):
    documents = [page("site/don.html", prose(1), "Titre", url=address), page("don.md", prose(2))]
    assert copies(documents) == {"site/don.html": "don.md"}


def test_addresses_are_one_however_their_accents_are_written():
    documents = [
        page("a.md", prose(1), url=SITE + "réglementations/"),
        page("b.html", prose(2), url=SITE + "r%C3%A9glementations"),
        page("c.html", prose(3), url=SITE + "re\u0301glementations"),
    ]
    assert copies(documents) == {"b.html": "a.md", "c.html": "a.md"}


@pytest.mark.parametrize("address", ["", SITE + "don/?page=2", "https://autre.gouv.fr/don/"])
def test_another_address_or_none_is_not_the_same(address):
    assert copies([page("don.md", prose(1)), page("autre.html", prose(2), url=address)]) == {}
    assert copies([page("a.md", prose(1), url=""), page("b.md", prose(2), url="")]) == {}


def test_a_file_at_the_address_of_the_page_that_presents_it_is_no_copy_of_it():
    assert copies([page("don.html", prose(1)), page("don.pdf", prose(2), url=f"{SITE}don/")]) == {}
    assert copies([page("don.docx", prose(1)), page("don.pdf", prose(2))]) == {"don.pdf": "don.docx"}


def test_an_address_that_the_documents_of_one_file_share_is_none_of_theirs():
    criteria = [replace(page("a.json", prose(n), f"Critère {n}"), id=f"a.json#{n}") for n in range(3)]
    assert copies([*criteria, page("b.html", prose(9), url=criteria[0].url)]) == {}
    told_apart = [replace(criterion, url=f"{SITE}critere/{n}/") for n, criterion in enumerate(criteria)]
    assert copies([*told_apart, page("b.html", prose(9), url=f"{SITE}critere/2")]) == {"b.html": "a.json#2"}


def test_the_same_text_elsewhere_is_a_copy():
    text = prose(1)
    documents = [page("posts/don.html", text), page("actualites/don.md", text.upper().replace(" ", "\n\n- "))]
    assert copies(documents) == {"posts/don.html": "actualites/don.md"}


def test_an_updated_page_is_a_copy_and_a_chapter_of_a_long_document_is_not():
    kept, added = prose(1, 180), prose(2, 20)
    assert copies([page("a.md", f"{kept} {added}"), page("b.html", kept)]) == {"b.html": "a.md"}
    assert copies([page("a.md", kept), page("b.html", f"{kept} {added}")]) == {"b.html": "a.md"}
    assert copies([page("a.md", kept), page("b.pdf", " ".join(prose(n, 180) for n in (1, 3, 4)))]) == {}
    assert copies([page("a.html", " ".join(prose(n, 180) for n in (1, 3, 4))), page("b.pdf", kept)]) == {}
    # What goes would take a third of the words with it.
    assert copies([page("a.html", prose(1)), page("b.pdf", f"{prose(1)} {prose(2, 100)}")]) == {}


def test_the_paragraph_of_many_files_is_furniture_and_is_taken_off_their_ends():
    line, own = "Vous avez une remarque sur cette page ? Écrivez à l’équipe.", "Un paragraphe à soi."
    texts = [(f"{n}.html", f"{line}\n\n{own} {n}\n\n{line}") for n in range(20)]
    assert furniture(texts) == {line} and furniture(texts[1:]) == set()
    assert without_furniture(texts[3][1], {line}) == f"{own} 3"
    assert without_furniture(f"{own}\n\n{line}\n\n{own}", {line}) == f"{own}\n\n{line}\n\n{own}"
    assert without_furniture(f"{line}\n\n{line}", {line}) == ""
    # Many paragraphs of one file, or the items of many lists, are none.
    assert furniture([("a.html", line)] * 30) == set()
    assert furniture([(f"{n}.html", "- Développeur\n- Designer") for n in range(30)]) == set()


def test_two_events_announced_in_the_same_words_differ_by_their_titles():
    text = prose(1)
    october = page("a.md", f"{text} le 12 octobre", "Formations d’octobre 2024")
    december = page("b.md", f"{text} le 10 décembre", "Formations de décembre 2024")
    assert copies([october, december]) == {}
    assert copies([october, replace(december, title="FORMATIONS d'octobre 2024 !")]) == {"b.md": "a.md"}
    assert copies([october, replace(december, title="Octobre 2024")]) == {"b.md": "a.md"}


def test_a_long_text_that_is_the_same_to_the_word_needs_no_like_title():
    assert copies([page("a.md", prose(1), "Réglementation"), page("b.html", prose(1), "Les dispositifs")]) == {
        "b.html": "a.md"
    }
    assert copies([page("a.md", prose(1, 40), "Épisode 1"), page("b.html", prose(1, 40), "Épisode 2")]) == {}


@pytest.mark.parametrize(
    "difference",
    [
        {"edition": "RGESN 2022"},
        {"superseded_by": "RGESN 2024"},
        {"origin": "own"},
        {"origin": "card"},
        {"facets": {"collection": ("interne",)}},
    ],
)
def test_editions_origins_and_collections_are_never_mixed(difference):
    first = page("a.md", prose(1))
    other = replace(first, id="b.pdf", path="b.pdf", **difference)
    assert copies([first, other]) == copies([other, first]) == {}
    twin = replace(other, id="c.pdf", path="c.pdf")
    assert copies([first, other, twin]) == ({} if difference == {"origin": "card"} else {"c.pdf": "b.pdf"})


def test_documents_of_one_file_are_never_copies():
    twice = [replace(page("a.csv", prose(1)), id=f"a.csv#{n}", url="") for n in range(2)]
    assert copies(twice) == {}


def test_the_best_format_is_kept_then_the_newest_then_the_first():
    endings = ["md", "json", "html", "docx", "xlsx", "pdf"]
    for better, worse in pairwise(endings):
        documents = [page(f"a.{worse}", prose(1), date="2025-01-01"), page(f"z.{better}", prose(1), date="2020")]
        assert copies(documents) == {f"a.{worse}": f"z.{better}"}
    assert copies([page("a.odt", prose(1), date="2024-01"), page("b.docx", prose(1), date="2024-05-06")]) == {
        "a.odt": "b.docx"
    }
    assert copies([page("a.odt", prose(1)), page("b.docx", prose(1), date="2024")]) == {"a.odt": "b.docx"}
    assert copies([page("b.md", prose(1)), page("a.md", prose(1))]) == {"b.md": "a.md"}


def test_a_document_that_says_nothing_is_never_kept_for_one_that_does():
    assert copies([page("a.md", "", url=SITE), page("b.html", prose(1), url=SITE)]) == {"a.md": "b.html"}


def test_every_copy_leads_to_a_document_that_is_kept():
    documents = [
        page("a.md", prose(1)),
        page("b.html", prose(1), url=f"{SITE}b/"),
        page("c.html", prose(2), url=f"{SITE}b/"),
    ]
    assert copies(documents) == {"b.html": "a.md", "c.html": "a.md"}


def test_the_order_of_the_documents_changes_nothing():
    documents = [page(f"{n}.{ending}", prose(n), f"Titre {n}") for n in range(5) for ending in ("md", "html", "pdf")]
    expected = copies(documents)
    assert expected == {f"{n}.{ending}": f"{n}.md" for n in range(5) for ending in ("html", "pdf")}
    random.Random(1).shuffle(documents)
    assert copies(documents) == expected


def test_two_thousand_documents_that_share_their_furniture_take_seconds():
    footer = prose(0, 30)
    documents = [page(f"{n}.md", f"{prose(n + 1)} {footer}", f"Titre {n}") for n in range(1000)]
    documents += [replace(document, id=f"{n}.pdf", path=f"{n}.pdf", url="") for n, document in enumerate(documents)]
    started = time.process_time()
    assert copies(documents) == {f"{n}.pdf": f"{n}.md" for n in range(1000)}
    assert time.process_time() - started < 10


# --- the mirror -----------------------------------------------------------------------------------------------------

ONLY_ON_THE_SITE = {
    "LICENSE", "agenda/formationEcoconception10decembre2024", "agenda/greentechforum2024", "formations", "index.html",
    "posts/2025-02-12-formation", "publications/boite-outils", "publications/bonnes-pratiques/bonnes-pratiques",
    "publications/referentiel-general-ecoconception", "publications/strategie-numerique-responsable-des-collectivites",
}  # fmt: skip


def test_the_pages_of_the_mirror_are_copies_of_their_sources(knowledge_base):
    documents = []
    for path in sorted(knowledge_base.rglob("*")):
        name = path.relative_to(knowledge_base).as_posix()
        if path.suffix in {".md", ".json", ".html"} and not path.name.startswith(("README", "LICENSE")):
            entry = entry_for(knowledge_base, name)
            documents += READERS[path.suffix](SourceFile(path, name, entry))
    found = copies(documents)
    by_id = {document.id: document for document in documents}
    kept = {
        id.removeprefix("site/").removesuffix("/index.html")
        for id, document in by_id.items()
        if id.startswith("site/") and document.sections and id not in found
    }
    assert kept == ONLY_ON_THE_SITE
    criteria = {id: kept for id, kept in found.items() if "/critere/" in id}
    assert len(criteria) == 78 and all(
        kept == f"data/referentiel-ecoconception.json#{id.split('/')[-2]}" for id, kept in criteria.items()
    )
    assert {
        id: found[id] for id in ("site/réglementations/index.html", "site/posts/repair-days-oct2024/index.html")
    } == {
        "site/réglementations/index.html": "markdown/reglementation/index.md",
        "site/posts/repair-days-oct2024/index.html": "markdown/actualites/posts/vieux/repair-days-oct2024.md",
    }
    assert not any(by_id[id].edition != by_id[kept].edition for id, kept in found.items())
    # Sheets of one guide share most of their words, announcements of two months all but the dates.
    assert (
        "markdown/ressources/documents-reference/guide-achats-responsables/fiches-pratiques/impression.md" not in found
    )
    assert "markdown/actualites/posts/vieux/formations2024T3.md" not in found
