"""What a question names and an answer must hold: proper names, years, numbered things, figures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.figures import numbers
from corpus.lexical import fold, words

__all__ = ["Specifics", "opposed", "specifics_of"]

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# What is named by its number; « 40 portables », « environ 150 » are figures.
NUMBERED = re.compile(
    r"\b(article|annexe|appendix|chapitre|chapter|engagement|episode|etape|fiche|mesure|module|page|partie|rgesn|saison|season"
    r"|step|titre|uf|version)x?s?\s?(?:n°\s?|numero\s|number\s)?(\d{1,3})\b(?![.,]\d)"
)
# « articles 12 et 13 » speaks of article 13.
REFERRED = r"\b{word}x?s?(?:\W+(?:n°|numero|number|et|ou|a|and|or|to|\d+))*\W*\b0?{number}\b"
NAME = re.compile(r"(?<=[\w,;:’'»] )[A-ZÉÈÀÎ][\w’'-]+")
ARTICLE = re.compile(r"\bart\.? ?(?=\d)", re.IGNORECASE)
# An acronym may be a synonym of what the answer says in full.
ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]+\b")
# On which side of a number a question stands: an answer for the other side is to another question.
BOUND = re.compile(
    r"\b(?:(?P<over>plus d[e'’]|au-dela d[e'’]|depass\w+|superieure?s? a|more than|over|above)"
    r"|moins d[e'’]|en dessous d[e'’]|sous|inferieure?s? a|less than|under|below)\s*(?P<number>\d[\d ,.]*)"
)


@dataclass(frozen=True)
class Specifics:
    """The words of each proper name, the years, the numbered things (word and number), and every figure, of a text."""

    names: tuple[frozenset[str], ...]
    years: frozenset[str]
    numbered: tuple[tuple[str, str], ...]
    figures: frozenset[str]

    def missing(self, folded: str, figures: frozenset[str]) -> dict[str, float]:
        """The share of each kind that a folded text, and its figures, do not hold; 0 where the question names none."""
        held = set(words(folded))
        return {
            "names": missing([name <= held for name in self.names]),
            "years": missing([year in folded for year in self.years]),
            "numbered": missing(
                [bool(re.search(REFERRED.format(word=word, number=number), folded)) for word, number in self.numbered]
            ),
            "figures": missing([figure in figures for figure in self.figures]),
        }


def missing(found: list[bool]) -> float:
    return 1 - sum(found) / len(found) if found else 0.0


def specifics_of(text: str) -> Specifics:
    """Return what a text names."""
    plain = ARTICLE.sub("article ", ACRONYM.sub(lambda match: match[0].lower(), text))
    folded = fold(plain)
    return Specifics(
        tuple(frozenset(words(name)) for name in NAME.findall(plain)),
        frozenset(YEAR.findall(folded)),
        tuple(NUMBERED.findall(folded)),
        frozenset(map(str, numbers(text))),
    )


def opposed(question: str, other: str) -> bool:
    """True where two questions stand on different sides of the same number."""
    return any(number == same and over != more for number, over in bounds(question) for same, more in bounds(other))


def bounds(text: str) -> list[tuple[str, bool]]:
    """The numbers that a text gives as bounds, and whether it is about what is over them."""
    return [
        (re.sub(r"\D", "", found["number"]), bool(found["over"]))
        for found in BOUND.finditer(fold(text).replace("\u00a0", " ").replace("\u202f", " "))
    ]
