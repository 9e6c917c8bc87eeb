"""Dates and moments as people and programs write them.

Day-first or month-first is decided per column, from all cells at once (`find_date_order`): one 13/04
settles it for a thousand 05/04. When nothing settles it the person must, and until then a cell that could
be two days is refused; a guess would be wrong for half of the history without anybody noticing.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from .broken import RuleBroken
from .fields import DateOrder
from .months import MONTHS
from .table import Cell
from .texts import folded, plain_text

_TIME = (
    r"(?:(?:,?\s+|T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<zone>Z|z|UTC|GMT|[-+]\d{2}:?\d{2}|[-+]\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<first>\d{1,2})(?P=sep)(?P<second_part>\d{1,2})" + _TIME)
_YEAR_LAST = re.compile(
    r"(?P<first>\d{1,2})(?P<sep>[-/. ]|\.\s)(?P<second_part>\d{1,2})(?P=sep)(?P<year>\d{2}|\d{4})(?:\.|г\.?)?" + _TIME
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<first>\d{2})(?P<second_part>\d{2})(?:T(?P<hour>\d{2})(?P<minute>\d{2})"
    r"(?P<second>\d{2})?(?P<fraction>)?(?P<half>)?(?P<zone>Z)?)?"
)
_WEEKDAY = re.compile(r"^[^\W\d_]+\.?,\s+")
_DAY_NAMED_MONTH = re.compile(
    r"(?P<first>\d{1,2})(?:\.|st|nd|rd|th)?[-/\s]*(?:de\s+)?(?P<name>[^\W\d_]+)\.?,?[-/\s]*(?:de\s+)?(?P<year>\d{2}|\d{4})"
    + _TIME
)
_NAMED_MONTH_DAY = re.compile(
    r"(?P<name>[^\W\d_]+)\.?[-\s]*(?P<first>\d{1,2})(?:st|nd|rd|th)?,?[-\s]+(?P<year>\d{2}|\d{4})" + _TIME
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_UNIX = re.compile(r"\d{10}|\d{13}")

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
# Spreadsheets count days from here (the day that makes 1900-03-01 number 61; the 1904 count is undone on
# reading).
_SERIAL_EPOCH = datetime.datetime(1899, 12, 30)
_SERIALS = (10_000, 73_415)  # 1927 to 2100: smaller numbers are more likely something else


@dataclass(frozen=True)
class DateOrderFound:
    """What a column says about the order of day and month. `order` None with `is_ambiguous` means: ask
    the person.
    """

    order: DateOrder | None
    is_ambiguous: bool = False  # some cells could be two days, and nothing in the column settles it
    is_mixed: bool = False  # some cells can only be day-first and others only month-first


def find_date_order(cells: Iterable[Cell]) -> DateOrderFound:
    """Day-first or month-first, from every cell of the column that tells; cells that are no dates tell
    nothing.
    """
    day_first = month_first = undecided = False
    for cell in cells:
        match = _YEAR_LAST.fullmatch(plain_text(cell))
        if not match:
            continue
        first, second = int(match["first"]), int(match["second_part"])
        if first > 12 >= second or "." in match["sep"]:
            day_first = True  # with full stops, everybody writes the day first
        elif second > 12 >= first:
            month_first = True
        elif first != second:
            undecided = True
    if day_first and month_first:
        return DateOrderFound(None, is_ambiguous=True, is_mixed=True)
    if day_first or month_first:
        return DateOrderFound("day_first" if day_first else "month_first")
    return DateOrderFound(None, is_ambiguous=undecided)


def parse_date(cell: Cell, *, column: str, order: DateOrder | None, zone: ZoneInfo) -> datetime.date:
    """The day in the cell; of a moment with an offset, the day it was in `zone`.

    Raises RuleBroken: not_a_date, no_such_date, two_digit_year, ambiguous_date, date_order,
    date_out_of_range.
    """
    moment = _read(cell, column, order)
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()


def parse_datetime(cell: Cell, *, column: str, order: DateOrder | None, zone: ZoneInfo) -> datetime.datetime:
    """The moment in the cell, in UTC. Without an offset it is local time in `zone`; of an hour that the
    clocks repeat, the first; without a time of day, the beginning of the day.

    Raises RuleBroken as parse_date does, and no_such_time for an hour that the clocks skip.
    """
    moment = _read(cell, column, order)
    if moment.tzinfo:
        return moment.astimezone(datetime.UTC)
    utc = moment.replace(tzinfo=zone).astimezone(datetime.UTC)
    is_skipped = utc.astimezone(zone).replace(tzinfo=None) != moment
    if is_skipped and moment.time() != datetime.time.min:
        raise RuleBroken(
            column,
            "no_such_time",
            f"{moment:%Y-%m-%d %H:%M} did not exist in {zone.key}: the clocks went forward.",
        )
    # Some zones change at midnight: the day then begins with its first hour, which is what UTC says already.
    return utc


def _read(cell: Cell, column: str, order: DateOrder | None) -> datetime.datetime:
    text = plain_text(cell)
    moment = _read_number(text) or _read_text(_WEEKDAY.sub("", text), column, order)
    if not _FIRST_YEAR <= moment.year < _LAST_YEAR:
        raise RuleBroken(column, "date_out_of_range", f"“{text[:60]}” is not between {_FIRST_YEAR} and {_LAST_YEAR}.")
    return moment


def _read_number(text: str) -> datetime.datetime | None:
    if _SERIAL.fullmatch(text) and _SERIALS[0] <= float(text) < _SERIALS[1]:
        return _SERIAL_EPOCH + datetime.timedelta(seconds=round(float(text) * 86_400))
    if _UNIX.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return None


def _read_text(text: str, column: str, order: DateOrder | None) -> datetime.datetime:
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _moment(match, column, month=int(match["first"]), day=int(match["second_part"]))
    if match := _YEAR_LAST.fullmatch(text):
        _refuse_two_digit_year(match, column)
        day, month = _day_and_month(match, column, order)
        return _moment(match, column, month=month, day=day)
    match = _DAY_NAMED_MONTH.fullmatch(text) or _NAMED_MONTH_DAY.fullmatch(text)
    if match and (named := MONTHS.get(folded(match["name"]))):
        _refuse_two_digit_year(match, column)
        return _moment(match, column, month=named, day=int(match["first"]))
    raise RuleBroken(column, "not_a_date", f"“{text[:60]}” is not a date we can read. 2018-04-30 always works.")


def _refuse_two_digit_year(match: re.Match[str], column: str) -> None:
    if len(match["year"]) == 2:
        raise RuleBroken(column, "two_digit_year", f"“{match[0]}” has a year of two digits. Write all four.")


def _day_and_month(match: re.Match[str], column: str, order: DateOrder | None) -> tuple[int, int]:
    first, second = int(match["first"]), int(match["second_part"])
    if order is None:
        if first <= 12 and second <= 12 and first != second and "." not in match["sep"]:
            raise RuleBroken(
                column,
                "ambiguous_date",
                f"“{match[0]}” may be day {first} of month {second} or day {second} of month {first}: "
                "choose the order for this column.",
            )
        return (second, first) if second > 12 else (first, second)
    day, month = (first, second) if order == "day_first" else (second, first)
    if month > 12 >= day:
        other = "month first" if order == "day_first" else "day first"
        raise RuleBroken(
            column, "date_order", f"“{match[0]}” is written {other}, unlike what was chosen for this column."
        )
    return day, month


def _moment(match: re.Match[str], column: str, *, month: int, day: int) -> datetime.datetime:
    try:
        return datetime.datetime(int(match["year"]), month, day, *_time(match), tzinfo=_offset(match["zone"]))
    except ValueError:
        raise RuleBroken(column, "no_such_date", f"“{match[0]}” does not exist in the calendar.") from None


def _time(match: re.Match[str]) -> tuple[int, int, int, int]:
    if match["hour"] is None:
        return 0, 0, 0, 0
    hour = int(match["hour"])
    if half := match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour in a half day")
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    return (
        hour,
        int(match["minute"]),
        int(match["second"] or 0),
        int((match["fraction"] or "").ljust(6, "0")[:6]),
    )


def _offset(zone: str | None) -> datetime.tzinfo | None:
    if not zone:
        return None
    if zone in ("Z", "z", "UTC", "GMT"):
        return datetime.UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if zone[0] == "-" else minutes))
