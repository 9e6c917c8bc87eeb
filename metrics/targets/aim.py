"""The target of what a dashboard shows, as its trend draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from metrics.buckets import Bucket
from metrics.dashboard.choices import Choices
from metrics.dashboard.words import value_words
from metrics.models import Target
from metrics.periods import canonical_query
from metrics.targets.listing import way_of
from metrics.targets.outlook import Outlook, outlook_of
from metrics.targets.setting import live_target


@dataclass(frozen=True)
class Aim:
    """A target with how it stands."""

    target: Target
    outlook: Outlook

    @property
    def legend(self) -> str:
        return f"Way to the target: {way_of(self.target)}"

    def places(self, buckets: Sequence[Bucket]) -> list[float | None]:
        """Where the score should be in each bucket: in its middle; None before the start and after the end."""
        return [self._place(bucket) for bucket in buckets]

    def words(self, bucket: Bucket) -> str:
        """The same for the table: "+41.2", or nothing."""
        place = self._place(bucket)
        return "" if place is None else value_words(self.target.instrument.headline, place, 1)

    def _place(self, bucket: Bucket) -> float | None:
        if bucket.last < self.target.start_on or bucket.first > self.target.by_on:
            return None
        return self.target.place_on(bucket.first + (bucket.last - bucket.first) / 2)


def aim_of(choices: Choices) -> Aim | None:
    """The target of exactly what is shown. One query, and two more where there is one."""
    target = live_target(choices.wanted)
    if target is None:
        return None
    return Aim(target, outlook_of(target, today=choices.ground.today, zone=choices.ground.zone))


def new_target_url(choices: Choices) -> str:
    """Where a target is set for what is shown."""
    names = ("survey", "measure", "touchpoint", "channel")
    query = canonical_query({name: choices.parameters.get(name, "") for name in names})
    address = reverse("target_new", kwargs={"org": choices.ground.slug})
    return f"{address}?{query}" if query else address
