"""When so many percent of a promised time are used up, with pauses in which the clock stood still. Pure.

The due moment is the fixed point: it has moved along with every pause before it, so steps before it are counted back
from there and steps after it on from there, in working time without the pauses. 100 % is the due moment itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from tenancy.working_hours import BusinessCalendar

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def step_moment(
    percent: int, *, due_at: datetime, budget: timedelta, calendar: BusinessCalendar, pauses: Sequence[Span] = ()
) -> datetime:
    """The first moment, in UTC, by which `percent` of `budget` was used, of a promise that is due at `due_at`.

    `pauses` are over, ascending and apart from one another. Costs one step for each day in between. Raises ValueError
    for a naive `due_at` and a negative budget.
    """
    if due_at.utcoffset() is None:
        raise ValueError("A moment needs its time zone.")
    if budget < timedelta(0):
        raise ValueError("A promised time cannot be negative.")
    due_at = due_at.astimezone(UTC)
    left = budget * (percent - 100) / 100
    if left < timedelta(0):
        return _back(due_at, -left, calendar, pauses)
    return _on(due_at, left, calendar, pauses)


def _on(start: datetime, left: timedelta, calendar: BusinessCalendar, pauses: Sequence[Span]) -> datetime:
    if not left:
        return start
    for begin, end in _spans(start, DAY, calendar, pauses):
        begin = max(begin, start)
        if begin >= end:
            continue
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("unreachable: every calendar has working time each week")


def _back(start: datetime, left: timedelta, calendar: BusinessCalendar, pauses: Sequence[Span]) -> datetime:
    """The first moment after which exactly `left` of working time remains: a closing rather than the next opening."""
    is_reached = False
    for begin, end in _spans(start, -DAY, calendar, pauses):
        end = min(end, start)
        if begin >= end:
            continue
        if is_reached:
            return end
        if left < end - begin:
            return end - left
        left -= end - begin
        is_reached = not left
    raise AssertionError("unreachable: every calendar has working time each week")


def _spans(start: datetime, step: timedelta, calendar: BusinessCalendar, pauses: Sequence[Span]) -> Iterator[Span]:
    """Working time of the day of `start` and of the days after it (or before it), without the pauses; endless."""
    day = start.astimezone(calendar.zone).date()
    while True:
        spans = [part for span in calendar.spans_on(day) for part in _without(span, pauses)]
        yield from spans if step > timedelta(0) else reversed(spans)
        day += step


def _without(span: Span, pauses: Iterable[Span]) -> Iterator[Span]:
    begin, end = span
    for paused_at, resumed_at in pauses:
        if resumed_at <= begin or paused_at >= end:
            continue
        if paused_at > begin:
            yield begin, paused_at
        begin = max(begin, resumed_at)
    if begin < end:
        yield begin, end
