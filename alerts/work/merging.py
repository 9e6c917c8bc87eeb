"""Two follow-ups of one customer become one: what belongs to the duplicate goes to the one that stays.

A merge is not taken back: afterwards answers, words and clocks are one thing, and nobody could say whose each is. The
duplicate keeps its number, points to the one that stays, and counts in no queue.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.changing import AlreadyDone, Change, Kind, StaleVersion, change
from alerts.models import (
    Alert,
    FollowUp,
    FollowUpAnswer,
    FollowUpEntry,
    FollowUpStep,
    InboundMail,
    InitiativeFollowUp,
    Priority,
    Recovery,
    Watcher,
)
from alerts.pausing import end_pause
from alerts.queues import ACTIVE
from alerts.states import State
from tenancy.audit import Actor
from tenancy.models import User

# What a follow-up takes over while it is open; further on somebody was told already that all is well.
STAYS_IN = (State.OPEN, State.ACKNOWLEDGED, State.CONTACTED)
SHOWN = 5
TOOK_OVER, MERGED = "follow_up.took_over", "follow_up.merged"


def duplicates_of(follow_up: FollowUp) -> list[FollowUp]:
    """The customer's other follow-ups that are not done, newest first. One query."""
    if follow_up.customer_id is None or follow_up.state in (State.CLOSED, State.MERGED):
        return []
    others = FollowUp.objects.filter(ACTIVE, customer=follow_up.customer_id).exclude(pk=follow_up.pk)
    return list(others.select_related("owner", "merged_into").order_by("-number")[:SHOWN])


