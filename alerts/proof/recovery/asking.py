"""The sweep of recoveries: asks when the days are over, and later counts who did not answer as silent.

Each row is dealt with in a savepoint of its own: one that fails is pushed ahead with its error, and after
MOST_ATTEMPTS nobody is asked, visibly.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from alerts.models import FollowUp, Recovery, RecoveryPlan
from alerts.proof.recovery.planning import REOPENED, settle
from alerts.proof.recovery.plans import recovery_plan
from surveys.models import Invitation
from surveys.planning import ask_apart
from surveys.reasons import reason_text
from tenancy.audit import SYSTEM, record
from tenancy.background import drain
from tenancy.scope import organization_scope

logger = logging.getLogger(__name__)

BATCH = 100
MOST_ATTEMPTS = 8
# How soon it is looked at again whether the mail has gone out.
LOOK_AGAIN = timedelta(days=1)
Result, Status = Recovery.Result, Invitation.Status
FIELDS = ["due_at", "result", "why", "decided_at", "invitation", "asked_at", "attempts", "last_error"]


def ask_recoveries() -> int:
    """Deal with what is due of every organization; returns how many recoveries."""
    return drain("door_due_recoveries", ask_batch, batch=BATCH)


def ask_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Ask, look again or count as silent: at most BATCH recoveries of one organization; returns how many."""
    at = at or timezone.now()
    with organization_scope(organization_id):
        plan = recovery_plan()
        rows = (
            Recovery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(due_at__lte=at)
            .select_related("follow_up__customer", "follow_up__organization", "invitation")
            .order_by("due_at")[:BATCH]
        )
        recoveries = list(rows)
        for recovery in recoveries:
            _deal_with(recovery, plan, at=at)
        Recovery.objects.bulk_update(recoveries, FIELDS)
    return len(recoveries)


def _deal_with(recovery: Recovery, plan: RecoveryPlan | None, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            if recovery.asked_at is None:
                _ask(recovery, plan, at=at)
            else:
                _look_again(recovery, plan, at=at)
    except Exception as error:  # kept on the row, where people see it
        logger.exception("Recovery %s could not be dealt with", recovery.pk)
        recovery.attempts += 1
        recovery.last_error = f"{type(error).__name__}: {error}"[:500]
        recovery.due_at = at + timedelta(seconds=min(15 * 2**recovery.attempts, 3600))
        if recovery.attempts >= MOST_ATTEMPTS:
            settle(recovery, Result.NOT_ASKED, why=f"It could not be asked: {recovery.last_error}", at=at)


def _ask(recovery: Recovery, plan: RecoveryPlan | None, *, at: datetime) -> None:
    follow_up = recovery.follow_up
    why = _why_not(recovery, plan)
    if why or plan is None or follow_up.customer is None:
        settle(recovery, Result.NOT_ASKED, why=why, at=at)
        return
    days = "1 day" if plan.days_after == 1 else f"{plan.days_after} days"
    invitation = ask_apart(
        survey=plan.survey,
        customer=follow_up.customer,
        key=f"recovery:{recovery.pk}",
        because=f"{days} after the loop of follow-up {follow_up.number} was closed",
        at=at,
        last_asked_at=_last_asked_at(recovery, since=at - timedelta(days=plan.fatigue_days)),
        days=plan.fatigue_days,
    )
    recovery.invitation, recovery.last_error = invitation, ""
    if invitation.status == Status.DROPPED:
        settle(recovery, Result.NOT_ASKED, why=reason_text(invitation.reason, invitation.reason_details), at=at)
        return
    recovery.asked_at, recovery.due_at = at, at + LOOK_AGAIN
    record("recovery.asked", on=follow_up, by=SYSTEM, at=at)


def _why_not(recovery: Recovery, plan: RecoveryPlan | None) -> str:
    follow_up = recovery.follow_up
    if plan is None or not plan.is_active:
        return "Asking again was switched off."
    if follow_up.state != FollowUp.State.CLOSED or follow_up.closed_at != recovery.closed_at:
        return REOPENED
    if follow_up.customer is None or follow_up.customer.erased_at:
        return "The customer is not known or was erased."
    return ""


def _last_asked_at(recovery: Recovery, *, since: datetime) -> datetime | None:
    """When this customer was last asked whether it helped, if that was after `since`.

    A follow-up that was reopened and closed anew is asked about again, though it was asked about not long ago, or
    nobody would learn whether the second try helped; but once only: a second ask within the days stands in the way.
    """
    asked = Recovery.objects.filter(follow_up__customer=recovery.follow_up.customer_id, asked_at__gt=since)
    others = asked.exclude(pk=recovery.pk).exclude(result=Result.NOT_ASKED)
    rows = list(others.order_by("-asked_at").values_list("follow_up", "asked_at"))
    same = [moment for follow_up, moment in rows if follow_up == recovery.follow_up_id]
    forgiven = same if len(same) == 1 else []
    return next((moment for _, moment in rows if moment not in forgiven), None)


def _look_again(recovery: Recovery, plan: RecoveryPlan | None, *, at: datetime) -> None:
    """Wait for the mail to go out, then for the answer; what will never go out was not asked."""
    invitation = recovery.invitation
    if invitation is None or invitation.status in (Status.DROPPED, Status.FAILED):
        why = reason_text(invitation.reason, invitation.reason_details) if invitation else "The ask is gone."
        settle(recovery, Result.NOT_ASKED, why=why, at=at)
    elif invitation.status in (Status.PLANNED, Status.DEFERRED):
        recovery.due_at = at + LOOK_AGAIN
    else:
        silent_at = (invitation.sent_at or recovery.asked_at or at) + timedelta(
            days=plan.silent_after_days if plan else 14
        )
        if silent_at > at:
            recovery.due_at = silent_at
        else:
            settle(recovery, Result.SILENT, at=at)
