"""Is the change real? Two figures of the same measure, compared.

Each function answers None when there is nothing to compare: no answers on a side (fewer than two for a
mean). The samples must not overlap; a part is compared with the rest of its whole by the functions
`..._against_whole`. In each of them p < .05 exactly when the interval excludes 0, so that a page never
contradicts itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import copysign, hypot, inf, sqrt

from metrics.statistics.distributions import Z, normal_p, t_p, t_quantile
from metrics.statistics.interval import CONFIDENCE, Interval
from metrics.statistics.means import Mean
from metrics.statistics.nps import NpsScore, nps
from metrics.statistics.shares import Share, wilson
from metrics.statistics.sizes import ENOUGH_TO_COMPARE


class Verdict(StrEnum):
    """A difference in words, as pages show it."""

    REAL = "real"
    WITHIN_NOISE = "within noise"
    TOO_FEW = "too few to compare"


@dataclass(frozen=True, slots=True)
class Difference:
    """First figure minus second, in points (percentage points for shares, points of the scale for means)."""

    value: Fraction
    """Of the plain figures, exact: what a page shows."""
    estimate: float
    """What was tested: for NPS the difference of the adjusted scores, else `value`."""
    standard_error: float | None
    """Of `estimate`. None for shares, whose interval has no single one."""
    statistic: float
    """z, or for means t."""
    p: float
    """Two-sided, 0..1: how often a difference at least as large comes from chance alone."""
    interval: Interval
    """95 %."""
    n_first: float
    n_second: float
    p_adjusted: float | None = None
    """p after `many_comparisons.adjusted`, when it was one of many."""

    @property
    def verdict(self) -> Verdict:
        if min(self.n_first, self.n_second) < ENOUGH_TO_COMPARE:
            return Verdict.TOO_FEW
        p = self.p if self.p_adjusted is None else self.p_adjusted
        return Verdict.REAL if p < 1 - CONFIDENCE else Verdict.WITHIN_NOISE


def nps_difference(first: NpsScore, second: NpsScore) -> Difference | None:
    """Difference of two adjusted scores, SE = sqrt(SE'1^2 + SE'2^2), z test; interval within -200..200.

    Rocks 2016, as in `nps.py`.
    """
    if first.value is None or second.value is None:
        return None
    estimate = first.adjusted - second.adjusted
    error = hypot(first.standard_error, second.standard_error)
    return Difference(
        value=first.value - second.value,
        estimate=estimate,
        standard_error=error,
        statistic=estimate / error,
        p=normal_p(estimate / error),
        interval=Interval(estimate - Z * error, estimate + Z * error).clipped(-200, 200),
        n_first=first.effective_n,
        n_second=second.effective_n,
    )


def share_difference(first: Share, second: Share) -> Difference | None:
    """Newcombe's hybrid score interval, within -100..100, and the z at which it would touch 0.

    Method 10 of Newcombe, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17, 1998. Its p comes from turning the interval round rather than from the pooled
    z test, whose verdict can differ from the interval shown beside it.
    """
    if first.value is None or second.value is None:
        return None
    value = first.value - second.value
    z = _z_touching_zero(first, second)
    return Difference(
        value=value,
        estimate=float(value),
        standard_error=None,
        statistic=z,
        p=normal_p(z),
        interval=_newcombe(first, second, Z),
        n_first=first.n,
        n_second=second.n,
    )


def mean_difference(first: Mean, second: Mean) -> Difference | None:
    """Welch's t test for unequal variances, with his degrees of freedom (Biometrika 34, 1947)."""
    if first.value is None or second.value is None or first.variance is None or second.variance is None:
        return None
    value = first.value - second.value
    squares = [float(mean.variance / mean.n) for mean in (first, second) if mean.variance is not None]
    error = sqrt(sum(squares))
    if error:
        # As shares of the whole, so that tiny variances do not vanish when squared.
        parts = [square / error**2 for square in squares]
        degrees = 1 / sum(part**2 / (mean.n - 1) for part, mean in zip(parts, (first, second), strict=True))
        statistic, reach = float(value) / error, t_quantile(degrees) * error
    else:
        degrees, statistic, reach = inf, copysign(inf, value) if value else 0.0, 0.0
    return Difference(
        value=value,
        estimate=float(value),
        standard_error=error,
        statistic=statistic,
        p=t_p(statistic, degrees),
        interval=Interval(float(value) - reach, float(value) + reach),
        n_first=first.n,
        n_second=second.n,
    )


def nps_against_whole(part: NpsScore, whole: NpsScore) -> Difference | None:
    """A part (this month) against the rest of its whole (the year that holds it), unweighted.

    Raises ValueError when the part is not within the whole, or weighted.
    """
    if part.effective_n != part.n or whole.effective_n != whole.n:
        raise ValueError("The rest of a whole is known for counted answers only, not for weighted ones.")
    rest = nps(
        int(whole.promoters - part.promoters),
        int(whole.passives - part.passives),
        int(whole.detractors - part.detractors),
    )
    return nps_difference(part, rest)


def share_against_whole(part: Share, whole: Share) -> Difference | None:
    """A part against the rest of its whole. Raises ValueError when the part is not within the whole."""
    return share_difference(part, Share(whole.hits - part.hits, whole.n - part.n))


def mean_against_whole(part: Mean, whole: Mean) -> Difference | None:
    """A part against the rest of its whole. Raises ValueError when the part is not within the whole."""
    rest = Mean(whole.n - part.n, whole.total - part.total, whole.squares - part.squares, whole.scale)
    return mean_difference(part, rest)


def _newcombe(first: Share, second: Share, z: float) -> Interval:
    one, two = wilson(first.hits, first.n, z=z), wilson(second.hits, second.n, z=z)
    share_one, share_two = 100 * first.hits / first.n, 100 * second.hits / second.n
    value = share_one - share_two
    return Interval(
        value - hypot(share_one - one.low, two.high - share_two),
        value + hypot(one.high - share_one, share_two - two.low),
    )


def _z_touching_zero(first: Share, second: Share) -> float:
    """The z for which Newcombe's interval just reaches 0, with the sign of the difference."""
    balance = first.hits * second.n - second.hits * first.n
    if balance == 0:
        return 0.0
    if balance < 0:
        return -_z_touching_zero(second, first)
    return _root(lambda z: _newcombe(first, second, z).low)


def _root(falling: Callable[[float], float]) -> float:
    """Where a function falls through 0, by bisection, for arguments above 0."""
    low, high = 0.0, 1.0
    while falling(high) > 0:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