def merge(
    follow_up: FollowUp,
    *,
    duplicate: FollowUp,
    duplicate_version: int | None = None,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """`follow_up` stays; answers, reasons, history, watchers, mail and steps of the duplicate become its own.

    It takes the more urgent priority, all tags and the stricter clock. ValueError when the two are not of one customer
    or one of them is done, or somebody changed the duplicate; StaleVersion when somebody changed the one that stays.
    """
    if follow_up.pk == duplicate.pk:
        raise ValueError("A follow-up cannot be merged into itself.")
    try:
        with transaction.atomic():
            # Both, in one order, so that two merges never wait for one another.
            list(FollowUp.objects.select_for_update().filter(pk__in=[follow_up.pk, duplicate.pk]).order_by("pk"))
            took = change(follow_up, kind=Kind.MERGED, verb=TOOK_OVER, by=by, at=at, version=version, entry_id=entry_id)
            gone = change(duplicate, kind=Kind.MERGED, verb=MERGED, by=by, at=at, version=duplicate_version)
            with took as stays, gone as goes:
                _refuse_strangers(stays.follow_up, goes.follow_up)
                _take_over_facts(stays, goes, at=at)
                _end(goes, stays.follow_up)
                _take_over_rows(stays.follow_up, goes.follow_up)
    except AlreadyDone as done:
        return done.entry
    except StaleVersion as stale:
        if stale.follow_up.pk == follow_up.pk:
            raise
        raise ValueError(f"Somebody changed follow-up {duplicate.number} meanwhile: look at it first.") from stale
    return stays.entry


def _refuse_strangers(stays: FollowUp, goes: FollowUp) -> None:
    if stays.customer_id is None or stays.customer_id != goes.customer_id:
        raise ValueError("Only follow-ups of one customer can be merged.")
    if stays.state not in STAYS_IN:
        raise ValueError(f"Follow-up {stays.number} is {stays.get_state_display().lower()}: it takes nothing over.")
    if goes.state in (State.CLOSED, State.MERGED):
        raise ValueError(f"Follow-up {goes.number} is {goes.get_state_display().lower()} already.")


def _take_over_facts(stays: Change, goes: Change, *, at: datetime) -> None:
    kept, gone = stays.follow_up, goes.follow_up
    # A clock that runs is stricter than one that stands still.
    if not (kept.paused_at and gone.paused_at):
        end_pause(stays, at=at)
        end_pause(goes, at=at)
    urgency = list(Priority)
    stays.set(
        priority=min(Priority(kept.priority), Priority(gone.priority), key=urgency.index),
        tags=kept.tags + [tag for tag in gone.tags if tag not in kept.tags],
        owner_id=kept.owner_id or gone.owner_id,
        team_id=kept.team_id or gone.team_id,
        playbook_id=kept.playbook_id or gone.playbook_id,
        customer_wrote_at=kept.customer_wrote_at or gone.customer_wrote_at,
        escalates_at=min(filter(None, (kept.escalates_at, gone.escalates_at)), default=None),
        opened_at=min(kept.opened_at, gone.opened_at),
    )
    for promise in ("first_contact", "resolution"):
        if getattr(gone, f"{promise}_due_at") < getattr(kept, f"{promise}_due_at"):
            names = (f"{promise}_due_at", f"{promise}_budget")
            stays.set(**{name: getattr(gone, name) for name in names})
    if kept.first_contacted_at is None and gone.first_contacted_at:
        stays.set(first_contacted_at=gone.first_contacted_at)
        stays.move_to(State.CONTACTED)
    stays.entry.details["from"] = gone.number


def _end(goes: Change, stays: FollowUp) -> None:
    end_pause(goes, at=goes.entry.at)
    goes.move_to(State.MERGED)
    goes.set(merged_into=stays, escalates_at=None, customer_wrote_at=None)
    goes.entry.details["into"] = stays.number


def _take_over_rows(stays: FollowUp, goes: FollowUp) -> None:
    """What points to the duplicate points to the one that stays."""
    FollowUpAnswer.objects.filter(follow_up=goes).update(follow_up=stays)
    if goes.response_id:
        FollowUpAnswer.objects.create(follow_up=stays, response_id=goes.response_id, added_at=goes.opened_at)
    Alert.objects.filter(follow_up=goes).update(follow_up=stays)
    InboundMail.objects.filter(follow_up=goes).update(follow_up=stays)
    _take_over_steps(stays, goes)
    FollowUp.objects.filter(merged_into=goes).update(merged_into=stays)
    known = InitiativeFollowUp.objects.filter(follow_up=stays).values_list("initiative_id", flat=True)
    InitiativeFollowUp.objects.filter(follow_up=goes).exclude(initiative_id__in=list(known)).update(follow_up=stays)
    InitiativeFollowUp.objects.filter(follow_up=goes).delete()
    _take_over_recoveries(stays, goes)
    watching = set(Watcher.objects.filter(follow_up=stays).values_list("user_id", flat=True))
    Watcher.objects.filter(follow_up=goes).exclude(user_id__in=watching).update(follow_up=stays)
    Watcher.objects.filter(follow_up=goes).delete()
    entries = list(FollowUpEntry.objects.filter(follow_up=goes))
    for entry in entries:
        # Versions count the changes of one follow-up; those of the other would be taken for conflicts.
        entry.details = {**entry.details, "of": goes.number}
        entry.details.pop("version", None)
        entry.follow_up = stays
    FollowUpEntry.objects.bulk_update(entries, ["follow_up", "details"], batch_size=200)


def _take_over_steps(stays: FollowUp, goes: FollowUp) -> None:
    """Of a step that both have, the one that is done is kept, else that of the one that stays."""
    kept = {step.text: step for step in FollowUpStep.objects.filter(follow_up=stays)}
    spare = []
    for step in FollowUpStep.objects.filter(follow_up=goes):
        twin = kept.get(step.text)
        if twin:
            spare.append(twin if step.done_at and not twin.done_at else step)
    FollowUpStep.objects.filter(pk__in=[step.pk for step in spare]).delete()
    FollowUpStep.objects.filter(follow_up=goes).update(follow_up=stays)


def _take_over_recoveries(stays: FollowUp, goes: FollowUp) -> None:
    """A closing of both at the same moment was asked about once: the one that stays keeps its own."""
    known = Recovery.objects.filter(follow_up=stays).values_list("closed_at", flat=True)
    Recovery.objects.filter(follow_up=goes).exclude(closed_at__in=list(known)).update(follow_up=stays)
