"""Claiming one reserved invitation for the mail server.

The statement that turns a row into `sending` is the one that refuses suppressed and erased customers and those asked
meanwhile. It is committed before the hand-over; what a crash leaves in `sending` becomes `unknown` and is never sent
again.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from surveys.contact_policy import APART
from surveys.models import Response
from surveys.responding import day_in
from surveys.signals import response_completed
from tenancy.scope import current_organization_id

# Longer than a batch can take: its slowest mail may wait for the mail server's every answer.
LEASE = timedelta(seconds=settings.SENDING_LEASE_SECONDS)


@dataclass(frozen=True)
class Reserved:
    """One invitation to be sent now; a copy of its facts, since its mail is written outside any scope."""

    id: UUID
    fence: int
    attempts: int
    version_id: UUID
    customer_id: UUID
    customer_name: str
    to_address: str
    email_key: str
    language: str
    touchpoint: str
    fatigue_days: int
    expires_days: int
    details: dict[str, Any]


def claim(row: Reserved, *, message_id: str, at: datetime) -> bool:
    """Turn a reserved row into `sending`; False when it may not be sent (any more), and then it is decided anew.

    The customer is locked by a statement of its own, so that the claiming statement sees what others committed.
    """
    values = {
        **asdict(row),
        "organization": current_organization_id(),
        "message_id": message_id,
        "expires_at": at + timedelta(days=row.expires_days),
        "lease_until": at + LEASE,
        "rested_since": at - timedelta(days=row.fatigue_days),
        "apart": APART,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CUSTOMER, values)
        cursor.execute(_CLAIM, values)
        is_claimed = bool(cursor.rowcount)
        if not is_claimed:
            cursor.execute(_DECIDE_ANEW, values)
    return is_claimed


# By hand, since these run once for every mail: writing them anew with the ORM costs more than running them.
_MINE = "id = %(id)s AND organization_id = %(organization)s AND fence = %(fence)s AND status IN ('planned', 'deferred')"
_LOCK_CUSTOMER = """
    SELECT 1 FROM customers_customer WHERE id = %(customer_id)s AND organization_id = %(organization)s
    FOR NO KEY UPDATE
"""
_CLAIM = f"""
    UPDATE surveys_invitation SET status = 'sending', reason = 'handing_over', message_id = %(message_id)s,
        version_id = %(version_id)s, to_address = %(to_address)s, language = %(language)s,
        expires_at = %(expires_at)s, lease_until = %(lease_until)s
    WHERE {_MINE}
    AND EXISTS (
        SELECT 1 FROM customers_customer AS customer
        WHERE customer.id = %(customer_id)s AND customer.organization_id = %(organization)s
        AND customer.email_key = %(email_key)s AND customer.erased_at IS NULL
    )
    AND NOT EXISTS (
        SELECT 1 FROM customers_suppression AS suppression
        WHERE suppression.organization_id = %(organization)s AND suppression.email_key = %(email_key)s
        AND suppression.lifted_at IS NULL
    )
    AND (%(fatigue_days)s = 0 OR NOT EXISTS (
        SELECT 1 FROM surveys_invitation AS other
        WHERE other.organization_id = %(organization)s AND other.customer_id = %(customer_id)s
        AND other.id <> %(id)s AND NOT other.reason_details ? %(apart)s AND (
            other.status = 'sending' OR other.sent_at > %(rested_since)s
            OR (other.status = 'unknown' AND other.lease_until > %(rested_since)s)
        )
    ))
"""  # noqa: S608  (no value is written into it)
_DECIDE_ANEW = f"UPDATE surveys_invitation SET reason = 'planned', due_at = %(at)s WHERE {_MINE}"  # noqa: S608


def tell_sent(zone: str, moments: Sequence[datetime]) -> None:
    """Mails went out, or may have, at these moments: the response rates of their days are to be counted again."""
    days = {day_in(zone, moment) for moment in moments}
    if days:
        response_completed.send_robust(sender=Response, responses=[], is_new=True, raise_alerts=False, days=days)


def because_of(details: dict[str, Any]) -> dict[str, Any]:
    """The part of an invitation's details that says why it exists at all."""
    return {
        name: details[name] for name in ("milestone", "delay_minutes", "wanted_by", "because", APART) if name in details
    }
