"""Series of scores for tests of what is made of them: drawn with a known truth, or exact by construction."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from metrics.statistics.differences import Difference, nps_difference
from metrics.statistics.nps import nps
from metrics.statistics.series import Point

START = date(2025, 1, 6)
PASSIVES = 0.3

Groups = tuple[int, int, int]


def exactly(values: Sequence[float], *, n: int, spread: float) -> list[Point]:
    """Weeks of `n` answers with these scores, whose pooled spread is exactly `spread`."""
    return [Point(*week(place), n, n * value, n * value**2 + (n - 1) * spread) for place, value in enumerate(values)]


def week(place: int) -> tuple[date, date]:
    return START + timedelta(weeks=place), START + timedelta(weeks=place, days=6)


def drawn(levels: Sequence[float], sizes: Sequence[int], random: Random) -> list[Groups]:
    """Promoters, passives and detractors of each week, drawn from a truth with these NPS."""
    return [group_counts(level, n, random) for level, n in zip(levels, sizes, strict=True)]


def group_counts(level: float, n: int, random: Random) -> Groups:
    promoters = (1 - PASSIVES + level / 100) / 2
    chances = [random.random() for _ in range(n)]
    high = sum(chance < promoters for chance in chances)
    middle = sum(promoters <= chance < promoters + PASSIVES for chance in chances)
    return high, middle, n - high - middle


def points_of(weeks: Sequence[Groups]) -> list[Point]:
    return [
        Point(*week(place), sum(groups), 100 * (groups[0] - groups[2]), 10_000 * (groups[0] + groups[2]))
        for place, groups in enumerate(weeks)
    ]


def comparing(weeks: Sequence[Groups]) -> Callable[[range, range], Difference | None]:
    def score(span: range):
        return nps(*(sum(weeks[place][group] for place in span) for group in range(3)))

    return lambda after, before: nps_difference(score(after), score(before))
