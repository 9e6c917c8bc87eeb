"""Counted buckets as a series of one measure, for what looks at scores over time."""

from collections.abc import Sequence
from functools import lru_cache

from metrics.buckets import Bucket
from metrics.measures import Measure
from metrics.statistics.change_points import ChangePoint, change_points
from metrics.statistics.differences import Difference
from metrics.statistics.series import Point
from metrics.tally import Tally


def points_of(measure: Measure, buckets: Sequence[Bucket], tallies: Sequence[Tally]) -> list[Point]:
    """One for each bucket: the sums of what its answers are worth."""
    return [_point(measure, bucket, tally) for bucket, tally in zip(buckets, tallies, strict=True)]


def changes_of(measure: Measure, buckets: Sequence[Bucket], tallies: Sequence[Tally]) -> list[ChangePoint]:
    """Since when the score was another one, confirmed by the difference test of the measure."""

    def compare(after: range, before: range) -> Difference | None:
        later, earlier = (Tally.total(tallies[place] for place in span) for span in (after, before))
        return measure.difference(measure.figure(later), measure.figure(earlier))

    return change_points(points_of(measure, buckets, tallies), compare, low=measure.low, high=measure.high)


def _point(measure: Measure, bucket: Bucket, tally: Tally) -> Point:
    heard = [(_worth(measure, score), count) for score, count in tally.by_score.items()]
    return Point(
        bucket.first,
        bucket.last,
        n=tally.n,
        total=sum(worth * count for worth, count in heard),
        squares=sum(worth * worth * count for worth, count in heard),
    )


@lru_cache(maxsize=256)
def _worth(measure: Measure, score: int) -> float:
    """What one answer with this score adds: every score is the mean of it, so it is the score of that answer alone."""
    return float(measure.figure(Tally.of({score: 1})).value or 0)
