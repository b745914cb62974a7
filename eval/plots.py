"""Figures drawn as SVG for the report: each says in words what it shows, and a table beside it says the rest."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from corpus.messages import text
from eval.report import decimal

__all__ = ["COLOURS", "dots", "reliability_plot"]

# Okabe and Ito's palette, which colour-blind readers tell apart; each run also has a mark of its own.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#999999", "#f0e442")
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*", "<")


def dots(rows: Mapping[str, Sequence[Mapping[str, Any]]], runs: Sequence[str], axis: str, language: str) -> str:
    """Return an SVG: a row a name, in it a dot and a 95 % interval for each run's estimate, from 0 to 1.

    ``rows`` maps each name to one estimate a run (``value``, ``low``, ``high``, each possibly None). The text of the figure
    stays text. The same rows give the same bytes.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "report", "font.family": "sans-serif", "font.size": 11}):
        height = 0.9 + len(rows) * (0.22 + 0.16 * len(runs))
        figure = Figure(figsize=(8, height), layout="constrained")
        axes = figure.subplots()
        step = 0.8 / max(1, len(runs))
        for number, run in enumerate(runs):
            colour, mark = COLOURS[number % len(COLOURS)], MARKS[number % len(MARKS)]
            shift = (number - (len(runs) - 1) / 2) * step * (len(runs) > 1)
            label = run
            for place, estimates in enumerate(rows.values()):
                found = estimates[number]
                if found["value"] is None:
                    continue
                if found["low"] is not None:
                    axes.plot(
                        [found["low"], found["high"]],
                        [place + shift] * 2,
                        color=colour,
                        linewidth=2,
                        alpha=0.55,
                        clip_on=False,
                    )
                axes.plot(found["value"], place + shift, mark, color=colour, markersize=7, label=label, clip_on=False)
                label = ""  # one entry a run in the legend
        axes.set_yticks(range(len(rows)), list(rows))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(0, 1)
        ticks = [step / 5 for step in range(6)]
        axes.set_xticks(ticks, [decimal(tick, 1, language) for tick in ticks])
        axes.set_xlabel(axis)
        axes.grid(axis="x", alpha=0.3)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(left=False)
        if len(runs) > 1:
            figure.legend(loc="outside upper center", ncols=min(3, len(runs)), frameon=False)
        made = io.StringIO()
        figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = made.getvalue()
    svg = svg[svg.index("<svg") :]
    # It is sized by the page, and read by its figure's label.
    return re.sub(r'^<svg ([^>]*?)width="[^"]*"([^>]*)>', r'<svg aria-hidden="true" \1\2>', svg, count=1).replace(
        'height="', 'data-height="', 1
    )


def reliability_plot(bins: Mapping[str, Sequence[tuple[float, float, int]]], language: str) -> str:
    """Return an SVG: for each score, the share that is true against the mean of what was said, each bin as large as it is full."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "fit", "font.family": "sans-serif", "font.size": 11}):
        figure = Figure(figsize=(6, 5.5), layout="constrained")
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
        for number, (name, filled) in enumerate(bins.items()):
            colour, mark = COLOURS[number], MARKS[number]
            said, true, counts = zip(*filled, strict=True)
            axes.plot(said, true, color=colour, linewidth=1.5, label=name)
            axes.scatter(said, true, [20 + count / 2 for count in counts], color=colour, marker=mark, alpha=0.8)
        ticks = [step / 5 for step in range(6)]
        axes.set_xticks(ticks, [decimal(tick, 1, language) for tick in ticks])
        axes.set_yticks(ticks, [decimal(tick, 1, language) for tick in ticks])
        axes.set_xlabel(text("eval_plot_said", language))
        axes.set_ylabel(text("eval_plot_true", language))
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
        made = io.StringIO()
        figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None})
    return made.getvalue()
