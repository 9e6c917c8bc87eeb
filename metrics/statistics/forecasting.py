"""Where a score will stand if it goes on as it has: a straight line through the past, with the band it deserves.

The model of each bucket: score = line + a deviation of the bucket itself (variance t2) + the chance of who answered
(variance s2 / n, with s2 the spread of single answers). It is a random-effects regression on time:

    weights      w = 1 / (s2 / n + t2): the inverse of the variance
    lack of fit  t2 >= 0 such that the weighted squared residuals equal their expectation, buckets - 2 (Paule and
                 Mandel, J. Res. NBS 87(5), 1982; DerSimonian and Kacker, Contemporary Clinical Trials 28, 2007)
    line         weighted least squares; its uncertainty (X'WX)^-1, with Student's t of buckets - 2 degrees of freedom
                 (Knapp and Hartung, Statistics in Medicine 22, 2003)
    levels       where the score changed its level (`change_points.py`), the line jumps: one more parameter for each,
                 one slope for all. A dip that is over would pass for a climb otherwise, and be prolonged into the sky.

The band is one of prediction: 95 % of the scores that will be *measured* over the window before the day lie in it, as
long as the line goes on. It adds to the uncertainty of the line what the window itself will have: t2 in full, since
neighbouring weeks go up and down together, and s2 / n of as many answers as such a window has had so far.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from metrics.statistics.distributions import t_quantile
from metrics.statistics.interval import Interval
from metrics.statistics.series import Point, spread_of_answers

ENOUGH_BUCKETS = 8
ENOUGH_ANSWERS = 100
WINDOW_DAYS = 28
"""The score of a day is the one measured over the four weeks that end with it."""


class Refusal(StrEnum):
    """Why there is no forecast, in words that follow "too few answers to say: " or the like."""

    FEW_BUCKETS = f"answers of {ENOUGH_BUCKETS} weeks are needed"
    FEW_ANSWERS = f"{ENOUGH_ANSWERS} answers are needed"
    TOO_FAR = "the day lies further ahead than the answers reach back"


@dataclass(frozen=True, slots=True)
class Forecast:
    """The score expected over the WINDOW_DAYS up to `day`, in its unit and within its scale."""

    day: date
    value: float
    interval: Interval
    """95 %, of prediction: where the score that will be measured then is expected."""
    pace: float
    """The slope of the line, per 365 days."""
    n: int
    """Answers it rests on."""

    @property
    def margin(self) -> float:
        """The larger side of the band; both are equal unless the scale ends there."""
        return max(self.value - self.interval.low, self.interval.high - self.value)


def forecast(
    points: Sequence[Point], *, day: date, low: float, high: float, levels: Sequence[int] = ()
) -> Forecast | Refusal:
    """The score at `day` on the scale `low`..`high`, or why that cannot be said. Points without answers are left out.

    `levels` are the places of the points with which another level begins, in order, each of three points or more;
    it goes on from the last one.
    Refuses fewer than 8 buckets with answers or fewer than 100 answers, and a day that lies further behind the last
    point than the points reach back. Costs some fifty passes over the points.
    """
    stretches = _stretches(points, levels)
    heard = [point for stretch in stretches for point in stretch]
    n = sum(point.n for point in heard)
    if len(heard) < ENOUGH_BUCKETS:
        return Refusal.FEW_BUCKETS
    if n < ENOUGH_ANSWERS:
        return Refusal.FEW_ANSWERS
    first, last = heard[0].first, heard[-1].last
    if (day - last).days > (last - first).days + 1:
        return Refusal.TOO_FAR
    spread = spread_of_answers(heard, low=low, high=high)
    line = _fit(stretches, spread)
    at = day.toordinal() - (WINDOW_DAYS - 1) / 2
    answers_to_come = n * WINDOW_DAYS / ((last - first).days + 1)
    variance = line.variance(at) + line.lack_of_fit + spread / answers_to_come
    value, reach = line.value(at), t_quantile(line.degrees) * sqrt(variance)
    return Forecast(
        day=day,
        value=min(max(value, low), high),
        interval=Interval(value - reach, value + reach).clipped(low, high),
        pace=line.slope * 365,
        n=n,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """`level` at the weighted middle of its last stretch, where level and slope are independent of each other."""

    middle: float
    level: float
    slope: float
    level_variance: float
    slope_variance: float
    lack_of_fit: float
    degrees: int

    def value(self, at: float) -> float:
        return self.level + self.slope * (at - self.middle)

    def variance(self, at: float) -> float:
        return self.level_variance + self.slope_variance * (at - self.middle) ** 2


def _stretches(points: Sequence[Point], levels: Sequence[int]) -> list[list[Point]]:
    """The points with answers by level; levels without any are none."""
    ends = [0, *levels, len(points)]
    stretches = ([point for point in points[first:last] if point.n] for first, last in pairwise(ends))
    return [stretch for stretch in stretches if stretch]


def _fit(stretches: Sequence[Sequence[Point]], spread: float) -> _Line:
    def excess(lack_of_fit: float) -> float:
        line, squares = _weighted(stretches, spread, lack_of_fit)
        return squares - line.degrees

    least = min(point.n for stretch in stretches for point in stretch)
    return _weighted(stretches, spread, _root(excess, scale=spread / least))[0]


def _weighted(stretches: Sequence[Sequence[Point]], spread: float, lack_of_fit: float) -> tuple[_Line, float]:
    """The line of least squares, and those squares, with this lack of fit in the weights."""
    rows: list[tuple[float, float, float]] = []  # weight; time and score, both from the middle of their stretch
    for stretch in stretches:
        weights = [1 / (spread / point.n + lack_of_fit) for point in stretch]
        whole = sum(weights)
        middle = sum(weight * point.middle for weight, point in zip(weights, stretch, strict=True)) / whole
        level = sum(weight * point.value for weight, point in zip(weights, stretch, strict=True)) / whole
        rows += [
            (weight, point.middle - middle, point.value - level) for weight, point in zip(weights, stretch, strict=True)
        ]
    reach = sum(weight * time**2 for weight, time, _ in rows)
    slope = sum(weight * time * score for weight, time, score in rows) / reach
    squares = sum(weight * (score - slope * time) ** 2 for weight, time, score in rows)
    degrees = len(rows) - len(stretches) - 1
    return _Line(middle, level, slope, 1 / whole, 1 / reach, lack_of_fit, degrees), squares


def _root(falling: Callable[[float], float], *, scale: float) -> float:
    """Where a function that falls towards a negative end passes 0; 0 when it is there at once."""
    if falling(0.0) <= 0:
        return 0.0
    low, high = 0.0, scale
    while falling(high) > 0:
        low, high = high, 2 * high
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
