"""A score is projected only as far as its past allows, with a band that keeps its promise."""

from datetime import timedelta
from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.change_points import change_points
from metrics.statistics.distributions import t_quantile
from metrics.statistics.forecasting import Forecast, Refusal, forecast
from metrics.statistics.series import Point, spread_of_answers
from tests.metrics.series import START, comparing, drawn, exactly, group_counts, points_of, week

ZIGZAG = [10, 30, 4, 26, 18, 40, 12, 36, 30, 8]


def test_worked_value_of_a_series_on_a_straight_line():
    # Eight weeks of 100 answers, spread 70 x 70, so a variance of 49 each; +2 a week from 10. The four weeks up to day
    # 90 have their middle 49 days behind that of the series: 17 + 49 x 2/7 = 31. Variance: 49/8 of the level, 49^2/42
    # of the slope, 4900/400 of the 400 answers of four weeks = 75.54; t with 6 degrees of freedom 2.4469.
    found = forecast(
        exactly([10 + 2 * at for at in range(8)], n=100, spread=4900), day=START + timedelta(90), low=-100, high=100
    )
    assert found.value == pytest.approx(31)
    assert found.pace == pytest.approx(365 * 2 / 7)
    assert found.margin == pytest.approx(2.4469 * sqrt(49 / 8 + 49**2 / 42 + 4900 / 400), abs=0.001)
    assert found.n == 800


def test_weeks_that_wobble_more_than_chance_widen_the_band_by_what_the_line_leaves():
    # With equal weeks the lack of fit has a closed form: the squares left per degree of freedom, less chance.
    points = exactly(ZIGZAG, n=400, spread=4900)
    found = forecast(points, day=points[-1].last + timedelta(14), low=-100, high=100)
    middle, level = sum(range(10)) / 10, sum(ZIGZAG) / 10
    slope = sum((at - middle) * value for at, value in enumerate(ZIGZAG)) / 82.5
    left = sum((value - level - slope * (at - middle)) ** 2 for at, value in enumerate(ZIGZAG)) / 8
    ahead = (7 + 14 - 13.5 - 4 + 9 * 7) / 7 - middle  # weeks from the middle of the past to that of the window
    variance = left / 10 + left * ahead**2 / 82.5 + (left - 4900 / 400) + 4900 / 1600
    assert found.value == pytest.approx(level + slope * ahead)
    assert found.margin == pytest.approx(t_quantile(8) * sqrt(variance), rel=1e-6)


def test_dip_that_is_over_is_no_climb():
    # Flat at 40, twelve weeks at 10, back at 40: the slope within the levels is 0, the last level is 40. Its variance:
    # 49/12 of the level over twelve weeks, none of the weeks beyond chance, 49/4 of the four weeks to come, and that of
    # the slope over 18 weeks from the middle of the last level.
    points = exactly([40] * 12 + [10] * 12 + [40] * 12, n=100, spread=4900)
    day = week(36 + 13)[1]
    found = forecast(points, day=day, low=-100, high=100, levels=[12, 24])
    slope_variance = 49 / (3 * 143) / 49  # squares of the weeks around the middles of three levels: 143 each
    ahead = 7 * (36 + 14 - 2 - 30)
    assert (found.value, found.pace) == (pytest.approx(40), pytest.approx(0))
    assert found.margin == pytest.approx(t_quantile(32) * sqrt(49 / 12 + slope_variance * ahead**2 + 49 / 4))
    blind = forecast(points, day=day, low=-100, high=100)
    assert blind.margin > found.margin


@pytest.mark.parametrize("wobble", [0, 8], ids=["chance alone", "weeks that wobble"])
@pytest.mark.parametrize("slope", [0.0, 0.4])
def test_band_holds_the_score_that_is_measured_later_in_95_of_100_cases(wobble, slope):
    random, held, runs = Random(7), 0, 250
    for _ in range(runs):
        levels = [20 + slope * at + random.gauss(0, wobble) for at in range(26)]
        points = points_of(drawn(levels, [random.randint(8, 40) for _ in levels], random))
        found = forecast(points, day=week(41)[1], low=-100, high=100)
        truth = 20 + slope * 39.5 + random.gauss(0, wobble)
        high, _, low = group_counts(truth, 96, random)
        held += found.interval.low <= 100 * (high - low) / 96 <= found.interval.high
    # 250 draws at .95 stray by .014; never far below, and not so wide that nothing could be said.
    assert 0.91 <= held / runs <= 0.995


