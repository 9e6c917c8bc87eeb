"""Shares with the Wilson interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.shares import Share, wilson

shares = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).filter(any).map(lambda pair: Share(pair[0], sum(pair)))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0, 16.11), (1, 29, 0.61, 17.18)],
)
def test_published_intervals(hits, n, low, high):
    interval = Share(hits, n).interval
    assert interval.low == pytest.approx(low, abs=0.006)
    assert interval.high == pytest.approx(high, abs=0.006)


def test_value_is_exact_per_cent():
    assert Share(280, 400).value == 70


def test_share_of_nothing_has_neither_value_nor_interval():
    nothing = Share(0, 0)
    assert (nothing.value, nothing.interval, nothing.margin) == (None, None, None)


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3), (1, 0)])
def test_more_hits_than_cases_are_refused(hits, n):
    with pytest.raises(ValueError, match="0 to n hits"):
        Share(hits, n)


@given(shares)
def test_interval_lies_within_0_and_100_and_holds_the_share(share):
    assert 0 <= share.interval.low <= share.value <= share.interval.high <= 100
    assert 0 < share.margin <= 50


@given(shares)
def test_misses_mirror_hits(share):
    misses = Share(share.n - share.hits, share.n)
    assert misses.interval.low == pytest.approx(100 - share.interval.high, abs=1e-9)


@given(shares, st.integers(2, 50))
def test_margin_falls_with_n(share, times):
    assert Share(share.hits * times, share.n * times).margin < share.margin


@given(shares, st.floats(0, 10), st.floats(0, 10))
def test_interval_grows_with_confidence(share, one, other):
    narrow, wide = (wilson(share.hits, share.n, z=z) for z in sorted((one, other)))
    assert wide.low <= narrow.low + 1e-9
    assert wide.high >= narrow.high - 1e-9
