"""Trend points of thin weeks come from windows of at least a hundred answers."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.smoothing import smoothed

series = st.lists(st.dictionaries(st.integers(0, 10), st.integers(0, 60), max_size=4), max_size=30)


def test_full_weeks_stand_alone():
    windows = smoothed([{9: 100}, {3: 150}])
    assert [(window.first, window.last, window.n) for window in windows] == [(0, 0, 100), (1, 1, 150)]


def test_thin_weeks_reach_back_until_a_hundred():
    windows = smoothed([{9: 60}, {3: 30}, {9: 20, 3: 20}, {10: 80}])
    assert [(window.first, window.n, window.is_full) for window in windows] == [
        (0, 60, False),
        (0, 90, False),
        (0, 130, True),
        (2, 120, True),
    ]
    assert windows[-1].counts == {3: 20, 9: 20, 10: 80}


def test_empty_weeks_inside_a_window_are_bridged():
    windows = smoothed([{9: 100}, {}, {}])
    assert [(window.first, window.last) for window in windows] == [(0, 0), (0, 1), (0, 2)]


@given(series, st.integers(1, 120))
def test_each_window_holds_what_its_weeks_hold_and_is_as_short_as_can_be(weeks, at_least):
    windows = smoothed(weeks, at_least=at_least)
    assert len(windows) == len(weeks)
    for place, window in enumerate(windows):
        assert window.last == place
        held = sum((Counter(week) for week in weeks[window.first : place + 1]), Counter())
        assert window.counts == {score: count for score, count in held.items() if count}
        assert window.is_full == (window.n >= at_least)
        if window.first > 0:
            assert window.is_full
        if window.first < place:
            assert window.n - sum(weeks[window.first].values()) < at_least


@given(series)
def test_a_point_once_drawn_does_not_move(weeks):
    assert smoothed(weeks)[:-1] == smoothed(weeks[:-1])
