"""Spelling is repaired against the words of the index, and what a dictionary holds is left alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpus.lexical import fold, stem, tokens
from corpus.spelling import dictionary, known_words, repaired

TEXTS = (
    "L’obsolescence des équipements : réparer un équipement évite un achat. Les équipements durent.",
    "Un serveur consomme : éteindre un serveur évite une consommation. L’obsolescence coûte.",
    "Réparer coûte moins que remplacer ; remplacer pollue. Une quantité de plastique, une quantité de métal.",
)
WORDS = known_words(TEXTS)
STEMS = {stem for text in TEXTS for stem in tokens(text)}


def fixed(text: str) -> str:
    return repaired(text, WORDS, STEMS)


def test_the_words_are_those_that_stand_twice_as_they_are_most_often_written():
    assert WORDS["obsolescence"] == "obsolescence" and WORDS["equipements"] == "équipements"
    assert WORDS["reparer"] == "réparer" and "plastique" not in WORDS


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("l’obsolecence programmée", "l’obsolescence programmée"),
        ("nos équippements", "nos équipements"),
        ("eteindre le servuer", "eteindre le serveur"),
        ("et REMPLCER et réparrer", "et REMPLCER et réparer"),
        ("Remplcer un écran", "remplacer un écran"),
        ("obsolessance", "obsolescence"),
    ],
)
def test_a_word_that_is_nearly_known_is_read_as_the_known_one(written, meant):
    assert fixed(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "réparation de l’équipement",  # known by its stem
        "le plastique",  # stands once
        "Que dit Serveux du don ?",  # a name
        "srv conso",  # short: too many neighbours
        "la cuisine du monastère",  # near nothing
        "critère 4.4, 2,5 %, l541-10",
        "",
    ],
)
def test_what_is_known_named_short_or_near_nothing_is_left_as_it_is(text):
    assert fixed(text) == text


def test_one_letter_may_be_wrong_in_a_short_word_and_two_in_a_long_one():
    assert fixed("servxxr") == "servxxr" and fixed("remplxxer") == "remplacer"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("d’equippement", "d’équipement"),  # elision
        ("des équipemens", "des équipements"),  # the plural, though the singular is as near
        ("vos serveus", "vos serveurs"),
    ],
)
def test_elision_and_number_are_kept(written, meant):
    words = known_words([*TEXTS, "Des serveurs, un équipement, un équipement, un équipement, des serveurs."])
    assert repaired(written, words, STEMS) == meant


def test_what_only_agrees_otherwise_is_no_mistake():
    words, stems = {"reemployable": "réemployable"}, {stem("reemployable")}
    assert repaired("des écrans réemployables", words, stems) == "des écrans réemployables"
    assert repaired("des écrans réemployablse", words, stems) == "des écrans réemployable"


def test_the_beginning_of_a_word_is_no_mistake():
    words = {"application": "application", "appui": "appui"}
    assert repaired("mon appli", words, set()) == "mon appli" and repaired("un apui", words, set()) == "un apui"


# --- on all the cards -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fixed_by_cards(cards_assistant):
    index = cards_assistant.index
    return lambda text: repaired(text, index.words, index.lexical.vocabulary)


@pytest.mark.parametrize(
    "text",
    [
        "Une commune de montagne doit-elle une stratégie numérique responsable ?",
        "la corbeille",
        "Je refonds le site, tu refondras le tien, ils les mutualisent",
        "Comment alleger mon appli ?",
        "un hebergement green sur le cloud",
    ],
)
def test_a_word_of_a_dictionary_is_left_as_it_is(fixed_by_cards, text):
    assert fixed_by_cards(text) == text


def test_at_most_5_of_the_8000_most_frequent_words_are_changed(fixed_by_cards):
    lines = (Path(__file__).parent / "frequent-words.txt").read_text("utf-8").splitlines()
    frequent = [line for line in lines if not line.startswith("#")]
    changed = {word: fixed_by_cards(word) for word in frequent if fixed_by_cards(word) != word}
    assert len(frequent) == 8000 and len(changed) <= 5, changed


# What a hand, an eye and an ear do to a word.
NEIGHBOURS = dict(
    zip(
        "azertyuiopqsdfghjklmwxcvbn",
        "zqs aes zrd etf ryg tuh yij uok ipl om asw qdz sfe dgr fht gjy hku jli kmo lp xs wc xvd cbf vng bh".split(),
        strict=True,
    )
)
SOUNDS = [
    tuple(pair.split("-"))
    for pair in "ph-f qu-k c-s s-c ss-c an-en en-an ai-e eau-o au-o o-au y-i i-y h- tion-sion ce-sse g-j z-s s-z th-t ch-sh mm-m er-ez".split()
]


def doubled(word, draw):
    at = draw.choice([at for at in range(1, len(word) - 1) if word[at] not in "aeiouy"])
    return word[:at] + word[at] + word[at:]


def missing(word, draw):
    at = draw.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def swapped(word, draw):
    at = draw.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def replaced(word, draw):
    at = draw.randrange(len(word))
    return word[:at] + draw.choice(NEIGHBOURS[word[at]]) + word[at + 1 :]


def phonetic(word, draw):
    at, letters, other = draw.choice(
        [(at, letters, other) for letters, other in SOUNDS for at in range(len(word)) if word.startswith(letters, at)]
    )
    return word[:at] + other + word[at + len(letters) :]


def misspelt(words, count):
    """(word, misspelt) of ``count`` words drawn with their mistakes, of each kind as many; none gives another word."""
    draw, kinds, found = random.Random(0), (doubled, missing, swapped, replaced, phonetic), []
    while len(found) < count:
        word = draw.choice(words)
        try:
            wrong = kinds[len(found) % len(kinds)](word, draw)
        except IndexError:  # this word has no letter for that
            continue
        if wrong != word and wrong not in dictionary() and wrong not in words:
            found.append((word, wrong))
    return found


def test_85_in_100_misspelt_words_of_the_domain_are_repaired(cards_assistant, fixed_by_cards):
    of_domain = [
        word for word in cards_assistant.index.words if len(word) >= 5 and word.isascii() and word in dictionary()
    ]
    drawn = misspelt(sorted(of_domain), 300)
    wrong = [(word, typed) for word, typed in drawn if fold(fixed_by_cards(typed)) != word]
    assert len(wrong) <= 0.15 * len(drawn), wrong


def test_the_dictionaries_are_read_only_where_a_word_needs_them():
    dictionary.cache_clear()
    assert fixed("un serveur chez Untel, le monastère") == "un serveur chez Untel, le monastère"
    assert dictionary.cache_info().currsize == 0
