"""The points of a trend: a period cut into days, weeks, months, quarters or years. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from metrics.days import day_starts_at
from metrics.periods import Period

# Unit and the longest period, in days, that is cut into it unless told otherwise.
LONGEST = {"day": 31, "week": 190, "month": 5 * 366, "quarter": 15 * 366, "year": 10**6}
MOST_POINTS = 100
"""More cannot be told apart on a chart."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A day, week (from Monday), month, quarter or year, as far as it lies within the period."""

    unit: str
    key: date
    """The first day of the whole unit, as `date_trunc` of the database names it."""
    first: date
    last: date
    start: datetime
    """Of `first`, in UTC."""
    end: datetime
    """After `last`, in UTC; not included."""
    is_partial: bool
    """Cut off by the period, or not over yet: the unit will have, or has, more answers than the bucket."""


def unit_for(period: Period) -> str:
    """Days up to a month, weeks up to half a year, months up to five years, then quarters and years."""
    length = period.days
    return next(unit for unit, longest in LONGEST.items() if length <= longest)


def units_for(period: Period) -> tuple[str, ...]:
    """The units to switch between: those that make 2 to 100 points; at least the one of `unit_for`."""
    typical = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
    length = period.days
    fitting = {unit for unit, days in typical.items() if days < length <= days * MOST_POINTS} | {unit_for(period)}
    return tuple(unit for unit in LONGEST if unit in fitting)


def buckets_of(period: Period, *, zone: ZoneInfo, today: date, unit: str | None = None) -> list[Bucket]:
    """The buckets of a period in order, without gaps; `unit_for` chooses the unit unless one is given.

    Bounds are the midnights of `zone`, so that a day has 23 or 25 hours when clocks change. Raises
    ValueError for an unknown unit.
    """
    unit = unit or unit_for(period)
    if unit not in LONGEST:
        raise ValueError(f"A bucket is one of {', '.join(LONGEST)}, not “{unit}”.")
    buckets = []
    key = first_day(period.first, unit)
    while key <= period.last:
        following = next_key(key, unit)
        first, last = max(key, period.first), min(following - timedelta(days=1), period.last)
        is_cut = first != key or last != following - timedelta(days=1)
        buckets.append(
            Bucket(
                unit=unit,
                key=key,
                first=first,
                last=last,
                start=day_starts_at(first, zone),
                end=day_starts_at(last + timedelta(days=1), zone),
                is_partial=is_cut or last >= today,
            )
        )
        key = following
    return buckets


def first_day(day: date, unit: str) -> date:
    """The first day of the day, week, month, quarter or year that holds `day`."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "year":
        return day.replace(month=1, day=1)
    month = day.month if unit == "month" else day.month - (day.month - 1) % 3
    return day.replace(month=month, day=1)


def next_key(key: date, unit: str) -> date:
    """The first day of the unit that follows the one starting at `key`."""
    if unit in ("day", "week"):
        return key + timedelta(days=1 if unit == "day" else 7)
    # Far enough to be within the following unit, whatever the lengths of its months.
    return first_day(key + timedelta(days={"month": 31, "quarter": 92, "year": 366}[unit]), unit)
