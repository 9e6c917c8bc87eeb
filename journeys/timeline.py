"""A customer's one timeline: milestones from here, asks, answers and follow-ups from the floors above."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from customers.models import Customer
from journeys.models import MilestoneEvent


@dataclass(frozen=True)
class TimelineItem:
    """One line. `kind` names what happened ("milestone", "invitation", ...), `icon` is one of lucide's."""

    at: datetime
    kind: str
    icon: str
    title: str
    detail: str = ""
    href: str = ""
    # Of an answer: its score and group, shown as a chip.
    score: int | None = None
    group: str = ""
    tone: str = ""


Source = Callable[[Customer], list[TimelineItem]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a floor's facts: `source(customer)` is called in the organization's scope and may make a few queries."""
    _sources.append(source)
    return source


def timeline_of(customer: Customer, *, at_most: int = 200) -> list[TimelineItem]:
    """What happened with this customer, newest first, at most so many items of each source."""
    items = [item for source in [_milestones, *_sources] for item in source(customer)[:at_most]]
    return sorted(items, key=lambda item: item.at, reverse=True)[:at_most]


def _milestones(customer: Customer) -> list[TimelineItem]:
    events = MilestoneEvent.objects.filter(customer=customer).select_related("milestone__touchpoint")
    return [
        TimelineItem(event.occurred_at, "milestone", "flag", event.milestone.name, event.milestone.touchpoint.name)
        for event in events.order_by("-occurred_at")[:200]
    ]
