"""Figures as text: half up on exact counts, a sign, a true minus."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.nps import nps
from metrics.statistics.rounding import margin_text, plain, rounded, signed


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(100, 3), 0, "+33"),
        (Fraction(25, 2), 0, "+13"),
        (Fraction(-25, 2), 0, "−13"),
        (Fraction(1, 2), 0, "+1"),
        (Fraction(-1, 3), 0, "0"),
        (0, 0, "0"),
        (0, 1, "0.0"),
        (Fraction(-304, 1160) * 100, 1, "−26.2"),
        (Fraction(2675, 1000), 2, "+2.68"),
        (-100, 0, "−100"),
        (Decimal("0.05"), 1, "+0.1"),
        (12.449999, 1, "+12.4"),
    ],
)
def test_signed_scores(value, digits, text):
    assert signed(value, digits) == text


def test_counts_are_rounded_exactly_where_floats_fall_short():
    assert round(100 * 201 / 20_000, 2) == 1.0
    assert plain(nps(201, 19_799, 0).value, 2) == "1.01"


def test_plain_figures_have_no_plus():
    assert plain(Fraction(9, 2), 1) == "4.5"
    assert plain(70) == "70"
    assert plain(Fraction(-3, 2)) == "−2"


def test_large_numbers_are_not_written_with_an_exponent():
    assert plain(10**30) == "1" + "0" * 30


@pytest.mark.parametrize(
    ("margin", "digits", "text"),
    [(7.2, 0, "±7"), (7.5, 0, "±8"), (14.05, 1, "±14.1"), (0.3, 0, "±<1"), (0.04, 1, "±<0.1"), (0, 0, "±0")],
)
def test_margins(margin, digits, text):
    assert margin_text(margin, digits) == text


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_moves_by_half_a_step_at_most_and_mirrors(value, digits):
    assert abs(Fraction(rounded(value, digits)) - value) <= Fraction(1, 2 * 10**digits)
    assert rounded(-value, digits) == -rounded(value, digits)
    assert rounded(rounded(value, digits), digits) == rounded(value, digits)
