"""Medians and other quantiles of times, with intervals that assume nothing about the distribution.

The interval lies between two of the sorted values themselves. Which ones follows from the binomial distribution alone:
of n values, how many lie below the true quantile is Binomial(n, share). David and Nagaraja, "Order Statistics", 3rd
edition, 2003, section 7.1; Conover, "Practical Nonparametric Statistics", 3rd edition, 1999, section 3.2.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from metrics.statistics.distributions import regularized_beta
from metrics.statistics.interval import CONFIDENCE, Interval
from metrics.statistics.sizes import ENOUGH_TO_COMPARE


@dataclass(frozen=True, slots=True)
class Ranks:
    """Places among n sorted values, from 1: of the quantile itself, and of the ends of its interval where there are
    enough values for one."""

    at: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value below which `share` (0..1) of `n` values lie. A value of the sample, never between two of them."""

    share: float
    n: int
    value: float | None
    interval: Interval | None
    """95 % or a little more. None when so few values cannot give one."""

    @property
    def margin(self) -> float | None:
        """Half the width of the interval, which rarely has the value in its middle."""
        return self.interval.margin if self.interval else None

    @property
    def is_enough_to_compare(self) -> bool:
        return self.n >= ENOUGH_TO_COMPARE


def ranks_of(n: int, share: float) -> Ranks:
    """Where the quantile of `n` > 0 sorted values and its 95 % interval stand.

    The lower end is the last place that lies above the true quantile in at most 2.5 % of samples, the upper end the
    first that lies below it in at most 2.5 %. Of ten values the median lies between the 2nd and the 9th. Raises
    ValueError for a share that is not between 0 and 1. Costs two searches by halving.
    """
    if not 0 < share < 1:
        raise ValueError(f"A quantile lies between 0 and 1, not at {share}.")
    tail = (1 - CONFIDENCE) / 2
    low = _first(n, lambda k: _at_most(k, n, share) > tail)  # the first count too likely to be outside
    high = _first(n, lambda k: _at_most(k, n, share) >= 1 - tail) + 1
    is_whole = low >= 1 and high <= n
    return Ranks(max(1, ceil(share * n - 1e-9)), low if is_whole else None, high if is_whole else None)


def _at_most(k: int, n: int, share: float) -> float:
    """P(X <= k) of a binomial X: I_{1-p}(n - k, k + 1), DLMF 8.17.5."""
    return 1.0 if k >= n else regularized_beta(n - k, k + 1, x=1 - share, rest=share)


def _first(n: int, holds: Callable[[int], bool]) -> int:
    """The first of 0..n for which `holds`, which stays so from there on."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
