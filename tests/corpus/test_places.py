"""Where words stand, as a reader reads it."""

from __future__ import annotations

from corpus.documents import Document, Locator, Passage, Source
from corpus.places import anchored, named_passages, source_line, sources_line

CRITERION = Source("RGESN 2024, critère 8.3", "", "https://example.org/", Locator("criterion", "8.3"))


def page(number: str) -> Source:
    return Source("Guide (PDF)", "", "https://example.org/g.pdf", Locator("page", number))


def test_a_source_whose_title_says_the_place_says_it_once():
    assert source_line(CRITERION, "fr") == "RGESN 2024, critère 8.3"


def test_a_title_that_follows_itself_is_said_once():
    whole = Source("Page", "", "https://example.org/p/")
    said = sources_line([CRITERION, page("12"), page("66"), whole, page("3")], "fr").replace("\u00a0", " ")
    assert said == "RGESN 2024, critère 8.3 ; Guide (PDF), p. 12, p. 66 ; Page ; Guide (PDF), p. 3"


def passage(document: str, place: Locator, headings: tuple[str, ...] = (), number: int = 0) -> Passage:
    return Passage(f"{document}-{place.value}-{number}", document, "…", headings, "text", place, "", number)


def test_a_card_names_the_passages_that_stand_at_its_places():
    def card(id: str, *sources: Source) -> Document:
        return Document(id, id, "card", "", "https://example.org/p/", "guide", sources=sources)

    pdf = Document("g", "g.pdf", "official", "", "https://example.org/g.pdf", "guide")
    web = Document(
        "w", "w.md", "official", "", "https://example.org/other", "guide", alternates=("https://example.org/p",)
    )
    old = Document("o", "o.pdf", "official", "", "https://example.org/o.pdf", "guide", superseded_by="2024")
    pages = [passage("g", Locator("page", number), number=n) for n, number in enumerate(("1", "12", "12", "13", "14"))]
    under = [
        passage("w", Locator("heading", "Détail"), ("L’énergie", "Détail")),
        passage("w", Locator("heading", "Ailleurs")),
    ]
    heading = Source("Page", "", "https://example.org/p/", Locator("heading", "L'Énergie"))
    documents = [
        pdf, web, old,
        card("both", page("12"), heading),
        card("whole", Source("Page", "", "https://example.org/p/"), Source("Guide", "", "https://example.org/g.pdf")),
        card("old", Source("Guide", "", "https://example.org/o.pdf", Locator("page", "1"))),
        card("nowhere", page("99"), Source("Livre", "", "https://example.org/livre")),
    ]  # fmt: skip
    at = {"g": pages, "w": under, "o": [passage("o", Locator("page", "1"))]}
    assert named_passages(documents, at) == {
        "both": [pages[1].id, pages[2].id, under[0].id],
        # A whole document is a place only where it is short.
        "whole": [under[0].id, under[1].id],
    }


def test_a_short_anchor_is_a_whole_sentence():
    assert anchored("- Priorité : Recommandé", "priorité recommandé")
    assert not anchored("- La priorité recommandée est haute", "priorité recommandée")
    assert anchored("Un écran est gardé huit ans.", "écran est gardé huit") and not anchored("- !", "?")
