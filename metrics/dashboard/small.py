"""Which cells of a dashboard nobody outside may see: those of fewer than five answers, and those beside them from which
they could be worked out.

A cell is a group of people: everybody in the period, in one bucket of it, at one touchpoint. How they answered is what
is shown of a cell that is large enough, down to the single score.
"""

from dataclasses import dataclass
from uuid import UUID

from metrics.dashboard.numbers import Numbers
from metrics.statistics.small_cells import Hidden, hidden_cells


@dataclass(frozen=True)
class Small:
    """`buckets` by their place. `is_before`: of the earlier period nothing may be shown, not even as a difference;
    `touchpoints_before` have no difference either."""

    is_whole: bool = False
    is_before: bool = False
    buckets: frozenset[int] = frozenset()
    touchpoints: frozenset[UUID | None] = frozenset()
    touchpoints_before: frozenset[UUID | None] = frozenset()

    def has_no_difference(self, touchpoint_id: UUID | None) -> bool:
        return self.is_before or touchpoint_id in self.touchpoints | self.touchpoints_before


NOTHING_HIDDEN = Small()


def small_of(numbers: Numbers) -> Small:
    """The whole is protected against its buckets and against its touchpoints, each by itself: no table shows both."""
    counts = [tally.n for tally in numbers.tallies]
    buckets = hidden_cells(dict(enumerate(counts)), whole=numbers.now.whole.n)
    places = hidden_cells({place: tally.n for place, tally in numbers.now.by_touchpoint.items()})
    before: Hidden[UUID | None] = Hidden(frozenset(), whole=False)
    if numbers.before:
        before = hidden_cells({place: tally.n for place, tally in numbers.before.by_touchpoint.items()})
    return Small(
        is_whole=buckets.whole,
        is_before=before.whole,
        buckets=buckets.parts,
        touchpoints=places.parts,
        touchpoints_before=before.parts,
    )


def hidden_answers(numbers: Numbers, small: Small) -> int:
    """How many answers lie in buckets that are hidden."""
    tallies = numbers.tallies
    return sum(tallies[place].n for place in small.buckets)
