"""Spelling repaired against the index's own words: « obsolecence » is read as « obsolescence », a name as it is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.lexical import fold, stem

__all__ = ["known_words", "repaired"]

LETTERS = re.compile(r"[^\W\d_]+")
# A shorter word has too many neighbours; a word that stands once may itself be misspelt.
LEAST_LETTERS = 5
LEAST_TIMES = 2
# How many letters may be wrong, swapped neighbours counting as one: one more in a long word.
LONG_WORD = 8


def known_words(texts: Iterable[str]) -> dict[str, str]:
    """Return the words of ``texts`` as most often written, by their folded form, the most frequent first."""
    counts = Counter(word for text in texts for word in LETTERS.findall(text.lower()) if len(word) >= LEAST_LETTERS - 1)
    words: dict[str, str] = {}
    for word, times in counts.most_common():
        if times >= LEAST_TIMES:
            words.setdefault(fold(word), word)
    return words


def repaired(text: str, words: Mapping[str, str], stems: Container[str]) -> str:
    """Return ``text`` with each word that is nearly one of ``words``, and has none of the ``stems``, written as that one.

    Nearness is the optimal string alignment distance (Damerau 1964, restricted); of words as near, one with the same
    first letter comes before another, then the most frequent. Names (a capital beyond the first word) are left alone.
    """

    def right(match: re.Match[str]) -> str:
        word, folded = match[0], fold(match[0])
        named = word != word.lower() and text[: match.start()].strip()
        if len(folded) < LEAST_LETTERS or named or folded in words or stem(folded) in stems:
            return word
        limit = 2 if len(folded) >= LONG_WORD else 1
        near = [known for known in words if abs(len(known) - len(folded)) <= limit]
        found = process.extract(folded, near, scorer=OSA.distance, score_cutoff=limit, limit=None)
        best = min(found, key=lambda item: (item[1], item[0][0] != folded[0], item[2]), default=None)
        return words[best[0]] if best else word

    return LETTERS.sub(right, text)
