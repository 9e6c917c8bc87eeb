"""Policies and calendars as they are stored. What was promised stays promised; steps hold for all that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from alerts.clocks import Policies
from alerts.escalation.clocks import Clocks, key_of
from alerts.models import Calendar, Escalation, EscalationStep, FollowUp, SlaPolicy
from tenancy.audit import Actor, record
from tenancy.background import in_batches
from tenancy.models import Organization, User
from tenancy.scope import current_organization_id

CHUNK = 500


class StillUsed(ValueError):
    """It cannot go: something depends on it; the message says what."""


@dataclass(frozen=True)
class Step:
    """One escalation step as it was filled in."""

    promise: str
    percent: int
    tells: str
    person: User | None = None

    def __str__(self) -> str:
        return f"{self.promise} {self.percent} %: {self.person or self.tells}"


def save_policy(
    policy: SlaPolicy, *, values: dict[str, Any], steps: Sequence[Step], by: Actor | User, at: datetime
) -> SlaPolicy:
    """Store promises for follow-ups that open from now on, and the steps for all that are open.

    A new step whose moment has passed already tells nobody any more: an edit here starts no flood.
    """
    is_new = policy._state.adding
    for name, value in values.items():
        setattr(policy, name, value)
    policy.save()
    added = _save_steps(policy, steps)
    if not is_new:
        _take_what_passed(policy, added, at=at)
        look_again(FollowUp.objects.filter(sla_policy=policy), at=at)
    details = {**values, "calendar": str(policy.calendar or ""), "steps": [str(step) for step in steps]}
    record("sla_policy.created" if is_new else "sla_policy.changed", on=policy, by=by, at=at, details=details)
    return policy


def delete_policy(policy: SlaPolicy, *, by: Actor | User) -> None:
    """Raises StillUsed for the policy of a priority, and for one that rules or follow-ups stand on."""
    if policy.priority:
        raise StillUsed("The policy of a priority stays: something must be promised.")
    try:
        with transaction.atomic():
            record("sla_policy.deleted", on=policy, by=by)
            policy.delete()
    except ProtectedError:
        raise StillUsed("Rules or follow-ups stand on this policy.") from None


def save_calendar(calendar: Calendar, *, values: dict[str, Any], by: Actor | User, at: datetime) -> Calendar:
    """Store it; steps of open follow-ups move with it, due moments stay as promised. One calendar is the main one."""
    is_new = calendar._state.adding
    if values["is_main"]:
        Calendar.objects.filter(is_main=True).exclude(pk=calendar.pk).update(is_main=False)
    for name, value in values.items():
        setattr(calendar, name, value)
    calendar.save()
    look_again(FollowUp.objects.all(), at=at)
    record("calendar.created" if is_new else "calendar.changed", on=calendar, by=by, at=at, details=values)
    return calendar


def delete_calendar(calendar: Calendar, *, by: Actor | User, at: datetime) -> None:
    """Raises StillUsed while a policy or a person works in it."""
    try:
        with transaction.atomic():
            record("calendar.deleted", on=calendar, by=by, at=at)
            calendar.delete()
    except ProtectedError:
        raise StillUsed("Policies or people still work in this calendar.") from None
    look_again(FollowUp.objects.all(), at=at)


def look_again(follow_ups: QuerySet[FollowUp], *, at: datetime) -> None:
    """Let the sweep work out anew when the next step of each running one is due. One statement."""
    running = follow_ups.filter(resolved_at__isnull=True, paused_at__isnull=True)
    running.exclude(state__in=["closed", "merged"]).update(escalates_at=at)


def _save_steps(policy: SlaPolicy, steps: Sequence[Step]) -> list[EscalationStep]:
    """Make the steps of the policy these; returns those that are new."""
    there = {key_of(step): step for step in EscalationStep.objects.filter(sla_policy=policy)}
    wanted = {
        key_of(row): row
        for row in (
            EscalationStep(
                organization_id=policy.organization_id,
                sla_policy=policy,
                promise=step.promise,
                percent=step.percent,
                tells=step.tells,
                person=step.person,
            )
            for step in steps
        )
    }
    EscalationStep.objects.filter(pk__in=[row.pk for key, row in there.items() if key not in wanted]).delete()
    return EscalationStep.objects.bulk_create([row for key, row in wanted.items() if key not in there])


def _take_what_passed(policy: SlaPolicy, added: list[EscalationStep], *, at: datetime) -> None:
    if not added:
        return
    organization = Organization.objects.get(pk=current_organization_id())
    rows = FollowUp.objects.filter(sla_policy=policy, resolved_at__isnull=True).exclude(state__in=["closed", "merged"])
    for follow_ups in in_batches(list(rows.select_related("sla_policy__calendar")), CHUNK):
        clocks = Clocks(follow_ups, organization, policies=Policies())
        passed = [
            _passed(follow_up, step, moment, at)
            for follow_up in follow_ups
            for step in added
            if (moment := clocks.moment_of(step, follow_up)) <= (follow_up.paused_at or at)
        ]
        Escalation.objects.bulk_create(passed, ignore_conflicts=True)


def _passed(follow_up: FollowUp, step: EscalationStep, moment: datetime, at: datetime) -> Escalation:
    promise, percent, tells, person_key = key_of(step)
    return Escalation(
        organization_id=follow_up.organization_id,
        follow_up=follow_up,
        promise=promise,
        percent=percent,
        tells=tells,
        person_key=person_key,
        due_at=moment,
        escalated_at=at,
        told=[],
    )
