"""The Net Promoter Score with its interval.

One answer is a draw of +1 (promoter), 0 (passive) or -1 (detractor); its variance is P + D - (P - D)^2.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt

from metrics.statistics.distributions import Z
from metrics.statistics.interval import Interval
from metrics.statistics.sizes import ENOUGH_TO_COMPARE, effective_n
from surveys.scoring import NPS, scale_of

# What the adjusted Wald interval adds before it looks at the shares: three answers in all.
ADDED_PROMOTERS, ADDED_PASSIVES, ADDED_DETRACTORS = 0.75, 1.5, 0.75

_SCALE = scale_of(NPS)


@dataclass(frozen=True, slots=True)
class NpsScore:
    """Answers by group, and the score they make. With weights, the groups hold sums of weights."""

    n: int
    """How many answers."""
    promoters: float
    passives: float
    detractors: float
    effective_n: float
    """`n` without weights, less with them."""
    value: Fraction | None
    """The plain score, -100..100, exact. None without answers."""
    adjusted: float
    """The score with the three added answers, -100..100: the middle of the interval, what tests compare."""
    standard_error: float
    """Of `adjusted`, in points."""

    @property
    def margin(self) -> float | None:
        """What follows the plus-minus sign, in points. None without answers."""
        return None if self.value is None else Z * self.standard_error

    @property
    def interval(self) -> Interval | None:
        """95 %, within -100..100. None without answers."""
        if self.value is None:
            return None
        reach = Z * self.standard_error
        return Interval(self.adjusted - reach, self.adjusted + reach).clipped(-100, 100)

    @property
    def is_enough_to_compare(self) -> bool:
        return self.effective_n >= ENOUGH_TO_COMPARE


def nps(promoters: int, passives: int, detractors: int) -> NpsScore:
    """The score of these counts. Raises ValueError for a negative one.

    Interval: adjusted Wald, Rocks, "Interval Estimation for the Net Promoter Score", The American
    Statistician 70(4), 2016: with 0.75 promoters, 1.5 passives and 0.75 detractors more (n' = n + 3), NPS'
    +- z sqrt((P' + D' - NPS'^2) / n'). It covers the truth in .92-.97 of samples from n = 5 on; the plain
    formula falls to .40.
    """
    n = promoters + passives + detractors
    return _score(n, promoters, passives, detractors, effective=n)


def nps_of_counts(counts: Sequence[int]) -> NpsScore:
    """The score of eleven counts, of the answers 0 to 10 in order. Raises ValueError for another number of them."""
    if len(counts) != len(_SCALE.scores):
        raise ValueError(f"There are {len(_SCALE.scores)} answers to count, not {len(counts)}.")
    passive, promoter = _SCALE.passive_from, _SCALE.promoter_from
    return nps(sum(counts[promoter:]), sum(counts[passive:promoter]), sum(counts[:passive]))


def weighted_nps(*, n: int, promoters: float, passives: float, detractors: float, squares: float) -> NpsScore:
    """The score of `n` weighted answers: sums of weights by group, and the sum of all squared weights.

    The interval is that of n_eff = (sum of w)^2 / sum of w^2 equal answers, at most `n`. Raises ValueError
    for sums that no `n` weights have.
    """
    effective = effective_n(weights=promoters + passives + detractors, squares=squares)
    if effective > n * (1 + 1e-9):
        raise ValueError(f"{n} weights with the squares {squares} cannot sum up so high.")
    return _score(n, promoters, passives, detractors, effective=effective)


def answers_needed(margin: float, *, promoters: float = 0.5, detractors: float = 0.2) -> int:
    """The fewest answers whose margin is at most `margin` points (> 0), given the shares of the groups (0..1).

    About 232 for 10 points, 935 for 5 and 2,601 for 3, when half are promoters and a fifth detractors. Raises
    ValueError for a margin or shares outside their ranges.
    """
    if not margin > 0:
        raise ValueError(f"A margin must be more than 0 points, not {margin}.")
    if promoters < 0 or detractors < 0 or promoters + detractors > 1:
        raise ValueError(f"Shares of {promoters} and {detractors} must lie in 0..1, also together.")
    # The variance is at most 1, so that this many are always enough; the margin only falls with n.
    enough = ceil((100 * Z / margin) ** 2) + 1
    return bisect_left(
        range(enough), -margin, lo=1, key=lambda n: -Z * _adjusted_wald(promoters * n, detractors * n, n)[1]
    )


def _score(n: int, promoters: float, passives: float, detractors: float, *, effective: float) -> NpsScore:
    if min(n, promoters, passives, detractors) < 0:
        raise ValueError(f"Counts cannot be negative: {promoters}, {passives}, {detractors} of {n}.")
    weights = promoters + passives + detractors
    if effective == n == weights:  # counted answers: one fraction is enough, and a page makes hundreds of them
        value = Fraction(100 * int(promoters - detractors), n) if n else None
        adjusted, standard_error = _adjusted_wald(promoters, detractors, n)
    else:
        above, below = Fraction(promoters), Fraction(detractors)
        whole = above + Fraction(passives) + below
        value = 100 * (above - below) / whole if whole else None
        adjusted, standard_error = _adjusted_wald(
            effective * float(above / (whole or 1)), effective * float(below / (whole or 1)), effective
        )
    return NpsScore(
        n=n,
        promoters=promoters,
        passives=passives,
        detractors=detractors,
        effective_n=effective,
        value=value,
        adjusted=adjusted,
        standard_error=standard_error,
    )


def _adjusted_wald(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """NPS' and its standard error, in points."""
    size = n + ADDED_PROMOTERS + ADDED_PASSIVES + ADDED_DETRACTORS
    above, below = (promoters + ADDED_PROMOTERS) / size, (detractors + ADDED_DETRACTORS) / size
    variance = above + below - (above - below) ** 2
    return 100 * (above - below), 100 * sqrt(variance / size)
