"""Documents to passages: whole sentences, whole items, whole rows, never rewritten, always within the encoder's window."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.documents import Document, Passage, Section, deep_link
from corpus.sentences import sentence_spans

__all__ = ["LIST_CHARACTERS", "PASSAGE_CHARACTERS", "RECIPE", "embedded_text", "split"]

# A passage's length in characters: at most; aimed at; and at most for a list or a table that would lose its sense.
PASSAGE_CHARACTERS = 1200
AIM_CHARACTERS = 900
LIST_CHARACTERS = 2000
# Named in every fingerprint: a change of the splitting or of what is embedded must change this string.
RECIPE = f"1/{PASSAGE_CHARACTERS}/{AIM_CHARACTERS}/{LIST_CHARACTERS}"

HEADING_CHARACTERS = 160
CLAUSE = re.compile(r"[;:,–—]\s")


@dataclass(frozen=True)
class Unit:
    """What is never cut: a sentence, an item, a row. ``starts`` says whether a paragraph starts here."""

    start: int
    end: int
    listed: bool
    starts: bool


def split(document: Document, fits: Callable[[str], bool]) -> list[Passage]:
    """Cut ``document`` into passages; ``fits`` tells whether an embedded text is within the encoder's window."""
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for section in document.sections:
        header = first_row(section.text)
        for start, end in section_spans(document, section, fits):
            text = section.text[start:end]
            context = header if header and start > 0 and text.startswith("| ") else ""
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
                    url=document.url if document.origin == "card" else deep_link(document.url, section.locator, section.anchor),
                    position=len(passages),
                    context=context,
                )
            )
    return passages


def embedded_text(document: Document, heading_path: tuple[str, ...], text: str, context: str = "") -> str:
    """Return what is embedded of a passage: the title and headings that it stands under, then its words."""
    headings = [document.title, *(heading for heading in heading_path if heading != document.title)]
    path = " › ".join(heading[:HEADING_CHARACTERS] for heading in headings)
    return "\n".join(part for part in (path, context, text) if part)


def first_row(text: str) -> str:
    """The row that names the columns of a section's table, where it has one."""
    return next((line for line in text.split("\n") if line.startswith("| ")), "")


def section_spans(document: Document, section: Section, fits: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Return (start, end) in ``section.text`` of each passage of one section."""
    text = section.text
    header = first_row(text)

    def within(start: int, end: int) -> bool:
        context = header if start > 0 else ""
        return fits(embedded_text(document, section.heading_path, text[start:end], context))

    if len(text) <= PASSAGE_CHARACTERS and within(0, len(text)):
        return [(0, len(text))]
    spans: list[tuple[int, int]] = []
    for block in blocks(units_of(text, document.language)):
        spans.extend(block_spans(block, within))
    return merge_short(spans, within)


def units_of(text: str, language: str) -> list[Unit]:
    """Return the units of a section, oversized sentences cut at a clause, else at a word."""
    units: list[Unit] = []
    offset = 0
    for line in text.split("\n"):
        if line.startswith(("- ", "| ")):
            spans = [(offset, offset + len(line.rstrip()))]
        else:
            spans = [(offset + start, offset + end) for start, end in sentence_spans(line, language)]
        for index, (start, end) in enumerate(spans):
            for piece, (left, right) in enumerate(cut(text, start, end)):
                units.append(Unit(left, right, line.startswith(("- ", "| ")), index == 0 and piece == 0))
        offset += len(line) + 1
    return units


def cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut one unit that alone exceeds the limit: at the last clause that fits, else at the last word."""
    spans = []
    while end - start > PASSAGE_CHARACTERS:
        window = text[start : start + PASSAGE_CHARACTERS]
        clauses = [match.end() for match in CLAUSE.finditer(window) if match.end() > PASSAGE_CHARACTERS // 3]
        at = clauses[-1] if clauses else window.rfind(" ") + 1 or PASSAGE_CHARACTERS
        spans.append((start, start + len(window[:at].rstrip())))
        start += at
    return [*spans, (start, end)] if start < end else spans


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
    if len(block) == 1:
        middle = start + (end - start) // 2
        return [(start, middle), (middle, end)] if end - start > 1 else [(start, end)]
    pieces = -(-(end - start) // AIM_CHARACTERS)
    aim = min(PASSAGE_CHARACTERS, (end - start) / pieces * 1.1)
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
