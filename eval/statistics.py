"""From observations to figures: means, intervals, paired tests, agreement. Every draw is seeded: the same values, the same figures.

Libraries are imported where they are used: a command's help is fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

__all__ = ["SEED", "Estimate", "Observations", "agreement", "estimate", "mean", "paired", "percentile"]

Observations = dict[str, list[float]]
Statistic = Callable[..., Any]

SEED = 20240527
RESAMPLES = 9999


@dataclass(frozen=True)
class Estimate:
    """A figure, the ends of its 95 % interval and the number of observations; ``value`` is None where there is none."""

    value: float | None
    low: float | None
    high: float | None
    count: int


def mean(values: Any, axis: int = -1) -> Any:
    """The mean along ``axis``."""
    import numpy as np

    return np.mean(values, axis=axis)


def percentile(rank: float) -> Statistic:
    """Return the statistic that gives the ``rank``-th percentile, interpolated between the nearest observations."""
    import numpy as np

    def of(values: Any, axis: int = -1) -> Any:
        return np.percentile(values, rank, axis=axis)

    return of


def estimate(values: Iterable[float] | Observations, share: bool = False, statistic: Statistic = mean) -> Estimate:
    """Return the statistic of ``values`` with its 95 % interval.

    A share has Wilson's score interval (Wilson 1927, Journal of the American Statistical Association 22); any other
    statistic that of the percentile bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap), seeded.
    Where all observations are the same, as where there is but one, that bootstrap tells nothing: an interval of no
    width would claim a certainty that is not there, so there is none.
    """
    flat = list(chain.from_iterable(values.values())) if isinstance(values, dict) else list(values)
    if not flat:
        return Estimate(None, None, None, 0)
    value = float(statistic(flat))
    if share:
        from scipy.stats import binomtest

        interval = binomtest(round(sum(flat)), len(flat)).proportion_ci(method="wilson")
        return Estimate(value, float(interval.low), float(interval.high), len(flat))
    if len(set(flat)) == 1:
        return Estimate(value, None, None, len(flat))
    low, high = bootstrap_interval(flat, statistic)
    return Estimate(value, low, high, len(flat))


def bootstrap_interval(values: Sequence[float], statistic: Statistic = mean) -> tuple[float, float]:
    """Return the ends of the seeded 95 % percentile bootstrap interval of a statistic of values that differ."""
    import numpy as np
    from scipy.stats import bootstrap

    result = bootstrap(
        (np.asarray(values),),
        statistic,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def paired(before: Sequence[float], after: Sequence[float]) -> tuple[Estimate, float]:
    """Return the mean of the differences (after less before) with its interval, and the p-value that there is none.

    The interval resamples questions, each with its two values. The p-value is that of the two-sided paired permutation
    test, which swaps the two systems' values of a question (Smucker, Allan and Carterette 2007, CIKM).
    """
    import numpy as np
    from scipy.stats import permutation_test

    difference = estimate([right - left for left, right in zip(before, after, strict=True)])
    # Nothing to tell them apart by, or a single question, which is as far from 0 one way as the other.
    if difference.count < 2 or list(before) == list(after):
        return difference, 1.0
    test = permutation_test(
        (np.asarray(after), np.asarray(before)),
        lambda left, right, axis: np.mean(left - right, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(SEED),
    )
    return difference, float(test.pvalue)


def agreement(
    first: Sequence[bool | int], second: Sequence[bool | int], scale: Sequence[int] | None = None
) -> dict[str, float | int | None]:
    """Return Cohen's kappa of two readers' judgements of the same things, the share on which they agree, and the count.

    Kappa (Cohen 1960, Educational and Psychological Measurement 20) is the agreement beyond what chance gives. On a
    ``scale`` of marks, one off counts less against it than one further off: weights are the squares of the distances
    (Cohen 1968, Psychological Bulletin 70). It is None where both give one and the same judgement throughout: chance alone would agree as much, and it
    is not defined.
    """
    from sklearn.metrics import cohen_kappa_score

    if not first:
        return {"kappa": None, "same": None, "count": 0}
    same = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    one_judgement = len({*first, *second}) == 1
    weighted = {"weights": "quadratic", "labels": list(scale)} if scale else {}
    kappa = None if one_judgement else float(cohen_kappa_score(list(first), list(second), **weighted))
    return {"kappa": kappa, "same": same, "count": len(first)}
