"""Recording that a customer reached a milestone: one at a time, or many of a batch or a file."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from customers.models import Customer
from journeys.models import Milestone, MilestoneEvent
from journeys.signals import milestone_recorded
from tenancy.audit import Actor, record
from tenancy.models import User
from tenancy.scope import current_organization_id


class UnknownMilestone(LookupError):
    """No milestone has this key."""

    def __init__(self, key: str):
        super().__init__(f"There is no milestone with the key “{key[:80]}”.")
        self.key = key


class KeyUsedOtherwise(ValueError):
    """The idempotency key was used before, for another customer or milestone."""

    def __init__(self, key: str):
        super().__init__(f"The key “{key}” was used before for another customer or milestone.")
        self.key = key


@dataclass(frozen=True)
class Reached:
    """One customer reaching one milestone; the key names this fact, so that telling it twice changes nothing."""

    customer: Customer
    milestone: Milestone
    occurred_at: datetime
    idempotency_key: str
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """What became of it: `is_new` is False when it was recorded before; `is_other` when that was another fact."""

    event: MilestoneEvent
    is_new: bool
    is_other: bool = False


def find_milestone(key: str) -> Milestone:
    """The milestone with this key. Raises UnknownMilestone."""
    milestone = find_milestones([key]).get(key)
    if milestone is None:
        raise UnknownMilestone(key)
    return milestone


def find_milestones(keys: Sequence[str]) -> dict[str, Milestone]:
    """By key, those that exist; one query for any number of keys."""
    wanted = {key[:81] for key in keys}
    return {milestone.key: milestone for milestone in Milestone.objects.filter(key__in=wanted)}


def natural_key(customer_id: UUID, milestone_key: str, occurred_at: datetime) -> str:
    """The key of a fact that was told without one: the same customer, milestone and moment are the same fact."""
    fact = f"{customer_id} {milestone_key} {occurred_at.astimezone(UTC).isoformat()}"
    return f"natural:{hashlib.sha256(fact.encode()).hexdigest()}"


def record_milestone(
    *,
    customer: Customer,
    milestone: Milestone,
    occurred_at: datetime,
    idempotency_key: str,
    by: Actor | User,
    properties: dict[str, Any] | None = None,
    source: str = "api",
) -> tuple[MilestoneEvent, bool]:
    """The event, and whether it is new. Raises KeyUsedOtherwise."""
    reached = Reached(customer, milestone, occurred_at, idempotency_key, properties or {})
    (recorded,) = record_milestones([reached], by=by, source=source)
    if recorded.is_other:
        raise KeyUsedOtherwise(idempotency_key)
    return recorded.event, recorded.is_new


def record_milestones(facts: Sequence[Reached], *, by: Actor | User, source: str) -> list[Recorded]:
    """Store what is new and say for each fact, in order, what became of it.

    Costs three queries and one signal for any number. Two facts with one key are one event.
    """
    events = {fact.idempotency_key: _event(fact, source) for fact in reversed(facts)}
    MilestoneEvent.objects.bulk_create(events.values(), ignore_conflicts=True)
    stored = {event.idempotency_key: event for event in MilestoneEvent.objects.filter(idempotency_key__in=events)}
    results, told = [], set()
    for fact in facts:
        event = stored[fact.idempotency_key]
        is_new = event.pk == events[fact.idempotency_key].pk and event.pk not in told
        told.add(event.pk)
        is_other = event.customer_id != fact.customer.pk or event.milestone_id != fact.milestone.pk
        if not is_other:
            event.customer, event.milestone = fact.customer, fact.milestone
        results.append(Recorded(event, is_new, is_other))
    new = [result.event for result in results if result.is_new]
    if new:
        _tell(new, by=by, source=source)
    return results


def _event(fact: Reached, source: str) -> MilestoneEvent:
    return MilestoneEvent(
        organization_id=current_organization_id(),
        customer=fact.customer,
        milestone=fact.milestone,
        occurred_at=fact.occurred_at,
        properties=fact.properties,
        idempotency_key=fact.idempotency_key,
        source=source,
    )


def _tell(events: list[MilestoneEvent], *, by: Actor | User, source: str) -> None:
    if len(events) == 1:
        record("milestone.recorded", on=events[0], by=by, details={"source": source})
    else:
        record("milestones.recorded", by=by, details={"source": source, "events": len(events)})
    milestone_recorded.send_robust(sender=MilestoneEvent, events=events)
