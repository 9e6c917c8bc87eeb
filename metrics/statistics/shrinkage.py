"""Shares of several people or places at once, each drawn toward the mean of all: little evidence moves it little.

Beta-binomial empirical Bayes: everybody's true share comes from one Beta distribution, whose mean and spread are
estimated from the counts of all by the moments of Kleinman, "Proportions with Extraneous Variance", JASA 68(341), 1973.
The share shown is the posterior mean, its interval the central 95 % of the posterior (Casella, "An Introduction to
Empirical Bayes Data Analysis", The American Statistician 39(2), 1985). The intervals take the prior as known, so that
among few people they are a little narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.statistics.distributions import regularized_beta
from metrics.statistics.interval import CONFIDENCE, Interval
from metrics.statistics.shares import Share


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of everybody before their own counts: the mean (0..1) and how many observations it weighs."""

    mean: float
    weight: float


@dataclass(frozen=True, slots=True)
class Shrunk:
    """One share drawn toward the mean. `value` and `interval` in per cent, 0..100."""

    share: Share
    value: float
    interval: Interval


def shrunk(shares: Sequence[Share]) -> list[Shrunk]:
    """Each of these shares, in order, drawn toward their common mean. Of nothing at all, the prior is flat."""
    prior = prior_of(shares)
    return [_posterior(share, prior) for share in shares]


def prior_of(shares: Sequence[Share]) -> Prior:
    """Mean and weight by Kleinman's moments, weighted by n.

    Where the shares differ no more than chance makes them, the weight would be endless; it is held to the number of
    all observations, and to one at least where they differ wildly.
    """
    counted = [share for share in shares if share.n]
    total = sum(share.n for share in counted)
    if not total:
        return Prior(0.5, 2.0)
    mean = sum(share.hits for share in counted) / total
    if len(counted) < 2 or mean in (0, 1):
        return Prior(_inside(mean, total), float(total))
    spread = sum(share.n * (share.hits / share.n - mean) ** 2 for share in counted)
    by_chance = sum(1 - share.n / total for share in counted)
    room = sum(share.n * (1 - share.n / total) for share in counted) - by_chance
    variance = mean * (1 - mean)
    extra = (spread - variance * by_chance) / (variance * room) if room > 0 else 0.0
    weight = (1 - extra) / extra if extra > 0 else float(total)
    return Prior(mean, min(max(weight, 1.0), float(total)))


def places(intervals: Sequence[Interval]) -> list[tuple[int, int]]:
    """The best and the worst place each may hold, from 1: only an interval wholly above or below counts.

    Intervals that do not touch differ for certain; some that touch do too, so that ties are called too often rather
    than too seldom (Schenker and Gentleman, The American Statistician 55(3), 2001).
    """
    return [
        (
            1 + sum(other.low > mine.high for other in intervals),
            len(intervals) - sum(other.high < mine.low for other in intervals),
        )
        for mine in intervals
    ]


def _inside(mean: float, total: int) -> float:
    """A mean of 0 or 1 that came from finitely many observations is not certain (Laplace's rule of succession)."""
    return min(max(mean, 1 / (total + 2)), 1 - 1 / (total + 2))


def _posterior(share: Share, prior: Prior) -> Shrunk:
    a = prior.mean * prior.weight + share.hits
    b = (1 - prior.mean) * prior.weight + share.n - share.hits
    tail = (1 - CONFIDENCE) / 2
    interval = Interval(100 * beta_quantile(tail, a, b), 100 * beta_quantile(1 - tail, a, b))
    return Shrunk(share, 100 * a / (a + b), interval)


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x (0..1) below which a share `p` of Beta(a, b) lies, by bisection to 1e-12."""
    low, high = 0.0, 1.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if regularized_beta(a, b, x=middle, rest=1 - middle) < p else (low, middle)
    return (low + high) / 2
