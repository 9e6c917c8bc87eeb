"""Business days: the same local time on a later working day."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.sla import add_business_days, next_working_moment
from tenancy.working_hours import BusinessCalendar
from tests.alerts.calendars import BERLIN, ZONES, at, calendars, moments, office

days = st.integers(0, 15)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-02 10:00", 1, "2026-03-03 10:00"),
        ("2026-03-02 10:00", 5, "2026-03-09 10:00"),
        ("2026-03-06 16:30", 1, "2026-03-09 16:30"),
        # Out of hours the clock starts with the next opening
        ("2026-03-06 20:00", 1, "2026-03-10 09:00"),
        ("2026-03-07 12:00", 5, "2026-03-16 09:00"),
        ("2026-03-02 07:00", 1, "2026-03-03 09:00"),
        ("2026-03-02 17:00", 1, "2026-03-04 09:00"),
        # The same local time, whatever clocks did in between
        ("2026-03-27 10:00", 1, "2026-03-30 10:00"),
        ("2026-10-23 10:00", 1, "2026-10-26 10:00"),
        ("2026-03-07 12:00", 0, "2026-03-09 09:00"),
    ],
)
def test_worked_values_nine_to_five(start, count, due):
    assert add_business_days(at(start), count, office()) == at(due)


def test_days_off_are_not_counted():
    calendar = office(BERLIN, date(2026, 4, 3), date(2026, 4, 6))
    assert add_business_days(at("2026-04-02 10:00"), 1, calendar) == at("2026-04-07 10:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-05 16:00", "2026-03-06 14:00"),  # after the last closing: back to it
        ("2026-03-05 12:30", "2026-03-06 13:00"),  # in the break: its end
        ("2026-03-05 07:30", "2026-03-06 08:00"),  # before the first opening
        ("2026-03-05 12:00", "2026-03-06 12:00"),  # just at a closing
    ],
)
def test_a_time_not_worked_on_the_day_found_moves_within_that_day(start, due):
    calendar = office(hours={"4": [["07:00", "17:00"]], "5": [["08:00", "12:00"], ["13:00", "14:00"]]})
    assert add_business_days(at(start), 1, calendar) == at(due)


def test_around_the_clock_days_are_calendar_days():
    calendar = BusinessCalendar.around_the_clock(BERLIN)
    assert add_business_days(at("2026-03-27 22:15"), 5, calendar) == at("2026-04-01 22:15")


def test_a_skipped_hour_is_the_moment_of_the_jump():
    calendar = BusinessCalendar.around_the_clock(BERLIN)
    assert add_business_days(at("2026-03-28 02:30"), 1, calendar) == at("2026-03-29 03:00")


def test_negative_days_are_refused():
    with pytest.raises(ValueError, match="0 or more, not -1"):
        add_business_days(at("2026-03-02 10:00"), -1, office())


def test_answers_are_in_utc():
    assert add_business_days(at("2026-03-02 10:00"), 1, office()).tzinfo is UTC


@given(moments, days, calendars)
def test_due_is_within_working_hours_or_at_a_closing(start, count, calendar):
    due = add_business_days(start, count, calendar)
    spans = calendar.spans_on(due.astimezone(calendar.zone).date())
    yesterday = calendar.spans_on((due - timedelta(hours=1)).astimezone(calendar.zone).date())
    assert any(opening <= due <= closing for opening, closing in (*spans, *yesterday))


@given(moments, days, calendars)
def test_exactly_so_many_working_days_are_counted(start, count, calendar):
    first = next_working_moment(start, calendar).astimezone(calendar.zone).date()
    due = add_business_days(start, count, calendar)
    # A due time at the very end of a day ("24:00") belongs to that day.
    last = (due - timedelta(microseconds=1)).astimezone(calendar.zone).date() if count else first
    last = max(last, first)
    counted = sum(bool(calendar.spans_on(first + timedelta(days=day))) for day in range(1, (last - first).days + 1))
    at_midnight = due.astimezone(calendar.zone).time().isoformat() == "00:00:00"
    assert counted == count or (at_midnight and counted == count - 1)


@given(moments, days, days, calendars)
def test_more_days_are_never_due_earlier(start, one, other, calendar):
    fewer, more = sorted((one, other))
    assert add_business_days(start, fewer, calendar) <= add_business_days(start, more, calendar)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=4)), days, st.sampled_from(ZONES))
def test_who_starts_later_is_never_due_earlier(start, later, count, zone):
    # Between hours that clocks show twice the same local time can come again; offices are closed then.
    calendar = office(zone)
    assert add_business_days(start, count, calendar) <= add_business_days(start + later, count, calendar)
