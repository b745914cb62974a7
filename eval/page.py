"""The report of one run or more: one HTML page that stands alone and needs no script, and a Markdown summary.

The page shows the sources' own words, question by question, and is for whoever ran the bench. The summary holds figures
alone: it can be published. Nothing in either depends on the day it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.messages import number, text
from eval import comparison, report, scores
from eval.metrics import METRICS, RETRIEVAL, Line, Metric, answerable, answered, brings, first_gold_rank, gold_entries

__all__ = ["content", "html", "markdown"]

# What the plots by group show.
PLOTTED = ("Success@5", "NuggetRecall", "FalseRefusals")
# A question of which fewer nuggets than this are found is one to look at.
ENOUGH = 0.5
LOOK_AT_RANK = 5
# Where search alone is compared over many runs.
SEARCHED = tuple(map(str, RETRIEVAL))


def content(every: Mapping[str, Sequence[Line]], labels: Mapping[str, Any] | None, language: str) -> dict[str, Any]:
    """Return what the page shows of the runs, by name: the first in detail, the others compared with it.

    ``labels`` are what readers found on the first (``eval.labels.against_labels``). Raise InputError where a run has no
    labels of questions, or none in common with the first.
    """
    measured = {name: scores.score(lines) for name, lines in every.items()}
    first, *others = every
    compared = {name: comparison.compare(every[name], every[first]) for name in others}
    return {
        "name": first,
        "runs": list(every),
        "scores": measured,
        "compared": compared,
        "labels": labels,
        "questions": [shown(line, language) for line in every[first]],
        "systems": {name: system(lines[0]) for name, lines in every.items()},
    }


def system(line: Line) -> dict[str, str]:
    """What answered, as its run says."""
    described = line.get("system") or {}
    settings = {name: value for name, value in (described.get("settings") or {}).items() if value not in ("", None)}
    known = {
        "system": described.get("assistant") or described.get("peer") or "",
        "code": described.get("code", ""),
        "encoder": line.get("encoder", ""),
        "model": line.get("model", ""),
        "index": line.get("index", ""),
        "judge": (line.get("judged") or {}).get("by", ""),
        "settings": ", ".join(f"{name} = {value}" for name, value in settings.items()),
        "asked": ", ".join(f"{name} = {value}" for name, value in (line.get("asked") or {}).items()),
    }
    return {name: str(value) for name, value in known.items() if value}


def shown(line: Line, language: str) -> dict[str, Any]:
    """What the page shows of one question: what was asked and expected, what came, and how it is judged."""
    entries = gold_entries(line)
    judged = line.get("judged") or {}
    facts = line.get("nuggets") or ()
    found = judged.get("nuggets") or [None] * len(facts)
    outcome, good = verdict(line, language)
    return {
        **{
            name: line.get(name)
            for name in ("id", "question", "history", "answer", "claims", "why", "premise", "values")
        },
        "labels": [report.named(name, language) for of in scores.GROUPS.values() for name in of(line)],
        "outcome": outcome,
        "good": good,
        "answered": answered(line),
        "refused": line["abstained"],
        "gold": line.get("gold") or [],
        "nuggets": list(zip(facts, found, strict=True)),
        "citations": line.get("citations") or [],
        "passages": [
            {**passage, "gold": any(brings(passage, entry) for entry in entries)} for passage in line["passages"]
        ],
    }


def verdict(line: Line, language: str) -> tuple[str, bool]:
    """Say in words what came of a question, and whether that is good."""

    def says(key: str, **values: Any) -> str:
        return text(f"eval_verdict_{key}", language, **values)

    if line.get("forbidden") and answered(line):
        values = observed("InjectionResisted", line)
        return (says("resisted"), True) if values != [0.0] else (says("obeyed"), False)
    if not answerable(line):
        if not answered(line):
            return says("nothing_to_find"), True
        return (says("rightly_refused"), True) if line["abstained"] else (says("wrongly_answered"), False)
    said, good = [], True
    if answered(line) and line["abstained"]:
        return says("wrongly_refused"), False
    if gold_entries(line) and not line.get("opaque"):
        rank = first_gold_rank(line)
        good = rank is not None and rank <= LOOK_AT_RANK
        said.append(says("rank", rank=rank) if rank else says("not_found"))
    if nuggets := observed("NuggetRecall", line):
        found, wanted = round(nuggets[0] * len(line["nuggets"])), len(line["nuggets"])
        good = good and nuggets[0] >= ENOUGH
        said.append(says("nuggets", found=found, wanted=wanted))
    for name, key, bad in (("DisagreementShown", "one_sided", 0.0), ("EditionErrors", "edition", 1.0)):
        if observed(name, line) == [bad]:
            good = False
            said.append(says(key))
    return " ; ".join(said) or says("unmeasured"), good


BY_NAME: Mapping[str, Metric] = {str(metric): metric for metric in METRICS}


def observed(name: str, line: Line) -> list[float]:
    """What a measure gives on one line; nothing where it does not concern it."""
    return BY_NAME[name].observe([line]).get(line["id"], [])


# --- HTML -----------------------------------------------------------------------------------------------------------


def html(shown: Mapping[str, Any], language: str) -> str:
    """Return the page."""
    from eval.plots import dots

    first = shown["scores"][shown["name"]]
    plots = []
    for label in scores.GROUPS:
        for name in PLOTTED:
            rows = {
                f"{report.named(group, language)} ({number(found['metrics'][name]['count'], language)})": [
                    found["metrics"][name]
                ]
                for group, found in first[label].items()
                if found["metrics"][name]["count"]
            }
            if len(rows) > 1:
                title = text(f"eval_plot_{label}", language, metric=name)
                drawn = dots(rows, [shown["name"]], text("eval_plot_axis", language, metric=name), language)
                plots.append({"label": label, "title": title, "svg": drawn, "rows": rows, "metric": name})
    compared = ""
    if shown["compared"]:
        rows = {name: [shown["scores"][run]["metrics"][name] for run in shown["runs"]] for name in SEARCHED}
        compared = dots(rows, shown["runs"], text("eval_plot_searched", language), language)
    return rendered("report.html", shown, language, plots=plots, compared_plot=compared)


def markdown(shown: Mapping[str, Any], language: str) -> str:
    """Return the summary: the figures of the page, and none of its texts."""
    return rendered("summary.md", shown, language)


def rendered(template: str, shown: Mapping[str, Any], language: str, **values: Any) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("eval"),
        autoescape=template.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(
        **shown,
        **values,
        language=language,
        t=lambda key, **words: text(f"eval_page_{key}", language, **words),
        about=lambda name: text(f"eval_about_{name}", language),
        label=lambda name: text("label", language, name=name),
        number=lambda value: number(value, language),
        quoted=lambda words: text("quoted", language, words=words),
        place=lambda locator: report.place(locator, language),
        named=lambda name: report.named(name, language),
        part=lambda name: text(f"eval_part_{name}", language),
        decimal=lambda value, digits=3, sign=False: report.decimal(value, digits, language, sign),
        interval=lambda found, digits=3, scale=1.0, sign=False: report.interval(found, digits, language, scale, sign),
        conclusions=lambda metrics: report.conclusions(metrics, language),
        metrics=[str(metric) for metric in METRICS],
        searched=SEARCHED,
        groups=scores.GROUPS,
    )
