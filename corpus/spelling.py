"""Spelling repaired: a word that no dictionary holds is read as the index's own nearest one, « obsolecence » as « obsolescence »."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from corpus.lexical import fold, stem

__all__ = ["known_words", "repaired"]

LETTERS = re.compile(r"[^\W\d_]+")
# A shorter word has too many neighbours; a word that stands once may itself be misspelt.
LEAST_LETTERS = 5
LEAST_TIMES = 2
# How many letters may be wrong, swapped neighbours counting as one: one more in a long word.
LONG_WORD = 8
# What tells the forms of one word apart: « mutualisent » is no mistake for « mutualiser ».
ENDINGS = {"", "e", "s", "es", "r", "nt", "ons", "ant", "ait"}
LANGUAGES = ["fr", "en"]


def known_words(texts: Iterable[str]) -> dict[str, str]:
    """Return the words of ``texts`` as most often written, by their folded form, the most frequent first."""
    counts = Counter(word for text in texts for word in LETTERS.findall(text.lower()) if len(word) >= LEAST_LETTERS - 1)
    words: dict[str, str] = {}
    for word, times in counts.most_common():
        if times >= LEAST_TIMES:
            words.setdefault(fold(word), word)
    return words


@cache
def dictionary() -> frozenset[str]:
    """Return the folded words of French and of English, inflected forms among them, names too.

    Of two libraries, for each lacks what the other holds (docs/decisions/0009-spelling.md). They take a second to read, once,
    at the first word that is nearly one of the index's.
    """
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory
    from spellchecker import SpellChecker

    known: set[str] = set(SpellChecker(LANGUAGES).word_frequency.keys())
    lemmas = DefaultDictionaryFactory()
    for language in LANGUAGES:
        for form, lemma in lemmas.get_dictionary(language).items():
            known.update((form, lemma))
    return frozenset(word if word.isascii() and word.islower() else fold(word) for word in known)


def repaired(text: str, words: Mapping[str, str], stems: Container[str]) -> str:
    """Return ``text`` with each word that no dictionary holds and that is nearly one of ``words`` written as that one.

    Nearness is the optimal string alignment distance (Damerau 1964, restricted); what has one of the ``stems`` is less easily
    misspelt. Of words as near, one with the same first letter comes before another, then one with the same last letter, then
    the most frequent. Names (a capital beyond the first word), the beginnings of other words (« appli ») and other forms of one
    are left alone.
    """

    def right(match: re.Match[str]) -> str:
        word, folded = match[0], fold(match[0])
        named = word != word.lower() and text[: match.start()].strip()
        if len(folded) < LEAST_LETTERS or named or folded in words:
            return word
        limit = 2 if len(folded) >= LONG_WORD and stem(folded) not in stems else 1
        near = [other for other in words if other.startswith(folded)]
        near = near or [other for other in words if abs(len(other) - len(folded)) <= limit]
        found = [
            (distance, other[0] != folded[0], other[-1] != folded[-1], rank, other)
            for other, distance, rank in process.extract(
                folded, near, scorer=OSA.distance, score_cutoff=limit, limit=None
            )
            # A wrong first letter is the only one, and not in a short word.
            if other[0] == folded[0] or (distance == 1 and len(folded) > LEAST_LETTERS)
        ]
        if not found or folded in dictionary():
            return word
        best = min(found)[-1]
        shared = Prefix.similarity(folded, best)
        return word if {folded[shared:], best[shared:]} <= ENDINGS else words[best]

    return LETTERS.sub(right, text)
