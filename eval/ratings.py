"""Two runs rated blind, side by side: a sheet to fill in, and what the readers who filled it in say together.

Which answer stands first is drawn question by question from a seed, and is nowhere in the sheet. ``eval/rubric.md`` says what
each mark means. A sheet can be kept without its texts: only the identifiers and the marks are read back.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.messages import LANGUAGES, text
from eval.metrics import Line, answered
from eval.statistics import SEED, agreement, estimate
from eval.tables import read_rows, unharmed, write_rows

__all__ = ["MARKS", "Rating", "read_sheet", "read_sheets", "write_sheet"]

# What is marked of each answer, from 0 to 3, and the side that is preferred.
MARKS = ("exact", "useful")
SCALE = ("0", "1", "2", "3")
FIRST, SECOND, NEITHER = "1", "2", "="
WIDTHS = {"question": 36, "nuggets": 36, "answer_1": 70, "answer_2": 70, "remark": 30}


@dataclass(frozen=True)
class Rating:
    """One reader's marks on one question: of the run before and of the run after, and which is preferred.

    ``marks`` maps each of ``MARKS`` to (before, after); ``preferred`` is "before", "after" or "same".
    """

    marks: Mapping[str, tuple[int, int]]
    preferred: str


def swapped(id: str) -> bool:
    """True where the answer of the run after stands first: a coin tossed by the identifier and the seed."""
    return hashlib.sha256(f"{SEED} {id}".encode()).digest()[0] % 2 == 1


def write_sheet(before: Sequence[Line], after: Sequence[Line], path: Path, count: int, language: str) -> int:
    """Write ``count`` questions drawn at random (seeded) with both answers, and return how many there are.

    Raise InputError where the runs share no question that both answer, or an identifier is not of the same question.
    """
    by_id = {line["id"]: line for line in before if answered(line)}
    shared = [line for line in after if answered(line) and line["id"] in by_id]
    if not shared:
        raise InputError("eval_nothing_in_common")
    for line in shared:
        if by_id[line["id"]].get("question") != line.get("question"):
            raise InputError("eval_compare_other_question", id=line["id"])
    drawn = random.Random(SEED).sample(shared, min(count, len(shared)))
    rows = []
    for line in drawn:
        answers = [shown(by_id[line["id"]], language), shown(line, language)]
        if swapped(line["id"]):
            answers.reverse()
        turns = "\n".join(words for turn in line.get("history") or () for words in turn)
        known = {
            "id": line["id"],
            "question": f"{turns}\n→ {line.get('question', '')}" if turns else line.get("question", ""),
            "nuggets": "\n".join(f"- {fact}" for fact in line.get("nuggets") or ()) or line.get("why") or "",
            "answer_1": answers[0],
            "answer_2": answers[1],
        }
        rows.append({**known, **dict.fromkeys(mark_columns(), ""), "preferred": "", "remark": ""})
    titled = [{text(f"eval_sheet_{name}", language): cell for name, cell in row.items()} for row in rows]
    widths = {text(f"eval_sheet_{name}", language): width for name, width in WIDTHS.items()}
    write_rows(path, titled, widths)
    return len(rows)


def mark_columns() -> list[str]:
    return [f"{mark}_{side}" for mark in MARKS for side in (FIRST, SECOND)]


def shown(line: Line, language: str) -> str:
    """An answer as a reader sees it, with the quotes that it rests on."""
    quotes = [
        f"[{one['number']}] {text('label', language, name=one.get('title', ''))} "
        f"{text('quoted', language, words=' '.join(one['quote'].split()))}"
        for one in line.get("citations") or ()
    ]
    refused = text("eval_sheet_refused", language) if line["abstained"] else ""
    return "\n\n".join(filter(None, [refused, line.get("answer"), "\n".join(quotes)]))


# --- what readers say -----------------------------------------------------------------------------------------------


def read_sheet(path: Path, language: str) -> dict[str, Rating]:
    """Return a reader's ratings by question; rows that were left empty are none. Raise InputError for the first bad row."""
    rows = read_rows(path)
    names = {
        text(f"eval_sheet_{name}", known).casefold(): name
        for name in ("id", *mark_columns(), "preferred")
        for known in LANGUAGES
    }
    header = [names.get(cell.strip().casefold(), "") for cell in next(rows, [])]
    if missing := {"id", *mark_columns(), "preferred"} - set(header):
        columns = ", ".join(text(f"eval_sheet_{name}", language) for name in sorted(missing))
        raise InputError("eval_sheet_columns", path=path, names=columns)
    ratings: dict[str, Rating] = {}
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        cells = {name: unharmed(cell.strip()) for name, cell in zip(header, row, strict=False) if name}
        id = cells.get("id", "")
        said = [cells.get(name, "") for name in (*mark_columns(), "preferred")]
        if not id or not any(said):
            continue
        if any(mark not in SCALE for mark in said[:-1]) or said[-1] not in (FIRST, SECOND, NEITHER):
            raise InputError("eval_sheet_mark", path=path, row=number)
        if first := seen.get(id):
            raise InputError("eval_duplicate_id", path=path, line=number, id=id, first=first)
        seen[id] = number
        order = (2, 1) if swapped(id) else (1, 2)
        marks = {mark: (int(cells[f"{mark}_{order[0]}"]), int(cells[f"{mark}_{order[1]}"])) for mark in MARKS}
        preferred = "same" if said[-1] == NEITHER else ("before", "after")[order.index(int(said[-1]))]
        ratings[id] = Rating(marks, preferred)
    if not ratings:
        raise InputError("eval_sheet_empty", path=path)
    return ratings


