"""Making and changing initiatives, and which follow-ups raised what they mend."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alerts.models import FollowUp, Initiative, InitiativeFollowUp, InitiativeTouchpoint
from alerts.queues import FollowUpQuerySet
from tenancy.audit import Actor, record
from tenancy.models import User

FIELDS = ("name", "text", "owner", "state", "due_on", "started_on", "ended_on", "root_causes")
# So many follow-ups are linked by one click.
MOST_AT_ONCE = 5000


def add_initiative(*, touchpoints: Iterable[UUID], by: Actor | User, at: datetime, **values: Any) -> Initiative:
    """A new initiative with its touchpoints; `values` are FIELDS."""
    initiative = Initiative.objects.create(**values)
    _put_touchpoints(initiative, set(touchpoints))
    record("initiative.created", on=initiative, by=by, at=at)
    return initiative


def change_initiative(
    initiative: Initiative, *, touchpoints: Iterable[UUID], by: Actor | User, at: datetime, **values: Any
) -> list[str]:
    """Store what differs; returns the names of what changed. The audit log keeps names, not texts."""
    before = Initiative.objects.select_for_update().get(pk=initiative.pk)
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
    return changed


def suggested(initiative: Initiative) -> FollowUpQuerySet:
    """Follow-ups with one of its root causes, at one of its touchpoints where it has any, that are not linked yet."""
    rows = FollowUp.objects.filter(root_cause__in=initiative.root_causes).exclude(state="merged")
    places = initiative.touchpoints.values("touchpoint")
    if initiative.touchpoints.exists():
        rows = rows.filter(response__touchpoint__in=places)
    return rows.exclude(initiatives__initiative=initiative)


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
