"""From the lines of a run to figures: every measure with its interval, over all lines and by group; and bars on them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, stdev
from typing import Any

from corpus.errors import InputError
from eval.metrics import DURATIONS, METRICS, Line, Metric, answerable, durations, gold_entries
from eval.statistics import Observations, estimate, percentile

__all__ = [
    "FIGURES",
    "GROUPS",
    "PERCENTILES",
    "SPEEDS",
    "Bar",
    "Missed",
    "missed_bars",
    "read_bars",
    "score",
    "speed",
    "spread",
]

PERCENTILES = (50, 95)
# By which label the lines are grouped in a score.
GROUPS: dict[str, Callable[[Line], Sequence[str]]] = {
    "kinds": lambda line: line.get("kinds") or (),
    "personas": lambda line: [line["persona"]] if line.get("persona") else (),
    "sources": lambda line: [line["source"]] if line.get("source") else (),
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
        "code": sorted({str(code) for line in lines if (code := (line.get("system") or {}).get("code"))}),
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


def spread(scores: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return, for each measure, its values over repetitions of one run, with their mean and standard deviation (n - 1)."""
    found = {
        name: [value for score in scores if (value := score["metrics"][name]["value"]) is not None]
        for name in scores[0]["metrics"]
    }
    return {
        name: {"values": values, "mean": fmean(values), "deviation": stdev(values) if len(values) > 1 else None}
        for name, values in found.items()
        if values
    }


def speed(parts: Mapping[str, Sequence[float]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the percentiles, in seconds, of each part that was timed: ``{"search": {"p50": …, "p95": …}}``."""
    return {
        part: {f"p{rank}": asdict(estimate(measured, statistic=percentile(rank))) for rank in PERCENTILES}
        for part, measured in parts.items()
    }


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
