"""Periods of the dashboard: which days, compared with which, written how in the URL."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.periods import (
    DEFAULT,
    LENGTHS,
    SHORTCUTS,
    Compare,
    Period,
    PeriodError,
    PeriodKey,
    canonical_query,
    parse_compare,
    parse_period,
    period_of,
    period_query,
)

TODAY = date(2026, 3, 4)
EARLIEST = date(2024, 5, 6)

todays = st.dates(date(1990, 1, 1), date(2100, 1, 1))
periods = st.one_of(
    st.builds(
        lambda key, today: period_of(key, today=today),
        st.sampled_from([key for key in PeriodKey if key is not PeriodKey.CUSTOM]),
        todays,
    ),
    st.builds(
        lambda last, days: Period(PeriodKey.CUSTOM, last - timedelta(days=days), last),
        todays,
        st.integers(0, 3000),
    ),
)


def parse(text, **values):
    return parse_period(dict(parse_qsl(text)), today=TODAY, **values)


@pytest.mark.parametrize(
    ("query", "key", "first", "last"),
    [
        ("", "30d", "2026-02-03", "2026-03-04"),
        ("period=today", "today", "2026-03-04", "2026-03-04"),
        ("period=7d", "7d", "2026-02-26", "2026-03-04"),
        ("period=quarter", "quarter", "2025-12-04", "2026-03-04"),
        ("period=year", "year", "2025-03-05", "2026-03-04"),
        ("period=all", "all", "2024-05-06", "2026-03-04"),
        ("from=2026-01-01&to=2026-01-31", "custom", "2026-01-01", "2026-01-31"),
        ("period=custom&from=2026-01-01&to=2026-01-31", "custom", "2026-01-01", "2026-01-31"),
        ("from=2026-03-01", "custom", "2026-03-01", "2026-03-04"),
        ("from=2026-03-01&to=2026-03-31", "custom", "2026-03-01", "2026-03-04"),
        ("period=7d&from=2026-01-01&to=2026-01-31", "7d", "2026-02-26", "2026-03-04"),
    ],
)
def test_periods_of_a_url(query, key, first, last):
    expected = Period(PeriodKey(key), date.fromisoformat(first), date.fromisoformat(last))
    assert parse(query, earliest=EARLIEST) == expected


def test_all_time_without_any_data_is_today():
    assert parse("period=all").days == 1


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("period=banana", "period", "must be one of today, 7d, 30d, quarter, year, all, custom, not “banana”"),
        ("from=31.01.2026", "from", "must be a date like 2026-01-31, not “31.01.2026”"),
        ("from=2026-02-30", "from", "must be a date like 2026-01-31, not “2026-02-30”"),
        ("from=2026-02-03&to=x", "to", "must be a date"),
        ("to=2026-02-03", "from", "is missing"),
        ("period=custom", "from", "is missing"),
        ("from=2026-02-03&to=2026-02-02", "from", "must not be after 2026-02-02"),
        ("from=2026-03-05", "from", "must not be after 2026-03-04"),
        ("from=1969-12-31", "from", "must not be before 1970-01-01"),
    ],
)
def test_what_is_no_period_is_refused_naming_parameter_and_rule(query, field, message):
    with pytest.raises(PeriodError) as refusal:
        parse(query)
    assert refusal.value.field == field
    assert message in refusal.value.rule


def test_compare_is_with_the_previous_period_unless_told_otherwise():
    assert parse_compare({}) is Compare.PREVIOUS
    assert parse_compare({"compare": "year"}) is Compare.YEAR
    assert parse_compare({"compare": "none"}) is Compare.NONE
    with pytest.raises(PeriodError, match="one of previous, year, none"):
        parse_compare({"compare": "week"})


def test_each_period_has_its_key():
    assert "".join(SHORTCUTS) == "DWMQYAC"
    assert set(SHORTCUTS.values()) == set(PeriodKey)


@pytest.mark.parametrize(
    ("query", "compare", "first", "last"),
    [
        ("period=today", "previous", "2026-02-25", "2026-02-25"),
        ("period=7d", "previous", "2026-02-19", "2026-02-25"),
        ("", "previous", "2025-12-30", "2026-01-28"),
        ("period=quarter", "previous", "2025-09-04", "2025-12-03"),
        ("period=7d", "year", "2025-02-27", "2025-03-05"),
        ("period=year", "year", "2024-02-28", "2025-02-26"),
        ("from=2026-03-02&to=2026-03-03", "previous", "2026-02-23", "2026-02-24"),
    ],
)
def test_comparison_periods(query, compare, first, last):
    other = parse(query).compared_with(Compare(compare))
    assert (other.first.isoformat(), other.last.isoformat()) == (first, last)


def test_all_time_is_compared_with_nothing():
    assert parse("period=all", earliest=EARLIEST).compared_with(Compare.PREVIOUS) is None
    assert parse("period=7d").compared_with(Compare.NONE) is None


@given(periods, st.sampled_from([Compare.PREVIOUS, Compare.YEAR]))
def test_comparison_has_as_many_days_on_the_same_weekdays_and_does_not_overlap(period, compare):
    other = period.compared_with(compare)
    if period.key is PeriodKey.ALL:
        assert other is None
        return
    assert other.days == period.days
    assert other.first.weekday() == period.first.weekday()
    assert other.last < period.first
    if compare is Compare.PREVIOUS:
        assert (period.first - other.last).days <= 7


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", {}),
        ("period=30d", {}),
        ("period=30d&compare=previous", {}),
        ("compare=year&period=7d", {"period": "7d", "compare": "year"}),
        ("period=custom&from=2026-01-01&to=2026-01-31", {"from": "2026-01-01", "to": "2026-01-31"}),
    ],
)
def test_url_values_are_without_defaults(query, canonical):
    values = dict(parse_qsl(query))
    assert period_query(parse(query), parse_compare(values)) == canonical


def test_query_strings_of_equal_choices_are_equal():
    one = canonical_query({"survey": "a b", "period": "7d", "touchpoint": "", "seg": ["x", "b"]})
    other = canonical_query({"seg": ["b", "x"], "period": "7d", "survey": "a b"})
    assert one == other == "period=7d&seg=b&seg=x&survey=a+b"


@given(periods, st.sampled_from(Compare))
def test_what_is_written_is_read_back(period, compare):
    query = dict(parse_qsl(canonical_query(period_query(period, compare))))
    assert parse_period(query, today=period.last, earliest=period.first) == period
    assert parse_compare(query) is compare


@given(st.dictionaries(st.sampled_from(["period", "from", "to", "compare"]), st.text(max_size=12)))
def test_any_url_ends_in_a_period_or_a_named_refusal(query):
    try:
        period = parse_period(query, today=TODAY)
    except PeriodError as refusal:
        assert refusal.field in ("period", "from", "to")
    else:
        assert period.first <= period.last <= TODAY


def test_bounds_are_midnights_of_the_organization():
    start, end = parse("from=2026-03-01&to=2026-03-31", earliest=None).bounds(ZoneInfo("Europe/Berlin"))
    assert start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert end == datetime(2026, 3, 4, 23, tzinfo=UTC)


def test_labels():
    assert parse("").label == "Last 30 days"
    assert parse("from=2026-01-01&to=2026-01-31").label == "1 Jan 2026 to 31 Jan 2026"
    assert parse("from=2026-01-01&to=2026-01-01").label == "1 Jan 2026"


def test_the_default_is_on_offer():
    assert DEFAULT in LENGTHS
