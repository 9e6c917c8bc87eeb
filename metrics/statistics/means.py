"""Means with Student's t interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from metrics.statistics.distributions import t_quantile
from metrics.statistics.interval import Interval
from metrics.statistics.sizes import ENOUGH_TO_COMPARE


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` values, kept as their sum and sum of squares, so that means can be added up."""

    n: int
    total: Fraction | int
    squares: Fraction | int
    scale: tuple[float, float] | None = None
    """Lowest and highest value that can be given; the interval stays within."""

    def __post_init__(self) -> None:
        if self.n < 0 or self.n * self.squares < self.total**2 or (self.n == 0 and self.squares != 0):
            raise ValueError(f"{self.n} values cannot sum up to {self.total} and their squares to {self.squares}.")

    @property
    def value(self) -> Fraction | None:
        """In points of the scale, exact. None without values."""
        return Fraction(self.total) / self.n if self.n else None

    @property
    def variance(self) -> Fraction | None:
        """Of the sample (n - 1 in the denominator), exact, 0 or more. None for fewer than two values."""
        return (self.squares - Fraction(self.total) ** 2 / self.n) / (self.n - 1) if self.n > 1 else None

    @property
    def standard_error(self) -> float | None:
        """None for fewer than two values."""
        return None if self.variance is None else sqrt(self.variance / self.n)

    @property
    def margin(self) -> float | None:
        """What follows the plus-minus sign, in points of the scale. None for fewer than two values."""
        error = self.standard_error
        return None if error is None else t_quantile(self.n - 1) * error

    @property
    def interval(self) -> Interval | None:
        """95 %, Student's t with n - 1 degrees of freedom, within the scale.

        None for fewer than two values.
        """
        if self.value is None or self.margin is None:
            return None
        interval = Interval(float(self.value) - self.margin, float(self.value) + self.margin)
        return interval.clipped(*self.scale) if self.scale else interval

    @property
    def is_enough_to_compare(self) -> bool:
        return self.n >= ENOUGH_TO_COMPARE


def mean_of_scores(counts: Mapping[int, int], *, low: int, high: int) -> Mean:
    """The mean of counts per score on the scale `low`..`high`.

    Raises ValueError for a score outside of it.
    """
    for score, count in counts.items():
        if not low <= score <= high or count < 0:
            raise ValueError(f"A score is {low} to {high} and its count 0 or more, not {score}: {count}.")
    return Mean(
        n=sum(counts.values()),
        total=sum(score * count for score, count in counts.items()),
        squares=sum(score * score * count for score, count in counts.items()),
        scale=(low, high),
    )
