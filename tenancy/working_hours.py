"""When an organization works: its weekly hours, its days off, its time zone. Pure.

Written as `{"1": [["09:00", "12:30"], ["13:30", "17:00"]], ...}`: ISO weekdays (1 is Monday) with spans of
local time, several a day or none; a span may end at "24:00". Work through the night is a span to 24:00 and
one from 00:00.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenancy.wall_time import moment_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTES_A_DAY = 24 * 60

Span = tuple[int, int]
"""From and to, in minutes after local midnight, 0..1440; the end does not belong to it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the hours: on which day (None: the whole week), in which field, against which rule."""

    day: str | None
    field: str
    rule: str

    def __str__(self) -> str:
        return f"{self.day}, {self.field}: {self.rule}" if self.day else f"{self.field}: {self.rule}"


class WorkingHoursError(ValueError):
    """Hours that cannot be kept; `problems` names all that is wrong with them."""

    def __init__(self, problems: list[Problem]):
        super().__init__(" ".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Working time in `zone`: the spans of each weekday, Monday first, except on `days_off`.

    Raises WorkingHoursError for a week without working time: no clock could ever run out in it.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    days_off: Container[date] = frozenset()

    def __post_init__(self) -> None:
        problems = [
            problem for day, spans in zip(WEEKDAYS, self.week, strict=True) for problem in _misplaced(day, spans)
        ]
        if not any(self.week):
            problems.append(Problem(None, "Week", "needs at least one day with working hours."))
        if problems:
            raise WorkingHoursError(problems)

    @classmethod
    def around_the_clock(cls, zone: ZoneInfo) -> "BusinessCalendar":
        """All hours of all days: promises in plain hours and days."""
        return cls(zone, (((0, MINUTES_A_DAY),),) * 7)

    def spans_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The working time of a day as moments in UTC, ascending; empty on a day off.

        Real time: a night shift is an hour shorter or longer when clocks change.
        """
        if day in self.days_off:
            return ()
        midnight = datetime.combine(day, time.min)
        spans = (
            tuple(moment_of(midnight + timedelta(minutes=minutes), self.zone) for minutes in span)
            for span in self.week[day.weekday()]
        )
        return tuple((start, end) for start, end in spans if start < end)

    def as_json(self) -> dict[str, list[list[str]]]:
        """The weekly hours as they are written, all seven days, in order."""
        return {
            str(day): [[_clock(start), _clock(end)] for start, end in spans]
            for day, spans in enumerate(self.week, start=1)
        }


def parse_working_hours(hours: object, *, zone: ZoneInfo, days_off: Container[date] = frozenset()) -> BusinessCalendar:
    """The calendar of hours written as above; days left out are free.

    Raises WorkingHoursError with all problems.
    """
    if not isinstance(hours, Mapping):
        raise WorkingHoursError([Problem(None, "Working hours", "must be given by weekday, 1 to 7.")])
    problems: list[Problem] = [
        Problem(None, "Weekday", f"must be 1 (Monday) to 7 (Sunday), not “{key}”.")
        for key in hours
        if key not in {str(day) for day in range(1, 8)}
    ]
    week = tuple(_parse_day(name, hours.get(str(day), []), problems) for day, name in enumerate(WEEKDAYS, start=1))
    if problems:
        raise WorkingHoursError(problems)
    return BusinessCalendar(zone, week, days_off)


def _parse_day(day: str, spans: object, problems: list[Problem]) -> tuple[Span, ...]:
    """The spans of a day, in order; what is wrong is added to `problems`."""
    if not isinstance(spans, list | tuple):
        problems.append(Problem(day, "hours", "must be a list of spans."))
        return ()
    parsed: list[Span] = []
    for number, span in enumerate(spans, start=1):
        if not isinstance(span, list | tuple) or len(span) != 2:
            problems.append(Problem(day, f"span {number}", "must have a start and an end."))
            continue
        start, end = map(_minutes, span)
        for field, minutes, text in (("start", start, span[0]), ("end", end, span[1])):
            if minutes is None:
                rule = f"must be a time from 00:00 to 24:00, not “{str(text)[:20]}”."
                problems.append(Problem(day, f"{field} of span {number}", rule))
        if start is not None and end is not None:
            parsed.append((start, end))
    return tuple(sorted(parsed))


def _misplaced(day: str, spans: tuple[Span, ...]) -> list[Problem]:
    """Spans that end before they start, leave the day, or run into the one before."""
    problems = []
    earlier = 0
    for number, (start, end) in enumerate(spans, start=1):
        if not 0 <= start < end <= MINUTES_A_DAY:
            rule = f"must be after its start ({_clock(start)}), not {_clock(end)}."
            problems.append(Problem(day, f"end of span {number}", rule))
        elif start < earlier:
            rule = f"must not be before the end of the span before ({_clock(earlier)}), not {_clock(start)}."
            problems.append(Problem(day, f"start of span {number}", rule))
        earlier = max(earlier, end)
    return problems


def _minutes(text: object) -> int | None:
    match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])(?::00)?", text) if isinstance(text, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else MINUTES_A_DAY + 1
    return minutes if minutes <= MINUTES_A_DAY else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