def read_sheets(before: Sequence[Line], after: Sequence[Line], paths: Sequence[Path], language: str) -> dict[str, Any]:
    """Return what each reader found, by the sheet's name (its path where two have one name), and how far each two agree.

    Raise InputError where a sheet is on a question that the two runs do not share.
    """
    known = {line["id"] for line in before} & {line["id"] for line in after}
    paths = list(dict.fromkeys(paths))
    several = len({path.stem for path in paths}) < len(paths)
    sheets = {str(path) if several else path.stem: read_sheet(path, language) for path in paths}
    for path, ratings in zip(paths, sheets.values(), strict=True):
        if strangers := ratings.keys() - known:
            raise InputError("eval_sheet_other_runs", path=path, id=min(strangers))
    return {
        "readers": {name: summary(list(ratings.values())) for name, ratings in sheets.items()},
        "agreement": [together(one, other, sheets) for one, other in combinations(sheets, 2)],
    }


def summary(ratings: Sequence[Rating]) -> dict[str, Any]:
    """One reader's mean marks, preferences, and the p-value of preferring neither (sign test, ties left out)."""
    from scipy.stats import binomtest

    preferred = {side: sum(one.preferred == side for one in ratings) for side in ("before", "after", "same")}
    decided = preferred["before"] + preferred["after"]
    return {
        "rated": len(ratings),
        "marks": {
            mark: {
                side: asdict(estimate([one.marks[mark][place] for one in ratings]))
                for place, side in enumerate(("before", "after"))
            }
            for mark in MARKS
        },
        "preferred": preferred,
        "p": float(binomtest(preferred["after"], decided).pvalue) if decided else None,
    }


def together(one: str, other: str, sheets: Mapping[str, Mapping[str, Rating]]) -> dict[str, Any]:
    """How far two readers agree on the questions that both rated; a mark one off counts less than a mark three off."""
    shared = [(sheets[one][id], sheets[other][id]) for id in sheets[one] if id in sheets[other]]
    marks = {
        mark: agreement(
            [value for left, _ in shared for value in left.marks[mark]],
            [value for _, right in shared for value in right.marks[mark]],
            scale=range(len(SCALE)),
        )
        for mark in MARKS
    }
    sides = ("before", "same", "after")
    preferred = agreement(
        [sides.index(left.preferred) for left, _ in shared], [sides.index(right.preferred) for _, right in shared]
    )
    return {"readers": [one, other], "marks": marks, "preferred": preferred}
