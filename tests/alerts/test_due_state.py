"""What the chip of a promise says."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.sla import Due, DueState, due_state
from tests.alerts.calendars import BERLIN, at

NOW = "2026-03-04 12:00"


@pytest.mark.parametrize(
    ("due", "state", "hours"),
    [
        ("2026-03-06 12:00", "ok", 48),
        ("2026-03-05 00:00", "ok", 12),
        ("2026-03-04 23:59", "due today", 11 + 59 / 60),
        ("2026-03-04 14:01", "due today", 2 + 1 / 60),
        ("2026-03-04 14:00", "soon", 2),
        ("2026-03-04 12:00", "soon", 0),
        ("2026-03-04 11:59", "overdue", -1 / 60),
        ("2026-03-01 12:00", "overdue", -72),
    ],
)
def test_open_promises(due, state, hours):
    answer = due_state(at(NOW), at(due), None, zone=BERLIN)
    assert answer.state == state
    assert answer.hours_left == pytest.approx(hours)


def test_soon_wins_over_tomorrow():
    answer = due_state(at("2026-03-04 23:30"), at("2026-03-05 00:30"), None, zone=BERLIN)
    assert answer.state is DueState.SOON


def test_today_is_a_day_of_the_organization():
    # In UTC both are on 4 March.
    answer = due_state(at("2026-03-04 20:00"), at("2026-03-05 00:30"), None, zone=BERLIN)
    assert answer.state is DueState.OK


def test_soon_can_be_chosen():
    answer = due_state(at(NOW), at("2026-03-04 18:00"), None, zone=BERLIN, soon=timedelta(hours=8))
    assert answer.state is DueState.SOON


def test_done_stays_done_on_time_or_late():
    due = at("2026-03-04 10:00")
    assert due_state(at(NOW), due, at("2026-03-04 09:00"), zone=BERLIN) == Due(DueState.DONE, timedelta(hours=1))
    assert due_state(at(NOW), due, due, zone=BERLIN).state is DueState.DONE
    assert due_state(at(NOW), due, at("2026-03-04 11:00"), zone=BERLIN) == Due(DueState.DONE_LATE, -timedelta(hours=1))


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        due_state(at(NOW), datetime(2026, 3, 4), None, zone=BERLIN)


ORDER = [DueState.OK, DueState.DUE_TODAY, DueState.SOON, DueState.OVERDUE]


@given(st.timedeltas(-timedelta(days=3), timedelta(days=3)), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_promise_only_becomes_more_urgent(start, later):
    due = at("2026-03-04 10:00")
    before, after = (due_state(due + offset, due, None, zone=BERLIN) for offset in (start, start + later))
    assert ORDER.index(before.state) <= ORDER.index(after.state)
