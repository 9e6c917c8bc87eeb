"""Making and changing initiatives, and which follow-ups raised what they mend."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from alerts.models import FollowUp, FollowUpEntry, Initiative, InitiativeFollowUp, InitiativeTouchpoint
from alerts.notifying.people import tell
from alerts.queues import FollowUpQuerySet
from alerts.root_causes import with_beneath
from alerts.states import State
from tenancy.audit import Actor, record
from tenancy.models import User

FIELDS = ("name", "text", "owner", "state", "due_on", "started_on", "ended_on", "root_causes")
# So many follow-ups are linked by one click.
MOST_AT_ONCE = 5000
DONE = (State.RESOLVED, State.CLOSED)


def add_initiative(*, touchpoints: Iterable[UUID], by: Actor | User, at: datetime, **values: Any) -> Initiative:
    """A new initiative with its touchpoints; `values` are FIELDS."""
    initiative = Initiative.objects.create(**values)
    _put_touchpoints(initiative, set(touchpoints))
    record("initiative.created", on=initiative, by=by, at=at)
    _tell_owner(initiative, by=by, at=at)
    return initiative


class ChangedMeanwhile(Exception):
    """Somebody else changed the initiative since the form was opened; nothing was stored."""


def version_of(initiative: Initiative) -> str:
    """Stands for everything a form shows of it: another one after every change. One query."""
    places = sorted(str(pk) for pk in initiative.touchpoints.values_list("touchpoint_id", flat=True))
    facts = [str(getattr(initiative, name)) for name in (*FIELDS, "owner_id")]
    return sha256("\0".join([*facts, *places]).encode()).hexdigest()[:16]


def change_initiative(
    initiative: Initiative,
    *,
    touchpoints: Iterable[UUID],
    by: Actor | User,
    at: datetime,
    version: str | None = None,
    **values: Any,
) -> list[str]:
    """Store what differs; returns the names of what changed. The audit log keeps names, not texts.

    `version` is what `version_of` said when the form was opened (None takes whatever is there); raises
    ChangedMeanwhile.
    """
    before = Initiative.objects.select_for_update(of=("self",)).select_related("owner").get(pk=initiative.pk)
    if version is not None and version != version_of(before):
        raise ChangedMeanwhile
    changed = [name for name, value in values.items() if getattr(before, name) != value]
    for name in changed:
        setattr(initiative, name, values[name])
    if changed:
        initiative.save(update_fields=changed)
    if _put_touchpoints(initiative, set(touchpoints)):
        changed.append("touchpoints")
    if changed:
        facts: dict[str, Any] = {
            name: str(values[name]) for name in ("state", "due_on", "started_on", "ended_on") if name in changed
        }
        record("initiative.changed", on=initiative, by=by, at=at, details=facts | {"changed": changed})
    if "owner" in changed:
        _tell_owner(initiative, by=by, at=at)
    return changed


def _tell_owner(initiative: Initiative, *, by: Actor | User, at: datetime) -> None:
    """Whoever was made its owner by somebody else."""
    owner = initiative.owner
    if owner is None or owner.pk == (by.pk if isinstance(by, User) else by.id):
        return
    due = f"It is due on {initiative.due_on:%d %b %Y}." if initiative.due_on else ""
    tell(
        [owner],
        "initiative",
        title=f"The initiative “{initiative.name}” is yours now",
        text=due,
        path=f"loop/initiatives/{initiative.pk}/",
        key=f"initiative:{initiative.pk}:{owner.pk}:{at.isoformat()}",
        at=at,
    )


def suggested(initiative: Initiative) -> FollowUpQuerySet:
    """Follow-ups with one of its root causes or a cause beneath, at one of its touchpoints where it has any, that are
    not linked yet. What is open again has the cause it was resolved with."""
    rows = raising(initiative.root_causes)
    places = initiative.touchpoints.values("touchpoint")
    if initiative.touchpoints.exists():
        rows = rows.filter(response__touchpoint__in=places)
    return rows.exclude(initiatives__initiative=initiative)


def raising(root_causes: Iterable[str]) -> FollowUpQuerySet:
    """Follow-ups with one of these root causes, or one beneath, now or when they were resolved before. A query more."""
    keys = sorted(with_beneath(root_causes))
    reopened = FollowUpEntry.objects.filter(
        follow_up=OuterRef("pk"), from_state__in=DONE, to_state=State.OPEN, details__root_cause__in=keys
    )
    return FollowUp.objects.filter(Q(root_cause__in=keys) | Q(root_cause="") & Exists(reopened)).exclude(state="merged")


def link_suggested(initiative: Initiative, *, by: Actor | User, at: datetime) -> int:
    """Link all that `suggested` says, at most MOST_AT_ONCE; returns how many."""
    return _link(initiative, suggested(initiative), by=by, at=at)


def link_numbers(initiative: Initiative, numbers: Iterable[int], *, by: Actor | User, at: datetime) -> int:
    """Link follow-ups by their numbers; returns how many were not linked before. ValueError for an unknown number."""
    wanted = set(numbers)
    rows = FollowUp.objects.filter(number__in=wanted)
    if unknown := wanted - set(rows.values_list("number", flat=True)):
        raise ValueError(f"There is no follow-up {', '.join(map(str, sorted(unknown)))}.")
    return _link(initiative, rows.exclude(initiatives__initiative=initiative), by=by, at=at)


def unlink(initiative: Initiative, number: int, *, by: Actor | User, at: datetime) -> bool:
    """This follow-up did not raise it after all; False when it was not linked."""
    gone, _ = InitiativeFollowUp.objects.filter(initiative=initiative, follow_up__number=number).delete()
    if gone:
        record("initiative.unlinked", on=initiative, by=by, at=at, details={"number": number})
    return bool(gone)


def _link(initiative: Initiative, rows: QuerySet[FollowUp], *, by: Actor | User, at: datetime) -> int:
    found = list(rows.order_by("number").values_list("pk", flat=True)[:MOST_AT_ONCE])
    links = [
        InitiativeFollowUp(organization_id=initiative.organization_id, initiative=initiative, follow_up_id=pk)
        for pk in found
    ]
    InitiativeFollowUp.objects.bulk_create(links, ignore_conflicts=True)
    if links:
        record("initiative.linked", on=initiative, by=by, at=at, details={"follow_ups": len(links)})
    return len(links)


def _put_touchpoints(initiative: Initiative, wanted: set[UUID]) -> bool:
    known = set(initiative.touchpoints.values_list("touchpoint_id", flat=True))
    initiative.touchpoints.filter(touchpoint__in=known - wanted).delete()
    InitiativeTouchpoint.objects.bulk_create(
        InitiativeTouchpoint(organization_id=initiative.organization_id, initiative=initiative, touchpoint_id=pk)
        for pk in wanted - known
    )
    return known != wanted
