"""Shares drawn toward the mean of all, and the places they may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.interval import Interval
from metrics.statistics.shares import Share
from metrics.statistics.shrinkage import beta_quantile, places, prior_of, shrunk


def test_kleinmans_moments_by_hand():
    """Two of ten and eight of ten: S = 10 (.09 + .09) = 1.8, by chance .25 x 1 = .25, room 10 - 1 = 9, so that
    extra = (1.8 - .25) / (.25 x 9) = .6889 and the weight (1 - .6889) / .6889 = .4516, held to 1."""
    assert prior_of([Share(2, 10), Share(8, 10)]).mean == 0.5
    assert prior_of([Share(2, 10), Share(8, 10)]).weight == 1
    # 40 and 60 of 100: S = 2, by chance .25, room 99, extra = 1.75 / 24.75 = .07071, weight 13.14.
    prior = prior_of([Share(40, 100), Share(60, 100)])
    assert prior.weight == pytest.approx(13.1429, abs=1e-4)
    first, second = shrunk([Share(40, 100), Share(60, 100)])
    assert first.value == pytest.approx(100 * (40 + 6.5714) / 113.1429, abs=1e-3)
    assert second.value == pytest.approx(100 - first.value)


def test_alike_shares_go_all_the_way_to_the_mean():
    """Differences that chance explains: the prior weighs as much as all observations."""
    people = [Share(10, 20), Share(11, 20), Share(9, 20)]
    assert prior_of(people).weight == 60
    assert [round(each.value, 1) for each in shrunk(people)] == [50.0, 51.2, 48.8]


def test_little_evidence_moves_little():
    few, many = shrunk([Share(2, 2), Share(70, 100), Share(40, 100)])[:2]
    assert few.value < 90
    assert abs(many.value - 70) < 2
    assert few.interval.margin > many.interval.margin


def test_beta_quantiles_of_known_distributions():
    assert beta_quantile(0.5, 1, 1) == pytest.approx(0.5)
    assert beta_quantile(0.025, 1, 1) == pytest.approx(0.025)
    # Beta(2, 1) has the distribution function x squared, Beta(8, 4) the tabled quartile points.
    assert beta_quantile(0.25, 2, 1) == pytest.approx(0.5)
    assert beta_quantile(0.025, 8, 4) == pytest.approx(0.3903, abs=1e-4)
    assert beta_quantile(0.975, 8, 4) == pytest.approx(0.8907, abs=1e-4)


def test_nothing_and_certainty_have_room_left():
    assert shrunk([]) == []
    assert shrunk([Share(0, 0)])[0].value == 50
    sure = shrunk([Share(10, 10)])[0]
    assert 90 < sure.value < 100
    assert sure.interval.low < 90


def test_ties_are_ties():
    apart, low, middle = Interval(80, 90), Interval(10, 40), Interval(30, 60)
    assert places([apart, low, middle]) == [(1, 1), (2, 3), (2, 3)]
    assert places([Interval(0, 50), Interval(40, 90), Interval(10, 80)]) == [(1, 3)] * 3


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=6))
def test_shrunk_share_lies_between_its_own_and_the_mean(counts):
    shares = [Share(min(one, other), max(one, other)) for one, other in counts]
    mean = 100 * prior_of(shares).mean
    for share, drawn in zip(shares, shrunk(shares), strict=True):
        own = float(share.value) if share.value is not None else mean
        assert min(own, mean) - 1e-6 <= drawn.value <= max(own, mean) + 1e-6
        assert drawn.interval.low <= drawn.value <= drawn.interval.high
