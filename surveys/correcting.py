"""What staff may change about one ask: say what became of an unknown one, try a failed one again, take one back."""

from datetime import datetime

from surveys.claiming import LEASE, because_of, tell_sent
from surveys.models import Invitation
from surveys.planning import SWEEP
from tenancy.audit import Actor, record
from tenancy.background import nudge

Status = Invitation.Status


class NotPossible(ValueError):
    """The ask is in another state by now."""


def mark_delivery(invitation: Invitation, *, arrived: bool, by: Actor, at: datetime) -> None:
    """Somebody found out whether an unknown mail went out. Raises NotPossible when it is not unknown (any more)."""
    details = {**because_of(invitation.reason_details), "by": by.label}
    if arrived:
        # The hand-over began when the lease did.
        sent_at = invitation.lease_until - LEASE if invitation.lease_until else at
        _change(
            invitation, {Status.UNKNOWN}, status=Status.SENT, reason="marked_sent", reason_details=details,
            sent_at=sent_at, lease_until=None,
        )  # fmt: skip
        tell_sent(invitation.organization.time_zone, [sent_at])
    else:
        _change(
            invitation, {Status.UNKNOWN}, status=Status.FAILED, reason="marked_not_sent", reason_details=details,
            lease_until=None,
        )  # fmt: skip
    record("invitation.marked", on=invitation, by=by, at=at, details={"arrived": arrived})


def try_again(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Put a failed ask back into the queue; the contact policy decides anew. Raises NotPossible."""
    _change(
        invitation, {Status.FAILED}, status=Status.PLANNED, reason="planned", attempts=0, due_at=at, last_error="",
        reason_details=because_of(invitation.reason_details),
    )  # fmt: skip
    record("invitation.repeated", on=invitation, by=by, at=at)
    nudge(SWEEP)


def withdraw(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Do not ask after all. Raises NotPossible once the mail is on its way."""
    details = {**because_of(invitation.reason_details), "by": by.label}
    _change(
        invitation, {Status.PLANNED, Status.DEFERRED}, status=Status.DROPPED, reason="withdrawn", reason_details=details
    )
    record("invitation.withdrawn", on=invitation, by=by, at=at)


def _change(invitation: Invitation, expected: set[str], **values: object) -> None:
    changed = Invitation.objects.filter(pk=invitation.pk, status__in=expected).update(**values)
    if not changed:
        raise NotPossible("This ask has moved on meanwhile; nothing was changed.")
