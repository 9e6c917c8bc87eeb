"""What became of a message: handed over to the mail server, on its way, refused, or not written at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField, Count, Q, Value
from django.db.models.functions import Cast, Concat

from alerts.models import InitiativeMessage
from alerts.proof.initiatives.sending import mail_keys
from tenancy.models import OutgoingMail

WAITING = (OutgoingMail.State.DUE, OutgoingMail.State.SENDING)
FAILED = (OutgoingMail.State.FAILED, OutgoingMail.State.QUARANTINED)


@dataclass(frozen=True)
class Fate:
    """Of a message that was let go; all are counts of customers."""

    all: int
    written: int
    left_out: int
    waiting: int
    failed: int

    @property
    def decided(self) -> int:
        return self.written + self.left_out

    @property
    def handed_over(self) -> int:
        return self.written - self.waiting - self.failed

    @property
    def title(self) -> str:
        if self.decided < self.all or self.waiting:
            return "Being sent"
        return "Sent" if self.handed_over else "Nobody was written to"


@dataclass(frozen=True)
class MailStates:
    """Customers whose mail has not gone out (yet)."""

    waiting: frozenset[UUID]
    failed: frozenset[UUID]


def fate_of(message: InitiativeMessage) -> Fate:
    """Two queries for any number of recipients. A mail that is gone from the outbox (erased) was no failure."""
    rows = message.recipients
    counts = rows.aggregate(
        all=Count("pk"), written=Count("pk", filter=Q(is_sent=True)), left_out=Count("pk", filter=Q(is_sent=False))
    )
    keys = rows.filter(is_sent=True).annotate(
        key=Concat(Value(mail_keys(message)), Cast("customer_id", CharField()), output_field=CharField())
    )
    mails = OutgoingMail.objects.filter(dedupe_key__in=keys.values("key")).aggregate(
        waiting=Count("pk", filter=Q(state__in=WAITING)), failed=Count("pk", filter=Q(state__in=FAILED))
    )
    return Fate(**counts, **mails)


def mail_states(message: InitiativeMessage, customers: Sequence[UUID]) -> MailStates:
    """Of these customers of the message. One query."""
    keys = {f"{mail_keys(message)}{customer}": customer for customer in customers}
    mails = OutgoingMail.objects.filter(dedupe_key__in=list(keys)).values_list("dedupe_key", "state")
    states = {keys[key]: state for key, state in mails}
    waiting, failed = (
        frozenset(customer for customer, state in states.items() if state in some) for some in (WAITING, FAILED)
    )
    return MailStates(waiting, failed)
