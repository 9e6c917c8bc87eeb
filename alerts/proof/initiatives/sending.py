"""The sweep of messages: a batch of recipients at a time, each decided about now, each written to once.

Decision and mail share the transaction; the outbox sends, and a repeated batch finds nobody left to decide about.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from alerts.models import InitiativeMessage, InitiativeRecipient
from alerts.proof.initiatives.allowing import why_not
from alerts.proof.initiatives.leaving import way_out
from customers.models import Customer
from surveys.contact_policy import QuietHours, quiet_until
from tenancy.audit import SYSTEM, record
from tenancy.background import drain
from tenancy.models import Organization, OutgoingMail
from tenancy.outbox import new_mail, queue_mails
from tenancy.scope import organization_scope

BATCH = 100
RETRY_AFTER = timedelta(minutes=5)
State = InitiativeMessage.State


def send_messages() -> int:
    """Go on with the messages of every organization; returns how many customers were decided about."""
    return drain("door_due_initiative_messages", send_batch, batch=BATCH)


def send_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """The next BATCH recipients of the message that waited longest; returns how many. What fails is put off, whole."""
    at = at or timezone.now()
    try:
        return _send_batch(organization_id, at=at)
    except Exception:
        with organization_scope(organization_id):
            InitiativeMessage.objects.filter(due_at__lte=at).update(due_at=at + RETRY_AFTER)
        raise


def _send_batch(organization_id: UUID, *, at: datetime) -> int:
    with organization_scope(organization_id):
        message = (
            InitiativeMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(due_at__lte=at, state=State.SENDING)
            .order_by("due_at")
            .first()
        )
        if message is None:
            return 0
        organization = Organization.objects.get(pk=organization_id)
        if (until := _quiet_until(organization, at)) is not None:
            InitiativeMessage.objects.filter(pk=message.pk).update(due_at=until)
            return 0
        return _go_on(message, organization, at=at)


def _go_on(message: InitiativeMessage, organization: Organization, *, at: datetime) -> int:
    recipients = list(message.recipients.filter(is_sent__isnull=True).order_by("pk")[:BATCH])
    customers = _locked(recipients)
    reasons = why_not(list(customers.values()), message, organization, at=at)
    mails = []
    for recipient in recipients:
        recipient.customer = customers[recipient.customer_id]
        recipient.why_not = reasons.get(recipient.customer_id, "")[:200]
        recipient.is_sent, recipient.decided_at = not recipient.why_not, at
        if recipient.is_sent:
            mails.append(_mail(message, recipient, organization, at=at))
    queue_mails(mails)
    InitiativeRecipient.objects.bulk_update(recipients, ["is_sent", "why_not", "decided_at"])
    if len(recipients) < BATCH:
        message.state, message.sent_at, message.due_at = State.SENT, at, None
        message.save(update_fields=["state", "sent_at", "due_at"])
        sent = message.recipients.filter(is_sent=True).count()
        record("initiative_message.sent", on=message, by=SYSTEM, at=at, details={"customers": sent})
    return len(recipients)


def _locked(recipients: Sequence[InitiativeRecipient]) -> dict[UUID, Customer]:
    """As they are now, until the commit: nobody else decides about writing to them, and nobody erases them meanwhile.

    In one order, so that two messages never wait for one another.
    """
    wanted = [each.customer_id for each in recipients]
    return {
        each.pk: each for each in Customer.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    }


def _mail(
    message: InitiativeMessage, recipient: InitiativeRecipient, organization: Organization, *, at: datetime
) -> OutgoingMail:
    customer, leave = recipient.customer, way_out(recipient.customer)
    address = organization.reply_to or ""
    by_mail = f", <mailto:{quote(address, safe='@')}?subject=unsubscribe>" if address else ""
    return new_mail(
        "initiative_message",
        to=customer.email,
        dedupe_key=f"{mail_keys(message)}{customer.pk}",
        context={
            "subject": message.subject,
            "text": message.text,
            "name": customer.name,
            "language": organization.language,
            "customer_ids": [str(customer.pk)],
            "unsubscribe_url": leave,
            # One click, without a visit and without signing in (RFC 8058).
            "headers": {
                "List-Unsubscribe": f"<{leave}>{by_mail}",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        },
        due_at=at,
    )


def mail_keys(message: InitiativeMessage) -> str:
    """How the keys of its mails begin; the customer's id follows."""
    return f"initiative_message:{message.pk}:"


def _quiet_until(organization: Organization, at: datetime) -> datetime | None:
    if not (organization.quiet_from and organization.quiet_until):
        return None
    zone = ZoneInfo(organization.time_zone)
    return quiet_until(QuietHours(organization.quiet_from, organization.quiet_until, zone), at=at)
