"""What a sentence states that can be looked up, and whether it stands in the places where it should."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corpus.figures import Quantity, borne_out, plain, quantities, same
from corpus.shelf import Place

__all__ = ["PAGES", "Problem", "facts", "missing"]

# « pages 3, 12 et 28 », where « page 24, 2,5 millions » names one page.
PAGE = r"\d+(?!\d|[.,]\d|[eE]\+)"
PAGES = re.compile(rf"\b(?:pages?|pp?\.)\s*({PAGE}(?:\s*(?:,|et|à|ou|-)\s*{PAGE})*)", re.IGNORECASE)
# « les deux », « ces trois conditions »: what the card has counted before.
COUNTED_BEFORE = re.compile(r"\b(?:les|ces|ses|leurs|nos|vos|tous|toutes|des|aux)\s+$", re.IGNORECASE)
ITEMS = re.compile(r"\s*((?:^[ ]*(?:-|\d+\.)\s.*(?:\n|\Z)\n?)+)", re.MULTILINE)
SEPARATOR = re.compile(r"[,;]|\bet\b|\bou\b")


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a card: ``key`` and ``values`` make its sentence; ``sentence`` is the card's own, where it is one's."""

    card: str
    key: str
    values: tuple[tuple[str, Any], ...] = ()
    sentence: str = ""


def facts(sentence: str, after: str = "") -> list[Quantity]:
    """The figures of a sentence that are facts; the pages that it names, « un an », and what the card itself counts are none."""
    said = PAGES.sub(lambda match: "·" * len(match[0]), plain(sentence))
    return [
        quantity
        for quantity in quantities(said)
        if not re.match(r"une?\b", quantity.text, re.IGNORECASE) and not counts_itself(quantity, said, after)
    ]


def counts_itself(quantity: Quantity, sentence: str, after: str) -> bool:
    """True for a number in words, without unit, of what the card has counted before or lists right there."""
    if quantity.kind != "number" or quantity.unit or not quantity.text[0].isalpha():
        return False
    number = int(quantity.value)
    rest = sentence[quantity.start :]
    listed = rest.partition(":")[2]
    items = ITEMS.match(after)
    return bool(
        COUNTED_BEFORE.search(sentence[: quantity.start])
        or (listed.strip() and len(SEPARATOR.split(listed)) >= number)
        or (rest.endswith(":") and items and len(items[1].strip().splitlines()) == number)
    )


def missing(quantity: Quantity, places: Iterable[Place]) -> str:
    """The key of what a figure lacks in the places: nothing, its unit, or all of it."""
    seen = False
    for place in places:
        for found in place.figures:
            if borne_out(quantity, found, place.text):
                return ""
            seen = seen or same(quantity, found)
        if quantity.kind == "date" and pieces_stand(quantity, place):
            return ""
    return "check_unit" if seen else "check_figure"


def pieces_stand(date: Quantity, place: Place) -> bool:
    """True where a place has the day and month of a date, and its year apart: « du 28 septembre au 2 octobre 2025 »."""
    year, month, day = date.value.split("-")
    alone = {found.value for found in place.figures}
    years = alone | {value[:4] for value in alone}
    return bool(year) and year in years and f"-{month}-{day}" in alone
