"""Shares (rates, top-box figures) with the Wilson score interval."""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from metrics.statistics.distributions import Z
from metrics.statistics.interval import Interval
from metrics.statistics.sizes import ENOUGH_TO_COMPARE


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            raise ValueError(f"A share needs 0 to n hits, not {self.hits} of {self.n}.")

    @property
    def value(self) -> Fraction | None:
        """Per cent, 0..100, exact. None of nothing."""
        return Fraction(100 * self.hits, self.n) if self.n else None

    @property
    def interval(self) -> Interval | None:
        """95 %, Wilson, per cent, within 0..100. None of nothing."""
        return wilson(self.hits, self.n) if self.n else None

    @property
    def margin(self) -> float | None:
        """Half the width of the interval, in percentage points. None of nothing."""
        return self.interval.margin if self.interval else None

    @property
    def is_enough_to_compare(self) -> bool:
        return self.n >= ENOUGH_TO_COMPARE


def wilson(hits: int, n: int, *, z: float = Z) -> Interval:
    """The score interval of a share in per cent, within 0..100, for n > 0 and z >= 0 standard errors.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    """
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    # At the ends the formula gives exactly 0 and 1; floating point would miss them by a hair.
    low = 0.0 if hits == 0 else 100 * (middle - reach)
    high = 100.0 if hits == n else 100 * (middle + reach)
    return Interval(low, high).clipped(0, 100)
