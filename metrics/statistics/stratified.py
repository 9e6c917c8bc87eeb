"""One difference from many small comparisons that were each drawn apart: stratified, so that a stratum which does
better, and is drawn more often, does not pass for a difference."""

from collections.abc import Sequence
from fractions import Fraction
from math import copysign, inf, sqrt

from metrics.statistics.differences import Difference
from metrics.statistics.distributions import Z, normal_p
from metrics.statistics.interval import Interval
from metrics.statistics.means import Mean


def stratified_difference(strata: Sequence[tuple[Mean, Mean]]) -> Difference | None:
    """First minus second over all strata, each weighed by n1 n2 / (n1 + n2); None where no stratum has both sides.

    The weights are those of Cochran, "Some Methods for Strengthening the Common chi-square Tests", Biometrics 10(4),
    1954: of least variance where the difference is the same everywhere. The variance of a side is pooled over the
    strata (sum of squares within them by degrees of freedom), since a stratum of one or two answers has none of its own
    to speak of. Where the means know their scale, a pair of answers at its two ends is added to each side's variance,
    else a side that agrees would pass for certain, and the interval stays within what the scale allows. z test;
    `n_first` and `n_second` count the answers of strata with both sides.
    """
    both = [(one, two) for one, two in strata if one.n and two.n]
    sides = [[one for one, _ in both], [two for _, two in both]]
    variances = [_within(side) for side in sides]
    if not both or None in variances:
        return None
    weights = [Fraction(one.n * two.n, one.n + two.n) for one, two in both]
    shares = [weight / sum(weights) for weight in weights]
    value = sum(
        (share * (Fraction(one.total) / one.n - Fraction(two.total) / two.n))
        for share, (one, two) in zip(shares, both, strict=True)
    )
    squares = sum(
        share**2 * variance / mean.n
        for side, variance in zip(sides, variances, strict=True)
        for share, mean in zip(shares, side, strict=True)
        if variance is not None
    )
    error = sqrt(squares)
    interval = Interval(float(value) - Z * error, float(value) + Z * error)
    if both[0][0].scale:
        reach = both[0][0].scale[1] - both[0][0].scale[0]
        interval = interval.clipped(-reach, reach)
    statistic = float(value) / error if error else (copysign(inf, value) if value else 0.0)
    return Difference(
        value=Fraction(value),
        estimate=float(value),
        standard_error=error,
        statistic=statistic,
        p=normal_p(statistic),
        interval=interval,
        n_first=sum(one.n for one in sides[0]),
        n_second=sum(two.n for two in sides[1]),
    )


def _within(means: Sequence[Mean]) -> Fraction | None:
    """The variance within these strata, pooled; None where none of them has two values."""
    degrees = sum(mean.n - 1 for mean in means)
    squares = sum((mean.variance * (mean.n - 1) for mean in means if mean.variance is not None), Fraction(0))
    if not degrees:
        return None
    if means[0].scale is None:
        return squares / degrees
    low, high = means[0].scale
    return (squares + Fraction(high - low) ** 2 / 2) / (degrees + 1)
