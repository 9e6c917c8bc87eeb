"""Milestones whose asks could not be planned at once: kept as rows, tried again by a sweep, set aside the third time.

An event is stored whatever happens above it (journeys sends its signal robustly), so a failure here must not lose who
was to be asked. Planning judges by the send rules that are on when it succeeds; an ask that exists is left alone.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from journeys.models import MilestoneEvent
from surveys.models import UnplannedEvent
from surveys.planning import plan_invitations
from tenancy.audit import Actor, record
from tenancy.background import drain, nudge
from tenancy.models import User
from tenancy.scope import current_organization_id, organization_scope

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RETRY_AFTER = timedelta(seconds=15)
MAX_ATTEMPTS = 3
CRASHED = "The worker stopped three times while planning who is to be asked."
SWEEP = "surveys.tasks.plan_unplanned_events"


def plan_or_put_off(events: Sequence[MilestoneEvent], *, at: datetime) -> None:
    """Plan the asks of `events` in the caller's transaction; when that fails, keep them for the sweep."""
    try:
        with transaction.atomic():
            plan_invitations(events, at=at)
    except Exception as error:  # kept on the rows, where people see it
        logger.exception("Asks of %d events could not be planned", len(events))
        organization_id, words = current_organization_id(), _words(error)
        rows = [
            UnplannedEvent(
                organization_id=organization_id, milestone_event_id=event.pk, due_at=at + RETRY_AFTER, last_error=words
            )
            for event in events
        ]
        with transaction.atomic():
            UnplannedEvent.objects.bulk_create(rows, ignore_conflicts=True)


def plan_due() -> int:
    """Try again what is due for every organization in turn; returns the number of events dealt with."""
    return drain("door_due_unplanned_events", plan_one)


def plan_one(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Try again the event of one organization that waits longest; returns 1, or 0 when none is due."""
    at = at or timezone.now()
    with organization_scope(organization_id):
        claimed = _claim(at=at)
    if claimed is None:
        return 0
    try:
        with organization_scope(organization_id):
            _plan(*claimed, at=at)
    except Exception as error:  # as above
        logger.exception("The asks of unplanned event %s could not be planned", claimed[0])
        with organization_scope(organization_id):
            _put_off(*claimed, error=_words(error), at=at)
    return 1


def unplanned_events() -> QuerySet[UnplannedEvent]:
    """Events whose asks are still to be planned, longest waiting first; the sweep leaves alone what was set aside."""
    return UnplannedEvent.objects.select_related("milestone_event__milestone", "milestone_event__customer").order_by(
        "id"
    )


def replay(unplanned: UnplannedEvent, *, by: Actor | User, at: datetime) -> None:
    """Try an event again now, with all its attempts before it."""
    unplanned.is_quarantined, unplanned.attempts, unplanned.due_at = False, 0, at
    unplanned.save(update_fields=["is_quarantined", "attempts", "due_at"])
    record("unplanned_event.replayed", on=unplanned, by=by, at=at)
    nudge(SWEEP)


def _claim(*, at: datetime) -> tuple[UUID, int] | None:
    """A row and which attempt this is; the attempt is committed before the work, so that a crash is counted."""
    due = UnplannedEvent.objects.select_for_update(skip_locked=True).filter(due_at__lte=at, is_quarantined=False)
    due.filter(attempts__gte=MAX_ATTEMPTS).update(is_quarantined=True, last_error=CRASHED)
    row = due.order_by("due_at").first()
    if row is None:
        return None
    row.attempts, row.due_at = row.attempts + 1, at + LEASE
    row.save(update_fields=["attempts", "due_at"])
    return row.pk, row.attempts


def _plan(pk: UUID, attempts: int, *, at: datetime) -> None:
    # The fence: whoever claimed the row after us has counted one more attempt.
    mine = UnplannedEvent.objects.select_for_update(of=("self",)).filter(pk=pk, attempts=attempts)
    unplanned = mine.select_related("milestone_event__milestone", "milestone_event__customer").first()
    if unplanned is not None:
        plan_invitations([unplanned.milestone_event], at=at)
        unplanned.delete()


def _put_off(pk: UUID, attempts: int, *, error: str, at: datetime) -> None:
    UnplannedEvent.objects.filter(pk=pk, attempts=attempts).update(
        last_error=error, due_at=at + RETRY_AFTER, is_quarantined=attempts >= MAX_ATTEMPTS
    )


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
