"""Figures to the tables that a reader sees, in the reader's language. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.messages import text
from eval.metrics import METRICS, RETRIEVAL
from eval.scores import SPEEDS, Missed

__all__ = ["bars_report", "comparison_report", "score_report", "speed_report", "table"]

NOTHING = "–"
QUESTION_CHARACTERS = 72
OUTCOMES = ("worse", "mixed", "better")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return aligned columns under their names: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]

    def aligned(row: Sequence[str]) -> str:
        first, *others = zip(row, widths, strict=True)
        return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()

    return "\n".join([aligned(header), "  ".join("-" * width for width in widths), *map(aligned, rows)])


def decimal(value: float | None, digits: int, language: str, sign: bool = False) -> str:
    """Return ``value`` with ``digits`` decimals and the decimal mark of ``language``."""
    if value is None:
        return NOTHING
    written = f"{value:{'+' if sign else ''}.{digits}f}"
    return written.replace(".", ",") if language == "fr" else written


def interval(found: Mapping[str, Any], digits: int, language: str, scale: float = 1, sign: bool = False) -> str:
    """Return ``[low ; high]``, or nothing where there is no interval."""
    if found["low"] is None:
        return NOTHING
    ends = (decimal(found[end] * scale, digits, language, sign) for end in ("low", "high"))
    return f"[{' ; '.join(ends)}]"


def score_report(result: Mapping[str, Any], language: str) -> str:
    """Return the tables of a score: all lines, then by kind of question and by persona, then durations."""
    parts = [
        text(
            "eval_score_title",
            language,
            lines=result["lines"],
            answerable=result["answerable"],
            unanswerable=result["lines"] - result["answerable"],
            **{name: ", ".join(result[name]) or NOTHING for name in ("encoder", "model", "index")},
        )
    ]
    if result["missing"]:
        parts.append(text("eval_missing", language, count=len(result["missing"]), ids=", ".join(result["missing"])))
    header = [text(f"eval_column_{column}", language) for column in ("metric", "value", "interval", "count")]
    parts.append(
        table(
            header,
            [
                [name, decimal(found["value"], 3, language), interval(found, 3, language), str(found["count"])]
                for name, found in result["metrics"].items()
            ],
        )
    )
    searched = [str(metric) for metric in RETRIEVAL]
    others = [str(metric) for metric in METRICS if metric not in RETRIEVAL]
    for label in ("kinds", "personas"):
        tables = [group_table(label, result[label], names, language) for names in (searched, others)]
        if any(tables):
            parts.extend([text(f"eval_by_{label}", language), *filter(None, tables)])
    if result["seconds"]:
        parts.append(speed_table(result["seconds"], language))
    return "\n\n".join(parts)


def group_table(label: str, groups: Mapping[str, Any], names: Sequence[str], language: str) -> str:
    """Return one table with a row a group and a column a measure, in hundredths to stay narrow; "" without figures."""
    rows = []
    for name, group in groups.items():
        cells = [group["metrics"][metric] for metric in names]
        if any(cell["count"] for cell in cells):
            rows.append([name, str(group["lines"]), *map(hundredths, cells)])
    header = [text(f"eval_column_{label}", language), text("eval_column_lines", language), *names]
    return table(header, rows) if rows else ""


def hundredths(found: Mapping[str, Any]) -> str:
    if found["value"] is None:
        return NOTHING
    ends = "" if found["low"] is None else f" [{found['low'] * 100:.0f}–{found['high'] * 100:.0f}]"
    return f"{found['value'] * 100:.0f}{ends}"


def speed_table(seconds: Mapping[str, Mapping[str, Mapping[str, Any]]], language: str) -> str:
    """Return the percentiles of each part in milliseconds."""
    header = [text(f"eval_column_{column}", language) for column in ("duration", "value", "interval", "count")]
    rows = [
        [
            f"{text(f'eval_part_{part}', language)} {rank}",
            decimal(found["value"] * 1000, 1, language),
            interval(found, 1, language, scale=1000),
            str(found["count"]),
        ]
        for part, ranks in seconds.items()
        for rank, found in ranks.items()
        if found["value"] is not None
    ]
    return table(header, rows)


def speed_report(result: Mapping[str, Any], language: str) -> str:
    """Return the table of ``bench``."""
    opening = decimal(result["open"], 1, language)
    return f"{text('eval_speed_title', language, opening=opening)}\n\n{speed_table(result['seconds'], language)}"


def comparison_report(result: Mapping[str, Any], language: str) -> str:
    """Return the table of the measures of two runs, then the questions that got worse, better, or both."""
    parts = [text("eval_compare_title", language, count=result["compared"])]
    for side in ("only_before", "only_after"):
        if result[side]:
            parts.append(text(f"eval_{side}", language, count=len(result[side]), ids=", ".join(result[side])))
    columns = ("metric", "before", "after", "difference", "interval", "p", "better", "worse")
    parts.append(
        table(
            [text(f"eval_column_{column}", language) for column in columns],
            [
                [
                    name,
                    decimal(found["before"]["value"], 3, language),
                    decimal(found["after"]["value"], 3, language),
                    decimal(found["difference"]["value"], 3, language, sign=True),
                    interval(found["difference"], 3, language, sign=True),
                    decimal(found["p"], 4, language),
                    str(found["better"]),
                    str(found["worse"]),
                ]
                for name, found in result["metrics"].items()
            ],
        )
    )
    for outcome in OUTCOMES:
        changed = [question for question in result["questions"] if question["outcome"] == outcome]
        if changed:
            title = text(f"eval_questions_{outcome}", language, count=len(changed))
            parts.append("\n".join([title, *(changed_question(question) for question in changed)]))
    return "\n\n".join(parts)


def changed_question(question: Mapping[str, Any]) -> str:
    """Return the rank of the first gold passage before and after, and the start of the question, on one line."""
    ranks = " → ".join(str(question[rank] or NOTHING) for rank in ("rank_before", "rank_after"))
    words = " ".join(question["question"].split())
    shown = words if len(words) <= QUESTION_CHARACTERS else words[: QUESTION_CHARACTERS - 1] + "…"
    return f"  {question['id']}  {ranks:>9}  {shown}"


def bars_report(missed: Sequence[Missed], language: str) -> str:
    """Return one sentence a bar that is not met. Durations are in seconds, as the bars give them."""
    return "\n".join(
        text(
            "eval_bar_missed",
            language,
            bar=str(one.bar),
            value=decimal(one.value, 4 if one.bar.name in SPEEDS else 3, language),
        )
        for one in missed
    )
