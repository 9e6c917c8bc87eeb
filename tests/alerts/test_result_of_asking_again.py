"""Recovered, unchanged or worse: the group decides, points only within the lowest."""

import pytest

from alerts.proof.recovery.results import Given, noticeable, result_of
from surveys.scoring import scale_of


def nps(score: int) -> Given:
    return Given("nps", 11, score, scale_of("nps").group_of(score))


def csat(score: int) -> Given:
    return Given("csat", 5, score, scale_of("csat", 5).group_of(score))


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        (3, 7, "recovered"),
        (3, 9, "recovered"),
        (7, 9, "recovered"),
        (6, 7, "recovered"),
        (0, 6, "unchanged"),
        (3, 3, "unchanged"),
        (3, 2, "unchanged"),
        (3, 1, "worse"),
        (1, 0, "unchanged"),
        (8, 6, "worse"),
        (9, 8, "worse"),
        (8, 7, "unchanged"),
        (10, 9, "unchanged"),
    ],
)
def test_group_decides_and_two_points_within_it(before, after, result):
    assert result_of(nps(before), nps(after)) == result


def test_other_scales_are_compared_by_group_alone():
    assert result_of(csat(1), nps(9)) == "recovered"
    assert result_of(csat(2), nps(0)) == "unchanged"
    assert result_of(csat(5), nps(7)) == "worse"


def test_one_point_of_five_is_as_much_as_two_of_eleven():
    assert [noticeable(points) for points in (11, 7, 5)] == [2, 1, 1]
    assert result_of(csat(2), csat(1)) == "worse"


def test_a_slip_within_the_best_group_is_no_worse():
    ces = [Given("ces", 7, score, scale_of("ces").group_of(score)) for score in (7, 5)]
    assert result_of(*ces) == "unchanged"
    assert result_of(csat(5), csat(4)) == "unchanged"


def test_without_an_answer_before_only_detractors_are_not_recovered():
    assert result_of(None, nps(6)) == "unchanged"
    assert result_of(None, nps(7)) == "recovered"
