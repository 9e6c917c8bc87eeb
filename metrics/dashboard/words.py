"""Figures, changes and points in time as the dashboard writes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from metrics.buckets import Bucket
from metrics.charts import NPS, SHARE, Scale
from metrics.measures import Figure, Measure
from metrics.statistics.differences import Difference, Verdict
from metrics.statistics.rounding import Number, margin_text, plain, signed

SCALES: dict[str, Scale] = {"points": NPS, "percent": SHARE}
NOTHING = "–"


def value_words(measure: Measure, value: Number | None, digits: int = 0) -> str:
    """ "+42", "84 %", "4.2"; means have one decimal more than `digits`."""
    if value is None:
        return NOTHING
    if measure.unit == "points":
        return signed(value, digits)
    return f"{plain(value, digits)} %" if measure.unit == "percent" else plain(value, digits + 1)


def margin_words(measure: Measure, figure: Figure, digits: int = 0) -> str:
    """ "±7"; empty without answers."""
    if figure.value is None or figure.margin is None:
        return ""
    return margin_text(figure.margin, digits + (measure.unit == "scale"))


def interval_words(measure: Measure, figure: Figure) -> str:
    """ "−31.2 to −21.1", with one decimal; empty without answers."""
    if figure.value is None or figure.interval is None:
        return ""
    return f"{value_words(measure, figure.interval.low, 1)} to {value_words(measure, figure.interval.high, 1)}"


def difference_words(measure: Measure, value: Number, digits: int = 0) -> str:
    """ "−9", "+5 pts", "+0.3": means have one decimal more than `digits`."""
    words = signed(value, digits + (measure.unit == "scale"))
    return f"{words} pts" if measure.unit == "percent" else words


def day_words(day: date) -> str:
    """ "3 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def count_words(count: int) -> str:
    """ "1,160"."""
    return f"{count:,}"


def answers_words(count: int) -> str:
    return f"{count_words(count)} answer{'' if count == 1 else 's'}"


def share_words(part: int, whole: int) -> str:
    """ "29 %"."""
    return f"{plain(Fraction(100 * part, whole))} %" if whole else NOTHING


@dataclass(frozen=True)
class Change:
    """A difference as it is shown: "+5", its verdict, and an arrow only when it is real."""

    words: str
    verdict: str
    icon: str = ""
    is_few: bool = False

    @property
    def sentence(self) -> str:
        return f"{self.words} ({self.verdict})" if self.words else self.verdict


def change_of(measure: Measure, difference: Difference | None, *, noun: str = "change") -> Change | None:
    """Against an earlier time; `noun` says what it is where others are compared. None where there is nothing."""
    if difference is None:
        return None
    if difference.verdict is Verdict.TOO_FEW:
        return Change("", Verdict.TOO_FEW.value, is_few=True)
    words = difference_words(measure, difference.value)
    if difference.verdict is Verdict.WITHIN_NOISE:
        return Change(words, Verdict.WITHIN_NOISE.value)
    return Change(words, f"a real {noun}", icon="arrow-up" if difference.value > 0 else "arrow-down")


def bucket_label(bucket: Bucket, *, is_first: bool) -> str:
    """As short as an axis needs it: "12 Mar", "Mar", "Jan 2026"."""
    key = bucket.key
    if bucket.unit in ("day", "week"):
        return f"{key.day} {key:%b}"
    if bucket.unit == "month":
        return f"{key:%b %Y}" if is_first or key.month == 1 else f"{key:%b}"
    return f"Q{(key.month + 2) // 3} {key.year}" if bucket.unit == "quarter" else str(key.year)


_UNIT_WORDS: dict[str, Callable[[date], str]] = {
    "day": lambda key: f"{key.day} {key:%b %Y}",
    "week": lambda key: f"Week of {key.day} {key:%b %Y}",
    "month": lambda key: f"{key:%B %Y}",
    "quarter": lambda key: f"Q{(key.month + 2) // 3} {key.year}",
    "year": lambda key: str(key.year),
}


def bucket_words(bucket: Bucket) -> str:
    """In full: "Week of 12 Mar 2026", "March 2026 (1 to 12 Mar)"."""
    words = _UNIT_WORDS[bucket.unit](bucket.key)
    if not bucket.is_partial or bucket.unit == "day":
        return words
    first, last = bucket.first, bucket.last
    if first == last:
        return f"{words} ({first.day} {first:%b} only)"
    return f"{words} ({first.day}{f' {first:%b}' if first.month != last.month else ''} to {last.day} {last:%b})"
