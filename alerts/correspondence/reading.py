"""The sweep over mail that came in: read, and taken into its follow-up or held for a person to look at.

A mail is claimed in a transaction of its own, so that one which kills its worker is counted; it is read outside any
scope. What fails three times is set aside with its error.

A row is due while something is still to be done with it. One that is held (`why` says why) is due again after
HELD_FOR: whoever nobody looked at by then is dropped, and its words with it.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Value, When
from django.utils import timezone

from alerts.correspondence.automatic import why_automatic
from alerts.correspondence.letter import Letter, Unreadable, read_letter
from alerts.correspondence.receiving import customer_wrote, tell_of_held, why_not_taken
from alerts.models import InboundMail
from tenancy.background import drain
from tenancy.models import Organization
from tenancy.scope import organization_scope

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
LEASE = timedelta(minutes=2)
RETRY_AFTER = timedelta(seconds=20)
HELD_FOR = timedelta(days=30)
# So many characters of a held mail are shown.
SHOWN = 4000
FAILED_WHY = "It could not be read."
CRASHED = "The worker stopped three times while reading this mail."
State = InboundMail.State


def read_due() -> int:
    """Deal with every mail that is due, of every organization; returns how many."""
    return drain("door_due_inbound_mail", read_next)


def read_next(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Deal with the mail of one organization that waited longest; 0 when there is none."""
    now = at or timezone.now()
    with organization_scope(organization_id):
        mail = _claim(at=now)
    if mail is None:
        return 0
    try:
        letter = read_letter(bytes(mail.raw))
        with organization_scope(organization_id):
            _decide(mail, letter, at=now)
    except Exception as error:  # kept on the row, where people see it
        logger.exception("Mail %s of organization %s could not be read", mail.pk, organization_id)
        with organization_scope(organization_id):
            _put_off(mail, error, at=now)
    return 1


def _claim(*, at: datetime) -> InboundMail | None:
    """The next mail to be read; those whose time is over are dropped on the way."""
    due = InboundMail.objects.filter(state=State.DUE, due_at__lte=at)
    due.exclude(why="").update(**_dropped())
    waiting = due.filter(why="").select_for_update(skip_locked=True).order_by("due_at")
    while (mail := waiting.first()) is not None and mail.attempts >= MAX_ATTEMPTS:
        hold(mail, why=FAILED_WHY, error=mail.last_error or CRASHED, at=at)
    if mail is None:
        return None
    mail.attempts, mail.due_at = mail.attempts + 1, at + LEASE
    mail.save(update_fields=["attempts", "due_at"])
    return mail


def _decide(mail: InboundMail, letter: Letter, *, at: datetime) -> None:
    rows = InboundMail.objects.select_for_update(of=("self",)).select_related("follow_up__customer", "organization")
    row = rows.defer("raw").filter(pk=mail.pk, state=State.DUE, why="", attempts=mail.attempts).first()
    if row is None:  # whoever claimed it after us has it
        return
    row.from_address, row.subject = letter.from_address, letter.subject
    why = why_automatic(letter, ours=our_addresses(row.organization)) or why_not_taken(row, letter, at=at)
    if why:
        hold(row, why=why, error="", text=letter.text, at=at)
    else:
        take(row, letter, since=row.received_at, at=at)


def take(mail: InboundMail, letter: Letter, *, since: datetime, at: datetime) -> None:
    """Into the follow-up it goes; the raw mail is not needed any more."""
    entry = customer_wrote(mail, letter, since=since, at=at)
    mail.entry, mail.state, mail.raw, mail.text = entry, State.TAKEN, b"", ""
    mail.from_address, mail.subject, mail.why, mail.last_error = letter.from_address, letter.subject, "", ""
    mail.save(update_fields=["entry", "state", "raw", "text", "from_address", "subject", "why", "last_error"])


def hold(mail: InboundMail, *, why: str, error: str, text: str = "", at: datetime) -> None:
    """Set aside for a person to look at, who is told; nobody decided after HELD_FOR: dropped."""
    mail.why, mail.last_error, mail.text, mail.due_at = why[:300], error[:500], text[:SHOWN], at + HELD_FOR
    mail.save(update_fields=["why", "last_error", "text", "due_at", "from_address", "subject"])
    tell_of_held(mail, at=at)


def drop(mail: InboundMail) -> None:
    """Nothing is done with it, and nothing is kept of it but that it came, when, and why it was not taken."""
    InboundMail.objects.filter(pk=mail.pk).update(**_dropped())


def our_addresses(organization: Organization) -> list[str]:
    return [settings.MAIL_FROM.rpartition("<")[2].strip("> "), organization.reply_to]


def _dropped() -> dict:
    state = Case(When(why=FAILED_WHY, then=Value(State.FAILED)), default=Value(State.IGNORED))
    return {"state": state, "raw": b"", "text": "", "from_address": "", "subject": "", "last_error": ""}


def _put_off(mail: InboundMail, error: Exception, *, at: datetime) -> None:
    rows = InboundMail.objects.select_for_update().defer("raw")
    row = rows.filter(pk=mail.pk, attempts=mail.attempts, state=State.DUE).first()
    if row is None:
        return
    words = str(error) if isinstance(error, Unreadable) else f"{type(error).__name__}: {error}"
    if row.attempts >= MAX_ATTEMPTS or isinstance(error, Unreadable):
        hold(row, why=FAILED_WHY, error=words, at=at)
    else:
        row.last_error, row.due_at = words[:500], at + RETRY_AFTER * row.attempts
        row.save(update_fields=["last_error", "due_at"])
