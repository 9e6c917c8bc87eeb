"""CSAT, CES, the rates of the programme, churn and lifetime value: the worked values and their limits."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.lifetime_value import clv
from metrics.statistics.rates import churn_between, churn_rate, completion_rate, fcr, response_rate
from metrics.statistics.rounding import rounded
from metrics.statistics.satisfaction import ces, ces_share, csat, mean_rating


def test_csat_is_the_share_of_4_and_5():
    assert csat({1: 5, 2: 5, 3: 10, 4: 30, 5: 50}).value == 80


def test_csat_on_seven_points_is_the_share_of_6_and_7():
    assert csat({1: 10, 5: 20, 6: 30, 7: 40}, points=7).value == 70


def test_mean_rating_is_the_mean():
    assert mean_rating({1: 1, 5: 3}).value == 4
    assert mean_rating({1: 1, 7: 1}, points=7).interval.high == 7


def test_ces_is_the_mean_and_ces_share_counts_5_to_7():
    counts = {1: 1, 4: 1, 5: 1, 6: 1, 7: 1}
    assert ces_share(counts).value == 60
    assert ces(counts).value == Fraction(23, 5)


@pytest.mark.parametrize("measure", [csat, mean_rating])
@pytest.mark.parametrize("score", [0, 6])
def test_a_score_of_another_scale_never_joins_the_series(measure, score):
    with pytest.raises(ValueError, match="1 to 5"):
        measure({score: 1})


@pytest.mark.parametrize("measure", [ces, ces_share])
def test_ces_takes_1_to_7(measure):
    with pytest.raises(ValueError, match="1 to 7"):
        measure({0: 1})


def test_response_and_completion_rate():
    assert response_rate(completed=12, delivered=48).value == 25
    assert completion_rate(completed=9, started=12).value == 75


def test_more_answers_than_invitations_are_refused():
    with pytest.raises(ValueError, match="hits"):
        response_rate(completed=5, delivered=4)


def test_first_contact_resolution_carries_its_method_and_window():
    rate = fcr(resolved=280, contacts=400, method="no_repeat")
    assert (rate.share.value, rate.method, rate.window_days) == (70, "no_repeat", 7)
    assert fcr(resolved=280, contacts=400, method="no_repeat", window_days=14).window_days == 14
    assert fcr(resolved=280, contacts=400, method="question").window_days is None


def test_a_question_has_no_window():
    with pytest.raises(ValueError, match="no window"):
        fcr(resolved=1, contacts=2, method="question", window_days=7)
    with pytest.raises(ValueError, match="1 day or more"):
        fcr(resolved=1, contacts=2, method="no_repeat", window_days=0)


def test_churn_rate():
    assert churn_rate(left=150, at_start=1000).value == 15


def test_new_customers_do_not_lower_churn():
    assert churn_between({"alice", "bob", "charlie", "dave"}, {"alice", "bob", "erin", "frank"}).value == 50


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)), st.sets(st.integers(31, 60)))
def test_churn_does_not_depend_on_who_joined(at_start, at_end, joined):
    assert churn_between(at_start, at_end | joined) == churn_between(at_start, at_end)


def test_lifetime_value_in_both_forms():
    figures = {"margin": 10, "retention": Decimal("0.9"), "discount": Decimal("0.01")}
    assert rounded(clv(**figures, first_margin="now"), 1) == Decimal("91.8")
    assert rounded(clv(**figures, first_margin="after_renewal"), 1) == Decimal("81.8")


@given(st.fractions(1, 1000), st.fractions(0, Fraction(99, 100)), st.fractions(0, 1))
def test_lifetime_value_now_is_one_margin_more_than_after_renewal(margin, retention, discount):
    figures = {"margin": margin, "retention": retention, "discount": discount}
    assert clv(**figures, first_margin="now") - clv(**figures, first_margin="after_renewal") == margin


@pytest.mark.parametrize(
    ("retention", "discount", "rule"),
    [(1.1, 0.1, "Retention"), (-0.1, 0.1, "Retention"), (0.9, -0.1, "discount"), (1, 0, "endless")],
)
def test_lifetime_value_outside_its_range_is_refused(retention, discount, rule):
    with pytest.raises(ValueError, match=rule):
        clv(margin=10, retention=retention, discount=discount, first_margin="now")
