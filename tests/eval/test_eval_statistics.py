"""Intervals, paired tests and agreement on examples small enough to be computed by hand."""

from __future__ import annotations

import pytest

from eval.statistics import Estimate, agreement, estimate, paired, percentile


def test_a_share_has_wilsons_interval() -> None:
    found = estimate([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], share=True)
    # (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), with z = 1.959964, p = 0.8 and n = 10.
    assert (found.value, found.count) == (0.8, 10)
    assert found.low == pytest.approx(0.49016, abs=1e-5)
    assert found.high == pytest.approx(0.94332, abs=1e-5)


def test_a_mean_has_a_seeded_bootstrap_interval() -> None:
    values = {"a": [0.0, 1.0], "b": [0.5], "c": [0.25]}
    found = estimate(values)
    assert (found.value, found.count) == (0.4375, 4)
    assert found.low is not None and found.high is not None
    assert 0 <= found.low < 0.4375 < found.high <= 1
    assert estimate(values) == found


def test_no_interval_where_there_is_nothing_to_tell_it_from() -> None:
    assert estimate([]) == Estimate(None, None, None, 0)
    assert estimate([0.5]) == Estimate(0.5, None, None, 1)
    assert estimate([0.5, 0.5, 0.5]) == Estimate(0.5, None, None, 3)


def test_percentiles_are_interpolated() -> None:
    values = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert estimate(values, statistic=percentile(50)).value == pytest.approx(0.3)
    assert estimate(values, statistic=percentile(95)).value == pytest.approx(0.48)


def test_paired_differences() -> None:
    # Three questions better by 1: of the 2³ ways to swap them, two are as far from 0.
    difference, p = paired([0, 0, 0], [1, 1, 1])
    assert (difference.value, difference.low) == (1.0, None)
    assert p == pytest.approx(2 / 8)
    difference, p = paired([0.0, 1.0, 0.5], [1.0, 0.0, 0.5])
    assert (difference.value, p) == (0.0, 1.0)
    assert paired([0.2, 0.4], [0.2, 0.4]) == (Estimate(0.0, None, None, 2), 1.0)


def test_agreement_is_cohens_kappa() -> None:
    # Agreement 3 of 4; by chance 1/2 x 3/4 + 1/2 x 1/4 = 1/2: kappa (3/4 - 1/2) / (1 - 1/2).
    found = agreement([True, True, False, False], [True, True, True, False])
    assert found == {"kappa": pytest.approx(0.5), "same": 0.75, "count": 4}
    assert agreement([True, True], [True, True]) == {"kappa": None, "same": 1.0, "count": 2}
    assert agreement([], []) == {"kappa": None, "same": None, "count": 0}
    # Marks three apart count nine times as much as marks one apart, whichever marks are given.
    assert agreement([0, 1, 3, 3], [0, 3, 1, 3], scale=range(4))["kappa"] == pytest.approx(0.407, abs=1e-3)