def test_band_keeps_its_promise_where_the_levels_were_found_in_the_same_answers():
    random, held, runs = Random(17), 0, 150
    for _ in range(runs):
        weeks = drawn([40] * 20 + [5] * 12 + [42] * 20, [random.randint(15, 45) for _ in range(52)], random)
        points = points_of(weeks)
        levels = [mark.index for mark in change_points(points, comparing(weeks), low=-100, high=100)]
        found = forecast(points, day=week(67)[1], low=-100, high=100, levels=levels)
        high, _, low = group_counts(42, 120, random)
        held += found.interval.low <= 100 * (high - low) / 120 <= found.interval.high
    assert 0.9 <= held / runs <= 0.995


def test_few_weeks_few_answers_and_far_days_are_refused_with_words():
    points, soon = exactly(ZIGZAG, n=40, spread=4900), timedelta(7)
    assert forecast(points[:7], day=points[6].last + soon, low=-100, high=100) is Refusal.FEW_BUCKETS
    thin = exactly(ZIGZAG, n=9, spread=4900)
    assert forecast(thin, day=thin[-1].last + soon, low=-100, high=100) is Refusal.FEW_ANSWERS
    assert forecast(points, day=points[-1].last + timedelta(71), low=-100, high=100) is Refusal.TOO_FAR
    assert isinstance(forecast(points, day=points[-1].last + timedelta(70), low=-100, high=100), Forecast)
    assert "8 weeks" in Refusal.FEW_BUCKETS and "100 answers" in Refusal.FEW_ANSWERS


def test_weeks_without_answers_are_no_weeks():
    points = exactly(ZIGZAG, n=40, spread=4900)
    silent = [
        *points[:5],
        Point(*week(5), 0, 0, 0),
        *(Point(*week(at + 1), p.n, p.total, p.squares) for at, p in enumerate(points) if at > 4),
    ]
    found = forecast(silent, day=silent[-1].last, low=-100, high=100)
    assert isinstance(found, Forecast) and found.n == 400
    assert forecast([*silent[:8]], day=silent[7].last, low=-100, high=100) is Refusal.FEW_BUCKETS


def test_nobody_is_certain_of_a_score_that_never_moved():
    full = [Point(*week(at), 20, 2000, 200_000) for at in range(10)]
    found = forecast(full, day=full[-1].last + timedelta(30), low=0, high=100)
    assert found.value == 100
    assert found.interval.low < 99.5 and found.interval.high == 100
    assert spread_of_answers(full, low=0, high=100) == pytest.approx(100**2 * 200 / 201**2)


def test_spread_of_weeks_with_one_answer_each_is_that_around_all_of_them():
    ones = [Point(*week(at), 1, value, value**2) for at, value in enumerate([100, 100, -100, 100])]
    assert spread_of_answers(ones, low=-100, high=100) == pytest.approx(10_000)
    with pytest.raises(ValueError, match="no spread"):
        spread_of_answers([], low=0, high=100)


def test_sums_that_no_answers_have_are_refused():
    with pytest.raises(ValueError, match="sum up"):
        Point(START, START, 2, 100, 100)


values = st.lists(st.integers(-40, 40), min_size=8, max_size=20)


@given(values=values, shift=st.integers(-20, 20))
def test_forecast_of_a_shifted_series_is_the_shifted_forecast(values, shift):
    day = week(len(values) + 3)[1]
    one, other = (
        forecast(exactly([value + by for value in values], n=50, spread=4000), day=day, low=-1e6, high=1e6)
        for by in (0, shift)
    )
    assert other.value == pytest.approx(one.value + shift, abs=1e-6)
    assert other.margin == pytest.approx(one.margin, abs=1e-6)


@given(values=values)
def test_band_widens_the_further_ahead_it_reaches(values):
    points = exactly(values, n=50, spread=4000)
    margins = [forecast(points, day=week(len(values) + ahead)[1], low=-1e6, high=1e6).margin for ahead in (2, 4, 7)]
    assert margins == sorted(margins)
