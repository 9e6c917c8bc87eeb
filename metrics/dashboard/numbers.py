"""The counts behind one dashboard: of its period and of the one it is compared with."""

from dataclasses import dataclass
from uuid import UUID

from metrics.buckets import Bucket, buckets_of
from metrics.dashboard.choices import Choices
from metrics.periods import PeriodKey
from metrics.reading import NOBODY, Reading, read_compared
from metrics.tally import Tally


@dataclass(frozen=True)
class Numbers:
    """`before` is None where nothing is compared. `buckets` are those of the period, in order."""

    now: Reading
    before: Reading | None
    buckets: list[Bucket]

    @property
    def tallies(self) -> list[Tally]:
        """One for each bucket."""
        return [self.now.by_bucket.get(bucket.key, NOBODY) for bucket in self.buckets]

    def tallies_at(self, touchpoint_id: UUID | None) -> list[Tally]:
        """One for each bucket."""
        cells = self.now.by_touchpoint_and_bucket
        return [cells.get((touchpoint_id, bucket.key), NOBODY) for bucket in self.buckets]

    @property
    def is_empty(self) -> bool:
        return not (self.now.whole.n or self.now.whole.delivered)


def numbers_of(choices: Choices) -> Numbers:
    """Two queries."""
    period, comparison, ground = choices.period, choices.comparison, choices.ground
    unit = choices.bucket_unit
    now, before = read_compared(
        choices.wanted,
        first=period.first,
        last=period.last,
        before=(comparison.first, comparison.last) if comparison else None,
        unit=unit,
        zone=ground.zone,
    )
    buckets = buckets_of(period, zone=ground.zone, today=ground.today, unit=unit)
    if period.key is PeriodKey.ALL:  # other measures may have begun earlier
        buckets = buckets[next((at for at, bucket in enumerate(buckets) if bucket.key in now.by_bucket), 0) :]
    return Numbers(now, before if comparison else None, buckets)
