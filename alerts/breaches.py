"""Promises that were not kept: noted once, and shown everywhere from then on. Escalation steps tell of them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from alerts.changing import Kind, new_entry, written
from alerts.models import FollowUp, FollowUpEntry, SlaBreach
from tenancy.audit import SYSTEM, audit_entry
from tenancy.background import drain
from tenancy.models import AuditEntry
from tenancy.scope import organization_scope

BATCH = 100
Promise = SlaBreach.Promise


def note_breaches() -> int:
    """Note every promise that passed unkept, of every organization; returns how many."""
    return drain("door_due_follow_ups", note_batch)


def note_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Note at most BATCH follow-ups' broken promises of one organization."""
    at = at or timezone.now()
    with organization_scope(organization_id):
        overdue = _overdue(at)
        noted = _noted(overdue)
        broken = [breach for follow_up in overdue for breach in _breaches_of(follow_up, noted, at)]
        if not broken:
            return 0
        SlaBreach.objects.bulk_create(broken)
        entries = FollowUpEntry.objects.bulk_create([_entry(breach, at) for breach in broken])
        AuditEntry.objects.bulk_create(
            [
                audit_entry(
                    "follow_up.promise_broken",
                    on=breach.follow_up,
                    by=SYSTEM,
                    at=at,
                    details={"promise": breach.promise},
                )
                for breach in broken
            ]
        )
        written(entries)
    return len(broken)


def _overdue(at: datetime) -> list[FollowUp]:
    """Locked, so that two sweeps never note the same promise."""
    noted = SlaBreach.objects.filter(follow_up=OuterRef("pk"))
    of_contact = noted.filter(promise=Promise.FIRST_CONTACT, due_at__gte=OuterRef("first_contact_due_at"))
    contact = Q(first_contacted_at__isnull=True, first_contact_due_at__lte=at) & ~Exists(of_contact)
    of_resolution = noted.filter(promise=Promise.RESOLUTION, due_at__gte=OuterRef("resolution_due_at"))
    resolution = Q(resolution_due_at__lte=at) & ~Exists(of_resolution)
    rows = FollowUp.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        contact | resolution, ~Q(state="merged"), resolved_at__isnull=True, paused_at__isnull=True
    )
    return list(rows[:BATCH])


def _noted(follow_ups: list[FollowUp]) -> dict[tuple[UUID, str], datetime]:
    """The latest due moment that was noted already, by follow-up and promise. One query."""
    rows = SlaBreach.objects.filter(follow_up__in=follow_ups).order_by("due_at")
    return {(each.follow_up_id, each.promise): each.due_at for each in rows}


def _breaches_of(follow_up: FollowUp, noted: dict[tuple[UUID, str], datetime], at: datetime) -> list[SlaBreach]:
    """A promise that was made anew may be broken anew; one that only became stricter is noted already."""
    promises = [(Promise.RESOLUTION, follow_up.resolution_due_at)]
    if follow_up.first_contacted_at is None:
        promises.insert(0, (Promise.FIRST_CONTACT, follow_up.first_contact_due_at))
    return [
        SlaBreach(
            organization_id=follow_up.organization_id,
            follow_up=follow_up,
            promise=promise,
            due_at=due_at,
            breached_at=at,
        )
        for promise, due_at in promises
        if due_at <= at and not ((before := noted.get((follow_up.pk, promise))) and before >= due_at)
    ]


def _entry(breach: SlaBreach, at: datetime) -> FollowUpEntry:
    return new_entry(
        breach.follow_up,
        kind=Kind.BREACHED,
        by=SYSTEM,
        at=at,
        promise=breach.promise,
        due_at=breach.due_at.isoformat(timespec="seconds"),
    )
