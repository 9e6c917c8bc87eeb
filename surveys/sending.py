"""Sending the invitations that are due: one batch of one organization over one SMTP connection.

Mails are written before any row is claimed and outside any scope. Each is claimed by a small transaction of its own,
which also stores what became of the one before, so that a crash leaves at most one invitation `unknown`.
"""

import logging
import smtplib
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from surveys.claiming import Reserved, claim, tell_sent
from surveys.hand_over import HandedOver, Outcome, hand_over
from surveys.published import published_instrument
from surveys.reserving import reserve
from surveys.settling import put_off, release, settle
from surveys.survey_mail import SurveyMail, write_survey_mail
from surveys.tokens import make_token
from tenancy.background import drain
from tenancy.mail import Sender, mail_connection
from tenancy.models import Organization
from tenancy.scope import organization_scope

logger = logging.getLogger(__name__)


def send_due() -> int:
    """Send what is due for every organization in turn; returns the number of invitations dealt with."""
    return drain("door_due_invitations", send_batch)


def send_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Deal with one batch of due invitations; returns how many got on: sent, put off, dropped or failed."""
    with organization_scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        batch = reserve(organization, at=at or timezone.now())
    sender = Sender.of(organization)
    letters = _write(batch.to_send, sender)
    if not letters:
        return batch.decided + len(batch.to_send)
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(mail_connection())
        except (OSError, smtplib.SMTPException) as error:
            _release(organization_id, letters, error)
            return batch.decided
        _Delivery(organization_id, sender, connection).deliver(letters)
    return batch.decided + len(batch.to_send)


@dataclass(frozen=True)
class _Letter:
    """A reserved invitation and its mail."""

    row: Reserved
    mail: EmailMultiAlternatives

    @property
    def message_id(self) -> str:
        return str(self.mail.extra_headers["Message-ID"])


class _Delivery:
    """One batch on its way over one connection."""

    def __init__(self, organization_id: UUID, sender: Sender, connection: Any):
        self.organization_id = organization_id
        self.zone = sender.time_zone
        self.connection = connection
        self.unsettled: tuple[Reserved, HandedOver] | None = None
        self.sent: list[datetime] = []

    def deliver(self, letters: list[_Letter]) -> None:
        for position, letter in enumerate(letters):
            if not self._claim(letter):
                continue
            handed_over = hand_over(self.connection, letter.mail)
            self.unsettled = (letter.row, handed_over)
            if handed_over.has_lost_connection:
                self._finish()
                _release(self.organization_id, letters[position + 1 :], handed_over.error)
                return
        self._finish()

    def _claim(self, letter: _Letter) -> bool:
        with organization_scope(self.organization_id):
            self._store_outcome()
            return claim(letter.row, message_id=letter.message_id, at=timezone.now())

    def _finish(self) -> None:
        """The last outcome, and the days on which mails went out; a batch that dies before is noticed by `reserve`."""
        with organization_scope(self.organization_id):
            self._store_outcome()
            tell_sent(self.zone, self.sent)

    def _store_outcome(self) -> None:
        if self.unsettled:
            (row, handed_over), now = self.unsettled, timezone.now()
            settle(row, handed_over, at=now)
            if handed_over.outcome is Outcome.TAKEN:
                self.sent.append(now)
            self.unsettled = None


def _write(rows: list[Reserved], sender: Sender) -> list[_Letter]:
    """The mails; one that cannot be written is put off with its error and keeps no other from being sent."""
    letters = []
    for row in rows:
        try:
            letters.append(_Letter(row, _mail(row, sender)))
        except Exception as error:
            logger.exception("The mail of invitation %s could not be written", row.id)
            with organization_scope(sender.organization_id):
                put_off(row, "not_written", f"{type(error).__name__}: {error}"[:300], at=timezone.now())
    return letters


def _mail(row: Reserved, sender: Sender) -> EmailMultiAlternatives:
    instrument = published_instrument(sender.organization_id, row.version_id)
    host = urlsplit(settings.BASE_URL).hostname or "cxm"
    return write_survey_mail(
        SurveyMail(
            instrument=instrument,
            language=row.language,
            token=make_token(row.id),
            to_address=row.to_address,
            customer_name=row.customer_name,
            touchpoint=row.touchpoint,
            message_id=f"<{row.id}.{row.fence}@{host}>",
        ),
        sender=sender,
    )


def _release(organization_id: UUID, letters: list[_Letter], error: Exception | str) -> None:
    if letters:
        words = " ".join(str(error).split())[:300] or type(error).__name__
        with organization_scope(organization_id):
            release([letter.row for letter in letters], words, at=timezone.now())
