"""CSAT and CES from counts per score: share in the top boxes first, the mean as the second number."""

from collections.abc import Mapping

from metrics.statistics.means import Mean, mean_of_scores
from metrics.statistics.shares import Share
from surveys.scoring import CES, CSAT, Group, Scale, scale_of


def csat(counts: Mapping[int, int], *, points: int = 5) -> Share:
    """Share of satisfied answers: the top two boxes, 4 and 5 of five points, 6 and 7 of seven.

    The number of points is to be printed with the figure. Raises ValueError for a score outside, and for
    another number of points.
    """
    return _top_share(scale_of(CSAT, points), counts)


def mean_rating(counts: Mapping[int, int], *, points: int = 5) -> Mean:
    """Mean satisfaction on 1..`points` (5 or 7). Raises ValueError for a score outside."""
    return _mean(scale_of(CSAT, points), counts)


def ces_share(counts: Mapping[int, int]) -> Share:
    """Share of 5-7 on "made it easy for me", 1..7, higher is better: CES 2.0 (Dixon, Toman and DeLisi 2013).

    CES 1.0 (1-5, low is good) is another scale and never joins the same series. Raises ValueError for a
    score outside.
    """
    return _top_share(scale_of(CES), counts)


def ces(counts: Mapping[int, int]) -> Mean:
    """Mean ease on 1..7, CES 2.0. Raises ValueError for a score outside."""
    return _mean(scale_of(CES), counts)


def _top_share(scale: Scale, counts: Mapping[int, int]) -> Share:
    every = _mean(scale, counts)  # refuses a score of another scale
    return Share(hits=sum(counts.get(score, 0) for score in scale.scores_in(Group.PROMOTER)), n=every.n)


def _mean(scale: Scale, counts: Mapping[int, int]) -> Mean:
    return mean_of_scores(counts, low=scale.low, high=scale.high)
