"""Quantiles and their distribution-free intervals: places among the sorted values, from tables of order statistics."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.quantiles import Ranks, ranks_of


@pytest.mark.parametrize(
    ("n", "low", "high"),
    # The usual table of 95 % intervals of a median.
    [(6, 1, 6), (7, 1, 7), (8, 1, 8), (9, 2, 8), (10, 2, 9), (12, 3, 10), (15, 4, 12), (20, 6, 15), (25, 8, 18)],
)
def test_interval_of_a_median_stands_where_the_tables_say(n, low, high):
    assert (ranks_of(n, 0.5).low, ranks_of(n, 0.5).high) == (low, high)


def test_too_few_values_give_no_interval():
    assert ranks_of(5, 0.5) == Ranks(3, None, None)
    assert ranks_of(30, 0.9) == Ranks(27, None, None)
    assert ranks_of(36, 0.9).high == 36
    assert ranks_of(1, 0.5) == Ranks(1, None, None)


@given(st.integers(6, 300), st.sampled_from([0.1, 0.5, 0.9]))
def test_interval_covers_at_least_95_percent_and_is_the_narrowest_with_such_tails(n, share):
    ranks = ranks_of(n, share)
    if ranks.low is None or ranks.high is None:
        return
    probability = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    assert sum(probability[ranks.low : ranks.high]) >= 0.95 - 1e-9
    assert sum(probability[: ranks.low]) <= 0.025 + 1e-9 < sum(probability[: ranks.low + 1]) + 2e-9
    assert ranks.low <= ranks.at <= ranks.high


def test_hundred_thousand_values_are_no_matter():
    assert ranks_of(100_000, 0.5) == Ranks(50_000, 49_690, 50_311)


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5])
def test_share_outside_is_refused(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        ranks_of(10, share)
