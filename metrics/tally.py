"""Counts of answers, which add up, and from which every score is derived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import add, sub

NOTHING = (0,) * 11


@dataclass(frozen=True, slots=True)
class Tally:
    """What was heard in some cells: `counts[s]` answers with score s, and what was asked. All are counts, >= 0."""

    counts: tuple[int, ...] = field(default=NOTHING)
    comments: int = 0
    delivered: int = 0
    answered: int = 0

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def by_score(self) -> dict[int, int]:
        """{score: answers}, without the scores nobody gave."""
        return {score: count for score, count in enumerate(self.counts) if count}

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            tuple(map(add, self.counts, other.counts)),
            self.comments + other.comments,
            self.delivered + other.delivered,
            self.answered + other.answered,
        )

    def __sub__(self, part: "Tally") -> "Tally":
        """The rest of a whole; `part` must lie within it."""
        return Tally(
            tuple(map(sub, self.counts, part.counts)),
            self.comments - part.comments,
            self.delivered - part.delivered,
            self.answered - part.answered,
        )

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> "Tally":
        """Of answers per score, 0 to 10."""
        return cls(tuple(counts.get(score, 0) for score in range(len(NOTHING))))

    @classmethod
    def total(cls, tallies: Iterable["Tally"]) -> "Tally":
        return sum(tallies, start=cls())
