"""Being away: from when to when, who stands in, and handing over what is open."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from alerts.models import Absence, BulkDeed
from alerts.owners.handing_over import HAND_OVER, open_rows_of
from alerts.work.bulk.working import plan, planned_as, prepare
from tenancy.audit import Actor, record
from tenancy.models import User

OVER = "This is over already: choose a later end."


def save_absence(
    absence: Absence,
    *,
    starts_at: datetime,
    ends_at: datetime,
    delegate: User | None,
    note: str,
    by: Actor | User,
    at: datetime,
) -> Absence:
    """Store it. ValueError when it is over already or ends before it starts, or the person stands in for themselves."""
    if ends_at <= starts_at:
        raise ValueError("The absence must end after it starts.")
    if ends_at <= at:
        raise ValueError(OVER)
    if delegate is not None and delegate.pk == absence.user_id:
        raise ValueError("Choose somebody else to stand in.")
    is_new = absence._state.adding
    absence.starts_at, absence.ends_at, absence.delegate, absence.note = starts_at, ends_at, delegate, note
    absence.save()
    details = {"person": str(absence.user), "from": starts_at.isoformat(), "until": ends_at.isoformat()}
    details["delegate"] = str(delegate or "")
    record("absence.created" if is_new else "absence.changed", on=absence, by=by, details=details)
    return absence


def end_absence(absence: Absence, *, by: Actor | User, at: datetime) -> None:
    """Back already: it ends now. One that has not begun is taken back."""
    record("absence.ended", on=absence, by=by, at=at, details={"person": str(absence.user)})
    if absence.starts_at >= at:
        absence.delete()
    elif absence.ends_at > at:
        absence.ends_at = at
        absence.save(update_fields=["ends_at"])


def plan_hand_over(absence: Absence, *, by: User) -> BulkDeed:
    """A deed that gives what this person has open to who stands in, or along the owner rules; nothing is done yet.

    Whoever plans it sees beforehand what will happen. ValueError where nothing is open, or too much.
    """
    deed = prepare(open_rows_of(absence.user_id), by=by)
    zone = ZoneInfo(absence.organization.time_zone)
    until = date_format(absence.ends_at.astimezone(zone), "l j F")
    values = {
        "person": str(absence.user_id),
        "name": str(absence.user),
        "absence": str(absence.pk),
        "delegate": str(absence.delegate or ""),
        "reason": f"{absence.user} is away until {until}",
    }
    plan(deed, planned_as(HAND_OVER), values)
    return deed
