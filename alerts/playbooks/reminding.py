"""Steps whose time has come are told to whoever has to do them; while a clock stands still, its steps wait too."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from alerts.models import FollowUp, FollowUpStep
from alerts.notifying.people import tell_all
from alerts.notifying.telling import Telling
from alerts.owners.standing_in import Carers
from alerts.sla import due_after_pause
from tenancy.background import drain
from tenancy.scope import organization_scope
from tenancy.working_hours import BusinessCalendar

BATCH = 100


def remind_due() -> int:
    """Tell of every step that is due and not done, of every organization; returns how many were looked at."""
    return drain("door_due_steps", remind_batch, batch=BATCH)


def remind_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """At most BATCH steps of one organization, each told once; a dozen statements for any number.

    The owner of the step hears of it, else the owner of the follow-up, and who stands in for them. Where nothing is
    left to do, nobody does; where the clock stands still, the step comes back when it goes on.
    """
    now = at or timezone.now()
    with organization_scope(organization_id):
        steps = FollowUpStep.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            tells_at__lte=now, done_at__isnull=True
        )
        related = ("follow_up__customer",)
        due = list(steps.select_related(*related).order_by("tells_at")[:BATCH])
        for step in due:
            step.tells_at = step.follow_up.resumes_at if step.follow_up.paused_at else None
        FollowUpStep.objects.bulk_update(due, ["tells_at"])
        carers = Carers(at=now)
        tell_all([_telling(each, carers) for each in due if _is_wanted(each)], at=now)
    return len(due)


def shift_steps(follow_up: FollowUp, *, paused_at: datetime, resumed_at: datetime, calendar: BusinessCalendar) -> None:
    """Steps that were to come when the clock stopped keep the working time they had left. Two statements."""
    steps = list(FollowUpStep.objects.filter(follow_up=follow_up, done_at__isnull=True, due_at__gt=paused_at))
    for step in steps:
        moment = due_after_pause(step.due_at, paused_at=paused_at, resumed_at=resumed_at, calendar=calendar)
        step.due_at = step.tells_at = moment
    if steps:
        FollowUpStep.objects.bulk_update(steps, ["due_at", "tells_at"])


def _is_wanted(step: FollowUpStep) -> bool:
    """What is left to do after a resolution is often to tell the customer: only who is through hears no more."""
    over = (FollowUp.State.CLOSED, FollowUp.State.MERGED)
    return step.tells_at is None and step.follow_up.state not in over


def _telling(step: FollowUpStep, carers: Carers) -> Telling:
    follow_up = step.follow_up
    has_doer = step.owner_id or follow_up.owner_id
    return Telling(
        carers.of(follow_up, doer_id=step.owner_id) if has_doer else [],
        "step_due",
        title=f"Due now for #{follow_up.number}: {step.text}"[:200],
        key=f"step:{step.pk}:{step.due_at:%Y%m%d%H%M}",
        text=f"A step of the playbook for {follow_up.customer}." if follow_up.customer else "A step of the playbook.",
        follow_up=follow_up,
    )
