"""The worked values of the Net Promoter Score and what must hold for every set of answers."""

from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.nps import answers_needed, nps, nps_of_counts, weighted_nps

counts = st.integers(min_value=0, max_value=10**6)
answers = st.tuples(counts, counts, counts).filter(any)


@pytest.mark.parametrize(
    ("promoters", "detractors", "n", "value", "low", "high"),
    [
        (162, 54, 324, 33.33, 24.95, 41.11),
        (250, 75, 1000, 17.5, 14.09, 20.81),
        (7, 1, 10, 60, 7.04, 85.27),
        (10, 0, 10, 100, 47.50, 100),
        (19, 7, 36, 33.33, 6.25, 55.29),
        (50, 20, 100, 30, 14.05, 44.20),
        (0, 0, 5, 0, -30.01, 30.01),
        (333, 637, 1160, -26.2, -31.2, -21.1),
    ],
)
def test_worked_values(promoters, detractors, n, value, low, high):
    score = nps(promoters, n - promoters - detractors, detractors)
    within = 0.05 if n == 1160 else 0.005
    assert score.n == n
    assert float(score.value) == pytest.approx(value, abs=within)
    assert score.interval.low == pytest.approx(low, abs=within)
    assert score.interval.high == pytest.approx(high, abs=within)


def test_value_is_exact():
    assert nps(1, 1, 0).value == 50
    assert nps(2, 0, 1).value == Fraction(100, 3)


def test_no_answers_have_no_score_but_an_n():
    score = nps(0, 0, 0)
    assert (score.n, score.value, score.interval, score.margin) == (0, None, None, None)
    assert not score.is_enough_to_compare


def test_thirty_answers_are_enough_to_compare():
    assert not nps(20, 5, 4).is_enough_to_compare
    assert nps(20, 5, 5).is_enough_to_compare


def test_counts_per_score_fall_into_their_groups():
    score = nps_of_counts([1, 0, 0, 0, 0, 0, 2, 4, 8, 16, 32])
    assert (score.promoters, score.passives, score.detractors, score.n) == (48, 12, 3, 63)


@pytest.mark.parametrize("answers", [10, 12])
def test_counts_of_another_scale_are_refused(answers):
    with pytest.raises(ValueError, match=f"11 answers to count, not {answers}"):
        nps_of_counts([1] * answers)


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        nps(3, -1, 0)


@pytest.mark.parametrize(("margin", "needed"), [(10, 232), (5, 935), (3, 2601)])
def test_answers_needed_for_a_margin(margin, needed):
    assert answers_needed(margin) == needed
    assert nps(needed * 5, needed * 3, needed * 2).margin < margin


@pytest.mark.parametrize("margin", [0, -1, float("nan")])
def test_a_margin_of_nothing_is_refused(margin):
    with pytest.raises(ValueError, match="more than 0"):
        answers_needed(margin)


def test_shares_that_are_none_are_refused():
    with pytest.raises(ValueError, match=r"0\.\.1"):
        answers_needed(5, promoters=0.7, detractors=0.4)


@given(st.floats(0.5, 60), st.floats(0, 1), st.floats(0, 1))
def test_answers_needed_are_the_fewest(margin, one, two):
    promoters, detractors = sorted((one, two))[0], 1 - sorted((one, two))[1]
    needed = answers_needed(margin, promoters=promoters, detractors=detractors)

    def reached(n):
        squares = float(n)
        score = weighted_nps(
            n=n,
            promoters=promoters * n,
            passives=n - promoters * n - detractors * n if promoters + detractors < 1 else 0,
            detractors=detractors * n,
            squares=squares,
        )
        return score.margin

    assert reached(needed) <= margin * (1 + 1e-6)
    assert needed == 1 or reached(needed - 1) >= margin * (1 - 1e-6)


@given(answers)
def test_interval_lies_in_the_range_and_around_the_adjusted_score(groups):
    score = nps(*groups)
    assert -100 <= score.interval.low <= score.adjusted <= score.interval.high <= 100
    assert score.interval.low < score.interval.high
    assert -100 <= score.value <= 100
    assert score.interval.margin <= score.margin + 1e-9


@given(answers)
def test_swapping_promoters_and_detractors_mirrors_everything(groups):
    promoters, passives, detractors = groups
    score, mirrored = nps(promoters, passives, detractors), nps(detractors, passives, promoters)
    assert score.value == -mirrored.value
    assert score.interval.low == pytest.approx(-mirrored.interval.high, abs=1e-9)
    assert score.standard_error == pytest.approx(mirrored.standard_error)


@given(answers)
def test_one_more_promoter_never_lowers_the_score(groups):
    promoters, passives, detractors = groups
    before, after = nps(promoters, passives, detractors), nps(promoters + 1, passives, detractors)
    assert after.value >= before.value
    assert after.adjusted > before.adjusted


@given(answers, st.integers(2, 50))
def test_margin_falls_as_the_same_answers_come_more_often(groups, times):
    few, many = nps(*groups), nps(*(count * times for count in groups))
    assert many.value == few.value
    assert many.margin < few.margin


@pytest.mark.parametrize("n", [5, 12, 30])
@pytest.mark.parametrize(("promoters", "detractors"), [(0.5, 0.2), (0.3, 0.3), (0.1, 0.7), (0.8, 0.05)])
def test_interval_covers_the_truth_in_about_95_of_100_samples(n, promoters, detractors):
    covered = 0.0
    for above, below in product(range(n + 1), repeat=2):
        between = n - above - below
        if between < 0:
            continue
        interval = nps(above, between, below).interval
        if interval.low <= 100 * (promoters - detractors) <= interval.high:
            ways = comb(n, above) * comb(n - above, below)
            covered += ways * promoters**above * detractors**below * (1 - promoters - detractors) ** between
    assert 0.92 <= covered <= 0.985


def test_equal_weights_change_nothing():
    plain = nps(50, 30, 20)
    weighted = weighted_nps(n=100, promoters=25.0, passives=15.0, detractors=10.0, squares=25.0)
    assert weighted.effective_n == pytest.approx(100)
    assert weighted.value == plain.value
    assert weighted.interval.low == pytest.approx(plain.interval.low)
    assert weighted.interval.high == pytest.approx(plain.interval.high)


def test_unequal_weights_tell_less_than_their_number():
    # One answer counts as much as the other nine together: (9 + 9)^2 / (81 + 9) = 3.6 answers.
    weighted = weighted_nps(n=10, promoters=9.0, passives=0.0, detractors=9.0, squares=90.0)
    assert weighted.effective_n == pytest.approx(3.6)
    assert weighted.value == 0
    assert weighted.margin > nps(5, 0, 5).margin


def test_impossible_weights_are_refused():
    with pytest.raises(ValueError, match="cannot sum up"):
        weighted_nps(n=3, promoters=9.0, passives=0.0, detractors=0.0, squares=9.0)
    with pytest.raises(ValueError, match="cannot sum up"):
        weighted_nps(n=3, promoters=1.0, passives=0.0, detractors=0.0, squares=0.0)
