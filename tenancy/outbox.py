"""The outbox: mail to staff and single customers, queued as rows in the transaction of the deed that causes it.

`sending` is committed before the hand-over to SMTP. What a crash leaves in `sending` is sent again once its lease is
over: a member of staff rather hears twice than never. (Survey invitations decide the other way; see surveys.)
"""

import smtplib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from tenancy.background import drain, nudge
from tenancy.mail import Sender, mail_connection, write_mail
from tenancy.models import Organization, OutgoingMail
from tenancy.scope import current_organization_id, organization_scope

BATCH = 50
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
MAX_CRASHES = 3
State = OutgoingMail.State


def queue_mail(
    template: str, *, to: str, context: dict[str, Any], dedupe_key: str, due_at: datetime | None = None
) -> OutgoingMail | None:
    """Queue one mail in the caller's transaction; None when the same `dedupe_key` was queued before.

    `context` holds facts (JSON), the mail is written when it is sent. Keys `headers` and `reply_to` in it go to the
    mail itself.
    """
    mail = new_mail(template, to=to, context=context, dedupe_key=dedupe_key, due_at=due_at)
    queue_mails([mail])
    return mail if OutgoingMail.objects.filter(pk=mail.pk).exists() else None


def new_mail(
    template: str, *, to: str, context: dict[str, Any], dedupe_key: str, due_at: datetime | None = None
) -> OutgoingMail:
    """A mail as for `queue_mail`, not yet stored: for queue_mails."""
    return OutgoingMail(
        organization_id=current_organization_id(),
        template=template,
        to_address=to,
        context=context,
        dedupe_key=dedupe_key,
        due_at=due_at or timezone.now(),
    )


def queue_mails(mails: list[OutgoingMail]) -> None:
    """Queue many mails in one statement; those whose `dedupe_key` was queued before are passed over."""
    if not mails:
        return
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
    nudge("tenancy.tasks.send_due_mail")


def send_due() -> int:
    """Send what is due for every organization in turn; returns the number of mails handed over or given up."""
    return drain("door_due_mail", send_batch)


def send_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Send at most BATCH mails of one organization over one connection; returns how many were dealt with."""
    with organization_scope(organization_id):
        sender = Sender.of(Organization.objects.get(pk=organization_id))
        mails = _claim(at=at or timezone.now())
    if not mails:
        return 0
    outcomes: list[tuple[OutgoingMail, str, str]] = []
    try:
        with mail_connection() as connection:
            for mail in mails:
                outcomes.append((mail, *_hand_over(mail, sender, connection)))
    except (OSError, smtplib.SMTPException) as error:
        told = {mail.pk for mail, _, _ in outcomes}
        outcomes += [(mail, "", f"mail server: {error}") for mail in mails if mail.pk not in told]
    with organization_scope(organization_id):
        for mail, message_id, failure in outcomes:
            _settle(mail, message_id=message_id, error=failure)
    return len(outcomes)


def _claim(*, at: datetime) -> list[OutgoingMail]:
    due = Q(state=State.DUE, due_at__lte=at) | Q(state=State.SENDING, lease_until__lte=at)
    mails = list(OutgoingMail.objects.select_for_update(skip_locked=True).filter(due).order_by("due_at")[:BATCH])
    # What kills its worker again and again is set aside, where people can see it.
    crashed = [mail for mail in mails if mail.state == State.SENDING and mail.attempts >= MAX_CRASHES]
    for mail in crashed:
        mail.state, mail.last_error = (
            State.QUARANTINED,
            "The worker stopped three times while sending this mail.",
        )
        mail.save(update_fields=["state", "last_error"])
    mails = [mail for mail in mails if mail not in crashed]
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
        state=State.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1, fence=F("fence") + 1
    )
    for mail in mails:
        mail.attempts, mail.fence = mail.attempts + 1, mail.fence + 1
    return mails


def _hand_over(mail: OutgoingMail, sender: Sender, connection: Any) -> tuple[str, str]:
    """(message id, "") when the server took it, ("", error) when not."""
    context = dict(mail.context)
    try:
        message = write_mail(
            mail.template,
            to=mail.to_address,
            sender=sender,
            headers=context.pop("headers", None),
            reply_to=context.pop("reply_to", ""),
            context=context,
        )
        connection.send_messages([message])
    except smtplib.SMTPServerDisconnected:
        raise
    except Exception as error:
        return "", f"{type(error).__name__}: {error}"
    return str(message.extra_headers["Message-ID"]), ""


def _settle(mail: OutgoingMail, *, message_id: str, error: str) -> None:
    now = timezone.now()
    # The fence: a worker whose lease ran out must not write over its successor.
    mine = OutgoingMail.objects.filter(pk=mail.pk, fence=mail.fence)
    if not error:
        mine.update(state=State.SENT, sent_at=now, message_id=message_id, last_error="", lease_until=None)
    elif mail.attempts >= MAX_ATTEMPTS:
        mine.update(state=State.FAILED, last_error=error[:500], lease_until=None)
    else:
        wait = timedelta(seconds=min(15 * 2**mail.attempts, 3600))
        mine.update(state=State.DUE, due_at=now + wait, last_error=error[:500], lease_until=None)
