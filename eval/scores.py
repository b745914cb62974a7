"""From the lines of runs to figures: one run scored, two runs compared, bars checked. Plain values in and out."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpus.errors import InputError
from eval.metrics import (
    DURATIONS,
    METRICS,
    RETRIEVAL,
    Line,
    Metric,
    Observations,
    answerable,
    durations,
    estimate,
    first_gold_rank,
    gold_entries,
    paired,
    percentile,
)

__all__ = [
    "COMPARED",
    "FIGURES",
    "PERCENTILES",
    "SPEEDS",
    "Bar",
    "Missed",
    "compare",
    "missed_bars",
    "read_bars",
    "score",
    "speed",
]

PERCENTILES = (50, 95)
COMPARED = tuple(metric for metric in RETRIEVAL if str(metric) in ("Success@5", "MRR", "nDCG@10"))
# By which label the lines are grouped in a score.
GROUPS: dict[str, Callable[[Line], Sequence[str]]] = {
    "kinds": lambda line: line.get("kinds") or (),
    "personas": lambda line: [line["persona"]] if line.get("persona") else (),
}


def score(lines: Sequence[Line]) -> dict[str, Any]:
    """Return every measure of a run with its interval: over all lines, by kind of question and by persona.

    Raise InputError where no line has labels, so that nothing can be measured.
    """
    if not any(gold_entries(line) or "answerable" in line for line in lines):
        raise InputError("eval_no_labels")
    observed = {metric: metric.observe(lines) for metric in METRICS}
    groups: dict[str, Any] = {}
    for label, of in GROUPS.items():
        names = sorted({name for line in lines for name in of(line)})
        groups[label] = {
            name: {"lines": len(ids), "metrics": estimates(observed, ids)}
            for name in names
            if (ids := {line["id"] for line in lines if name in of(line)})
        }
    parts = {part: measured for part in DURATIONS if (measured := durations(lines, part))}
    return {
        "lines": len(lines),
        "answerable": sum(answerable(line) for line in lines),
        "missing": [line["id"] for line in lines if line.get("missing")],
        **{
            name: sorted({str(line[name]) for line in lines if line.get(name)})
            for name in ("encoder", "model", "index")
        },
        "metrics": estimates(observed),
        **groups,
        "seconds": speed(parts),
    }


def estimates(observed: Mapping[Metric, Observations], ids: set[str] | None = None) -> dict[str, dict[str, Any]]:
    """Return each measure's figure over the lines of ``ids`` (over all where None)."""
    return {
        str(metric): asdict(
            estimate(
                {id: found for id, found in values.items() if ids is None or id in ids},
                share=metric.share,
            )
        )
        for metric, values in observed.items()
    }


def speed(parts: Mapping[str, Sequence[float]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the percentiles, in seconds, of each part that was timed: ``{"search": {"p50": …, "p95": …}}``."""
    return {
        part: {f"p{rank}": asdict(estimate(measured, statistic=percentile(rank))) for rank in PERCENTILES}
        for part, measured in parts.items()
    }


# --- two runs -------------------------------------------------------------------------------------------------------


def compare(before: Sequence[Line], after: Sequence[Line]) -> dict[str, Any]:
    """Return how ``after`` differs from ``before`` on the answerable questions that both have, measure by measure.

    The labels are those of ``after``. Raise InputError where the two have no question with gold in common.
    """
    by_id = {line["id"]: line for line in before}
    right = [line for line in after if line["id"] in by_id and answerable(line) and gold_entries(line)]
    if not right:
        raise InputError("eval_nothing_in_common")
    labels = ("answerable", "gold", "kinds", "persona")
    left = [{**by_id[line["id"]], **{label: line[label] for label in labels if label in line}} for line in right]
    if different := [a["id"] for a, b in zip(left, right, strict=True) if a.get("question") != b.get("question")]:
        raise InputError("eval_compare_other_question", id=different[0])
    metrics: dict[str, Any] = {}
    values: dict[str, tuple[list[float], list[float]]] = {}
    for metric in COMPARED:
        old, new = metric.observe(left), metric.observe(right)
        # Each of these measures gives one value a question.
        pair = ([old[line["id"]][0] for line in right], [new[line["id"]][0] for line in right])
        values[str(metric)] = pair
        difference, p_value = paired(*pair)
        metrics[str(metric)] = {
            "before": asdict(estimate(pair[0], share=metric.share)),
            "after": asdict(estimate(pair[1], share=metric.share)),
            "difference": asdict(difference),
            "p": p_value,
            "better": sum(b > a for a, b in zip(*pair, strict=True)),
            "worse": sum(b < a for a, b in zip(*pair, strict=True)),
        }
    questions = [
        {
            "id": new["id"],
            "question": new.get("question", ""),
            "rank_before": first_gold_rank(old),
            "rank_after": first_gold_rank(new),
            "values": {name: {"before": pair[0][at], "after": pair[1][at]} for name, pair in values.items()},
            "outcome": outcome([pair[1][at] - pair[0][at] for pair in values.values()]),
        }
        for at, (old, new) in enumerate(zip(left, right, strict=True))
    ]
    return {
        "compared": len(right),
        "only_before": sorted(by_id.keys() - {line["id"] for line in after}),
        "only_after": sorted({line["id"] for line in after} - by_id.keys()),
        "metrics": metrics,
        "questions": questions,
    }


def outcome(differences: Sequence[float]) -> str:
    """Return "better", "worse" or "same", or "mixed" where measures disagree."""
    up, down = any(value > 0 for value in differences), any(value < 0 for value in differences)
    return "mixed" if up and down else "better" if up else "worse" if down else "same"


# --- bars -----------------------------------------------------------------------------------------------------------

SPEEDS = tuple(f"{part} p{rank}" for part in DURATIONS for rank in PERCENTILES)
FIGURES = (*map(str, METRICS), *SPEEDS)
COMPARISONS: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}
BAR = re.compile(r"\s*(?P<name>.+?)\s*(?P<sign>>=|<=)\s*(?P<limit>\d+(?:[.,]\d+)?)\s*")


@dataclass(frozen=True)
class Bar:
    """What a figure has to reach: ``Success@5>=0.6``, ``search p95<=0.1`` (in seconds)."""

    name: str
    sign: str
    limit: float

    def __str__(self) -> str:
        return f"{self.name}{self.sign}{self.limit:g}"


@dataclass(frozen=True)
class Missed:
    """A bar that is not met, with the figure found (None where nothing was measured)."""

    bar: Bar
    value: float | None


def read_bars(words: Sequence[str], known: Sequence[str] = FIGURES) -> list[Bar]:
    """Return the bars that ``words`` say; raise InputError for the first that is none, or on a figure not ``known``."""
    bars = []
    for said in words:
        match = BAR.fullmatch(said)
        if not match:
            raise InputError("eval_bad_bar", bar=said)
        if match["name"] not in known:
            raise InputError("eval_unknown_figure", name=match["name"], known=", ".join(known))
        bars.append(Bar(match["name"], match["sign"], float(match["limit"].replace(",", "."))))
    return bars


def missed_bars(bars: Sequence[Bar], result: Mapping[str, Any]) -> list[Missed]:
    """Return the bars that a score, or the result of ``speed``, does not meet: what was not measured meets none."""
    values = {name: found["value"] for name, found in result.get("metrics", {}).items()}
    for part, ranks in result["seconds"].items():
        values.update({f"{part} {rank}": found["value"] for rank, found in ranks.items()})
    found = [(bar, values.get(bar.name)) for bar in bars]
    return [Missed(bar, value) for bar, value in found if value is None or not COMPARISONS[bar.sign](value, bar.limit)]
