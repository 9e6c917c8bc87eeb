"""Means with Student's t, and the distribution behind them, checked against tables and closed forms."""

from fractions import Fraction
from math import atan, inf, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.distributions import Z, normal_p, t_p, t_quantile
from metrics.statistics.means import Mean, mean_of_scores

ratings = st.dictionaries(st.integers(1, 5), st.integers(0, 10**4), min_size=1).filter(
    lambda counts: sum(counts.values()) >= 2
)


def test_95_percent_of_a_normal_distribution():
    assert pytest.approx(1.959964, abs=5e-7) == Z


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [
        (1, 12.7062047),
        (2, 4.30265273),
        (3, 3.18244631),
        (5, 2.57058184),
        (10, 2.22813885),
        (29, 2.04522964),
        (30, 2.04227246),
        (100, 1.98397152),
        (1000, 1.96233908),
        (inf, 1.95996398),
    ],
)
def test_quantiles_of_student(degrees, quantile):
    assert t_quantile(degrees) == pytest.approx(quantile, rel=5e-9)


@given(st.floats(1e-6, 1e6))
def test_tails_of_one_two_and_four_degrees_have_closed_forms(t):
    square = t * t
    assert t_p(t, 1) == pytest.approx(2 * atan(1 / t) / pi, rel=1e-9)
    inside = t / sqrt(2 + square)
    assert t_p(t, 2) == pytest.approx(1 - inside, rel=1e-9, abs=1e-14)
    inside = t / sqrt(4 + square) * (1 + 2 / (4 + square))
    assert t_p(t, 4) == pytest.approx(1 - inside, rel=1e-9, abs=1e-14)


@given(st.floats(1, 1e7))
def test_quantile_is_the_inverse_of_the_tail(degrees):
    assert t_p(t_quantile(degrees), degrees) == pytest.approx(0.05, rel=1e-8)


@given(st.floats(-40, 40), st.floats(1e6, 1e8))
def test_many_degrees_are_as_good_as_normal(t, degrees):
    assert t_p(t, degrees) == pytest.approx(normal_p(t), rel=5e-2 if abs(t) < 10 else 2, abs=1e-12)


def test_no_degrees_of_freedom_are_refused():
    with pytest.raises(ValueError, match="more than 0 degrees"):
        t_p(1.0, 0)


def test_mean_and_interval_of_the_sleep_data_of_student():
    # R: t.test(sleep$extra[sleep$group == 2]), in tenths of an hour
    values = (19, 8, 11, 1, -1, 44, 55, 16, 46, 34)
    mean = Mean(len(values), sum(values), sum(value * value for value in values))
    assert mean.value == Fraction(233, 10)
    assert mean.interval.low == pytest.approx(8.976775, abs=1e-6)
    assert mean.interval.high == pytest.approx(37.623225, abs=1e-6)


def test_a_single_value_has_a_mean_but_no_interval():
    one = mean_of_scores({4: 1}, low=1, high=5)
    assert (one.value, one.variance, one.interval, one.margin) == (4, None, None, None)


def test_no_values_have_no_mean():
    assert mean_of_scores({}, low=1, high=5).value is None


def test_a_score_of_another_scale_is_refused():
    with pytest.raises(ValueError, match="1 to 5"):
        mean_of_scores({6: 1}, low=1, high=5)


def test_sums_that_no_values_have_are_refused():
    with pytest.raises(ValueError, match="cannot sum up"):
        Mean(2, Fraction(10), Fraction(49))
    with pytest.raises(ValueError, match="cannot sum up"):
        Mean(0, Fraction(0), Fraction(1))


@given(ratings)
def test_variance_equals_that_of_the_values_one_by_one(counts):
    mean = mean_of_scores(counts, low=1, high=5)
    slow = sum(count * (score - mean.value) ** 2 for score, count in counts.items()) / (mean.n - 1)
    assert mean.variance == slow


@given(ratings)
def test_interval_stays_on_the_scale_and_holds_the_mean(counts):
    mean = mean_of_scores(counts, low=1, high=5)
    assert 1 <= mean.interval.low <= float(mean.value) <= mean.interval.high <= 5


@given(ratings, st.integers(2, 50))
def test_margin_falls_with_n(counts, times):
    few = mean_of_scores(counts, low=1, high=5)
    many = mean_of_scores({score: count * times for score, count in counts.items()}, low=1, high=5)
    assert many.margin < few.margin or few.margin == many.margin == 0
