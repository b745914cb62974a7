"""French and English sentences, by sentencex (Wikimedia, MIT), with the abbreviations of French law that it cuts at mended."""

from __future__ import annotations

import re

import sentencex

__all__ = ["sentence_spans"]

# « art. L. 541-10 », « M. Dupont », « 1. Premier point »: the sentence goes on after these.
GOES_ON = re.compile(
    r"(?:^|[\s(«\"’'])(?:[A-Z]|art|cf|p|pp|n|no|ex|env|fig|tab|vol|al|max|min|resp|éq|eq|MM|Mme|Mmes|Dr|Pr|St|Ste|\d{1,2})\.\s*$",
    re.IGNORECASE,
)
# sentencex panics on « annexe A . » where the space before the period is a no-break one.
SPACE = re.compile(r"\s")


def sentence_spans(text: str, language: str = "fr") -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of ``text``, white space around it left out; a line break always ends one."""
    spans: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        start = offset
        pending = ""
        for piece in sentencex.segment(language, SPACE.sub(" ", line)) if line.strip() else ():
            pending += piece
            if not GOES_ON.search(pending):
                add_span(spans, text, start, start + len(pending))
                start += len(pending)
                pending = ""
        if pending:
            add_span(spans, text, start, start + len(pending))
        offset += len(line) + 1
    return spans


def add_span(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if left < right:
        spans.append((start + left, start + right))
