"""Where a score will stand if it goes on as it has: a straight line through the past, with the band it deserves.

The model of each bucket: score = line + a deviation of the bucket itself (variance t2) + the chance of who answered
(variance s2 / n, with s2 the spread of single answers). It is a random-effects regression on time:

    weights      w = 1 / (s2 / n + t2): the inverse of the variance
    lack of fit  t2 >= 0 such that the weighted squared residuals equal their expectation, buckets - 2 (Paule and
                 Mandel, J. Res. NBS 87(5), 1982; DerSimonian and Kacker, Contemporary Clinical Trials 28, 2007)
    line         weighted least squares; its uncertainty (X'WX)^-1, with Student's t of buckets - 2 degrees of freedom
                 (Knapp and Hartung, Statistics in Medicine 22, 2003)

The band is one of prediction: 95 % of the scores that will be *measured* over the window before the day lie in it, as
long as the line goes on. It adds to the uncertainty of the line what the window itself will have: t2 in full, since
neighbouring weeks go up and down together, and s2 / n of as many answers as such a window has had so far.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
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


def forecast(points: Sequence[Point], *, day: date, low: float, high: float) -> Forecast | Refusal:
    """The score at `day` on the scale `low`..`high`, or why that cannot be said. Points without answers are left out.

    Refuses fewer than 8 buckets with answers or fewer than 100 answers, and a day that lies further behind the last
    point than the points reach back. Costs some fifty passes over the points.
    """
    heard = [point for point in points if point.n]
    n = sum(point.n for point in heard)
    if len(heard) < ENOUGH_BUCKETS:
        return Refusal.FEW_BUCKETS
    if n < ENOUGH_ANSWERS:
        return Refusal.FEW_ANSWERS
    first, last = heard[0].first, heard[-1].last
    if (day - last).days > (last - first).days + 1:
        return Refusal.TOO_FAR
    spread = spread_of_answers(heard, low=low, high=high)
    line = _fit(heard, spread)
    at = day.toordinal() - (WINDOW_DAYS - 1) / 2
    answers_to_come = n * WINDOW_DAYS / ((last - first).days + 1)
    variance = line.variance(at) + line.lack_of_fit + spread / answers_to_come
    value, reach = line.value(at), t_quantile(len(heard) - 2) * sqrt(variance)
    return Forecast(
        day=day,
        value=min(max(value, low), high),
        interval=Interval(value - reach, value + reach).clipped(low, high),
        pace=line.slope * 365,
        n=n,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """`level` at the weighted middle of time, where level and slope are independent of each other."""

    middle: float
    level: float
    slope: float
    level_variance: float
    slope_variance: float
    lack_of_fit: float

    def value(self, at: float) -> float:
        return self.level + self.slope * (at - self.middle)

    def variance(self, at: float) -> float:
        return self.level_variance + self.slope_variance * (at - self.middle) ** 2


def _fit(points: Sequence[Point], spread: float) -> _Line:
    def excess(lack_of_fit: float) -> float:
        line = _weighted(points, spread, lack_of_fit)
        squares = (
            (point.value - line.value(point.middle)) ** 2 * _weight(point, spread, lack_of_fit) for point in points
        )
        return sum(squares) - (len(points) - 2)

    return _weighted(points, spread, _root(excess, scale=spread / min(point.n for point in points)))


def _weighted(points: Sequence[Point], spread: float, lack_of_fit: float) -> _Line:
    weights = [_weight(point, spread, lack_of_fit) for point in points]
    whole = sum(weights)
    middle = sum(weight * point.middle for weight, point in zip(weights, points, strict=True)) / whole
    level = sum(weight * point.value for weight, point in zip(weights, points, strict=True)) / whole
    reach = sum(weight * (point.middle - middle) ** 2 for weight, point in zip(weights, points, strict=True))
    lean = sum(weight * (point.middle - middle) * point.value for weight, point in zip(weights, points, strict=True))
    return _Line(middle, level, lean / reach, 1 / whole, 1 / reach, lack_of_fit)


def _weight(point: Point, spread: float, lack_of_fit: float) -> float:
    return 1 / (spread / point.n + lack_of_fit)


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
