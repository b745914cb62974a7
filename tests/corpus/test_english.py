"""English terms of the domain lead to the French words of the sources."""

from __future__ import annotations

import tomllib

from corpus.english import TERMS, french_words
from corpus.lexical import tokens, words
from corpus.readers.cards import card_paths, read_card


def test_the_longest_term_is_read_at_each_place():
    assert french_words("Which data centre heat is recovered?") == "centre de données chaleur"
    assert french_words("life cycle assessment of laptops") == "analyse du cycle de vie ordinateurs portables"
    assert french_words("Qu’est-ce que c’est ?") == "" and french_words("") == ""


def test_each_term_is_there_once_and_says_something_that_the_english_word_does_not():
    terms = tomllib.loads(TERMS.read_text("utf-8"))
    assert len({tuple(words(term)) for term in terms}) == len(terms)
    same = [term for term, french in terms.items() if set(tokens(french)) <= set(tokens(term))]
    assert same == []


def test_the_french_words_are_those_of_the_cards():
    vocabulary = {
        stem for path in card_paths() for section in read_card(path).sections for stem in tokens(section.text)
    }
    terms = tomllib.loads(TERMS.read_text("utf-8"))
    unknown = sorted(term for term, french in terms.items() if not set(tokens(french)) & vocabulary)
    assert unknown == []
