"""The French words of the sources for the English ones of a question, from ``english.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from corpus.lexical import words

__all__ = ["french_words"]

TERMS = Path(__file__).with_name("english.toml")


@cache
def terms() -> dict[tuple[str, ...], str]:
    """French words by the folded words of an English term."""
    return {tuple(words(english)): french for english, french in tomllib.loads(TERMS.read_text("utf-8")).items()}


def french_words(text: str) -> str:
    """Return the French words for the English terms of ``text``, the longest term at each place first."""
    known, found = terms(), words(text)
    longest = max(map(len, known))
    french: list[str] = []
    start = 0
    while start < len(found):
        for length in range(longest, 0, -1):
            if meant := known.get(tuple(found[start : start + length])):
                french.append(meant)
                start += length
                break
        else:
            start += 1
    return " ".join(french)
