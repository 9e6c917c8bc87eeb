"""A score over time as sums of single answers: what a forecast and the search for change points start from.

Every score here is a mean of what single answers are worth: of +100, 0 and -100 for NPS, of 100 and 0 for a share, of
the rating for a mean. So a bucket is the number of its answers, their sum and the sum of their squares; buckets add up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of a series. Raises ValueError for sums that no `n` answers have."""

    first: date
    last: date
    n: int
    total: float
    squares: float

    def __post_init__(self) -> None:
        if self.n < 0 or self.first > self.last or self.n * self.squares < self.total**2 * (1 - 1e-9):
            raise ValueError(f"No {self.n} answers sum up to {self.total} and their squares to {self.squares}.")

    @property
    def middle(self) -> float:
        """In days of the proleptic calendar: noon of the middle day."""
        return (self.first.toordinal() + self.last.toordinal()) / 2

    @property
    def value(self) -> float:
        """In the unit of the score. Raises ZeroDivisionError without answers."""
        return self.total / self.n


def spread_of_answers(points: Iterable[Point], *, low: float, high: float) -> float:
    """The variance of one answer, pooled over all points with answers; above 0.

    Pooled, because the variance of a thin bucket is little more than a guess (0 for three promoters), and a guess that
    hangs together with its score: weighted by it, high scores of thin weeks would count most. Around the score of its
    own bucket, or around that of all where most buckets hold a single answer, which tells nothing of spread. Never less
    than if one answer more had been heard at the other end of the scale `low`..`high`, so that no series looks certain.
    Raises ValueError without any answer.
    """
    heard = [point for point in points if point.n]
    n = sum(point.n for point in heard)
    if not n:
        raise ValueError("Without answers there is no spread.")
    degrees = n - len(heard)
    squares = sum(point.squares - point.total**2 / point.n for point in heard)
    if 2 * degrees < n:
        degrees = n - 1
        squares = sum(point.squares for point in heard) - sum(point.total for point in heard) ** 2 / n
    return max(squares / degrees if degrees else 0.0, (high - low) ** 2 * n / (n + 1) ** 2)
