"""A change of level is marked where it happened, and noise, odd weeks and steady climbs are left alone."""

from datetime import timedelta
from math import erfc, pi, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.change_points import change_points, owen_t
from metrics.statistics.differences import nps_difference
from metrics.statistics.nps import nps
from tests.metrics.series import START, comparing, drawn, points_of


def marks(weeks):
    return change_points(points_of(weeks), comparing(weeks), low=-100, high=100)


def test_small_case_worked_by_hand():
    # Three weeks of +10 (40/30/30), three of +40 (60/20/20). Spread within the weeks: .69 and .64 times 100^2, pooled
    # with 99 of 100 degrees of freedom 6717; z = 30 / sqrt(6717 x 2/300) = 4.48, and only one split leaves three weeks
    # on each side, so p = 7e-6. The line leaves 4.6, more than the one parameter (1.8) that the step has more.
    weeks = [(40, 30, 30)] * 3 + [(60, 20, 20)] * 3
    (mark,) = marks(weeks)
    assert (mark.index, mark.day) == (3, START + timedelta(weeks=3))
    assert mark.difference.value == 30
    assert mark.difference.estimate == nps_difference(nps(180, 60, 60), nps(120, 90, 90)).estimate
    assert mark.difference.interval.low == pytest.approx(16.7, abs=0.1)
    assert mark.difference.interval.high == pytest.approx(42.7, abs=0.1)
    assert marks(weeks[:5]) == []


@pytest.mark.parametrize(
    ("weeks", "answers", "level"), [(26, 6, 30), (26, 40, 30), (52, 15, 65), (90, 3, 0), (8, 60, 30), (60, 1, 55)]
)
def test_noise_is_marked_no_more_often_than_promised(weeks, answers, level):
    random, runs = Random(11), 200
    found = 0
    for _ in range(runs):
        sizes = [random.randint(answers // 2, answers + answers // 2) for _ in range(weeks)]
        found += bool(marks(drawn([level] * weeks, sizes, random)))
    # Promised are 5 %; 200 draws at that rate pass 8 % twice in a hundred times. The seed is fixed.
    assert found / runs <= 0.05


@pytest.mark.parametrize("size", [-30, 25])
def test_step_is_found_near_its_place_with_its_size_inside_the_interval(size):
    random, runs, near, within = Random(5), 100, 0, 0
    for _ in range(runs):
        found = marks(drawn([20] * 30 + [20 + size] * 22, [40] * 52, random))
        if len(found) == 1:
            near += abs(found[0].index - 30) <= 3
            within += found[0].difference.interval.low <= size <= found[0].difference.interval.high
    assert near >= 80 and within >= 80


def test_bad_months_are_marked_at_both_ends():
    random, runs, right = Random(3), 60, 0
    for _ in range(runs):
        found = marks(drawn([40] * 20 + [5] * 12 + [45] * 20, [60] * 52, random))
        assert all(mark.difference.p_adjusted >= mark.difference.p for mark in found)
        assert [mark.difference.value < 0 for mark in found[:2]] == [True, False]
        right += len(found) == 2 and abs(found[0].index - 20) <= 2 and abs(found[1].index - 32) <= 2
    assert right >= 54


def test_one_odd_week_is_no_change():
    weeks = drawn([40] * 30, [80] * 30, Random(2))
    assert marks([*weeks[:15], (5, 5, 70), *weeks[16:]]) == []


def test_steady_climb_has_no_day_to_name():
    random = Random(4)
    found = [bool(marks(drawn([10 + 40 * at / 52 for at in range(52)], [60] * 52, random))) for _ in range(60)]
    assert sum(found) <= 6


def test_score_that_wobbles_anyway_has_a_higher_bar():
    # Thousands of answers a week: chance alone would call every ordinary up and down a change.
    random, found = Random(9), 0
    for _ in range(60):
        levels = [30 + random.gauss(0, 5) for _ in range(40)]
        found += bool(marks(drawn(levels, [3000] * 40, random)))
    assert found <= 6
    levels = [30 + 25 * (at >= 20) + random.gauss(0, 5) for at in range(40)]
    assert [mark.index for mark in marks(drawn(levels, [3000] * 40, random))] == pytest.approx([20], abs=1)


def test_each_level_rests_on_thirty_answers():
    assert marks([(9, 0, 0)] * 3 + [(0, 0, 300)] * 5) == []
    assert len(marks([(10, 0, 0)] * 3 + [(0, 0, 300)] * 5)) == 1


def test_weeks_without_answers_are_passed_over():
    weeks = [(40, 30, 30)] * 4 + [(0, 0, 0)] * 2 + [(70, 20, 10)] * 4
    (mark,) = marks(weeks)
    assert mark.index == 6
    assert marks([(0, 0, 0)] * 20) == []


@given(
    weeks=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10), st.integers(0, 30)), max_size=30),
    step=st.integers(0, 60),
)
def test_turned_round_series_has_the_same_changes_the_other_way(weeks, step):
    weeks = weeks + [(step, 5, 10)] * 6
    turned = [(low, middle, high) for high, middle, low in weeks]
    there, back = marks(weeks), marks(turned)
    assert [mark.index for mark in there] == [mark.index for mark in back]
    assert [mark.difference.value for mark in there] == [-mark.difference.value for mark in back]


def test_later_days_change_nothing_but_the_days():
    weeks = drawn([40] * 10 + [0] * 10, [50] * 20, Random(1))
    later = [
        type(point)(point.first + timedelta(100), point.last + timedelta(100), point.n, point.total, point.squares)
        for point in points_of(weeks)
    ]
    moved = change_points(later, comparing(weeks), low=-100, high=100)
    assert [mark.day - timedelta(100) for mark in moved] == [mark.day for mark in marks(weeks)] != []


@given(shift=st.integers(-30, 30))
def test_shifted_scores_change_at_the_same_places(shift):
    # Shares of groups move, the spread stays: passives give what promoters and detractors take.
    weeks = drawn([10] * 12 + [-30] * 10, [50] * 22, Random(6))
    points = points_of(weeks)
    moved = [
        type(point)(
            point.first,
            point.last,
            point.n,
            point.total + shift * point.n,
            point.squares + 2 * shift * point.total + shift**2 * point.n,
        )
        for point in points
    ]
    here, there = (change_points(each, comparing(weeks), low=-1e3, high=1e3) for each in (points, moved))
    assert [mark.index for mark in here] == [mark.index for mark in there] == [12]


def test_owens_function_has_its_known_values():
    tail = erfc(2 / sqrt(2)) / 2
    assert owen_t(2, 1) == pytest.approx(tail * (1 - tail) / 2, rel=1e-7)
    assert owen_t(0, 1) == pytest.approx(1 / 8)
    assert owen_t(0, 0.5) == pytest.approx(0.46364760900080615 / (2 * pi))
    assert owen_t(0.5, 0.5) == pytest.approx(0.0644886, abs=1e-7)
