"""How a target stands: whether the present pace gets there, or whether it was reached."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from metrics.buckets import buckets_of, first_day
from metrics.dashboard.words import day_words, margin_words, value_words
from metrics.measures import Figure, Measure
from metrics.models import Target
from metrics.periods import Period, PeriodKey
from metrics.reading import NOBODY, Slice, read_compared
from metrics.series import changes_of, points_of
from metrics.statistics.forecasting import WINDOW_DAYS, Forecast, Refusal, forecast
from metrics.statistics.rounding import margin_text

# The pace is that of the last year; of as long a time as there is to go, if that is more; at most of two years.
SHORTEST_PAST, LONGEST_PAST = timedelta(weeks=52), timedelta(weeks=104)


class Standing(StrEnum):
    """What can be said of a target, before its day and after it."""

    WOULD_BE_REACHED = "would_be_reached"
    WOULD_BE_MISSED = "would_be_missed"
    COULD_GO_EITHER_WAY = "could_go_either_way"
    WAS_REACHED = "was_reached"
    WAS_MISSED = "was_missed"
    TOO_FEW = "too_few"
    TOO_FAR = "too_far"


@dataclass(frozen=True)
class Outlook:
    """`expected` is None once the day has passed and where nothing can be said; `measured` until then."""

    standing: Standing
    sentence: str
    expected: Forecast | None = None
    measured: Figure | None = None


def slice_of(target: Target) -> Slice:
    """The answers it is about."""
    return Slice(target.measure, target.points, target.survey_id, target.touchpoint_id, target.channel or None)


def outlook_of(target: Target, *, today: date, zone: ZoneInfo) -> Outlook:
    """How it stands on the organization's `today`. Two queries, whatever the number of answers."""
    return _ended(target, zone) if target.by_on < today else _expected(target, today, zone)


def _expected(target: Target, today: date, zone: ZoneInfo) -> Outlook:
    measure = target.instrument.headline
    past = min(max(SHORTEST_PAST, target.by_on - today), LONGEST_PAST)
    period = Period(PeriodKey.CUSTOM, first_day(today - past, "week"), today)
    reading = _read(target, period, zone)
    buckets = buckets_of(period, zone=zone, today=today, unit="week")
    tallies = [reading.by_bucket.get(bucket.key, NOBODY) for bucket in buckets]
    levels = [change.index for change in changes_of(measure, buckets, tallies)]
    points = points_of(measure, buckets, tallies)
    found = forecast(points, day=target.by_on, low=measure.low, high=measure.high, levels=levels)
    aim, day = value_words(measure, target.to_value), day_words(target.by_on)
    if found is Refusal.TOO_FAR:
        return Outlook(Standing.TOO_FAR, f"The target is {aim} by {day}: too early to say, as {found.value}.")
    if isinstance(found, Refusal):
        return Outlook(Standing.TOO_FEW, f"The target is {aim} by {day}: too few answers to say; {found.value}.")
    standing = _standing(target, found)
    pace = f"At the present pace {value_words(measure, found.value)} {_margin(measure, found)} by {day}"
    return Outlook(standing, f"{pace}: the target of {aim} {WORDS[standing]}.", expected=found)


def _standing(target: Target, found: Forecast) -> Standing:
    aim = float(target.to_value)
    if found.interval.low >= aim:
        return Standing.WOULD_BE_REACHED
    return Standing.WOULD_BE_MISSED if found.interval.high < aim else Standing.COULD_GO_EITHER_WAY


def _ended(target: Target, zone: ZoneInfo) -> Outlook:
    """What was measured over the four weeks up to its day, which is what a forecast speaks of."""
    measure = target.instrument.headline
    window = Period(PeriodKey.CUSTOM, target.by_on - timedelta(days=WINDOW_DAYS - 1), target.by_on)
    figure = measure.figure(_read(target, window, zone).whole)
    aim, day = value_words(measure, target.to_value), day_words(target.by_on)
    if figure.value is None or figure.interval is None or not figure.is_enough_to_compare:
        words = f"The target was {aim} by {day}: too few answers in the four weeks up to it to say."
        return Outlook(Standing.TOO_FEW, words, measured=figure)
    standing = Standing.WAS_REACHED if figure.value >= target.to_value else Standing.WAS_MISSED
    is_close = figure.interval.low <= target.to_value <= figure.interval.high
    chance = ", within the margin" if is_close else ""
    score = f"{value_words(measure, figure.value)} {margin_words(measure, figure)}"
    words = f"The target of {aim} by {day} {WORDS[standing]}{chance}: {score} in the four weeks up to it."
    return Outlook(standing, words, measured=figure)


WORDS = {
    Standing.WOULD_BE_REACHED: "would be reached",
    Standing.WOULD_BE_MISSED: "would be missed",
    Standing.COULD_GO_EITHER_WAY: "could be reached or missed",
    Standing.WAS_REACHED: "was reached",
    Standing.WAS_MISSED: "was missed",
}


def _read(target: Target, period: Period, zone: ZoneInfo) -> Any:
    wanted = slice_of(target)
    return read_compared(wanted, first=period.first, last=period.last, before=None, unit="week", zone=zone)[0]


def _margin(measure: Measure, found: Forecast) -> str:
    return margin_text(found.margin, int(measure.unit == "scale"))
