"""Is the change real? Worked values, agreement of p and interval, parts against their whole."""

from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metrics.statistics.differences import (
    Verdict,
    mean_against_whole,
    mean_difference,
    nps_against_whole,
    nps_difference,
    share_against_whole,
    share_difference,
)
from metrics.statistics.means import Mean, mean_of_scores
from metrics.statistics.nps import nps, weighted_nps
from metrics.statistics.shares import Share

counts = st.integers(min_value=0, max_value=2000)
nps_scores = st.tuples(counts, counts, counts).filter(any).map(lambda groups: nps(*groups))
shares = st.tuples(counts, counts).filter(any).map(lambda pair: Share(pair[0], sum(pair)))
means = (
    st.dictionaries(st.integers(1, 7), st.integers(0, 500), min_size=1)
    .map(lambda by_score: mean_of_scores(by_score, low=1, high=7))
    .filter(lambda mean: mean.n >= 2)
)


def values_of(*values):
    """A mean of decimals, given in tenths."""
    return Mean(len(values), sum(values), sum(value * value for value in values))


def test_worked_value_within_noise():
    difference = nps_difference(nps(50, 30, 20), nps(40, 30, 30))
    assert difference.value == 20
    assert difference.estimate == pytest.approx(19.42, abs=0.005)
    assert difference.standard_error == pytest.approx(11.21, abs=0.005)
    assert difference.statistic == pytest.approx(1.732, abs=0.0005)
    assert difference.p == pytest.approx(0.083, abs=0.0005)
    assert difference.interval.low == pytest.approx(-2.6, abs=0.05)
    assert difference.interval.high == pytest.approx(41.4, abs=0.05)
    assert difference.verdict == "within noise"


def test_worked_value_of_a_real_change():
    difference = nps_difference(nps(500, 300, 200), nps(400, 300, 300))
    assert difference.value == 20
    assert difference.estimate == pytest.approx(19.94, abs=0.005)
    assert difference.standard_error == pytest.approx(3.60, abs=0.005)
    assert difference.p == pytest.approx(3.0e-8, rel=0.02)
    assert difference.interval.low == pytest.approx(12.9, abs=0.05)
    assert difference.interval.high == pytest.approx(27.0, abs=0.05)
    assert difference.verdict == "real"


def test_fewer_than_thirty_answers_on_a_side_are_too_few_to_compare():
    many = nps(1000, 0, 0)
    assert nps_difference(nps(0, 0, 29), many).verdict == "too few to compare"
    assert nps_difference(many, nps(0, 0, 29)).verdict == "too few to compare"
    assert nps_difference(nps(0, 0, 30), many).verdict == "real"


def test_weights_count_as_the_answers_they_amount_to():
    weighted = weighted_nps(n=100, promoters=0.0, passives=0.0, detractors=118.0, squares=99 + 19**2)
    assert weighted.effective_n == pytest.approx(30.27, abs=0.01)
    assert nps_difference(weighted, nps(1000, 0, 0)).verdict is Verdict.REAL
    heavier = weighted_nps(n=100, promoters=0.0, passives=0.0, detractors=119.0, squares=99 + 20**2)
    assert nps_difference(heavier, nps(1000, 0, 0)).verdict is Verdict.TOO_FEW


def test_nothing_is_compared_with_nothing():
    assert nps_difference(nps(1, 2, 3), nps(0, 0, 0)) is None
    assert share_difference(Share(0, 0), Share(1, 2)) is None
    assert mean_difference(values_of(3), values_of(3, 4)) is None


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe 1998, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_published_intervals_of_differences_of_shares(first, second, low, high):
    interval = share_difference(Share(*first), Share(*second)).interval
    assert interval.low == pytest.approx(100 * low, abs=0.006)
    assert interval.high == pytest.approx(100 * high, abs=0.006)


def test_share_statistic_is_near_the_pooled_z_test_for_large_samples():
    difference = share_difference(Share(5600, 7000), Share(5250, 7000))
    assert difference.value == 5
    assert difference.statistic == pytest.approx(7.077, rel=0.01)


