"""Being away: from when to when, who stands in, and handing over what is open."""

from datetime import datetime

from alerts.following_up import assign
from alerts.models import Absence, FollowUp
from alerts.owners.choosing import active_rules, in_order, lock_turns, subjects_of
from alerts.owners.finding import find_owner
from alerts.owners.staff import Staff
from tenancy.audit import Actor, record
from tenancy.models import User


def save_absence(
    absence: Absence, *, starts_at: datetime, ends_at: datetime, delegate: User | None, note: str, by: Actor | User
) -> Absence:
    """Store it. ValueError when it ends before it starts, or the person stands in for themselves."""
    if ends_at <= starts_at:
        raise ValueError("The absence must end after it starts.")
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


def hand_over(absence: Absence, *, by: Actor | User, at: datetime) -> int:
    """Give what this person has open to who stands in, or along the owner rules where nobody does; returns how many.

    Each change is one of its own, with a line of history. What nobody else can take stays where it is.
    """
    lock_turns()
    staff = Staff.now(at=at)
    person = staff.people.get(absence.user_id)
    if person is not None:
        # Handed over before the absence begins: they are passed over all the same.
        person.absence = absence
    rows = FollowUp.objects.active().filter(owner=absence.user_id).select_related("alert__rule", "response")
    follow_ups = list(rows.order_by("number"))
    rules = active_rules()
    subjects = subjects_of(follow_ups, rules)
    reason = f"{absence.user} is away until {staff.day(absence.ends_at)}"
    count = 0
    for follow_up in follow_ups:
        taker = staff.stand_in(person)[0] if person is not None else None
        if taker is None:
            taker = find_owner(in_order(rules, follow_up), subjects[follow_up.pk], staff).person
        else:
            staff.give(taker, None)
        if taker is None or taker.user.pk == absence.user_id:
            continue
        assign(follow_up, owner=taker.user, text=reason, by=by, at=at)
        count += 1
    record("absence.handed_over", on=absence, by=by, at=at, details={"person": str(absence.user), "count": count})
    return count
