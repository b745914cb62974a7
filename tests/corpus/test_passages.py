"""Passages: contiguous, whole, within the limits and the window, found again under the same id, linked to their place."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from corpus.documents import Document, Locator, Passage, Section, deep_link
from corpus.passages import LIST_CHARACTERS, PASSAGE_CHARACTERS, embedded_text, split
from corpus.sentences import sentence_spans

WORDS = """serveur image vidéo poids réseau écran réemploi garantie sobriété l’empreinte d’usage art. L. 541-10 n° 6425/SG
12,5 1 200 % CO₂ « mesure » (estimée) logiciel éco-conception terminal données hébergement www.exemple.fr/page""".split()
PLAIN = [word for word in WORDS if word.isalpha()]
URL = "https://exemple.fr/page/"


def document(*texts: str, title: str = "Un titre", path: tuple[str, ...] = (), **values: object) -> Document:
    sections = tuple(
        Section(text, (*path, f"Partie {number}"), "other", Locator("heading", f"Partie {number}"))
        for number, text in enumerate(texts)
    )
    return Document(
        **({"id": "d", "path": "d", "origin": "own", "title": title, "url": URL, "kind": "guide"} | values),
        sections=sections,
    )


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(["Selon", *rng.choices(WORDS, k=words)]) + rng.choice([".", " ?", " !", "\u00a0:", "…"])


def table(rng: random.Random, rows: int) -> str:
    lines = [
        ["Matériel", "Durée", "Masse"],
        *([" ".join(rng.choices(WORDS, k=4)) for _ in range(3)] for _ in range(rows)),
    ]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def section_text(rng: random.Random) -> str:
    """Prose, lists, tables and now and then a monster, in the layout of ``Section.text``."""
    blocks = []
    for _ in range(rng.randint(1, 7)):
        kind = rng.choice(["prose", "prose", "list", "table", "monster"])
        if kind == "prose":
            blocks.append(" ".join(sentence(rng, rng.randint(2, 40)) for _ in range(rng.randint(1, 9))))
        elif kind == "list":
            blocks.append("\n".join("- " + sentence(rng, rng.randint(1, 60)) for _ in range(rng.randint(1, 15))))
        elif kind == "table":
            blocks.append(table(rng, rng.randint(0, 25)))
        else:
            blocks.append(sentence(rng, rng.choice([150, 400])))
    return "\n\n".join(blocks)


def nasty_path(rng: random.Random) -> tuple[str, ...]:
    return tuple(" ".join(rng.choices(WORDS, k=rng.randint(1, 40))) for _ in range(rng.randint(0, 9)))


def places(document: Document, passages: list[Passage]) -> Iterator[tuple[Section, Passage, int]]:
    """Yield (section, passage, its start in the section's text); fail where something is between two passages."""
    for section in document.sections:
        cursor = 0
        for passage in (passage for passage in passages if passage.locator == section.locator):
            start = section.text.find(passage.text, cursor)
            assert start >= 0, f"rewritten: {passage.text!r}"
            assert not section.text[cursor:start].strip(), f"lost: {section.text[cursor:start]!r}"
            yield section, passage, start
            cursor = start + len(passage.text)
        assert not section.text[cursor:].strip(), f"lost at the end: {section.text[cursor:]!r}"


@pytest.mark.parametrize("seed", range(25))
def test_any_section_is_covered_by_passages_within_the_limits_and_the_window(seed, encoder):
    rng = random.Random(seed)
    texts = [section_text(rng) for _ in range(3)]
    one = document(*texts, path=nasty_path(rng), title=" ".join(rng.choices(WORDS, k=rng.randint(1, 60))))
    passages = split(one, encoder.fits)
    assert [passage.position for passage in passages] == list(range(len(passages)))
    assert len({passage.id for passage in passages}) == len(passages)
    for section, passage, start in places(one, passages):
        listed = any(line.startswith(("- ", "| ")) for line in passage.text.split("\n"))
        # A piece of a long row no longer starts with its mark.
        listed = listed or section.text[section.text.rfind("\n", 0, start) + 1 :].startswith(("- ", "| "))
        assert 0 < len(passage.text) <= (LIST_CHARACTERS if listed else PASSAGE_CHARACTERS)
        assert passage.text == passage.text.strip()
        embedded = embedded_text(one, passage.heading_path, passage.text, passage.context)
        assert encoder.count_tokens(embedded) <= encoder.window


@pytest.mark.parametrize("seed", range(10))
def test_sentences_items_and_rows_that_fit_are_never_cut(seed, encoder):
    rng = random.Random(seed)
    prose = " ".join(" ".join(["Selon", *rng.choices(PLAIN, k=rng.randint(2, 40))]) + "." for _ in range(40))
    items = "\n".join("- " + sentence(rng, rng.randint(1, 60)) for _ in range(30))
    one = document(f"{prose}\n\n{items}\n\n{table(rng, 30)}")
    text = one.sections[0].text
    inside = {
        place
        for offset, line in lines(text)
        for start, end in ([(0, len(line))] if line[:2] in ("- ", "| ") else sentence_spans(line))
        for place in range(offset + start + 1, offset + end)
    }
    for _, passage, start in places(one, split(one, encoder.fits)):
        assert not inside & {start, start + len(passage.text)}, passage.text


def lines(text: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in text.split("\n"):
        yield offset, line
        offset += len(line) + 1


@pytest.mark.parametrize(
    ("unit", "end"),
    [
        ("une proposition de quelques mots, ", ","),
        ("des mots que rien ne sépare ", ("mots", "que", "rien", "ne", "sépare", "des")),
        ("x" * 50, "x"),
    ],
    ids=["clause", "word", "nowhere"],
)
def test_a_sentence_of_3000_characters_is_cut_at_a_clause_else_at_a_word(unit, end, encoder):
    one = document((unit * 120)[:2999] + ".")
    passages = split(one, encoder.fits)
    assert len(list(places(one, passages))) >= 3
    assert all(passage.text.endswith(end) and len(passage.text) > 200 for passage in passages[:-1])


def test_what_exceeds_the_window_is_cut_between_words(encoder):
    rng = random.Random(1)
    words = ["".join(rng.choices("xkqzvw0123456789", k=7)) for _ in range(140)]
    one = document(" ".join(words) + ".", "- Court.\n- " + " ".join(words))
    assert encoder.count_tokens(one.sections[0].text) > encoder.window
    passages = split(one, encoder.fits)
    assert len(list(places(one, passages))) >= 4
    known = {*words, words[-1] + ".", "-", "Court."}
    assert all(known.issuperset(passage.text.split()) for passage in passages)
    assert all(encoder.fits(embedded_text(one, p.heading_path, p.text)) for p in passages)


def test_a_smaller_window_gives_smaller_passages_that_still_cover_the_text():
    one = document(" ".join(sentence(random.Random(3), 12) for _ in range(20)))
    passages = split(one, lambda text: len(text) <= 150)
    assert len(list(places(one, passages))) > 8
    assert all(len(embedded_text(one, p.heading_path, p.text)) <= 150 for p in passages)


def test_headings_that_fill_the_window_do_not_shred_the_text():
    passages = split(document("Des mots assez nombreux pour remplir plusieurs lignes. " * 4), lambda text: False)
    assert all(len(passage.text) > 10 for passage in passages)


def test_headings_however_long_leave_room_for_the_text(encoder):
    path = tuple(f"{place} " + "intitulé à n’en plus finir " * 20 for place in "abcdefgh")
    one = document("Une phrase. " * 60, path=path, title="Titre " * 100)
    above = embedded_text(one, path, "")
    assert above.startswith("Titre Titre") and "h intitulé" in above
    assert encoder.count_tokens(above) < encoder.window / 2
    assert min(len(passage.text) for passage in split(one, encoder.fits)) > 200


def test_the_embedded_text_names_the_title_once_then_headings_columns_and_words():
    one = document("x", title="Guide")
    assert embedded_text(one, ("Guide", "Achats"), "Des mots.", "| A | B |") == "Guide › Achats\n| A | B |\nDes mots."


def test_rows_cut_off_from_their_table_carry_its_columns_apart(encoder):
    rng = random.Random(5)
    first, second = table(rng, 40), table(rng, 40).replace("Matériel", "Logiciel")
    one = document(f"{first}\n\nUn autre tableau.\n\n{second}")
    headers = [text.split("\n")[0] for text in (first, second)]
    owners = {line: header for text, header in zip((first, second), headers, strict=True) for line in text.split("\n")}
    passages = [p for p in split(one, encoder.fits) if p.text.startswith("| ")]
    assert len(passages) > 4
    for passage in passages:
        own = owners[passage.text.split("\n")[0]]
        assert passage.context == ("" if passage.text.startswith(own) else own)
    assert {passage.context for passage in passages} >= set(headers)
    assert sum(passage.text.count(header) for header in headers for passage in split(one, encoder.fits)) == 2


def test_a_list_stays_whole_with_its_introduction_where_it_fits(encoder):
    items = "\n".join(f"- éteindre la machine de la salle {number} le soir" for number in range(34))
    one = document(f"Une phrase qui précède. Chaque soir, il faut :\n\n{items}")
    assert PASSAGE_CHARACTERS < len(items) < LIST_CHARACTERS
    passages = split(one, encoder.fits)
    assert passages[-1].text == f"Chaque soir, il faut :\n\n{items}"


def test_a_list_that_is_cut_keeps_its_introduction_with_its_first_item(encoder):
    items = "\n".join(f"- {number} : {'un conseil ' * 12}" for number in range(40))
    passages = split(document("Voici les conseils :\n\n" + items), encoder.fits)
    assert passages[0].text.startswith("Voici les conseils :\n\n- 0 :")
    assert len(passages) > 3


def test_short_paragraphs_of_one_section_are_read_together(encoder):
    one = document("Un.\n\nDeux.\n\n- Trois.\n- Quatre.")
    assert [passage.text for passage in split(one, encoder.fits)] == [one.sections[0].text]


def test_an_unrelated_paragraph_leaves_the_other_ids_alone(encoder):
    texts = [" ".join(sentence(random.Random(place), 20) for _ in range(20)) for place in range(3)]
    before = split(document(*texts), encoder.fits)
    after = split(document(texts[0], texts[1] + "\n\nUn paragraphe de plus.", texts[2]), encoder.fits)
    kept = {p.id for p in before if p.heading_path[0] != "Partie 1"}
    assert len(kept) >= 4 and kept <= {p.id for p in after}


def test_the_same_words_twice_have_two_ids_and_another_document_has_others(encoder):
    sections = tuple(Section("Les mêmes mots.", ("T",), "other", Locator("heading", "T")) for _ in range(2))
    ids = [
        passage.id
        for id in ("un", "deux")
        for passage in split(Document(id, id, "own", "T", "", "guide", sections), encoder.fits)
    ]
    assert len(set(ids)) == 4


@pytest.mark.parametrize(
    ("locator", "anchor", "expected"),
    [
        (Locator("page", "12"), "", URL + "#page=12"),
        (Locator("heading", "Le réemploi"), "le-reemploi", URL + "#le-reemploi"),
        (Locator("heading", "Mi-temps, été"), "", URL + "#:~:text=Mi%2Dtemps%2C%20%C3%A9t%C3%A9"),
        (Locator("criterion", "4.4"), "", URL),
        (Locator("paragraph", "3"), "", URL),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_a_passage_links_to_its_place(locator, anchor, expected, encoder):
    section = Section("Des mots.", ("T",), "other", locator, anchor)
    [passage] = split(Document("d", "d", "official", "T", URL, "guide", (section,)), encoder.fits)
    assert passage.url == expected


def test_a_card_links_to_the_document_that_it_sums_up(encoder):
    section = Section("Des mots.", ("Objectif",), "aim", Locator("heading", "Objectif"))
    [passage] = split(Document("d", "d", "card", "T", URL + "#page=3", "guide", (section,)), encoder.fits)
    assert passage.url == URL + "#page=3"


def test_a_document_without_an_address_links_to_nothing():
    assert deep_link("", Locator("page", "3")) == ""
