"""Mail that was set aside: what waits for a person to look at it, and what they may do with it."""

from datetime import datetime

from alerts.correspondence.letter import read_letter
from alerts.correspondence.reading import FAILED_WHY, drop, take
from alerts.models import InboundMail
from tenancy.audit import Actor, record
from tenancy.background import nudge
from tenancy.models import User


def mails_held():
    """Newest first, with their follow-ups; without the mails themselves."""
    rows = InboundMail.objects.filter(state=InboundMail.State.DUE).exclude(why="")
    return rows.select_related("follow_up").defer("raw").order_by("-received_at")


def take_held(mail: InboundMail, *, by: Actor | User, at: datetime) -> None:
    """It is from the customer after all. One that could not be read is tried again. Raises NotHeld."""
    row = _locked(mail)
    record("inbound_mail.taken", on=row, by=by, at=at)
    if row.why == FAILED_WHY:
        row.why, row.last_error, row.attempts, row.due_at = "", "", 0, at
        row.save(update_fields=["why", "last_error", "attempts", "due_at"])
        nudge("alerts.tasks.read_inbound_mail")
    else:
        take(row, read_letter(bytes(row.raw)), since=at, at=at)


def drop_held(mail: InboundMail, *, by: Actor | User, at: datetime) -> None:
    """Nobody needs it: its words go at once. Raises NotHeld."""
    row = _locked(mail)
    record("inbound_mail.dropped", on=row, by=by, at=at)
    drop(row)


class NotHeld(ValueError):
    """Somebody else decided meanwhile, or its time was over."""


def _locked(mail: InboundMail) -> InboundMail:
    rows = InboundMail.objects.select_for_update(of=("self",)).select_related("follow_up__customer")
    row = rows.exclude(why="").filter(pk=mail.pk, state=InboundMail.State.DUE).first()
    if row is None:
        raise NotHeld("Somebody decided about this mail already.")
    return row
