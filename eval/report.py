"""Figures to the tables that a reader sees, in the reader's language. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.messages import MESSAGES, number, text
from eval.metrics import METRICS, RETRIEVAL
from eval.scores import GROUPS, SPEEDS, Missed

__all__ = [
    "audit_report",
    "bars_report",
    "comparison_report",
    "conclusions",
    "decimal",
    "gate_report",
    "interval",
    "labels_report",
    "named",
    "peers_report",
    "place",
    "ratings_report",
    "readings_report",
    "score_report",
    "speed_report",
    "spread_report",
    "table",
]

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
    """Return ``value`` with ``digits`` decimals and the marks of ``language``."""
    if value is None:
        return NOTHING
    # No « -0,000 ».
    return number(round(value, digits) + 0.0, language, f"{'+' if sign else ''},.{digits}f")


def interval(found: Mapping[str, Any], digits: int, language: str, scale: float = 1, sign: bool = False) -> str:
    """Return ``[low ; high]``, or nothing where there is no interval."""
    if found["low"] is None:
        return NOTHING
    ends = (decimal(found[end] * scale, digits, language, sign) for end in ("low", "high"))
    return f"[{' ; '.join(ends)}]"


def place(locator: Mapping[str, str], language: str) -> str:
    """Return where a quote stands, in the reader's words; a kind of place that is not of ours as it is."""
    kind, value = locator["kind"], locator["value"]
    key = f"locator_{kind}"
    return text(key, language, value=value) if key in MESSAGES else f"{kind} {value}".strip()


def named(group: str, language: str) -> str:
    """Return a kind of question, a persona or a source in the reader's words; one that is not of our sets as it is."""
    key = f"eval_group_{group}"
    return text(key, language) if key in MESSAGES else group


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
                [
                    name,
                    decimal(found["value"], 3, language),
                    interval(found, 3, language),
                    number(found["count"], language),
                ]
                for name, found in result["metrics"].items()
            ],
        )
    )
    searched = [str(metric) for metric in RETRIEVAL]
    others = [str(metric) for metric in METRICS if metric not in RETRIEVAL]
    for label in GROUPS:
        tables = [group_table(label, result[label], names, language) for names in (searched, others)]
        if any(tables):
            parts.extend([text(f"eval_by_{label}", language), *filter(None, tables)])
    if result["seconds"]:
        parts.append(speed_table(result["seconds"], language))
    return "\n\n".join(parts)


def group_table(label: str, groups: Mapping[str, Any], names: Sequence[str], language: str) -> str:
    """Return one table with a row a group and a column a measure, in hundredths to stay narrow; "" without figures."""
    names = [name for name in names if any(group["metrics"][name]["count"] for group in groups.values())]
    rows = [
        [
            named(name, language),
            number(group["lines"], language),
            *(hundredths(metric, group["metrics"][metric]) for metric in names),
        ]
        for name, group in groups.items()
        if any(group["metrics"][metric]["count"] for metric in names)
    ]
    header = [text(f"eval_column_{label}", language), text("eval_column_lines", language), *names]
    return table(header, rows) if rows else ""


def hundredths(metric: str, found: Mapping[str, Any]) -> str:
    """Return a figure of 0 to 1 in hundredths, and any other as it is."""
    if found["value"] is None:
        return NOTHING
    if metric == "AnswerWords":
        return f"{found['value']:.0f}"
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
            number(found["count"], language),
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


