"""Documents to passages: whole sentences, whole items, whole rows, never rewritten, always within the encoder's window."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from corpus.documents import Document, Passage, Section, deep_link
from corpus.sentences import sentence_spans

__all__ = ["LIST_CHARACTERS", "PASSAGE_CHARACTERS", "RECIPE", "embedded_text", "split"]

# A passage's length in characters: at most; aimed at; and at most for a list or a table that would lose its sense.
PASSAGE_CHARACTERS = 1200
AIM_CHARACTERS = 900
LIST_CHARACTERS = 2000
# Named in every fingerprint: a change of the splitting, of what is embedded or of how it is stored must change this string.
RECIPE = f"7/{PASSAGE_CHARACTERS}/{AIM_CHARACTERS}/{LIST_CHARACTERS}"

# What is embedded above a passage: at most so much of each heading, of all of them, and of the row of columns.
HEADING_CHARACTERS = 160
PATH_CHARACTERS = 400
COLUMNS_CHARACTERS = 240
# A piece this short is not cut further, even for an encoder that does not read it whole.
LEAST_CHARACTERS = 40
# Where a unit that is too long is cut: after a sentence of its own, else a clause, else a word.
CUTS = (re.compile(r"[.!?…]\s+(?=\S)"), re.compile(r"[;:,–—]\s+(?=\S)"), re.compile(r"\s+(?=\S)"))


@dataclass(frozen=True)
class Unit:
    """What is not cut where it fits: a sentence, an item, a row. ``starts`` says whether a paragraph starts here."""

    start: int
    end: int
    listed: bool
    starts: bool


def split(document: Document, fits: Callable[[str], bool]) -> list[Passage]:
    """Cut ``document`` into passages; ``fits`` tells whether an embedded text is within the encoder's window."""
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for section in document.sections:
        for start, end in section_spans(document, section, fits):
            text = section.text[start:end]
            key = "\x1f".join((document.id, section.locator.kind, section.locator.value, text))
            occurrence = seen[key] = seen.get(key, 0) + 1
            passages.append(
                Passage(
                    id=hashlib.sha256(f"{key}\x1f{occurrence}".encode()).hexdigest()[:20],
                    document_id=document.id,
                    text=text,
                    heading_path=section.heading_path,
                    section_kind=section.kind,
                    locator=section.locator,
                    # A card's headings are ours: its address already points at the place it sums up.
                    url=document.url
                    if document.origin == "card"
                    else deep_link(document.url, section.locator, section.anchor),
                    position=len(passages),
                    context=columns(section.text, start),
                )
            )
    return passages


def embedded_text(document: Document, heading_path: tuple[str, ...], text: str, context: str = "") -> str:
    """Return what is embedded of a passage: the title and headings that it stands under, then its words."""
    above = [document.title, *(heading for heading in heading_path if heading != document.title)]
    headings = [heading[:HEADING_CHARACTERS] for heading in above]
    # The title and the nearest heading say most.
    while len(headings) > 2 and len(" › ".join(headings)) > PATH_CHARACTERS:
        del headings[1]
    return "\n".join(part for part in (" › ".join(headings), context[:COLUMNS_CHARACTERS], text) if part)


def columns(text: str, start: int) -> str:
    """Return the first row of the table that ``text[start:]`` goes on with; nothing where it starts elsewhere."""
    if not text.startswith("| ", start):
        return ""
    top = start
    while top > 0 and text.startswith("| ", above := text.rfind("\n", 0, top - 1) + 1):
        top = above
    return text[top:].split("\n", 1)[0] if top < start else ""


def section_spans(document: Document, section: Section, fits: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Return (start, end) in ``section.text`` of each passage of one section."""
    text = section.text

    def within(start: int, end: int) -> bool:
        return fits(embedded_text(document, section.heading_path, text[start:end], columns(text, start)))

    if len(text) <= PASSAGE_CHARACTERS and within(0, len(text)):
        return [(0, len(text))]
    spans: list[tuple[int, int]] = []
    units = [piece for unit in units_of(text, document.language) for piece in pieces(text, unit, within)]
    for block in blocks(units):
        spans.extend(block_spans(block, within))
    return merge_short(spans, within)


def units_of(text: str, language: str) -> list[Unit]:
    """Return the units of a section."""
    units: list[Unit] = []
    offset = 0
    for line in text.split("\n"):
        listed = line.startswith(("- ", "| "))
        if listed:
            spans = [(offset, offset + len(line.rstrip()))]
        else:
            spans = [(offset + start, offset + end) for start, end in sentence_spans(line, language)]
        units.extend(Unit(start, end, listed, index == 0) for index, (start, end) in enumerate(spans))
        offset += len(line) + 1
    return units


def pieces(text: str, unit: Unit, within: Callable[[int, int], bool]) -> Iterator[Unit]:
    """Yield ``unit``, or what it is cut into where it alone exceeds the limit or the window."""
    limit = LIST_CHARACTERS if unit.listed else PASSAGE_CHARACTERS
    while (length := unit.end - unit.start) > LEAST_CHARACTERS and not (
        length <= limit and within(unit.start, unit.end)
    ):
        room = min(PASSAGE_CHARACTERS, length * 2 // 3)
        # A cut in the first third would leave a marker alone, or next to nothing.
        places = [
            match.end() for cut in CUTS for match in list(cut.finditer(text, unit.start, unit.start + room))[::-1]
        ]
        at = next((place for place in places if place > unit.start + room // 3), unit.start + room)
        yield from pieces(text, replace(unit, end=unit.start + len(text[unit.start : at].rstrip())), within)
        unit = replace(unit, start=at, starts=False)
    yield unit


def blocks(units: list[Unit]) -> list[list[Unit]]:
    """Group the units: prose, or a list (a table) with the sentence that introduces it."""
    groups: list[list[Unit]] = []
    for unit in units:
        if groups and unit.listed == groups[-1][-1].listed:
            groups[-1].append(unit)
        elif unit.listed and groups:
            lead = groups[-1].pop()
            if not groups[-1]:
                groups.pop()
            groups.append([lead, unit])
        else:
            groups.append([unit])
    return groups


def block_spans(block: list[Unit], within: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """Cut one group of units into passages of even length, at the start of a paragraph where one is near."""
    start, end = block[0].start, block[-1].end
    limit = LIST_CHARACTERS if block[-1].listed else PASSAGE_CHARACTERS
    if end - start <= limit and within(start, end):
        return [(start, end)]
    aim = min(PASSAGE_CHARACTERS, (end - start) / -(-(end - start) // AIM_CHARACTERS) * 1.1)
    spans: list[list[Unit]] = [[block[0]]]
    for unit in block[1:]:
        length = unit.end - spans[-1][0].start
        full = length > PASSAGE_CHARACTERS or length > aim or (unit.starts and not unit.listed and length > aim * 0.85)
        # A list keeps the sentence that introduces it.
        introduces = unit.listed and not spans[-1][-1].listed
        if (full and not introduces) or length > LIST_CHARACTERS or not within(spans[-1][0].start, unit.end):
            spans.append([unit])
        else:
            spans[-1].append(unit)
    return [(group[0].start, group[-1].end) for group in spans]


def merge_short(spans: list[tuple[int, int]], within: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """Join neighbours that together are no longer than what is aimed at."""
    merged = [spans[0]]
    for start, end in spans[1:]:
        if end - merged[-1][0] <= AIM_CHARACTERS and within(merged[-1][0], end):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
