"""Clocks that stand still: while we wait for the customer, or until a day somebody chose. They go on by themselves.

Verbs take what those of `following_up` take; ValueError where there is no clock to stop or start.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from alerts.changing import AlreadyDone, Change, Kind, change
from alerts.clocks import clock_calendar
from alerts.models import FollowUp, FollowUpEntry, FollowUpPause
from alerts.playbooks.reminding import shift_steps
from alerts.sla import due_after_pause
from tenancy.audit import SYSTEM, Actor
from tenancy.background import drain
from tenancy.models import User
from tenancy.scope import organization_scope

logger = logging.getLogger(__name__)
BATCH = 100
RETRY_AFTER = timedelta(minutes=5)
Pause = FollowUp.Pause
CONTACT_FIRST = "Contact the customer first: reply, or log a contact."


def wait_for_customer(
    follow_up: FollowUp, *, by: Actor | User, at: datetime, version: int | None = None, entry_id: UUID | None = None
) -> FollowUpEntry:
    """The clocks stand still until the customer writes, at the longest as the policy allows.

    ValueError before the customer was contacted: who was told nothing owes no answer, and the first promise would stop.
    """
    return _pause(follow_up, Pause.CUSTOMER, None, by=by, at=at, version=version, entry_id=entry_id)


def why_not_wait(follow_up: FollowUp) -> str:
    """Why nobody can wait for this customer yet; empty where they can, as far as the clock runs."""
    return "" if follow_up.first_contacted_at else CONTACT_FIRST


def snooze(
    follow_up: FollowUp,
    *,
    until: datetime,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """The clocks stand still until then, at the longest as the policy allows. ValueError when `until` is past."""
    if until <= at:
        raise ValueError("Choose a moment that is still to come.")
    return _pause(follow_up, Pause.SNOOZED, until, by=by, at=at, version=version, entry_id=entry_id)


def resume(
    follow_up: FollowUp, *, by: Actor | User, at: datetime, version: int | None = None, entry_id: UUID | None = None
) -> FollowUpEntry:
    """The clocks go on, with the working time that was left. ValueError when they do not stand still."""
    verb = "follow_up.resumed"
    try:
        with change(
            follow_up, kind=Kind.RESUMED, verb=verb, by=by, at=at, version=version, entry_id=entry_id
        ) as changed:
            if changed.follow_up.paused_at is None:
                raise ValueError("The clock is running already.")
            end_pause(changed, at=at)
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def end_pause(changed: Change, *, at: datetime) -> None:
    """Within any change: let the clocks go on where they stand still; nothing otherwise."""
    reason = changed.follow_up.pause_reason
    if values := clocks_gone_on(changed.follow_up, at=at):
        changed.entry.details["pause_ended"] = reason
        changed.set(**values)


def clocks_gone_on(follow_up: FollowUp, *, at: datetime) -> dict[str, Any]:
    """End the pause of a locked follow-up and return the fields that change with it, for the caller to store.

    Empty when the clocks do not stand still.
    """
    if follow_up.paused_at is None:
        return {}
    calendar = clock_calendar(follow_up.sla_policy, follow_up.organization)
    paused_at, resumed_at = follow_up.paused_at, max(at, follow_up.paused_at)
    FollowUpPause.objects.filter(follow_up=follow_up, resumed_at__isnull=True).update(resumed_at=resumed_at)
    due = {
        name: due_after_pause(getattr(follow_up, name), paused_at=paused_at, resumed_at=resumed_at, calendar=calendar)
        for name in ("first_contact_due_at", "resolution_due_at")
    }
    if follow_up.playbook_id:
        shift_steps(follow_up, paused_at=paused_at, resumed_at=resumed_at, calendar=calendar)
    return {**due, "paused_at": None, "pause_reason": "", "resumes_at": None}


def longest_pause(follow_up: FollowUp, *, at: datetime) -> datetime:
    """Until when a pause that begins at `at` may last: all its pauses together as long as the policy allows.

    Not after `at` where nothing is left. One query.
    """
    over = FollowUpPause.objects.filter(follow_up=follow_up, resumed_at__isnull=False)
    used = sum((each.resumed_at - each.paused_at for each in over if each.resumed_at), timedelta(0))
    return at + timedelta(days=follow_up.sla_policy.longest_pause_days) - used


def resume_due() -> int:
    """Let every clock go on whose pause is over, of every organization; returns how many."""
    return drain("door_due_resumptions", resume_batch, batch=BATCH)


def resume_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """At most BATCH of one organization; each goes on from the moment its pause was to end, however late the sweep.

    Who is being changed just now is left to the next sweep; one that fails is pushed ahead and holds up no other.
    """
    now = at or timezone.now()
    with organization_scope(organization_id):
        rows = FollowUp.objects.select_for_update(skip_locked=True, of=("self",)).filter(resumes_at__lte=now)
        due = list(rows.order_by("resumes_at")[:BATCH])
        for follow_up in due:
            try:
                _let_go_on(follow_up, at=now)
            except Exception:
                logger.exception("The clock of follow-up %s could not go on", follow_up.pk)
                FollowUp.objects.filter(pk=follow_up.pk).update(resumes_at=now + RETRY_AFTER)
    return len(due)


def _let_go_on(follow_up: FollowUp, *, at: datetime) -> None:
    with change(
        follow_up, kind=Kind.RESUMED, verb="follow_up.resumed", by=SYSTEM, at=at, version=follow_up.version
    ) as changed:
        end_pause(changed, at=follow_up.resumes_at or at)


def _pause(
    follow_up: FollowUp,
    reason: str,
    until: datetime | None,
    *,
    by: Actor | User,
    at: datetime,
    version: int | None,
    entry_id: UUID | None,
) -> FollowUpEntry:
    verb = "follow_up.paused"
    try:
        with change(
            follow_up, kind=Kind.PAUSED, verb=verb, by=by, at=at, version=version, entry_id=entry_id
        ) as changed:
            row = changed.follow_up
            if row.resolved_at is not None or row.state == FollowUp.State.MERGED:
                raise ValueError("This follow-up has no clock that runs.")
            if row.paused_at is not None:
                raise ValueError("The clock stands still already.")
            if reason == Pause.CUSTOMER and (why := why_not_wait(row)):
                raise ValueError(why)
            longest = longest_pause(row, at=at)
            if longest <= at:
                days = row.sla_policy.longest_pause_days
                unit = "day" if days == 1 else "days"
                raise ValueError(f"Its clock has stood still for {days} {unit} in all: its policy allows no more.")
            resumes_at = min(until or longest, longest)
            changed.set(paused_at=at, pause_reason=reason, resumes_at=resumes_at)
            changed.entry.details |= {"reason": str(reason), "until": resumes_at.isoformat(timespec="seconds")}
            FollowUpPause.objects.create(
                organization_id=row.organization_id, follow_up=row, reason=reason, paused_at=at
            )
    except AlreadyDone as done:
        return done.entry
    return changed.entry
