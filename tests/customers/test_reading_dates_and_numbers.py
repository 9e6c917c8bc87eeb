"""Dates and numbers are read as their writers meant them, or not at all."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.importing.broken import RuleBroken
from customers.importing.dates import find_date_order, parse_date, parse_datetime
from customers.importing.numbers import find_decimal_mark, has_ambiguous_number, parse_decimal, parse_integer

BERLIN = ZoneInfo("Europe/Berlin")
UTC = ZoneInfo("UTC")


def moment(cell, order=None, zone=BERLIN):
    return parse_datetime(cell, column="When", order=order, zone=zone)


def rule(call, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    assert broken.value.message
    return broken.value.rule


@pytest.mark.parametrize(
    "text",
    [
        "2018-04-11 20:09",
        "2018-04-11T20:09:00",
        "2018-04-11T20:09:00.000+02:00",
        "2018-04-11T18:09:00Z",
        "2018-04-11 18:09 UTC",
        "2018-04-11T13:09:00-0500",
        "2018/4/11 20:09",
        "11/04/2018 20:09",
        "11.04.2018 20:09",
        "11. 4. 2018 20:09",
        "11-04-2018, 20:09",
        "11/04/2018 8:09 PM",
        "11/04/2018 8:09 p.m.",
        "11 April 2018 20:09",
        "11. April 2018 20:09",
        "11 de abril de 2018 20:09",
        "11 avr. 2018 20:09",
        "April 11, 2018 8:09 PM",
        "Apr 11th, 2018 20:09",
        "Wed, 11 Apr 2018 20:09:00 +0200",
        "20180411T200900",
        "1523470140",
        "1523470140000",
        "43201.83958333333",
        "١١/٠٤/٢٠١٨ ٢٠:٠٩",
        "１１/０４/２０１８　２０:０９",
        "\u202a11/04/2018 20:09\u202c",
    ],
)
def test_all_ways_to_write_one_moment(text):
    assert moment(text, order="day_first") == datetime.datetime(2018, 4, 11, 18, 9, tzinfo=datetime.UTC)


def test_month_first_where_the_column_says_so():
    assert moment("04/11/2018 8:09 PM", order="month_first").month == 4
    assert parse_date("4-11-2018", column="", order="month_first", zone=UTC) == datetime.date(2018, 4, 11)


def test_days_of_the_spreadsheet_calendar():
    assert parse_date(43201, column="", order=None, zone=UTC) == datetime.date(2018, 4, 11)
    assert parse_date("43201", column="", order=None, zone=UTC) == datetime.date(2018, 4, 11)
    assert rule(parse_date, 7, column="", order=None, zone=UTC) == "not_a_date"


def test_date_alone_begins_the_day_where_the_organization_is():
    assert moment("2018-04-11") == datetime.datetime(2018, 4, 10, 22, 0, tzinfo=datetime.UTC)


def test_day_of_a_moment_with_offset_is_the_organizations_day():
    assert parse_date("2018-04-11T23:30:00Z", column="", order=None, zone=BERLIN) == datetime.date(2018, 4, 12)


def test_hour_the_clocks_skip_is_refused_and_the_repeated_one_is_the_first():
    assert rule(moment, "2024-03-31 02:30") == "no_such_time"
    assert moment("2024-03-31 03:00") == datetime.datetime(2024, 3, 31, 1, 0, tzinfo=datetime.UTC)
    assert moment("2024-10-27 02:30") == datetime.datetime(2024, 10, 27, 0, 30, tzinfo=datetime.UTC)


def test_day_without_midnight_begins_with_its_first_hour():
    cairo = ZoneInfo("Africa/Cairo")
    first_hour = datetime.datetime(2024, 4, 26, 1, 0, tzinfo=cairo).astimezone(datetime.UTC)
    assert moment("2024-04-26", zone=cairo) == first_hour


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11/04/18", "two_digit_year"),
        ("11-Apr-18", "two_digit_year"),
        ("05/04/2018", "ambiguous_date"),
        ("31/02/2018", "no_such_date"),
        ("2018-02-30", "no_such_date"),
        ("2018-04-11 24:00", "no_such_date"),
        ("11/04/2018 13:00 PM", "ambiguous_date"),
        ("13/04/2018 13:00 PM", "no_such_date"),
        ("2018-04-11 20:09 CEST", "not_a_date"),
        ("yesterday", "not_a_date"),
        ("1723-04-11", "date_out_of_range"),
        ("9999-12-31", "date_out_of_range"),
        ("12345678901234567890", "not_a_date"),
        ("", "not_a_date"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(text, expected):
    assert rule(moment, text) == expected


def test_date_against_the_order_of_its_column_is_refused():
    assert rule(moment, "04/13/2018", order="day_first") == "date_order"
    assert rule(moment, "13/04/2018", order="month_first") == "date_order"


@pytest.mark.parametrize(
    ("cells", "order", "is_ambiguous"),
    [
        (["05/04/2018", "13/04/2018"], "day_first", False),
        (["05/04/2018", "04/13/2018 8:00 AM"], "month_first", False),
        (["05/04/2018", "06/04/2018"], None, True),
        (["05/05/2018", "2018-04-05", "", "n/a"], None, False),
        (["05.04.2018", "06.04.2018"], "day_first", False),
        (["13/04/2018", "04/13/2018"], None, True),
        ([43201, 43202.5], None, False),
    ],
)
def test_order_of_day_and_month_is_decided_by_the_whole_column(cells, order, is_ambiguous):
    found = find_date_order(cells)
    assert (found.order, found.is_ambiguous) == (order, is_ambiguous)


@given(
    st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2090, 1, 1)).map(lambda m: m.replace(microsecond=0)),
    st.sampled_from(
        ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d-%m-%Y %I:%M:%S %p", "%d %B %Y %H:%M:%S"]
    ),
)
def test_every_written_moment_comes_back(written, pattern):
    assert moment(written.strftime(pattern), order="day_first", zone=UTC) == written.replace(tzinfo=datetime.UTC)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_broken_rule(text):
    for order in (None, "day_first", "month_first"):
        try:
            assert moment(text, order=order).tzinfo is datetime.UTC
        except RuleBroken as broken:
            assert broken.column == "When"


ALMOST_A_DATE = r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}( [0-9]{1,2}:[0-9]{2}( [AP]M)?)?([+-][0-9]{2}:?[0-9]{2})?"


@given(st.from_regex(ALMOST_A_DATE, fullmatch=True))
def test_anything_like_a_date_is_a_date_or_a_broken_rule(text):
    try:
        moment(text, order="day_first")
    except RuleBroken as broken:
        assert broken.rule


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("1234.5", "point", "1234.5"),
        ("1,234.5", "point", "1234.5"),
        ("1,234,567", "point", "1234567"),
        ("1.234,5", "comma", "1234.5"),
        ("1.234", "comma", "1234"),
        ("1.234", "point", "1.234"),
        ("1\u202f234,5", "comma", "1234.5"),
        ("1'234.50", "point", "1234.50"),
        ("\u22127", "point", "-7"),
        ("+7", "comma", "7"),
        (".5", "point", "0.5"),
        ("12.", "point", "12"),
        ("1.5E+3", "point", "1500"),
        ("٧", "point", "7"),
        ("12,5", None, "12.5"),
        (12.5, "comma", "12.5"),
        (0.1 + 0.2, None, "0.3"),
        (7, None, "7"),
    ],
)
def test_numbers_with_point_and_comma(cell, mark, value):
    assert parse_decimal(cell, column="", mark=mark) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "x", "1,23,4", "1.2.3", "--1", "1 2", "12,5", "NaN", "Infinity", "1" * 40, "1,", ".", "5%"]
)
def test_what_is_no_number_is_refused(text):
    assert rule(parse_decimal, text, column="", mark="point") == "not_a_number"


def test_number_that_may_be_two_is_refused_until_the_column_is_decided():
    assert rule(parse_decimal, "1,234", column="", mark=None) == "ambiguous_number"
    assert find_decimal_mark(["1,234", "12,5"]) == "comma"
    assert find_decimal_mark(["1,234", "12.5"]) == "point"
    assert find_decimal_mark(["1,234", "2,345"]) is None
    assert find_decimal_mark(["12,5", "12.5"]) is None
    assert has_ambiguous_number(["1,234"]) and not has_ambiguous_number(["12", "12,5", 1.234])


def test_whole_numbers():
    assert parse_integer("7.0", column="", mark="point") == 7
    assert parse_integer(9.0, column="", mark=None) == 9
    assert rule(parse_integer, "7.5", column="", mark="point") == "not_whole"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_every_number_comes_back_in_both_ways_of_writing(number):
    assert parse_decimal(f"{number:,.2f}", column="", mark="point") == number
    swapped = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_decimal(swapped, column="", mark="comma") == number


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_broken_rule(text):
    for mark in (None, "point", "comma"):
        try:
            assert parse_decimal(text, column="", mark=mark).is_finite()
        except RuleBroken as broken:
            assert broken.rule in ("not_a_number", "ambiguous_number")
