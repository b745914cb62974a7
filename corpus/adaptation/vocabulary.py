"""Which pieces of the multilingual vocabulary French and English need: the rest is three quarters of the packaged file."""

from __future__ import annotations

from collections.abc import Iterable

from spellchecker import SpellChecker

from corpus.adaptation.engine_file import EngineFile
from corpus.adaptation.network import tokenizer_of

__all__ = ["needed_pieces"]

LANGUAGES = ("fr", "en")
MARK = "▁"


def needed_pieces(file: EngineFile, texts: Iterable[str]) -> set[int]:
    """The ids of the pieces that the words of the two dictionaries are made of (as they are, capitalised and in capitals), those of
    ``texts``, and every single letter and sign but those of other scripts."""
    tokenizer = tokenizer_of(file)
    words = {word for language in LANGUAGES for word in SpellChecker(language=language).word_frequency}
    written = (form for word in words for form in (word, word.capitalize(), word.upper()))
    needed: set[int] = set()
    for text in (*written, *texts):
        needed.update(tokenizer.encode(text, add_special_tokens=False).ids)
    for id, (piece, _) in enumerate(file.pieces):
        letters = piece.decode("utf-8", "replace").replace(MARK, "")
        if len(letters) <= 1 and all(is_common(letter) for letter in letters):
            needed.add(id)
    return needed


def is_common(letter: str) -> bool:
    """True for Latin and Greek letters, signs, arrows and pictures."""
    return ord(letter) < 0x400 or 0x1E00 <= ord(letter) < 0x2C00 or ord(letter) >= 0x1F000
