"""The outbox: mail to staff and single customers, queued as rows in the transaction of the deed that causes it.

`sending` is committed before the hand-over to SMTP. What a crash leaves in `sending` is sent again once its lease is
over: a member of staff rather hears twice than never. (Survey invitations decide the other way; see surveys.)

A mail is tried over two days. A mail server that cannot be reached costs no mail a try: what waits for it waits as long
as it takes, with that error on every row.
"""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from tenancy.background import drain, nudge
from tenancy.mail import Sender, mail_connection, write_mail
from tenancy.models import Organization, OutgoingMail
from tenancy.scope import current_organization_id, organization_scope

logger = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(seconds=settings.SENDING_LEASE_SECONDS)
# Half a minute after the first try, then twice as long each time up to three hours: two days in all.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=3)
MAX_ATTEMPTS = 24
# Who says no for good (5xx) is asked again in case that was a mistake, but nobody waits two days to hear of it.
MAX_REFUSALS = 3
# What stands on a mail that was left in `sending`, by how often in a row; the last time it is set aside.
STOPPED = [f"The worker stopped {often}while sending this mail." for often in ("", "twice ", "three times ")]
# How long mail waits for a server that cannot be reached: the longer it waited, the longer, between these.
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)
UNREACHED = "The mail server could not be reached"
State = OutgoingMail.State
Listener = Callable[[OutgoingMail], None]
_listeners: list[Listener] = []


@dataclass(frozen=True)
class Outcome:
    """What became of one mail: `error` is empty when the server took it."""

    message_id: str = ""
    error: str = ""
    # The server said no for good.
    is_refusal: bool = False
    # False: nobody asked the server about this mail.
    was_tried: bool = True


def after_giving_up(listener: Listener) -> Listener:
    """Register who hears of each mail that is given up: within its organization, once it is stored as given up."""
    _listeners.append(listener)
    return listener


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


def make_due(dedupe_key: str, *, at: datetime) -> None:
    """Give a mail that was given up all its tries again; any other is left alone."""
    given_up = OutgoingMail.objects.filter(dedupe_key=dedupe_key, state__in=[State.FAILED, State.QUARANTINED])
    if given_up.update(state=State.DUE, due_at=at, attempts=0, last_error=""):
        nudge("tenancy.tasks.send_due_mail")


def send_due() -> int:
    """Send what is due for every organization in turn; returns how many mails the server was asked about."""
    return drain("door_due_mail", send_batch)


def send_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Send at most BATCH mails of one organization over one connection; returns how many the server was asked about."""
    with organization_scope(organization_id):
        sender = Sender.of(Organization.objects.get(pk=organization_id))
        mails = _claim(at=at or timezone.now())
    if not mails:
        return 0
    outcomes = _send(mails, sender)
    with organization_scope(organization_id):
        for mail, outcome in zip(mails, outcomes, strict=True):
            _settle(mail, outcome)
    return sum(outcome.was_tried for outcome in outcomes)


def _send(mails: list[OutgoingMail], sender: Sender) -> list[Outcome]:
    outcomes: list[Outcome] = []
    try:
        with mail_connection() as connection:
            for mail in mails:
                try:
                    outcomes.append(_hand_over(mail, sender, connection))
                except smtplib.SMTPServerDisconnected as error:
                    # Perhaps this mail is why: it counts as tried, those behind it do not.
                    outcomes.append(Outcome(error=f"The mail server hung up: {error}"))
                    raise
    except (OSError, smtplib.SMTPException) as error:
        left = len(mails) - len(outcomes)
        outcomes += [Outcome(error=f"{UNREACHED}: {error}", was_tried=False)] * left
    return outcomes


def _claim(*, at: datetime) -> list[OutgoingMail]:
    due = Q(state=State.DUE, due_at__lte=at) | Q(state=State.SENDING, lease_until__lte=at)
    mails = list(OutgoingMail.objects.select_for_update(skip_locked=True).filter(due).order_by("due_at")[:BATCH])
    mails = [mail for mail in mails if mail.state == State.DUE or _may_try_again(mail)]
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
        state=State.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1, fence=F("fence") + 1
    )
    for mail in mails:
        mail.attempts, mail.fence = mail.attempts + 1, mail.fence + 1
    return mails


def _may_try_again(mail: OutgoingMail) -> bool:
    """What kills its worker again and again is set aside, where people can see it."""
    mail.last_error = STOPPED[STOPPED.index(mail.last_error) + 1 if mail.last_error in STOPPED[:-1] else 0]
    is_last = mail.last_error == STOPPED[-1]
    if is_last:
        mail.state = State.QUARANTINED
    mail.save(update_fields=["state", "last_error"])
    if is_last:
        _say_given_up(mail)
    return not is_last


def _hand_over(mail: OutgoingMail, sender: Sender, connection: Any) -> Outcome:
    """Raises SMTPServerDisconnected."""
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
        return Outcome(error=f"{type(error).__name__}: {error}", is_refusal=_is_refusal(error))
    return Outcome(message_id=str(message.extra_headers["Message-ID"]))


def _is_refusal(error: Exception) -> bool:
    """Whether the server answered 5xx (RFC 5321, 4.2.1: it will not take this mail)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _settle(mail: OutgoingMail, outcome: Outcome) -> None:
    now = timezone.now()
    # The fence: a worker whose lease ran out must not write over its successor.
    mine = OutgoingMail.objects.filter(pk=mail.pk, fence=mail.fence)
    error = outcome.error[:500]
    if not error:
        mine.update(state=State.SENT, sent_at=now, message_id=outcome.message_id, last_error="", lease_until=None)
    elif not outcome.was_tried:
        due_at = now + min(max((now - mail.created_at) / 4, SHORTEST_PAUSE), LONGEST_PAUSE)
        mine.update(state=State.DUE, due_at=due_at, attempts=F("attempts") - 1, last_error=error, lease_until=None)
    elif mail.attempts >= (MAX_REFUSALS if outcome.is_refusal else MAX_ATTEMPTS):
        if mine.update(state=State.FAILED, last_error=error, lease_until=None):
            mail.state, mail.last_error = State.FAILED, error
            _say_given_up(mail)
    else:
        due_at = now + min(FIRST_WAIT * 2 ** (mail.attempts - 1), LONGEST_WAIT)
        mine.update(state=State.DUE, due_at=due_at, last_error=error, lease_until=None)


def _say_given_up(mail: OutgoingMail) -> None:
    """Whatever those who hear of it do wrong: that the mail was tried stays stored, or it would go out again."""
    for listener in _listeners:
        try:
            with transaction.atomic():
                listener(mail)
        except Exception:
            logger.exception("Nobody could be told that mail %s was given up", mail.pk)
