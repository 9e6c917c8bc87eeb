"""Holding the rules against new answers: Evaluation rows in, alerts and follow-ups out, a batch at a time.

Two transactions a batch. The claim commits the attempt before the work begins, so that a row which kills its worker is
counted; `due_at` is its lease. The work then opens everything and sets `done_at` together. A row that failed once is
taken alone from then on: it can no longer pull its neighbours down, and the third time it is set aside.
An answer whose comment may still follow is put off until its rules have settled.
"""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from alerts.models import Evaluation
from alerts.opening import open_follow_ups
from alerts.proof.recovery.answering import take_answers
from alerts.rules.settling import settling
from tenancy.audit import Actor, record
from tenancy.background import drain, nudge
from tenancy.models import User
from tenancy.scope import organization_scope

logger = logging.getLogger(__name__)

BATCH = 200
# Rows are locked while they are worked on, so the lease only has to cover the time between claim and lock.
LEASE = timedelta(seconds=15)
RETRY_AFTER = timedelta(seconds=5)
MAX_ATTEMPTS = 3
CRASHED = "The worker stopped three times while evaluating this answer."


def evaluate_due() -> int:
    """Evaluate what is due for every organization in turn; returns the number of answers dealt with."""
    return drain("door_due_evaluations", evaluate_batch, batch=BATCH)


def evaluate_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Evaluate at most BATCH answers of one organization; returns how many were claimed, BATCH when more are due."""
    at = at or timezone.now()
    with organization_scope(organization_id):
        claimed = _claim(at=at)
    if not claimed:
        return 0
    try:
        with organization_scope(organization_id):
            _work(claimed, at=at)
    except Exception as error:  # kept on the row, where people see it
        logger.exception("Answers of organization %s could not be evaluated", organization_id)
        with organization_scope(organization_id):
            _put_off(claimed, error=f"{type(error).__name__}: {error}", at=at)
        return BATCH
    # A row that failed before was taken alone, whatever waited behind it.
    return len(claimed) if claimed[0].attempts == 1 else BATCH


def replay(evaluation: Evaluation, *, by: Actor | User, at: datetime) -> None:
    """Give a row that was set aside three more attempts."""
    evaluation.is_quarantined, evaluation.attempts, evaluation.due_at = False, 0, at
    evaluation.save(update_fields=["is_quarantined", "attempts", "due_at"])
    record("evaluation.replayed", on=evaluation, by=by, at=at)
    nudge("alerts.tasks.evaluate_due")


class Claimed(NamedTuple):
    """A row on its way: its key, its answer, and which attempt this is."""

    pk: UUID
    response_id: UUID
    attempts: int


def _claim(*, at: datetime) -> list[Claimed]:
    due = Evaluation.objects.select_for_update(skip_locked=True).filter(
        due_at__lte=at, done_at__isnull=True, is_quarantined=False
    )
    rows = [Claimed(*row) for row in due.order_by("due_at").values_list(*Claimed._fields)[:BATCH]]
    spent = [row.pk for row in rows if row.attempts >= MAX_ATTEMPTS]
    if spent:
        Evaluation.objects.filter(pk__in=spent, last_error="").update(last_error=CRASHED)
        Evaluation.objects.filter(pk__in=spent).update(is_quarantined=True)
    rows = [row for row in rows if row.attempts < MAX_ATTEMPTS]
    if rows and rows[0].attempts:
        rows = rows[:1]
    rows = rows[:1] + [row for row in rows[1:] if row.attempts == 0]
    Evaluation.objects.filter(pk__in=[row.pk for row in rows]).update(attempts=F("attempts") + 1, due_at=at + LEASE)
    return [row._replace(attempts=row.attempts + 1) for row in rows]


def _work(claimed: list[Claimed], *, at: datetime) -> None:
    attempts = {row.pk: row.attempts for row in claimed}
    locked = Evaluation.objects.select_for_update().filter(pk__in=attempts, done_at__isnull=True).order_by("pk")
    # The fence: whoever claimed the row after us has counted one more attempt.
    mine = [row for row in map(Claimed._make, locked.values_list(*Claimed._fields)) if row.attempts == attempts[row.pk]]
    told = take_answers([row.response_id for row in mine], at=at)
    until = settling([row.response_id for row in mine if row.response_id not in told], at=at)
    _let_settle([row for row in mine if row.response_id in until], until)
    ready = [row for row in mine if row.response_id not in until]
    open_follow_ups([row.response_id for row in ready if row.response_id not in told], at=at)
    Evaluation.objects.filter(pk__in=[row.pk for row in ready]).update(done_at=at, last_error="")


def _let_settle(rows: list[Claimed], until: dict[UUID, datetime]) -> None:
    """Put off to the end of the window; to wait is no attempt."""
    if rows:
        later = [Evaluation(pk=row.pk, due_at=until[row.response_id], attempts=row.attempts - 1) for row in rows]
        Evaluation.objects.bulk_update(later, ["due_at", "attempts"])


def _put_off(claimed: list[Claimed], *, error: str, at: datetime) -> None:
    mine = Evaluation.objects.filter(pk__in=[row.pk for row in claimed], done_at__isnull=True)
    mine.update(last_error=error[:500], due_at=at if len(claimed) > 1 else at + RETRY_AFTER)
    if len(claimed) == 1:
        mine.filter(attempts__gte=MAX_ATTEMPTS).update(is_quarantined=True)
