"""What an answer and its sources become in the page: who is quoted, what is marked, and nothing that runs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assistant.answer import Answer, Citation, Claim, Hit
from assistant.web.render import Turn, conversation, copied, date_text, highlighted, sources
from corpus.documents import Document, Locator, Origin, Passage, Source
from corpus.messages import text

PAGE = Locator("page", "12")
HOSTILE = '<img src=x onerror="window.attacked = true">'


def hit(
    origin: Origin = "official", words: str = "Une phrase. Une autre.", url: str = "https://example.gouv.fr/a.pdf"
) -> Hit:
    source = Source("RGESN 2024 (PDF)", "Arcep", "https://example.gouv.fr/rgesn.pdf", Locator("page", "66"))
    document = Document(
        "d", "d.md", origin, "Un titre", url, "guide", publisher="Arcep", date="2024-05-17", sources=(source,)
    )
    return Hit(Passage("p", "d", words, ("Un titre",), "other", PAGE, f"{url}#page=12", 0), document, 1.0)


def turn(found: Hit, quote: str = "Une autre.", number: int = 1) -> Turn:
    document = found.document
    citation = Citation(1, quote, document.title, found.passage.url, PAGE, document.origin, document.path, "p")
    answer = Answer(
        "Une question ?", "Une question ?", "fr", "composed", "answered", (Claim(quote, (1,)),), (found,), (citation,),
        seconds={"answer": 0.25},
    )  # fmt: skip
    return Turn(number, "Une question ?", answer)


def test_the_words_of_a_publisher_are_a_quotation_under_its_name() -> None:
    panel = sources([turn(hit())], "fr")
    assert "Arcep, 17/05/2024, p. 12" in panel
    assert '<blockquote><div class="passage">Une phrase. <mark>Une autre.</mark></div></blockquote>' in panel
    assert 'href="https://example.gouv.fr/a.pdf#page=12" target="_blank" rel="noopener noreferrer"' in panel


def test_our_own_summary_is_never_quoted_under_a_publisher_s_name() -> None:
    panel = sources([turn(hit("card"))], "fr")
    assert "blockquote" not in panel and "Arcep" not in panel
    assert "Fiche de synthèse, d’après <a" in panel
    assert 'href="https://example.gouv.fr/rgesn.pdf#page=66"' in panel and "RGESN 2024 (PDF), p. 66" in panel


def test_a_document_of_the_organisation_says_so_and_has_no_link_where_it_has_no_address() -> None:
    panel = sources([turn(hit("own", url=""))], "fr")
    assert "Document de votre organisation" in panel
    assert "blockquote" not in panel and "<a " not in panel


def test_the_organisation_s_own_documents_come_after_the_others_with_their_numbers() -> None:
    official, own = hit(), hit("own", url="")
    own = replace(own, passage=replace(own.passage, id="q"), document=replace(own.document, publisher="Mairie"))
    first = turn(own).answer
    second = turn(official).answer
    assert first and second
    citations = (*first.citations, replace(second.citations[0], number=2))
    answer = replace(first, passages=(own, official, own, official), citations=citations)
    heading = text("own_documents")
    cited, left = sources([Turn(1, "Une question ?", answer)], "fr").split('<details class="earlier">')
    for panel, numbers in ((cited, ["[2]", "[1]"]), (left, ["[4]", "[3]"])):
        before, after = panel.split(f"<h3>{heading}</h3>")
        assert [re.findall(r"\[\d\]", part) for part in (before, after)] == [[number] for number in numbers]
        assert "Mairie" in after and "Mairie" not in before
    assert cited.index(' id="t1-s2" open') < cited.index(' id="t1-s1">')
    lines = copied(answer, "fr").split("\n\n")[1:]
    assert [line.split(",")[0] for line in lines] == [
        "Sources\n[2] Un titre", f"{heading}\n[1] Document de votre organisation",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "http://["]
)
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    assert "<a " not in sources([turn(hit(url=url))], "fr")


def test_everything_that_comes_from_elsewhere_is_escaped() -> None:
    found = hit(words=f"{HOSTILE} {HOSTILE}", url=f"https://example.gouv.fr/{HOSTILE}")
    found = replace(found, document=replace(found.document, title=HOSTILE, publisher=HOSTILE, date=HOSTILE))
    hostile = turn(found, quote=HOSTILE)
    hostile.question = hostile.note = HOSTILE
    shown = conversation([hostile], "fr") + sources([hostile, replace(hostile, number=2)], "fr")
    assert "<img" not in shown and 'onerror="' not in shown
    assert shown.count("&lt;img") > 8


def test_a_mark_leads_to_the_source_of_its_own_turn() -> None:
    turns = [turn(hit(), number=1), turn(hit(), number=2)]
    talk, panel = conversation(turns, "fr"), sources(turns, "fr")
    for anchor in ("t1-s1", "t2-s1"):
        assert talk.count(f'href="#{anchor}"') == 1 and panel.count(f'id="{anchor}"') == 1


def test_a_text_in_another_language_says_so() -> None:
    english = conversation([turn(hit())], "en")
    assert english.count('lang="fr"') == 1 and '<p lang="fr">Une autre.' in english
    assert 'lang="' not in conversation([turn(hit())], "fr")


def test_quotes_that_overlap_share_a_mark_and_others_have_their_own() -> None:
    assert highlighted("un deux trois quatre", ["un deux", "deux trois", "quatre"]) == (
        "<mark>un deux trois</mark> <mark>quatre</mark>"
    )


def test_the_copied_text_has_the_marks_and_what_they_are() -> None:
    official = turn(hit()).answer
    assert official is not None
    assert copied(official, "fr") == (
        "Une autre. [1]\n\nSources\n[1] Un titre, Arcep, 2024-05-17, p. 12 – https://example.gouv.fr/a.pdf#page=12"
    )


def test_an_english_question_leaves_a_french_page_its_language() -> None:
    """The answer speaks the question's language; what the page says of its sources, its own."""
    asked = turn(hit("card"))
    assert asked.answer
    asked.answer = replace(asked.answer, language="en")
    for shown in (copied(asked.answer, "fr"), sources([asked], "fr"), conversation([asked], "fr")):
        assert "Summary card" not in shown and "criterion" not in shown and "after RGESN" not in shown
    assert copied(asked.answer, "fr").endswith("[1] Fiche de synthèse, d’après RGESN 2024 (PDF), p. 66")
    assert copied(asked.answer, "en").endswith("[1] Summary card, after RGESN 2024 (PDF), p. 66")


def test_dates_are_written_as_each_language_does() -> None:
    assert date_text("2024-05-17", "fr") == "17/05/2024"
    assert date_text("2025-11", "fr") == "11/2025"
    assert date_text("2025-11", "en") == "2025-11"
    assert date_text("", "fr") == ""
