"""Business hours: worked values, and what holds for every calendar, also when clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.sla import add_business_hours, business_time_between, next_working_moment
from tenancy.working_hours import BusinessCalendar, WorkingHoursError
from tests.alerts.calendars import BERLIN, ZONES, at, calendars, moments, office

minutes = st.integers(0, 100 * 60)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-02 10:00", 3, "2026-03-02 13:00"),
        ("2026-03-02 16:00", 2, "2026-03-03 10:00"),
        ("2026-03-06 16:30", 1, "2026-03-09 09:30"),
        ("2026-03-07 12:00", 1, "2026-03-09 10:00"),
        ("2026-03-02 06:00", 8, "2026-03-02 17:00"),
        ("2026-03-02 09:00", 8, "2026-03-02 17:00"),
        ("2026-03-02 17:00", 1, "2026-03-03 10:00"),
        ("2026-03-02 10:00", 24, "2026-03-05 10:00"),
        ("2026-03-06 10:00", 0.5, "2026-03-06 10:30"),
        # Over the weekend on which clocks spring forward
        ("2026-03-27 16:00", 2, "2026-03-30 10:00"),
        ("2026-03-07 12:00", 0, "2026-03-07 12:00"),
    ],
)
def test_worked_values_nine_to_five(start, hours, due):
    assert add_business_hours(at(start), hours, office()) == at(due)


def test_24_hours_over_a_day_off_and_a_break():
    hours = {str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(1, 6)}
    calendar = office(BERLIN, date(2026, 3, 4), hours=hours)
    assert add_business_hours(at("2026-03-02 11:00"), 24, calendar) == at("2026-03-06 11:00")


def test_hours_of_a_night_shift_really_pass_when_clocks_change():
    night = office(hours={"6": [["22:00", "24:00"]], "7": [["00:00", "06:00"]]})
    assert add_business_hours(at("2026-03-28 22:00"), 7, night) == at("2026-03-29 06:00")
    assert add_business_hours(at("2026-10-24 22:00"), 9, night) == at("2026-10-25 06:00")
    assert business_time_between(at("2026-10-24 12:00"), at("2026-10-25 12:00"), night) == timedelta(hours=9)


def test_around_the_clock_hours_are_plain_hours():
    calendar = BusinessCalendar.around_the_clock(BERLIN)
    start = at("2026-03-28 20:00").astimezone(UTC)
    assert add_business_hours(start, 24, calendar) == start + timedelta(hours=24)


def test_answers_are_in_utc():
    assert add_business_hours(at("2026-03-02 10:00"), 1, office()).tzinfo is UTC
    assert add_business_hours(at("2026-03-02 10:00"), 0, office()).tzinfo is UTC


def test_next_working_moment_is_now_or_the_next_opening():
    calendar = office()
    assert next_working_moment(at("2026-03-02 10:00"), calendar) == at("2026-03-02 10:00")
    assert next_working_moment(at("2026-03-02 17:00"), calendar) == at("2026-03-03 09:00")
    assert next_working_moment(at("2026-03-06 20:00"), calendar) == at("2026-03-09 09:00")


def test_time_between_is_negative_backwards():
    calendar = office()
    assert business_time_between(at("2026-03-09 10:00"), at("2026-03-06 16:00"), calendar) == -timedelta(hours=2)


def test_a_week_without_working_hours_is_refused():
    with pytest.raises(WorkingHoursError, match="at least one day with working hours"):
        BusinessCalendar(BERLIN, ((),) * 7)


def test_negative_hours_are_refused():
    with pytest.raises(ValueError, match="0 or more, not -1"):
        add_business_hours(at("2026-03-02 10:00"), -1, office())


def test_a_moment_without_zone_is_refused():
    naive = datetime(2026, 3, 2, 10)
    for deed in (
        lambda: add_business_hours(naive, 1, office()),
        lambda: next_working_moment(naive, office()),
        lambda: business_time_between(at("2026-03-02 10:00"), naive, office()),
    ):
        with pytest.raises(ValueError, match="time zone"):
            deed()


@given(moments, minutes, calendars)
def test_time_between_start_and_due_is_what_was_added(start, added, calendar):
    due = add_business_hours(start, added / 60, calendar)
    assert due >= start
    assert business_time_between(start, due, calendar) == timedelta(hours=added / 60)


@given(moments, minutes.filter(bool), calendars)
def test_due_is_the_first_moment_at_which_the_hours_have_passed(start, added, calendar):
    due = add_business_hours(start, added / 60, calendar)
    just_before = due - timedelta(microseconds=1)
    assert business_time_between(start, just_before, calendar) < timedelta(hours=added / 60)


@given(moments, minutes, minutes, calendars)
def test_adding_twice_is_adding_the_sum(start, one, other, calendar):
    one, other = 15 * one / 60, 15 * other / 60  # quarters of an hour: exact as floats
    one, other = one % 64, other % 64
    step = add_business_hours(start, one, calendar)
    assert add_business_hours(step, other, calendar) == add_business_hours(start, one + other, calendar)


@given(moments, moments, minutes, calendars)
def test_who_starts_later_is_never_due_earlier(one, other, added, calendar):
    first, second = sorted((one, other))
    due = [add_business_hours(start, added / 60, calendar) for start in (first, second)]
    assert due[0] <= due[1]


@given(moments, minutes, minutes, calendars)
def test_more_hours_are_never_due_earlier(start, one, other, calendar):
    fewer, more = sorted((one, other))
    assert add_business_hours(start, fewer / 60, calendar) <= add_business_hours(start, more / 60, calendar)


@given(st.lists(moments, min_size=3, max_size=3), calendars)
def test_times_between_add_up(three, calendar):
    a, b, c = three
    near = [a, a + (b - a) % timedelta(days=9), a + (c - a) % timedelta(days=9)]
    a, b, c = near
    assert business_time_between(a, b, calendar) + business_time_between(b, c, calendar) == business_time_between(
        a, c, calendar
    )


@given(moments, moments, st.sampled_from(ZONES))
def test_around_the_clock_is_real_time(start, end, zone):
    end = start + (end - start) % timedelta(days=30)
    assert business_time_between(start, end, BusinessCalendar.around_the_clock(zone)) == end - start


@given(moments, st.integers(0, 5 * 1440), st.sampled_from(ZONES))
def test_office_hours_equal_a_count_of_minutes(start, length, zone):
    counted = 0
    for minute in range(length):
        local = (start + timedelta(minutes=minute)).astimezone(zone)
        counted += local.isoweekday() <= 5 and 9 <= local.hour < 17
    end = start + timedelta(minutes=length)
    assert business_time_between(start, end, office(zone)) == timedelta(minutes=counted)


@given(moments, calendars)
def test_next_working_moment_loses_no_working_time(start, calendar):
    opening = next_working_moment(start, calendar)
    assert opening >= start
    assert business_time_between(start, opening, calendar) == timedelta(0)
    assert business_time_between(opening, opening + timedelta(minutes=1), calendar) > timedelta(0)
