"""Spelling is repaired against the words of the index, and nothing else is touched."""

from __future__ import annotations

import pytest

from corpus.lexical import tokens
from corpus.spelling import known_words, repaired

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
