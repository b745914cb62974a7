"""Two runs, question by question: what differs, by how much, whether chance would do as much; and the gate on it.

A baseline is a run of which only the values of the measures are kept: it can be committed where the run, which holds
passages of the sources, cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from corpus.errors import InputError
from eval.metrics import METRICS, Line, answerable, answered, first_gold_rank, gold_entries
from eval.statistics import estimate, paired

__all__ = ["COMPARED", "GATED", "Values", "baseline", "compare", "gate", "values_of"]

# The value of each measure on each question.
Values = Mapping[str, Mapping[str, float]]

# Success at one rank and MRR say the same thing as these in other words.
COMPARED = tuple(metric for metric in METRICS if str(metric) not in ("Success@1", "Success@10"))
GATED = tuple(metric for metric in COMPARED if metric.better)
BY_NAME = {str(metric): metric for metric in METRICS}


def values_of(lines: Sequence[Line]) -> dict[str, dict[str, float]]:
    """Return what each measure gives on each question: the mean of its observations there."""
    return {
        str(metric): {id: fmean(values) for id, values in metric.observe(lines).items() if values}
        for metric in COMPARED
    }


def compare(before: Sequence[Line], after: Sequence[Line]) -> dict[str, Any]:
    """Return how ``after`` differs from ``before`` on the questions that both have, measure by measure.

    The labels are those of ``after``. Raise InputError where the two have no labelled question in common.
    """
    by_id = {line["id"]: line for line in before}
    right = [line for line in after if line["id"] in by_id and (gold_entries(line) or "answerable" in line)]
    if not right:
        raise InputError("eval_nothing_in_common")
    read = ("judged", "passages", "claims", "answer", "abstained", "status", "citations", "opaque", "seconds")
    left = []
    for line in right:
        own = by_id[line["id"]]
        if own.get("question") != line.get("question"):
            raise InputError("eval_compare_other_question", id=line["id"])
        left.append({**line, **{name: own.get(name) for name in read if name in own or name in ("judged", "opaque")}})
    old, new = values_of(left), values_of(right)
    return {
        "compared": len(right),
        "only_before": sorted(by_id.keys() - {line["id"] for line in after}),
        "only_after": sorted({line["id"] for line in after} - by_id.keys()),
        "metrics": differences(old, new),
        "questions": [changes(a, b, old, new) for a, b in zip(left, right, strict=True)],
    }


def differences(old: Values, new: Values) -> dict[str, dict[str, Any]]:
    """Return each measure's figure before and after, their difference with its paired interval, and the p-value of none."""
    found = {}
    for name, values in new.items():
        before = old.get(name, {})
        if not (ids := [id for id in values if id in before]):
            continue
        pair = [before[id] for id in ids], [values[id] for id in ids]
        metric = BY_NAME[name]
        difference, p_value = paired(*pair)
        sign = -1 if metric.better == "lower" else 1
        found[name] = {
            "before": asdict(estimate(pair[0], share=metric.share and is_binary(pair[0]))),
            "after": asdict(estimate(pair[1], share=metric.share and is_binary(pair[1]))),
            "difference": asdict(difference),
            "p": p_value,
            "better": sum(sign * (b - a) > 0 for a, b in zip(*pair, strict=True)) if metric.better else 0,
            "worse": sum(sign * (b - a) < 0 for a, b in zip(*pair, strict=True)) if metric.better else 0,
        }
    return found


def is_binary(values: Sequence[float]) -> bool:
    """A share whose observations of one question were averaged is a mean like any other."""
    return set(values) <= {0.0, 1.0}


def changes(old: Line, new: Line, before: Values, after: Values) -> dict[str, Any]:
    """Return what changed on one question: the measures that moved, which way, and the rank of the first gold passage."""
    id = new["id"]
    moved = {
        name: {"before": before[name][id], "after": values[id]}
        for name, values in after.items()
        if id in values and id in before.get(name, {}) and values[id] != before[name][id] and BY_NAME[name].better
    }
    ways = {
        (change["after"] > change["before"]) == (BY_NAME[name].better == "higher") for name, change in moved.items()
    }
    outcome = "same" if not ways else "mixed" if len(ways) > 1 else "better" if True in ways else "worse"
    return {
        "id": id,
        "question": new.get("question", ""),
        "rank_before": first_gold_rank(old),
        "rank_after": first_gold_rank(new),
        "refused_before": old["abstained"] if answered(old) else None,
        "refused_after": new["abstained"] if answered(new) else None,
        "answerable": answerable(new),
        "values": moved,
        "outcome": outcome,
    }


# --- the gate -------------------------------------------------------------------------------------------------------


def baseline(lines: Sequence[Line]) -> dict[str, Any]:
    """Return what is kept of a run as a baseline: which system it was, and the value of each gated measure by question."""
    first = lines[0]
    values = values_of(lines)
    return {
        "system": {name: first.get(name) for name in ("encoder", "model", "index", "asked")}
        | {"code": (first.get("system") or {}).get("code")},
        "questions": len(lines),
        "metrics": {
            # Not rounded: a run against itself has no difference at all.
            str(metric): dict(values[str(metric)])
            for metric in GATED
            if values[str(metric)]
        },
    }


def gate(kept: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, Any]:
    """Return each gated measure against the baseline, and whether it got worse beyond what chance explains.

    ``worse`` is True where the 95 % interval of the paired differences lies wholly on the bad side of 0. A question of
    the baseline that the run does not have counts as 0, or as 1 where less is better; one that a measure no longer
    concerns, as the citations of an answer that is now refused, is left to the measure that does. ``unmeasured`` names the
    measures that the run says nothing of, as those of answers in a run of search alone. Raise InputError where the run has
    none of the questions.
    """
    asked = {line["id"] for line in lines if not line.get("missing")}
    new = values_of(lines)
    result = {}
    for name, old in kept["metrics"].items():
        if name not in new:
            raise InputError("eval_baseline_unknown", name=name)
        lower = BY_NAME[name].better == "lower"
        values = {
            id: new[name][id] if id in asked else float(lower) for id in old if id in new[name] or id not in asked
        }
        if not values:
            continue
        found = differences({name: old}, {name: values})[name]
        low, high = found["difference"]["low"], found["difference"]["high"]
        value = found["difference"]["value"]
        # Where every question moved alike there is no interval to draw, and no doubt either.
        low, high = (value, value) if low is None else (low, high)
        result[name] = {**found, "worse": low > 0 if lower else high < 0}
    if not {id for old in kept["metrics"].values() for id in old} & asked:
        raise InputError("eval_nothing_in_common")
    return {
        "metrics": result,
        "worse": sorted(name for name, found in result.items() if found["worse"]),
        "unmeasured": sorted(kept["metrics"].keys() - result.keys()),
    }
