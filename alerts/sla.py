"""Promised times in business hours and days: when is it due, how long did it take, how late is it? Pure.

All moments are aware datetimes; answers are in UTC. Hours are hours that really pass within working time,
so that a change of clocks during a night shift neither gives nor takes one. For promises in plain time use
`BusinessCalendar.around_the_clock`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tenancy.wall_time import moment_of
from tenancy.working_hours import BusinessCalendar

DAY = timedelta(days=1)
SOON = timedelta(hours=2)


def add_business_hours(start: datetime, hours: float, calendar: BusinessCalendar) -> datetime:
    """The first moment by which `hours` (0 or more) of working time have passed since `start`.

    Nothing added is `start` itself, even at night; a whole working day added to its morning is its evening,
    not the next morning. Costs one step for each day in between. Raises ValueError for negative hours and a
    naive `start`.
    """
    _refuse_naive(start)
    left = timedelta(hours=hours)
    if left < timedelta(0):
        raise ValueError(f"Business hours to add must be 0 or more, not {hours}.")
    return _add_working_time(start, left, calendar)


def add_business_days(start: datetime, days: int, calendar: BusinessCalendar) -> datetime:
    """The same local time on the `days`-th working day after the one on which work can start.

    1. Outside working hours the clock starts at the next working moment: what comes in on Friday night
    counts from
       Monday morning.
    2. From that day the working days are counted; weekends and days off are not. 3. When the time of day is
    not worked on the day found, the due time moves within that day: to its first opening,
       to the end of a break, or back to its last closing.

    Adding 0 days is step 1 alone. Raises ValueError for negative days and a naive `start`.
    """
    if days < 0:
        raise ValueError(f"Business days to add must be 0 or more, not {days}.")
    begin = next_working_moment(start, calendar).astimezone(calendar.zone)
    if days == 0:
        return begin.astimezone(UTC)
    day = begin.date()
    for _ in range(days):
        day = _next_working_day(day, calendar)
    wanted = moment_of(datetime.combine(day, begin.time()), calendar.zone)
    spans = calendar.spans_on(day)
    return next((max(wanted, opening) for opening, closing in spans if wanted <= closing), spans[-1][1])


def business_time_between(start: datetime, end: datetime, calendar: BusinessCalendar) -> timedelta:
    """The working time that passes from `start` to `end`; negative when `end` comes first.

    The inverse of `add_business_hours`. Costs one step for each day in between. Raises ValueError for naive
    moments.
    """
    _refuse_naive(start, end)
    if end < start:
        return -business_time_between(end, start, calendar)
    passed = timedelta(0)
    for opening, closing in _working_time_from(start, calendar):
        if opening >= end:
            break
        passed += min(closing, end) - opening
    return passed


def due_after_pause(
    due_at: datetime, *, paused_at: datetime, resumed_at: datetime, calendar: BusinessCalendar
) -> datetime:
    """When a promise is due whose clock stood still: from `resumed_at` as much working time is left as at `paused_at`.

    A promise that was already late at the pause stays as it is: a pause mends nothing. Raises ValueError for naive
    moments and a resumption before its pause.
    """
    _refuse_naive(due_at, paused_at, resumed_at)
    if resumed_at < paused_at:
        raise ValueError("A clock cannot go on before it stood still.")
    if due_at <= paused_at:
        return due_at
    left = business_time_between(paused_at, due_at, calendar)
    return max(due_at, _add_working_time(resumed_at, left, calendar))


def next_working_moment(at: datetime, calendar: BusinessCalendar) -> datetime:
    """`at` itself within working time, else the next opening. Raises ValueError for a naive moment."""
    _refuse_naive(at)
    return next(_working_time_from(at, calendar))[0]


class DueState(StrEnum):
    """How a promise stands, as the chip says it."""

    OK = "ok"
    DUE_TODAY = "due today"
    SOON = "soon"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_LATE = "done late"


@dataclass(frozen=True, slots=True)
class Due:
    """A promise at a moment."""

    state: DueState
    left: timedelta
    """Plain time to the due moment (once done, what was to spare); negative when late."""

    @property
    def hours_left(self) -> float:
        return self.left / timedelta(hours=1)


def due_state(
    now: datetime, due_at: datetime, done_at: datetime | None, *, zone: ZoneInfo, soon: timedelta = SOON
) -> Due:
    """Where a promise stands at `now`; overdue starts right after `due_at`, soon `soon` before it, today at midnight
    in `zone`. Once done it stays on time or late for good. Raises ValueError for naive moments."""
    _refuse_naive(now, due_at, done_at or now)
    if done_at is not None:
        return Due(DueState.DONE if done_at <= due_at else DueState.DONE_LATE, due_at - done_at)
    left = due_at - now
    if left < timedelta(0):
        return Due(DueState.OVERDUE, left)
    if left <= soon:
        return Due(DueState.SOON, left)
    is_today = due_at.astimezone(zone).date() == now.astimezone(zone).date()
    return Due(DueState.DUE_TODAY if is_today else DueState.OK, left)


def _add_working_time(start: datetime, left: timedelta, calendar: BusinessCalendar) -> datetime:
    if not left:
        return start.astimezone(UTC)
    for begin, end in _working_time_from(start, calendar):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("unreachable: every calendar has working time each week")


def _working_time_from(start: datetime, calendar: BusinessCalendar) -> Iterator[tuple[datetime, datetime]]:
    """Spans of working time from `start` on, in UTC, ascending and without end; the first may begin at `start`."""
    start = start.astimezone(UTC)
    day = start.astimezone(calendar.zone).date()
    while True:
        for opening, closing in calendar.spans_on(day):
            if start < closing:
                yield max(start, opening), closing
        day += DAY


def _next_working_day(day: date, calendar: BusinessCalendar) -> date:
    day += DAY
    while not calendar.spans_on(day):
        day += DAY
    return day


def _refuse_naive(*moments: datetime) -> None:
    if any(moment.utcoffset() is None for moment in moments):
        raise ValueError("A moment needs its time zone.")
