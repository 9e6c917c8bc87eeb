"""Since when a score is another one: the places where its level changed for good, or for a while.

Binary segmentation (Scott and Knott, Biometrics 30, 1974; consistent: Vostrikova, Soviet Math. Doklady 24, 1981). At
the place where the levels before and after differ most (largest |z|), a series is split in two if that difference is
more than chance; each part is looked at again in the same way.

    z of a split   (level after - level before) / sqrt(s2 (1 / n after + 1 / n before)), levels weighted by answers
    s2             the spread of single answers, times how much more than by chance neighbouring buckets differ: the
                   median of their squared standardised differences over .4549, that of chi-square with 1 degree of
                   freedom (at least 1). A score that wobbles anyway has a higher bar; a step moves one difference only.
    p of the best  of all splits tried, P(max |z| > b): Worsley's improved Bonferroni bound (Biometrika 69, 1982), which
                   adds P(|z'| > b, |z| < b) = 4 T(b, sqrt((1 - r) / (1 + r))) for each two neighbouring splits, T of
                   Owen (1956), r their correlation. Never less than the truth, so that noise is marked in at most 5 %
                   of series.

Every place is then looked for once more between its neighbours (Bai, Econometric Theory 13, 1997) and dropped, weakest
first, where between them it is chance. What stays is confirmed by the difference test of `differences.py`, with the p
of all of them adjusted (Benjamini and Hochberg), and dropped in the same way until all are real. Where a straight line
describes the series no worse (Schwarz's criterion, 2 parameters against 2 for each change and 1), the score moved
steadily, and no day is named.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from math import erfc, exp, log, pi, sqrt
from statistics import median

from metrics.statistics.differences import Difference, Verdict
from metrics.statistics.interval import CONFIDENCE
from metrics.statistics.many_comparisons import adjusted
from metrics.statistics.series import Point, spread_of_answers
from metrics.statistics.sizes import ENOUGH_TO_COMPARE

SHORTEST = 3
"""Buckets on each side of a change: one odd week is none."""
MEDIAN_OF_CHI_SQUARE = 0.4549364

Compare = Callable[[range, range], Difference | None]


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """From the bucket at `index` on the level is another one than since the change before (or the beginning)."""

    index: int
    day: date
    """The first day of that bucket."""
    difference: Difference
    """New level minus old: its size, its interval, and p adjusted for the number of changes."""


def change_points(points: Sequence[Point], compare: Compare, *, low: float, high: float) -> list[ChangePoint]:
    """The changes of level in a series on the scale `low`..`high`, in order of time; none in most series.

    `compare(after, before)` answers the difference of the answers in two ranges of places, for the confirmation. Each
    level lasts 3 buckets with answers and 30 answers or more. Costs a pass over the points for each level found.
    """
    heard = [place for place, point in enumerate(points) if point.n]
    if len(heard) < 2 * SHORTEST:
        return []
    series = _Series([points[place] for place in heard], low, high)
    ends = series.settled(series.splits(0, len(heard)))
    found = _confirmed(ends, len(heard), lambda span: range(heard[span.start], heard[span.stop - 1] + 1), compare)
    if not found or series.is_as_well_a_line([at for at, _ in found]):
        return []
    return [ChangePoint(heard[at], points[heard[at]].first, difference) for at, difference in found]


def _confirmed(
    ends: list[int], length: int, places: Callable[[range], range], compare: Compare
) -> list[tuple[int, Difference]]:
    """The changes that the difference test finds real, each with its difference; the weakest is dropped first."""
    while ends:
        levels = [places(range(first, last)) for first, last in pairwise([0, *ends, length])]
        differences = adjusted([compare(after, before) for before, after in pairwise(levels)])
        real = [one for one in differences if one is not None and one.verdict is Verdict.REAL]
        if len(real) == len(ends):
            return list(zip(ends, real, strict=True))
        weakest = max(range(len(ends)), key=lambda place: _weakness(differences[place]))
        ends = ends[:weakest] + ends[weakest + 1 :]
    return []


def _weakness(difference: Difference | None) -> float:
    if difference is None or difference.verdict is Verdict.TOO_FEW:
        return 2.0
    return difference.p


class _Series:
    """Sums over the points, so that the level of any stretch is one subtraction."""

    def __init__(self, points: Sequence[Point], low: float, high: float):
        self.points = points
        self.counts = [0, *accumulate(point.n for point in points)]
        self.totals = [0.0, *accumulate(point.total for point in points)]
        spread = spread_of_answers(points, low=low, high=high)
        jumps = [
            (after.value - before.value) ** 2 / (spread / after.n + spread / before.n)
            for before, after in pairwise(points)
        ]
        self.spread = spread * max(1.0, median(jumps) / MEDIAN_OF_CHI_SQUARE)

    def splits(self, first: int, last: int) -> list[int]:
        """Where the stretch [first, last) falls into levels."""
        at = self._best(first, last)
        if at is None or self._p(first, at, last) >= 1 - CONFIDENCE:
            return []
        return [*self.splits(first, at), at, *self.splits(at, last)]

    def settled(self, ends: list[int]) -> list[int]:
        """Each place once more, now that its neighbours are known, without those that are chance between them."""
        while ends:
            for place in range(len(ends)):
                bounds = [0, *ends, len(self.points)]
                best = self._best(bounds[place], bounds[place + 2])
                ends[place] = ends[place] if best is None else best
            bounds = [0, *ends, len(self.points)]
            chances = [self._p(*bounds[place : place + 3]) for place in range(len(ends))]
            weakest = max(range(len(ends)), key=chances.__getitem__)
            if chances[weakest] < 1 - CONFIDENCE:
                break
            ends = ends[:weakest] + ends[weakest + 1 :]
        return ends

    def is_as_well_a_line(self, ends: list[int]) -> bool:
        """Whether a straight line through all points describes them no worse than these levels."""
        penalty = log(len(self.points))
        bounds = [0, *ends, len(self.points)]
        levels = sum(self._rest(first, last) for first, last in pairwise(bounds)) + (2 * len(ends) + 1) * penalty
        return self._rest_of_line() + 2 * penalty <= levels

    def _level(self, first: int, last: int) -> float:
        return (self.totals[last] - self.totals[first]) / (self.counts[last] - self.counts[first])

    def _candidates(self, first: int, last: int) -> range:
        """Where a level of enough buckets and answers may end; they are next to each other."""
        fitting = [
            at
            for at in range(first + SHORTEST, last - SHORTEST + 1)
            if min(self.counts[at] - self.counts[first], self.counts[last] - self.counts[at]) >= ENOUGH_TO_COMPARE
        ]
        return range(fitting[0], fitting[-1] + 1) if fitting else range(0)

    def _best(self, first: int, last: int) -> int | None:
        return max(self._candidates(first, last), key=lambda at: self._z(first, at, last), default=None)

    def _z(self, first: int, at: int, last: int) -> float:
        before, after = self.counts[at] - self.counts[first], self.counts[last] - self.counts[at]
        difference = self._level(at, last) - self._level(first, at)
        return abs(difference) / sqrt(self.spread * (1 / before + 1 / after))

    def _p(self, first: int, at: int, last: int) -> float:
        """How often the best split of pure chance is as good as the one at `at`: Worsley's bound."""
        bar = self._z(first, at, last)
        alone = erfc(bar / sqrt(2))
        if alone >= 1 - CONFIDENCE:
            return 1.0
        candidates, start, whole = self._candidates(first, last), self.counts[first], self.counts[last]
        more = 0.0
        for one, next_one in pairwise(candidates):
            before, grown = self.counts[one] - start, self.counts[next_one] - start
            length = whole - start
            correlation = sqrt(before * (length - grown) / ((length - before) * grown))
            more += 4 * owen_t(bar, sqrt((1 - correlation) / (1 + correlation)))
        return min(alone + more, alone * len(candidates), 1.0)

    def _rest(self, first: int, last: int) -> float:
        """Weighted squared deviations from the level of a stretch."""
        level = self._level(first, last)
        return sum(point.n * (point.value - level) ** 2 for point in self.points[first:last]) / self.spread

    def _rest_of_line(self) -> float:
        n = self.counts[-1]
        middle = sum(point.n * point.middle for point in self.points) / n
        level = self.totals[-1] / n
        reach = sum(point.n * (point.middle - middle) ** 2 for point in self.points)
        slope = sum(point.n * (point.middle - middle) * point.value for point in self.points) / reach
        rest = sum(point.n * (point.value - level - slope * (point.middle - middle)) ** 2 for point in self.points)
        return rest / self.spread


def owen_t(h: float, a: float) -> float:
    """Owen's T(h, a) for a in 0..1: the chance that one standard normal exceeds h and another lies in 0..a times it.

    1 / (2 pi) times the integral of exp(-h2 (1 + x2) / 2) / (1 + x2) over 0..a (Owen, Annals of Mathematical
    Statistics 27, 1956), by Simpson's rule: seven digits for h up to 6.
    """
    steps = 32
    width = a / steps
    heights = [exp(-h * h * (1 + (width * at) ** 2) / 2) / (1 + (width * at) ** 2) for at in range(steps + 1)]
    area = heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
    return area * width / 3 / (2 * pi)
