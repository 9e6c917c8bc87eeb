"""The checklist of a follow-up: copied from its playbook when it opens, or when somebody chooses another.

A copy: whoever changes a playbook changes nothing that is under way.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from alerts.changing import AlreadyDone, Kind, change
from alerts.clocks import clock_calendar
from alerts.models import FollowUp, FollowUpEntry, FollowUpStep, Playbook, PlaybookStep
from alerts.sla import add_business_hours
from tenancy.audit import Actor
from tenancy.models import User
from tenancy.working_hours import BusinessCalendar

Doer = PlaybookStep.Doer


def start_playbooks(follow_ups: Sequence[FollowUp], *, at: datetime) -> None:
    """Give those that have a playbook its steps; their teams must be chosen by then.

    Five statements at most for any number, and one for each calendar that is met.
    """
    wanted = {each.playbook_id for each in follow_ups if each.playbook_id}
    if not wanted:
        return
    steps: dict[UUID, list[PlaybookStep]] = {}
    for step in PlaybookStep.objects.filter(playbook__in=wanted).select_related("person"):
        steps.setdefault(step.playbook_id, []).append(step)
    prefetch_related_objects(list(follow_ups), "team__lead")
    calendars: dict[UUID, BusinessCalendar] = {}
    rows = []
    for each in follow_ups:
        if found := steps.get(each.playbook_id) if each.playbook_id else None:
            if each.sla_policy_id not in calendars:
                calendars[each.sla_policy_id] = clock_calendar(each.sla_policy, each.organization)
            rows += [_copy(step, each, calendars[each.sla_policy_id], at=at) for step in found]
    FollowUpStep.objects.bulk_create(rows)


def choose_playbook(
    follow_up: FollowUp,
    *,
    playbook: Playbook | None,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Go on by this playbook, or by none. What was done stays on the list; what was not goes with the old one.

    ValueError when it goes by this one already, or when nothing is left to do.
    """
    verb = "follow_up.playbook_chosen"
    try:
        with change(
            follow_up, kind=Kind.CHANGED, verb=verb, by=by, at=at, version=version, entry_id=entry_id
        ) as changed:
            row = changed.follow_up
            if row.playbook_id == (playbook.pk if playbook else None):
                raise ValueError("It goes by this playbook already.")
            if row.state in (FollowUp.State.CLOSED, FollowUp.State.MERGED):
                raise ValueError("Nothing is left to do here.")
            changed.set(playbook=playbook)
            changed.entry.details["playbook"] = playbook.name if playbook else ""
            steps = FollowUpStep.objects.filter(follow_up=row)
            steps.filter(done_at__isnull=True).delete()
            # While the clock stands still, a step has the time it will have once it goes on.
            start_playbooks([row], at=row.paused_at or at)
            done = steps.filter(done_at__isnull=False, playbook=playbook).values("text")
            steps.filter(done_at__isnull=True, text__in=done).delete()
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def mark_step(
    follow_up: FollowUp,
    *,
    step: FollowUpStep,
    is_done: bool,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """A step is done, or is not done after all. ValueError when it stands so already."""
    verb = "follow_up.step_done" if is_done else "follow_up.step_undone"
    try:
        with change(follow_up, kind=Kind.STEP, verb=verb, by=by, at=at, version=version, entry_id=entry_id) as changed:
            row = FollowUpStep.objects.select_for_update().get(pk=step.pk, follow_up=follow_up)
            if (row.done_at is not None) == is_done:
                raise ValueError("This step is ticked already." if is_done else "This step is not ticked.")
            row.done_at = at if is_done else None
            row.done_by = _person(by) if is_done else None
            row.save(update_fields=["done_at", "done_by"])
            changed.entry.details |= {"step": row.text, "is_done": is_done}
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def _copy(step: PlaybookStep, follow_up: FollowUp, calendar: BusinessCalendar, *, at: datetime) -> FollowUpStep:
    # None: whoever owns the follow-up by then.
    owner = {
        Doer.OWNER: None,
        Doer.LEAD: follow_up.team.lead if follow_up.team else None,
        Doer.PERSON: step.person,
    }[Doer(step.doer)]
    due_at = None if step.due_hours is None else add_business_hours(at, step.due_hours, calendar)
    return FollowUpStep(
        organization_id=follow_up.organization_id,
        follow_up=follow_up,
        playbook_id=step.playbook_id,
        position=step.position,
        text=step.text,
        guideline_url=step.guideline_url,
        owner=owner,
        due_at=due_at,
        tells_at=due_at,
    )


def _person(by: Actor | User) -> User | None:
    if isinstance(by, User):
        return by
    return User.objects.filter(pk=by.id).first() if by.kind == "user" and by.id else None