def test_welch_test_of_the_sleep_data_of_student():
    # R: t.test(extra ~ group, data = sleep)
    first = values_of(7, -16, -2, -12, -1, 34, 37, 8, 0, 20)
    second = values_of(19, 8, 11, 1, -1, 44, 55, 16, 46, 34)
    difference = mean_difference(first, second)
    assert difference.value == pytest.approx(-15.8)
    assert difference.statistic == pytest.approx(-1.8608, abs=0.00005)
    assert difference.p == pytest.approx(0.07939, abs=0.000005)
    assert difference.interval.low == pytest.approx(-33.654832, abs=0.000005)
    assert difference.interval.high == pytest.approx(2.054832, abs=0.000005)


def test_means_without_any_spread_differ_for_certain_or_not_at_all():
    fives, fours = (mean_of_scores({score: 40}, low=1, high=5) for score in (5, 4))
    assert (mean_difference(fives, fours).p, mean_difference(fives, fours).statistic) == (0, inf)
    assert mean_difference(fours, fives).statistic == -inf
    assert mean_difference(fives, fours).verdict is Verdict.REAL
    assert mean_difference(fives, fives).p == 1
    assert mean_difference(fives, fives).verdict is Verdict.WITHIN_NOISE


def test_a_month_is_compared_with_the_rest_of_the_year_that_holds_it():
    month, year = nps(50, 30, 20), nps(450, 330, 320)
    assert nps_against_whole(month, year) == nps_difference(month, nps(400, 300, 300))
    assert share_against_whole(Share(8, 10), Share(60, 100)) == share_difference(Share(8, 10), Share(52, 90))
    part, rest, whole = ({1: 3, 5: 9}, {2: 4, 5: 1}, {1: 3, 2: 4, 5: 10})
    part, rest, whole = (mean_of_scores(by_score, low=1, high=5) for by_score in (part, rest, whole))
    assert mean_against_whole(part, whole) == mean_difference(part, rest)


def test_the_whole_against_itself_leaves_nothing_to_compare_with():
    assert nps_against_whole(nps(5, 3, 2), nps(5, 3, 2)) is None


def test_a_part_outside_its_whole_is_refused():
    with pytest.raises(ValueError, match="negative"):
        nps_against_whole(nps(6, 0, 0), nps(5, 3, 2))
    with pytest.raises(ValueError, match="hits"):
        share_against_whole(Share(3, 3), Share(2, 10))
    with pytest.raises(ValueError, match="cannot sum up"):
        mean_against_whole(values_of(1, 9), values_of(1, 2, 3))


def test_weighted_scores_have_no_rest():
    weighted = weighted_nps(n=2, promoters=3.0, passives=0.0, detractors=1.0, squares=10.0)
    with pytest.raises(ValueError, match="weighted"):
        nps_against_whole(weighted, nps(5, 3, 2))


@pytest.mark.parametrize(
    ("figures", "compare"),
    [(nps_scores, nps_difference), (shares, share_difference), (means, mean_difference)],
    ids=["nps", "shares", "means"],
)
class TestEveryKindOfFigure:
    @given(data=st.data())
    def test_p_is_below_5_percent_exactly_when_the_interval_excludes_zero(self, figures, compare, data):
        difference = compare(data.draw(figures), data.draw(figures))
        assume(abs(difference.p - 0.05) > 1e-9)
        assert (difference.p < 0.05) == difference.interval.excludes_zero

    @given(data=st.data())
    def test_swapping_the_two_mirrors_the_difference(self, figures, compare, data):
        first, second = data.draw(figures), data.draw(figures)
        one, other = compare(first, second), compare(second, first)
        assert one.value == -other.value
        assert one.p == pytest.approx(other.p)
        assert one.interval.low == pytest.approx(-other.interval.high, abs=1e-9)
        assert one.verdict is other.verdict

    @given(data=st.data())
    def test_interval_holds_the_estimate_and_p_is_a_probability(self, figures, compare, data):
        difference = compare(data.draw(figures), data.draw(figures))
        assert 0 <= difference.p <= 1
        assert difference.interval.low - 1e-9 <= difference.estimate <= difference.interval.high + 1e-9

    @given(data=st.data())
    def test_a_figure_does_not_differ_from_itself(self, figures, compare, data):
        figure = data.draw(figures)
        difference = compare(figure, figure)
        assert (difference.value, difference.p) == (0, pytest.approx(1))
        assert difference.verdict is not Verdict.REAL
