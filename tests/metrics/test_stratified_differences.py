"""One difference of many small comparisons: worked by hand, blind to how strata differ, and nothing of nothing."""

from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest

from metrics.statistics.differences import Verdict, mean_difference
from metrics.statistics.means import Mean, mean_of_scores
from metrics.statistics.stratified import stratified_difference


def share(hits: int, n: int) -> Mean:
    return Mean(n, 100 * hits, 10_000 * hits)


def test_worked_by_hand():
    # Weights 10 * 10 / 20 = 5 and 20 * 5 / 25 = 4; differences 20 and 10: (5 * 20 + 4 * 10) / 9.
    found = stratified_difference([(share(6, 10), share(4, 10)), (share(10, 20), share(2, 5))])
    assert found.value == Fraction(140, 9)
    first = (10 * 0.6 * 0.4 + 20 * 0.5 * 0.5) / 28 * 1e4
    second = (10 * 0.4 * 0.6 + 5 * 0.4 * 0.6) / 13 * 1e4
    squares = (5 / 9) ** 2 * (first / 10 + second / 10) + (4 / 9) ** 2 * (first / 20 + second / 5)
    assert found.standard_error == pytest.approx(sqrt(squares))
    assert (found.n_first, found.n_second, found.verdict) == (30, 15, Verdict.TOO_FEW)


def test_one_stratum_is_an_ordinary_difference_of_means():
    one, two = (mean_of_scores({1: low, 5: high}, low=1, high=5) for low, high in ((20, 40), (35, 25)))
    one, two = replace(one, scale=None), replace(two, scale=None)
    found, plain = stratified_difference([(one, two)]), mean_difference(one, two)
    assert found.value == plain.value
    assert found.standard_error == pytest.approx(plain.standard_error)


def test_strata_that_differ_do_not_pass_for_a_difference():
    # Nothing differs within, but the stratum that does well holds many out: crude shares differ by 60 points.
    strata = [(share(90, 100), share(9, 10)), (share(1, 10), share(10, 100))]
    assert stratified_difference(strata).value == 0


def test_a_side_without_answers_says_nothing():
    assert stratified_difference([]) is None
    assert stratified_difference([(share(1, 4), Mean(0, 0, 0))]) is None
    with_nothing = [(share(6, 10), share(4, 10)), (share(9, 9), Mean(0, 0, 0))]
    assert stratified_difference(with_nothing).n_first == 10


def test_strata_of_one_answer_each_have_no_variance_to_speak_of():
    assert stratified_difference([(share(1, 1), share(0, 1))] * 40) is None


def test_sides_that_agree_are_not_certain_and_stay_on_the_scale():
    all_well, none_well = Mean(20, 2000, 200_000, (0, 100)), Mean(20, 0, 0, (0, 100))
    found = stratified_difference([(all_well, none_well), (all_well, none_well)])
    assert (found.value, found.interval.high) == (100, 100)
    # (0 + 100^2 / 2) / (38 + 1) on both sides, of 40 answers each.
    assert found.standard_error == pytest.approx(sqrt(2 * 5000 / 39 / 40))
    assert found.interval.low == pytest.approx(100 - 1.959964 * found.standard_error)
