"""The score where an initiative works, before it began and since: two spans that do not overlap, and their difference.

What else happened meanwhile is in the difference too, and the page says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from metrics.measures import INSTRUMENTS, Figure, Instrument
from metrics.reading import Reading, Slice, read_compared
from metrics.statistics.differences import Difference
from metrics.tally import Tally
from surveys.models import Survey

# Long enough for a margin, short enough to be about this.
MOST_DAYS = 91


@dataclass(frozen=True)
class BeforeAndSince:
    """`since` and `difference` are None where it has not begun."""

    instrument: Instrument
    first_before: date
    last_before: date
    first_since: date | None
    last_since: date | None
    before: Figure
    since: Figure | None
    difference: Difference | None


def before_and_since(
    *, started_on: date | None, ended_on: date | None, touchpoints: set[UUID], today: date, zone: ZoneInfo
) -> BeforeAndSince | None:
    """At these touchpoints, of all answers where there are none; None where nobody answered.

    Before: the days that end where it started. Since: from the day after it ended, or from the day it started while it
    runs, as many days as before at most. Two queries for each scale in use, one more for the scales.
    """
    before, after = spans(started_on, ended_on, today)
    found = [_read(each, before, after, touchpoints, zone) for each in _instruments()]
    best = max(found, key=lambda each: each.before.n + (each.since.n if each.since else 0), default=None)
    return best if best and (best.before.n or (best.since and best.since.n)) else None


def spans(started_on: date | None, ended_on: date | None, today: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """(before, since), each its first and last day; since ends before it begins where it has not begun."""
    start = started_on or today + timedelta(days=1)
    since = ended_on + timedelta(days=1) if ended_on and ended_on >= start else start
    before = (start - timedelta(days=MOST_DAYS), start - timedelta(days=1))
    return before, (since, min(today, since + timedelta(days=MOST_DAYS - 1)))


def _read(
    instrument: Instrument, before: tuple[date, date], after: tuple[date, date], touchpoints: set[UUID], zone: ZoneInfo
) -> BeforeAndSince:
    has_begun = after[0] <= after[1]
    wanted = Slice(instrument.measure, instrument.points)
    # Read newest first: what is compared with must not overlap.
    if has_begun:
        since_reading, before_reading = read_compared(
            wanted, first=after[0], last=after[1], before=before, unit="year", zone=zone
        )
    else:
        before_reading, _ = read_compared(wanted, first=before[0], last=before[1], before=None, unit="year", zone=zone)
        since_reading = Reading()
    measure = instrument.headline
    figure = measure.figure(_at(before_reading, touchpoints))
    since = measure.figure(_at(since_reading, touchpoints)) if has_begun else None
    return BeforeAndSince(
        instrument,
        *before,
        after[0] if has_begun else None,
        after[1] if has_begun else None,
        figure,
        since,
        measure.difference(since, figure) if since else None,
    )


def _at(reading: Reading, touchpoints: set[UUID]) -> Tally:
    if not touchpoints:
        return reading.whole
    return Tally.total(reading.by_touchpoint.get(each, Tally()) for each in touchpoints)


def _instruments() -> list[Instrument]:
    used = set(Survey.objects.values_list("measure", "points").distinct())
    return [each for each in INSTRUMENTS.values() if (each.measure, each.points) in used]
