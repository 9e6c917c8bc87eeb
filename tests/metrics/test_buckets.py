"""A period cut into the points of its trend."""

import itertools
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.buckets import LONGEST, MOST_POINTS, buckets_of, unit_for, units_for
from metrics.periods import Period, PeriodKey

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo"]

days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
periods = st.builds(
    lambda last, length: Period(PeriodKey.CUSTOM, last - timedelta(days=length), last), days, st.integers(0, 9000)
)


def span(first, last):
    return Period(PeriodKey.CUSTOM, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("length", "unit"),
    [(1, "day"), (30, "day"), (31, "day"), (32, "week"), (91, "week"), (190, "week"), (365, "month"), (1827, "month"),
     (2000, "quarter"), (9000, "year")],
)  # fmt: skip
def test_length_chooses_the_unit(length, unit):
    period = Period(PeriodKey.CUSTOM, date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=length - 1))
    assert unit_for(period) == unit


@pytest.mark.parametrize(
    ("length", "units"),
    [
        (1, ("day",)),
        (7, ("day",)),
        (30, ("day", "week")),
        (91, ("day", "week", "month")),
        (365, ("week", "month", "quarter")),
    ],
)
def test_units_to_switch_between(length, units):
    period = Period(PeriodKey.CUSTOM, date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=length - 1))
    assert units_for(period) == units


def test_weeks_begin_on_monday_and_are_cut_at_the_ends_of_the_period():
    buckets = buckets_of(span("2026-02-04", "2026-03-04"), zone=BERLIN, today=date(2026, 3, 4), unit="week")
    assert [(str(bucket.key), str(bucket.first), str(bucket.last), bucket.is_partial) for bucket in buckets] == [
        ("2026-02-02", "2026-02-04", "2026-02-08", True),
        ("2026-02-09", "2026-02-09", "2026-02-15", False),
        ("2026-02-16", "2026-02-16", "2026-02-22", False),
        ("2026-02-23", "2026-02-23", "2026-03-01", False),
        ("2026-03-02", "2026-03-02", "2026-03-04", True),
    ]


def test_today_is_partial_as_it_is_not_over():
    period = span("2026-03-03", "2026-03-04")
    assert [bucket.is_partial for bucket in buckets_of(period, zone=BERLIN, today=date(2026, 3, 4))] == [False, True]
    assert [bucket.is_partial for bucket in buckets_of(period, zone=BERLIN, today=date(2026, 3, 5))] == [False, False]


def test_months_quarters_and_years():
    period = span("2025-11-15", "2026-05-31")
    keys = {
        unit: [str(bucket.key) for bucket in buckets_of(period, zone=BERLIN, today=date(2027, 1, 1), unit=unit)]
        for unit in ("month", "quarter", "year")
    }
    assert keys == {
        "month": [f"2025-{month}-01" for month in (11, 12)] + [f"2026-0{month}-01" for month in range(1, 6)],
        "quarter": ["2025-10-01", "2026-01-01", "2026-04-01"],
        "year": ["2025-01-01", "2026-01-01"],
    }


def test_days_on_which_clocks_change_have_23_and_25_hours():
    for first, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)):
        (bucket,) = buckets_of(span(first, first), zone=BERLIN, today=date(2027, 1, 1))
        assert bucket.end - bucket.start == timedelta(hours=hours)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="not “decade”"):
        buckets_of(span("2026-03-03", "2026-03-04"), zone=BERLIN, today=date(2026, 3, 4), unit="decade")


@given(periods, st.sampled_from(ZONES).map(ZoneInfo), st.sampled_from([None, *LONGEST]))
def test_buckets_cover_the_period_without_gap_or_overlap(period, zone, unit):
    buckets = buckets_of(period, zone=zone, today=period.last, unit=unit)
    assert (buckets[0].first, buckets[-1].last) == (period.first, period.last)
    assert (buckets[0].start, buckets[-1].end) == period.bounds(zone)
    for before, after in itertools.pairwise(buckets):
        assert before.end == after.start
        assert before.last + timedelta(days=1) == after.first == after.key
    assert buckets[-1].is_partial
    assert not any(bucket.is_partial for bucket in buckets[1:-1])


@given(periods)
def test_the_unit_chosen_is_on_offer_and_no_chart_has_too_many_points(period):
    assert unit_for(period) in units_for(period)
    for unit in units_for(period):
        assert len(buckets_of(period, zone=BERLIN, today=period.last, unit=unit)) <= MOST_POINTS + 2
