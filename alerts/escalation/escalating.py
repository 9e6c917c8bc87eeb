"""The sweep of escalation steps: each is taken once, told, and written into the history with who was told how."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from alerts.changing import Kind, new_entry, written
from alerts.clocks import Policies
from alerts.escalation.clocks import Clocks, key_of
from alerts.escalation.receivers import Receivers
from alerts.escalation.telling import Taking, tell_of_steps
from alerts.models import Escalation, FollowUp, FollowUpEntry
from tenancy.audit import SYSTEM, audit_entry
from tenancy.background import drain
from tenancy.models import AuditEntry, Organization
from tenancy.scope import organization_scope

BATCH = 100


def escalate_due() -> int:
    """Take every step that is due, of every organization; returns how many follow-ups were looked at."""
    return drain("door_due_escalations", escalate_batch, batch=BATCH)


def escalate_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Take the due steps of at most BATCH follow-ups of one organization, in one transaction; returns how many.

    About twenty statements for any number. The rows are locked, so two workers never take the same step, and what a
    worker leaves behind when it is killed is taken whole by the next.
    """
    at = at or timezone.now()
    with organization_scope(organization_id):
        due = _due(at)
        if not due:
            return 0
        organization = Organization.objects.get(pk=organization_id)
        clocks = Clocks(due, organization, policies=Policies())
        receivers = Receivers(due, at=at)
        takings: list[Taking] = []
        for follow_up in due:
            waiting = clocks.waiting(follow_up)
            now = [each for each in waiting if each.due_at <= at]
            takings += [Taking(follow_up, each, receivers.of(each.step, follow_up)) for each in now]
            follow_up.escalates_at = min((each.due_at for each in waiting if each.due_at > at), default=None)
        FollowUp.objects.bulk_update(due, ["escalates_at"])
        if takings:
            tell_of_steps(takings, organization, otherwise=receivers.admins(), at=at)
            _keep(takings, at=at)
    return len(due)


def _due(at: datetime) -> list[FollowUp]:
    rows = FollowUp.objects.select_for_update(skip_locked=True, of=("self",)).filter(escalates_at__lte=at)
    related = ("sla_policy__calendar", "customer", "owner", "response__survey", "response__touchpoint")
    return list(rows.select_related(*related).order_by("escalates_at")[:BATCH])


def _keep(takings: Sequence[Taking], *, at: datetime) -> None:
    Escalation.objects.bulk_create([_escalation(each, at) for each in takings])
    entries = [_entry(each, at) for each in takings]
    FollowUpEntry.objects.bulk_create(entries)
    AuditEntry.objects.bulk_create(
        [
            audit_entry("follow_up.escalated", on=entry.follow_up, by=SYSTEM, at=at, details=entry.details)
            for entry in entries
        ]
    )
    written(entries)


def _escalation(taking: Taking, at: datetime) -> Escalation:
    promise, percent, tells, person_key = key_of(taking.waiting.step)
    return Escalation(
        organization_id=taking.follow_up.organization_id,
        follow_up=taking.follow_up,
        promise=promise,
        percent=percent,
        tells=tells,
        person_key=person_key,
        due_at=taking.waiting.due_at,
        escalated_at=at,
        told=[each.name for each in taking.told],
    )


def _entry(taking: Taking, at: datetime) -> FollowUpEntry:
    step = taking.waiting.step
    told = [{"name": each.name, "as": each.role_word, "ways": each.ways} for each in taking.told]
    entry = new_entry(
        taking.follow_up,
        kind=Kind.ESCALATED,
        by=SYSTEM,
        at=at,
        promise=step.promise,
        percent=step.percent,
        tells=step.tells,
        due_at=taking.waiting.due_at.isoformat(timespec="seconds"),
        told=told,
    )
    if taking.outside:
        entry.details["outside"] = taking.outside
    return entry
