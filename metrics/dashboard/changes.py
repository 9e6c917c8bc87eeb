"""Since when the score was another one, as marks on the trend."""

from dataclasses import dataclass
from datetime import date

from metrics.charts import Annotation
from metrics.dashboard.numbers import Numbers
from metrics.dashboard.words import day_words, difference_words
from metrics.measures import Measure
from metrics.series import changes_of
from metrics.statistics.differences import Difference


@dataclass(frozen=True)
class Mark:
    """A change of level at the beginning of the bucket at `index`."""

    measure: Measure
    index: int
    day: date
    difference: Difference

    @property
    def words(self) -> str:
        """ "−9"."""
        return difference_words(self.measure, self.difference.value)

    @property
    def sentence(self) -> str:
        """ "Around 3 March 2026: −9 (−14 to −4), real."."""
        ends = (self.difference.interval.low, self.difference.interval.high)
        low, high = (difference_words(self.measure, end) for end in ends)
        span = f"{low.removesuffix(' pts')} to {high}"
        return f"Around {day_words(self.day)}: {self.words} ({span}), {self.difference.verdict.value}."

    @property
    def annotation(self) -> Annotation:
        return Annotation(self.index, f"{self.day.day} {self.day:%b}: {self.words}", is_level=True)


def marks_of(measure: Measure, numbers: Numbers) -> dict[int, Mark]:
    """By the place of the bucket that begins with it; empty where the score moved by no more than chance."""
    found = changes_of(measure, numbers.buckets, numbers.tallies)
    return {each.index: Mark(measure, each.index, each.day, each.difference) for each in found}
