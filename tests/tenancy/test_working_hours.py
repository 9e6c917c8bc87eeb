"""Reading an organization's working hours: what is accepted, and what each refusal names."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenancy.working_hours import BusinessCalendar, Problem, WorkingHoursError, parse_working_hours

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)


def problems_of(hours):
    with pytest.raises(WorkingHoursError) as refusal:
        parse_working_hours(hours, zone=BERLIN)
    return [str(problem) for problem in refusal.value.problems]


def test_days_left_out_are_free():
    calendar = parse_working_hours({"1": [["09:00", "17:00"]]}, zone=BERLIN)
    assert calendar.week == (((540, 1020),), (), (), (), (), (), ())
    assert calendar.spans_on(MONDAY + timedelta(days=1)) == ()


def test_spans_are_moments_in_the_zone_of_the_organization():
    calendar = parse_working_hours({"1": [["13:30", "17:00"], ["9:00", "12:30"]]}, zone=BERLIN)
    assert calendar.spans_on(MONDAY) == (
        (datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 11, 30, tzinfo=UTC)),
        (datetime(2026, 3, 2, 12, 30, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC)),
    )


def test_a_span_may_end_at_24():
    calendar = parse_working_hours({"1": [["22:00", "24:00"]]}, zone=BERLIN)
    assert calendar.spans_on(MONDAY)[0][1] == datetime(2026, 3, 2, 23, tzinfo=UTC)


def test_days_off_have_no_working_time():
    calendar = parse_working_hours({"1": [["09:00", "17:00"]]}, zone=BERLIN, days_off=frozenset({MONDAY}))
    assert calendar.spans_on(MONDAY) == ()
    assert calendar.spans_on(MONDAY + timedelta(days=7)) != ()


def test_a_night_shift_is_shorter_when_clocks_spring_forward_and_longer_when_they_fall_back():
    night = parse_working_hours({"7": [["00:00", "06:00"]]}, zone=BERLIN)
    lengths = [
        end - start
        for day in (date(2026, 3, 22), date(2026, 3, 29), date(2026, 10, 25))
        for start, end in night.spans_on(day)
    ]
    assert lengths == [timedelta(hours=6), timedelta(hours=5), timedelta(hours=7)]


def test_a_span_within_the_skipped_hour_is_no_working_time():
    calendar = parse_working_hours({"7": [["02:00", "03:00"]]}, zone=BERLIN)
    assert calendar.spans_on(date(2026, 3, 29)) == ()


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        (None, "Working hours: must be given by weekday, 1 to 7."),
        ([], "Working hours: must be given by weekday, 1 to 7."),
        ({}, "Week: needs at least one day with working hours."),
        ({"1": [], "2": []}, "Week: needs at least one day with working hours."),
        ({"8": [["09:00", "17:00"]]}, "Weekday: must be 1 (Monday) to 7 (Sunday), not “8”."),
        ({"1": "09:00-17:00"}, "Monday, hours: must be a list of spans."),
        ({"2": [["09:00"]]}, "Tuesday, span 1: must have a start and an end."),
        ({"2": ["09"]}, "Tuesday, span 1: must have a start and an end."),
        ({"3": [["9 am", "17:00"]]}, "Wednesday, start of span 1: must be a time from 00:00 to 24:00, not “9 am”."),
        ({"3": [["09:00", "24:01"]]}, "Wednesday, end of span 1: must be a time from 00:00 to 24:00, not “24:01”."),
        ({"3": [["09:00", 17]]}, "Wednesday, end of span 1: must be a time from 00:00 to 24:00, not “17”."),
        ({"4": [["17:00", "09:00"]]}, "Thursday, end of span 1: must be after its start (17:00), not 09:00."),
        ({"4": [["09:00", "09:00"]]}, "Thursday, end of span 1: must be after its start (09:00), not 09:00."),
        (
            {"5": [["09:00", "13:00"], ["12:30", "17:00"]]},
            "Friday, start of span 2: must not be before the end of the span before (13:00), not 12:30.",
        ),
    ],
)
def test_refusals_name_day_field_and_rule(hours, problem):
    assert problems_of(hours) == [problem]


def test_all_problems_are_named_at_once():
    hours = {"1": [["x", "y"]], "2": [["10:00", "11:00"], 5], "9": []}
    assert len(problems_of(hours)) == 4


def test_a_problem_keeps_its_parts_for_forms():
    with pytest.raises(WorkingHoursError) as refusal:
        parse_working_hours({"4": [["17:00", "09:00"]]}, zone=BERLIN)
    assert refusal.value.problems == (
        Problem("Thursday", "end of span 1", "must be after its start (17:00), not 09:00."),
    )


def test_spans_may_touch():
    hours = {"1": [["00:00", "12:00"], ["12:00", "24:00"]]}
    assert parse_working_hours(hours, zone=BERLIN).week[0] == ((0, 720), (720, 1440))


def test_around_the_clock_works_always():
    calendar = BusinessCalendar.around_the_clock(BERLIN)
    spans = [span for day in range(400) for span in calendar.spans_on(MONDAY + timedelta(days=day))]
    assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))


minutes = st.integers(0, 1440)
weeks = st.dictionaries(
    st.sampled_from("1234567"),
    st.sets(minutes, max_size=6).map(
        lambda edges: [
            [f"{start // 60:02}:{start % 60:02}", f"{end // 60:02}:{end % 60:02}"]
            for start, end in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)
        ]
    ),
).filter(lambda week: any(week.values()))


@given(weeks)
def test_hours_are_written_as_they_were_read(hours):
    calendar = parse_working_hours(hours, zone=BERLIN)
    written = calendar.as_json()
    assert list(written) == list("1234567")
    assert {day: spans for day, spans in written.items() if spans} == {
        day: spans for day, spans in hours.items() if spans
    }
    assert parse_working_hours(written, zone=BERLIN) == calendar


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=6) | st.sampled_from(["09:00", "17:00", "24:00"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("123456789"), inner),
        max_leaves=12,
    )
)
def test_whatever_json_is_given_ends_in_a_calendar_or_named_problems(hours):
    try:
        parse_working_hours(hours, zone=BERLIN)
    except WorkingHoursError as refusal:
        assert refusal.problems
