"""Sentences of French prose: abbreviations do not end them, and nothing but white space is between them."""

from __future__ import annotations

import random

import pytest

from corpus.sentences import sentence_spans


def sentences(text: str, language: str = "fr") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Selon l’art. L. 541-10 du code, M. Dupont agit.", "Il part."],
        ["Voir p. 12, fig. 3 et al. 2 de l’annexe.", "Fin."],
        ["1. Mesurer le poids.", "Puis le réduire."],
        ["Il dit : « Ça va ? »", "Puis il part."],
        ["Oui !", "Non ?", "Peut-être."],
        ["Voir https://exemple.fr/a.html.", "Ensuite, agir."],
        ["La page pèse 1.5 Mo.", "C’est trop."],
        ["Les ministères (cf. annexe 2) répondent.", "Les autres aussi."],
        ["Sans point final"],
    ],
    ids=lambda expected: expected[0],
)
def test_sentences_are_told_apart(expected):
    assert sentences(" ".join(expected)) == expected


def test_english_sentences_are_told_apart():
    assert sentences("See p. 3. It works. Does it?", "en") == ["See p. 3. It works.", "Does it?"]


def test_a_line_break_always_ends_a_sentence():
    assert sentences("Un titre\n\n Une phrase\net sa suite.") == ["Un titre", "Une phrase", "et sa suite."]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u00a0"])
def test_white_space_holds_no_sentence(text):
    assert sentence_spans(text) == []


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009"])
def test_a_no_break_space_before_a_period_is_read_as_any_other(space):
    assert sentences(f"Voir l’annexe A{space}. Et puis{space}? Fin.")[-1] == "Fin."


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_but_white_space_is_between_the_sentences_of_any_text(language):
    rng = random.Random(7)
    for _ in range(1500):
        text = "".join(rng.choices("abéÉLM1. !?…»«()'’-:;\t\n—œ\u00a0\u202f€🌱\u0301", k=rng.choice([3, 10, 60])))
        end = 0
        for start, after in sentence_spans(text, language):
            assert not text[end:start].strip() and text[start:after].strip() == text[start:after] != ""
            end = after
        assert not text[end:].strip()