def scale_report(rows: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return the table of ``scale``."""
    import numpy as np

    header = ["×", text("eval_scale_passages", language)]
    header += [f"{text('eval_scale_search', language)} {name}" for name in ("p50", "p95")]
    header += [text(f"eval_scale_{name}", language) for name in ("memory", "disk", "store", "open")]
    return table(
        header,
        [
            [
                number(row["times"], language),
                number(row["passages"], language),
                *(decimal(float(np.percentile(row["search"], share)) * 1000, 1, language) for share in (50, 95)),
                *(decimal(row[name] / 1e6, 0, language) for name in ("memory", "disk")),
                *(decimal(row[name], 1, language) for name in ("store", "open")),
            ]
            for row in rows
        ],
    )


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
                    number(found["better"], language),
                    number(found["worse"], language),
                ]
                for name, found in result["metrics"].items()
            ],
        )
    )
    parts.append("\n".join(conclusions(result["metrics"], language)))
    for outcome in OUTCOMES:
        changed = [question for question in result["questions"] if question["outcome"] == outcome]
        if changed:
            title = text(f"eval_questions_{outcome}", language, count=len(changed))
            parts.append("\n".join([title, *(changed_question(question, language) for question in changed)]))
    return "\n\n".join(parts)


def conclusions(metrics: Mapping[str, Mapping[str, Any]], language: str) -> list[str]:
    """Return one sentence for each measure on which two runs differ beyond chance, and one for all the others."""
    said, nothing = [], []
    for metric in METRICS:
        found = metrics.get(str(metric))
        if not found or not metric.better:
            continue
        difference = found["difference"]
        low, high = difference["low"], difference["high"]
        if low is None or low <= 0 <= high:
            nothing.append(str(metric))
            continue
        way = "better" if (low > 0) == (metric.better == "higher") else "worse"
        figures = {side: decimal(found[side]["value"], 3, language) for side in ("before", "after")}
        said.append(
            text(
                f"eval_says_{way}",
                language,
                name=metric,
                difference=decimal(difference["value"], 3, language, sign=True),
                interval=interval(difference, 3, language, sign=True),
                p=decimal(found["p"], 4, language),
                **figures,
            )
        )
    if nothing:
        said.append(text("eval_says_nothing", language, names=", ".join(nothing)))
    return said


def changed_question(question: Mapping[str, Any], language: str) -> str:
    """Return what changed on one question, in words, after its identifier and its first words."""
    words = " ".join(question["question"].split())
    shown = words if len(words) <= QUESTION_CHARACTERS else words[: QUESTION_CHARACTERS - 1] + "…"
    changes = []
    if question["rank_before"] != question["rank_after"]:
        ranks = {side: question[f"rank_{side}"] or NOTHING for side in ("before", "after")}
        changes.append(text("eval_change_rank", language, **ranks))
    refused = question["refused_before"], question["refused_after"]
    if refused in ((False, True), (True, False)):
        changes.append(text("eval_change_refused" if refused[1] else "eval_change_answered", language))
    ranked = {str(metric) for metric in RETRIEVAL}
    changes += [
        text(
            "eval_change_value",
            language,
            name=name,
            before=decimal(change["before"], 2, language),
            after=decimal(change["after"], 2, language),
        )
        for name, change in question["values"].items()
        if name not in ranked and "Refus" not in name
    ]
    return f"  {question['id']}  {shown}\n      {' ; '.join(changes) or NOTHING}"


def gate_report(result: Mapping[str, Any], language: str) -> str:
    """Return the table of a gate, then whether it lets the run pass."""
    rows = []
    for name, found in result["metrics"].items():
        verdict = "worse" if found["worse"] else "same"
        rows.append(
            [
                name,
                decimal(found["before"]["value"], 3, language),
                decimal(found["after"]["value"], 3, language),
                decimal(found["difference"]["value"], 3, language, sign=True),
                interval(found["difference"], 3, language, sign=True),
                text(f"eval_gate_{verdict}", language),
            ]
        )
    columns = ("metric", "before", "after", "difference", "interval", "outcome")
    failed = {key: ", ".join(names) for key in ("worse", "unmeasured") if (names := result[key])}
    verdicts = [text(f"eval_gate_failed_{key}", language, names=names) for key, names in failed.items()]
    shown = "\n".join(verdicts or [text("eval_gate_passed", language)])
    return f"{table([text(f'eval_column_{column}', language) for column in columns], rows)}\n\n{shown}"


def labels_report(result: Mapping[str, Any], language: str) -> str:
    """Return what readers found on the answers that they judged, beside what the judge found, and how far they agree."""
    parts = [text("eval_labels_title", language, count=result["labels"] - result["stale"], stale=result["stale"])]
    columns = ("metric", "reader", "interval", "judge", "interval", "count")
    rows = [
        [
            name,
            decimal(found["reader"]["value"], 3, language),
            interval(found["reader"], 3, language),
            decimal(found["judge"]["value"], 3, language),
            interval(found["judge"], 3, language),
            number(found["reader"]["count"], language),
        ]
        for name, found in result["metrics"].items()
    ]
    parts.append(table([text(f"eval_column_{column}", language) for column in columns], rows))
    for part, found in result["agreement"].items():
        if found["count"]:
            figures = {"kappa": decimal(found["kappa"], 2, language), "same": round(100 * found["same"])}
            name = text(f"eval_part_{part}", language)
            parts.append(text("eval_labels_agreement", language, part=name, count=found["count"], **figures))
    return "\n\n".join(parts)


def readings_report(result: Mapping[str, Any], language: str) -> str:
    """Return what each reader marked of the answers, with its interval, and how far each two of them agree."""
    readers = sorted({reader for found in result["metrics"].values() for reader in found})
    parts = [text("eval_readings_title", language, count=result["readings"] - result["stale"], stale=result["stale"])]
    columns = [text("eval_column_metric", language)]
    for reader in readers:
        columns += [text("eval_reader", language, name=reader), text("eval_column_interval", language)]
    columns.append(text("eval_column_count", language))
    rows = []
    for name, found in result["metrics"].items():
        count = max((one["count"] for one in found.values()), default=0)
        if count:
            cells = [
                cell
                for reader in readers
                for cell in (decimal(found[reader]["value"], 3, language), interval(found[reader], 3, language))
            ]
            rows.append([name, *cells, number(count, language)])
    parts.append(table(columns, rows))
    for pair, agreed in result["agreement"].items():
        kappas = ", ".join(
            f"{name} {decimal(found['kappa'], 2, language)}"
            for name, found in agreed.items()
            if found["kappa"] is not None
        )
        if kappas:
            parts.append(text("eval_readings_agreement", language, readers=pair, kappas=kappas))
    return "\n\n".join(parts)


def spread_report(result: Mapping[str, Mapping[str, Any]], language: str) -> str:
    """Return the values of each measure over the repetitions of a run."""
    columns = ("metric", "mean", "deviation", "runs")
    rows = [
        [
            name,
            decimal(found["mean"], 3, language),
            decimal(found["deviation"], 3, language),
            "  ".join(decimal(value, 3, language) for value in found["values"]),
        ]
        for name, found in result.items()
    ]
    count = max((len(found["values"]) for found in result.values()), default=0)
    header = [text(f"eval_column_{column}", language) for column in columns]
    return f"{text('eval_spread_title', language, count=count)}\n\n{table(header, rows)}"


def audit_report(result: Mapping[str, Any], bar: float, language: str) -> str:
    """Return the share of quotes found in the original files, by format, and each that was not."""
    if not result["checked"]:
        return text("eval_audit_nothing", language)
    percent = {"share": decimal(100 * result["share"], 1, language), "bar": decimal(100 * bar, 0, language)}
    parts = [text("eval_audit_title", language, found=result["found"], checked=result["checked"], **percent)]
    header = [text(f"eval_column_{column}", language) for column in ("format", "quotes", "found")]
    rows = [
        [name, *(number(one[column], language) for column in ("checked", "found"))]
        for name, one in result["formats"].items()
    ]
    parts.append(table(header, rows))
    if result["misses"]:
        misses = [
            f"  {miss['id']} [{miss['number']}] {text('label', language, name=text('eval_audit_' + miss['problem'], language))} "
            f"{miss['document']}, {place(miss['locator'], language)}\n      {text('quoted', language, words=miss['quote'])}"
            for miss in result["misses"]
        ]
        parts.append("\n".join([text("eval_audit_misses", language), *misses]))
    return "\n\n".join(parts)


def peers_report(result: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return what each engine cost: seconds to index, peak memory of its family."""
    columns = ("engine", "family", "index_seconds", "memory")
    rows = [
        [
            row["name"],
            row["family"],
            decimal(row["index_seconds"], 1, language),
            decimal(row["memory"] / 1e6, 0, language),
        ]
        for row in result
    ]
    header = [text(f"eval_column_{column}", language) for column in columns]
    return f"{table(header, rows)}\n\n{text('eval_peers_done', language)}"


def ratings_report(result: Mapping[str, Any], language: str) -> str:
    """Return the marks and preferences of each reader, then how far they agree."""
    columns = ("reader", "mark", "before", "interval", "after", "interval")
    rows, said = [], []
    for name, found in result["readers"].items():
        for mark, sides in found["marks"].items():
            cells = [
                cell
                for side in ("before", "after")
                for cell in (decimal(sides[side]["value"], 2, language), interval(sides[side], 2, language))
            ]
            rows.append([name, text(f"eval_mark_{mark}", language), *cells])
        preferences = {**found["preferred"], "p": decimal(found["p"], 3, language)}
        said.append(text("eval_ratings_reader", language, name=name, rated=found["rated"], **preferences))
    for pair in result["agreement"]:
        for what, agreed in {**pair["marks"], "preferred": pair["preferred"]}.items():
            if agreed["count"]:
                one, other = pair["readers"]
                figures = {"kappa": decimal(agreed["kappa"], 2, language), "same": round(100 * agreed["same"])}
                named = {"what": text(f"eval_mark_{what}", language), "count": agreed["count"]}
                said.append(text("eval_ratings_agreement", language, one=one, other=other, **named, **figures))
    header = [text(f"eval_column_{column}", language) for column in columns]
    return table(header, rows) + "\n\n" + "\n".join(said)


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
