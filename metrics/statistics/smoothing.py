"""Trends of thin weeks: each point drawn from a window of at least a hundred answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ENOUGH_FOR_A_POINT = 100


@dataclass(frozen=True, slots=True)
class Window:
    """The buckets from `first` to `last` (both included, by place) and their counts per score together."""

    first: int
    last: int
    counts: Mapping[int, int]
    is_full: bool
    """False at the start of a series, where there are not yet enough answers: drawn faint, or not at all."""

    @property
    def n(self) -> int:
        return sum(self.counts.values())


def smoothed(buckets: Sequence[Mapping[int, int]], *, at_least: int = ENOUGH_FOR_A_POINT) -> list[Window]:
    """One window for each bucket: itself and as many before it as make `at_least` answers, no more.

    Windows look back only, so that a point once drawn does not move when the next week comes in. Costs one
    pass.
    """
    windows: list[Window] = []
    counts: Counter[int] = Counter()
    n = first = 0
    for last, bucket in enumerate(buckets):
        counts.update(bucket)
        n += sum(bucket.values())
        while first < last and n - (oldest := sum(buckets[first].values())) >= at_least:
            counts.subtract(buckets[first])
            n, first = n - oldest, first + 1
        seen = {score: count for score, count in sorted(counts.items()) if count}
        windows.append(Window(first, last, seen, is_full=n >= at_least))
    return windows
