"""The way in, whoever receives mail for us: a mail is stored with its follow-up, and a sweep reads it.

Accepting is quick and certain: what was acknowledged is a row. What cannot be for anybody is refused at once, so that
the sender hears of it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from alerts.correspondence.addresses import Target, read_address
from alerts.correspondence.letter import head_of, key_of
from alerts.models import FollowUp, InboundMail
from tenancy.background import nudge
from tenancy.scope import organization_scope

SIZE_LIMIT = 10_000_000  # bytes
# So many mails one follow-up takes within the hour; whoever sends more is told to come back later.
MAILS_AN_HOUR = 60


class Answer(StrEnum):
    """What becomes of a mail at the door."""

    STORED = "stored"
    UNKNOWN = "unknown"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"


def take_in(raw: bytes, *, recipients: Iterable[str], sender: str | None, at: datetime | None = None) -> Answer:
    """Store a mail with each follow-up that it is addressed to; the same mail again changes nothing.

    `sender` is that of the envelope, empty for reports of mail servers, None when nobody knows. Starts outside any
    scope. When it is for several, the best answer counts.
    """
    if len(raw) > SIZE_LIMIT:
        return Answer.TOO_LARGE
    targets = {target for address in recipients if (target := read_address(address))}
    if sender is not None:
        raw = b"Return-Path: <" + sender.encode("ascii", "replace").translate(None, b"\r\n<>") + b">\r\n" + raw
    answers = {_store(target, raw, at=at or timezone.now()) for target in targets}
    return next((each for each in (Answer.STORED, Answer.TOO_MANY) if each in answers), Answer.UNKNOWN)


def _store(target: Target, raw: bytes, *, at: datetime) -> Answer:
    headers = head_of(raw)
    with organization_scope(target.organization_id):
        follow_up = FollowUp.objects.filter(number=target.number).select_related("customer").first()
        # Who was erased has nothing here that could be continued.
        if follow_up is None or follow_up.customer is None or follow_up.customer.erased_at:
            return Answer.UNKNOWN
        recent = InboundMail.objects.filter(follow_up=follow_up, received_at__gt=at - timedelta(hours=1))
        key = f"{follow_up.number}:{key_of(raw, headers)}"[:200]
        if recent.count() >= MAILS_AN_HOUR and not recent.filter(message_key=key).exists():
            return Answer.TOO_MANY
        mail = InboundMail(
            organization_id=target.organization_id,
            follow_up=follow_up,
            message_key=key,
            subject=headers.get("subject", "")[:500],
            raw=raw,
            received_at=at,
            due_at=at,
        )
        InboundMail.objects.bulk_create([mail], ignore_conflicts=True)
        nudge("alerts.tasks.read_inbound_mail")
    return Answer.STORED
