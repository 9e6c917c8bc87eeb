"""Which days a dashboard is about, what they are compared with, and how they are written in its URL. Pure.

Days are days in the organization's time zone; "today" is always given. Periods roll: the last 13 weeks
rather than the calendar quarter, so that no page is empty on the first of January.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from metrics.days import day_starts_at

EARLIEST = date(1970, 1, 1)

Choice = TypeVar("Choice", bound=StrEnum)


class PeriodKey(StrEnum):
    """The periods on offer, as in `?period=`."""

    TODAY = "today"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"
    CUSTOM = "custom"


DEFAULT = PeriodKey.MONTH

SHORTCUTS = {
    "D": PeriodKey.TODAY,
    "W": PeriodKey.WEEK,
    "M": PeriodKey.MONTH,
    "Q": PeriodKey.QUARTER,
    "Y": PeriodKey.YEAR,
    "A": PeriodKey.ALL,
    "C": PeriodKey.CUSTOM,
}

LENGTHS = {
    PeriodKey.TODAY: 1,
    PeriodKey.WEEK: 7,
    PeriodKey.MONTH: 30,
    PeriodKey.QUARTER: 91,
    PeriodKey.YEAR: 365,
}

LABELS = {
    PeriodKey.TODAY: "Today",
    PeriodKey.WEEK: "Last 7 days",
    PeriodKey.MONTH: "Last 30 days",
    PeriodKey.QUARTER: "Last 13 weeks",
    PeriodKey.YEAR: "Last 12 months",
    PeriodKey.ALL: "All time",
    PeriodKey.CUSTOM: "Custom",
}


class Compare(StrEnum):
    """What a period is compared with, as in `?compare=`."""

    PREVIOUS = "previous"
    YEAR = "year"
    NONE = "none"


class PeriodError(ValueError):
    """A period in a URL that cannot be shown: the parameter and the rule it breaks."""

    def __init__(self, field: str, rule: str):
        super().__init__(f"{field}: {rule}")
        self.field, self.rule = field, rule


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    key: PeriodKey
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def label(self) -> str:
        if self.key is not PeriodKey.CUSTOM:
            return LABELS[self.key]
        ends = [f"{day.day} {day:%b %Y}" for day in (self.first, self.last)]
        return ends[0] if self.first == self.last else " to ".join(ends)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """[start, end) in UTC, for whatever is selected by moment rather than by day."""
        return day_starts_at(self.first, zone), day_starts_at(self.last + timedelta(days=1), zone)

    def compared_with(self, compare: Compare) -> "Period | None":
        """As many days, on the same weekdays, that do not overlap: those before, or those a year ago.

        Both move by whole weeks, so that weekends meet weekends: the last 30 days are compared with the 30
        days that began 35 days earlier, a year ago is 52 weeks. None for no comparison and for all time.
        """
        if compare is Compare.NONE or self.key is PeriodKey.ALL:
            return None
        weeks = -(-self.days // 7)
        shift = timedelta(weeks=max(weeks, 52) if compare is Compare.YEAR else weeks)
        return Period(PeriodKey.CUSTOM, self.first - shift, self.last - shift)


def period_of(key: PeriodKey, *, today: date, earliest: date | None = None) -> Period:
    """The period on offer that ends today. All time begins on `earliest`, the first day with any data.

    Raises PeriodError for a custom one, which needs its days.
    """
    if key is PeriodKey.CUSTOM:
        raise PeriodError("period", "a custom period needs from and to.")
    if key is PeriodKey.ALL:
        return Period(key, min(earliest or today, today), today)
    return Period(key, today - timedelta(days=LENGTHS[key] - 1), today)


def parse_period(query: Mapping[str, str], *, today: date, earliest: date | None = None) -> Period:
    """The period of `?period=7d`, or of `?from=2026-01-01&to=2026-01-31` (until today when `to` is missing).

    A period on offer wins over dates that a form sends along. A `to` in the future is today. Raises
    PeriodError, naming the parameter and the rule, for what is no period.
    """
    text = query.get("period", "").strip().lower()
    is_custom = text == PeriodKey.CUSTOM or (not text and (query.get("from") or query.get("to")))
    if is_custom:
        return _custom(query, today)
    return period_of(_member(PeriodKey, "period", text) or DEFAULT, today=today, earliest=earliest)


def parse_compare(query: Mapping[str, str]) -> Compare:
    """Of `?compare=`; with the previous period unless told otherwise.

    Raises PeriodError for an unknown value.
    """
    return _member(Compare, "compare", query.get("compare", "").strip().lower()) or Compare.PREVIOUS


def period_query(period: Period, compare: Compare = Compare.PREVIOUS) -> dict[str, str]:
    """The parameters that `parse_period` and `parse_compare` read back, without defaults."""
    query: dict[str, str] = {}
    if period.key is PeriodKey.CUSTOM:
        query |= {"from": period.first.isoformat(), "to": period.last.isoformat()}
    elif period.key is not DEFAULT:
        query["period"] = period.key.value
    if compare is not Compare.PREVIOUS:
        query["compare"] = compare.value
    return query


def canonical_query(query: Mapping[str, str | list[str]]) -> str:
    """A query string that compares equal for equal choices: sorted by name, then value, without empty values."""
    pairs = [
        (name, value)
        for name, values in query.items()
        for value in ([values] if isinstance(values, str) else values)
        if value
    ]
    return urlencode(sorted(pairs))


def _custom(query: Mapping[str, str], today: date) -> Period:
    first, last = _date("from", query), _date("to", query) or today
    if first is None:
        raise PeriodError("from", "is missing; it must be a date like 2026-01-31.")
    last = min(last, today)
    if first < EARLIEST:
        raise PeriodError("from", f"must not be before {EARLIEST}.")
    if first > last:
        raise PeriodError("from", f"must not be after {last}, the last day.")
    return Period(PeriodKey.CUSTOM, first, last)


def _date(field: str, query: Mapping[str, str]) -> date | None:
    text = query.get(field, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise PeriodError(field, f"must be a date like 2026-01-31, not “{text[:20]}”.")


def _member(choices: type[Choice], field: str, text: str) -> Choice | None:
    try:
        return choices(text) if text else None
    except ValueError:
        raise PeriodError(field, f"must be one of {', '.join(choices)}, not “{text[:20]}”.")
