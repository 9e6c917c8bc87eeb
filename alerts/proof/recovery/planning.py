"""The to-do row of asking again: made when a loop closes, dropped when it opens again before a mail went out."""

from datetime import datetime, timedelta

from alerts.models import FollowUp, Recovery
from alerts.proof.recovery.plans import recovery_plan
from surveys.correcting import NotPossible, withdraw
from surveys.models import Response
from tenancy.audit import SYSTEM

Result = Recovery.Result
UNTOLD = "The customer could not be told how it ended."
REOPENED = "The follow-up was reopened before the customer was asked."


def plan_recovery(follow_up: FollowUp, *, at: datetime) -> Recovery | None:
    """Plan to ask again; None when the organization does not ask. In the transaction that closes the loop."""
    plan = recovery_plan()
    if plan is None or not plan.is_active:
        return None
    last = last_answer(follow_up, until=at)
    recovery = Recovery(
        follow_up=follow_up,
        closed_at=at,
        due_at=at + timedelta(days=plan.days_after),
        score_before=last.score if last else None,
    )
    if follow_up.closing == FollowUp.Closing.IMPOSSIBLE:
        settle(recovery, Result.NOT_ASKED, why=UNTOLD, at=at)
    recovery.save(force_insert=True)
    return recovery


def drop_recovery(follow_up: FollowUp, *, at: datetime) -> None:
    """A follow-up that is worked on again asks nobody whether it helped: an ask whose mail has not gone out is taken
    back. Two queries, two more for an ask that is taken back."""
    open_ones = Recovery.objects.filter(follow_up=follow_up, due_at__isnull=False)
    dropped = [each.pk for each in open_ones.select_related("invitation") if _is_unsent(each, at=at)]
    Recovery.objects.filter(pk__in=dropped).update(due_at=None, result=Result.NOT_ASKED, why=REOPENED, decided_at=at)


def _is_unsent(recovery: Recovery, *, at: datetime) -> bool:
    """Whether nobody was asked; an ask that waits for its turn is withdrawn."""
    if recovery.asked_at is None or recovery.invitation is None:
        return True
    try:
        withdraw(recovery.invitation, by=SYSTEM, at=at)
    except NotPossible:  # it is on its way
        return False
    return True


def settle(recovery: Recovery, result: str, *, at: datetime, why: str = "") -> None:
    """Nothing is left to do: this came of it. Not stored."""
    recovery.result, recovery.why, recovery.decided_at, recovery.due_at = result, why[:200], at, None


def last_answer(follow_up: FollowUp, *, until: datetime) -> Response | None:
    """How the customer stood then: their latest answer in this follow-up; None when it began with none."""
    added = Response.objects.filter(added_to__follow_up=follow_up)
    opening = Response.objects.filter(pk=follow_up.response_id) if follow_up.response_id else Response.objects.none()
    earlier = (added | opening).filter(responded_at__lte=until)
    return earlier.select_related("survey").order_by("-responded_at", "-pk").first()
