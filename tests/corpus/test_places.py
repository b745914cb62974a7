"""Where words stand, as a reader reads it."""

from __future__ import annotations

from corpus.documents import Locator, Source
from corpus.places import source_line, sources_line

CRITERION = Source("RGESN 2024, critère 8.3", "", "https://example.org/", Locator("criterion", "8.3"))


def page(number: str) -> Source:
    return Source("Guide (PDF)", "", "https://example.org/g.pdf", Locator("page", number))


def test_a_source_whose_title_says_the_place_says_it_once():
    assert source_line(CRITERION, "fr") == "RGESN 2024, critère 8.3"


def test_a_title_that_follows_itself_is_said_once():
    whole = Source("Page", "", "https://example.org/p/")
    said = sources_line([CRITERION, page("12"), page("66"), whole, page("3")], "fr").replace("\u00a0", " ")
    assert said == "RGESN 2024, critère 8.3 ; Guide (PDF), p. 12, p. 66 ; Page ; Guide (PDF), p. 3"
