"""The moment at which a share of a promised time is used up, with pauses, holidays and changing clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation.moments import step_moment
from alerts.sla import add_business_hours, business_time_between
from tests.alerts.calendars import BERLIN, at, calendars, moments, office

percents = st.integers(1, 400)
hours = st.integers(1, 60)
MINUTE = timedelta(minutes=1)


@given(moments, hours, calendars)
def test_the_whole_promised_time_is_the_due_moment(start, promised, calendar):
    due_at = add_business_hours(start, promised, calendar)
    moment = step_moment(100, due_at=due_at, budget=timedelta(hours=promised), calendar=calendar)
    assert moment == due_at


@given(moments, hours, percents, calendars)
def test_without_pauses_it_is_the_start_plus_that_share_of_working_time(start, promised, percent, calendar):
    budget = timedelta(hours=promised)
    due_at = add_business_hours(start, promised, calendar)
    moment = step_moment(percent, due_at=due_at, budget=budget, calendar=calendar)
    assert moment == add_business_hours(start, promised * percent / 100, calendar)


@given(moments, hours, percents, percents, calendars)
def test_a_larger_share_is_never_earlier(start, promised, one, other, calendar):
    budget, due_at = timedelta(hours=promised), add_business_hours(start, promised, calendar)
    first, second = (
        step_moment(percent, due_at=due_at, budget=budget, calendar=calendar) for percent in sorted((one, other))
    )
    assert first <= second


@given(moments, st.integers(1, 30), percents, calendars, st.lists(st.integers(0, 6000), max_size=6, unique=True))
def test_pauses_are_no_time_at_all(start, promised, percent, calendar, edges):
    """Checked against the time that passes between the start and the moment, less what of it the pauses took."""
    edges = sorted(edges)
    pauses = [
        (start + begin * MINUTE, start + end * MINUTE) for begin, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    budget = timedelta(hours=promised)
    due_at = _due(start, budget, calendar, pauses)
    moment = step_moment(percent, due_at=due_at, budget=budget, calendar=calendar, pauses=pauses)
    assert _used(start, moment, calendar, pauses) == budget * percent / 100
    # The first such moment: a second before, less was used.
    assert _used(start, moment - timedelta(seconds=1), calendar, pauses) < budget * percent / 100


def _used(start, end, calendar, pauses) -> timedelta:
    stood = [(max(start, begin), min(end, over)) for begin, over in pauses]
    lost = sum((business_time_between(*each, calendar) for each in stood if each[0] < each[1]), timedelta(0))
    return business_time_between(start, end, calendar) - lost


def _due(start, budget, calendar, pauses) -> datetime:
    """Where the whole budget is used, pause by pause."""
    left, since = budget, start
    for begin, over in pauses:
        passed = business_time_between(since, begin, calendar)
        if passed >= left:
            break
        left, since = left - passed, over
    return add_business_hours(since, left / timedelta(hours=1), calendar)


def test_days_without_working_hours_are_stepped_over():
    calendar = office(hours={"1": [["09:00", "10:00"]]})
    due_at = add_business_hours(at("2026-03-02 09:00"), 2, calendar)
    assert due_at == at("2026-03-09 10:00")
    for percent, moment in ((25, "2026-03-02 09:30"), (50, "2026-03-02 10:00"), (200, "2026-03-23 10:00")):
        found = step_moment(percent, due_at=due_at, budget=timedelta(hours=2), calendar=calendar)
        assert found == at(moment)


def test_holidays_are_missing_where_there_are_none_and_stepped_over_where_there_are():
    due_at, budget = at("2026-04-08 12:00"), timedelta(hours=8)
    plain = step_moment(50, due_at=due_at, budget=budget, calendar=office())
    easter = [date(2026, 4, day) for day in (3, 6, 7)]
    closed = step_moment(50, due_at=due_at, budget=budget, calendar=office(BERLIN, *easter))
    assert (plain, closed) == (at("2026-04-07 16:00"), at("2026-04-02 16:00"))


def test_change_of_clocks_in_a_night_shift_neither_gives_nor_takes_an_hour():
    nights = office(hours={str(day): [["00:00", "06:00"]] for day in range(1, 8)})
    # In the night to 29 March only five hours pass between midnight and six.
    due_at = add_business_hours(datetime(2026, 3, 27, 23, tzinfo=UTC), 16, nights)
    budget = timedelta(hours=16)
    assert step_moment(75, due_at=due_at, budget=budget, calendar=nights) == at("2026-03-30 01:00")


def test_nothing_promised_is_due_at_once_whatever_the_share():
    due_at = at("2026-03-02 09:00")
    for percent in (1, 100, 200):
        assert step_moment(percent, due_at=due_at, budget=timedelta(0), calendar=office()) == due_at


@given(moments, calendars)
def test_naive_moments_and_negative_times_are_refused(moment, calendar):
    with pytest.raises(ValueError, match="time zone"):
        step_moment(50, due_at=moment.replace(tzinfo=None), budget=timedelta(1), calendar=calendar)
    with pytest.raises(ValueError, match="negative"):
        step_moment(50, due_at=moment, budget=-timedelta(1), calendar=calendar)
