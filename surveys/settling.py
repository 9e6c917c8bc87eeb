"""What became of a mail that was handed over, or could not be: written down, and put off or given up."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from customers.models import Suppression
from customers.suppression import suppress
from surveys.claiming import Reserved
from surveys.hand_over import HandedOver, Outcome
from surveys.models import Invitation
from tenancy.audit import SYSTEM
from tenancy.scope import current_organization_id

MAX_ATTEMPTS = 12
# How soon a mail server that cannot be reached is tried again; nobody's attempts count while it is down.
SERVER_PAUSE = timedelta(minutes=1)
Status = Invitation.Status


def settle(row: Reserved, handed_over: HandedOver, *, at: datetime) -> None:
    """Store the outcome; a row whose lease ran out meanwhile and became `unknown` learns the truth."""
    outcome = handed_over.outcome
    if outcome is Outcome.TAKEN:
        _store_sent(row, at)
    elif outcome is Outcome.UNKNOWN:
        _store(row, status=Status.UNKNOWN, reason="hand_over_unknown", last_error=handed_over.error)
    elif outcome is Outcome.NO_SUCH_MAILBOX:
        _fail(row, "address_unknown", handed_over.error)
        suppress(row.email_key, reason=Suppression.Reason.BOUNCED, by=SYSTEM, at=at)
    elif outcome is Outcome.REFUSED:
        _fail(row, "refused", handed_over.error)
    else:
        put_off(row, "retry", handed_over.error, at=at)


def put_off(row: Reserved, reason: str, error: str, *, at: datetime) -> None:
    """Try again later, longer each time (half a minute to an hour); give up after MAX_ATTEMPTS."""
    if row.attempts >= MAX_ATTEMPTS:
        _fail(row, "gave_up", error, attempts=row.attempts)
        return
    _store(
        row,
        status=Status.DEFERRED,
        reason=reason,
        reason_details={**row.details, "error": error, "attempts": row.attempts},
        due_at=at + backoff(row.attempts),
        lease_until=None,
        last_error=error,
    )


def release(rows: list[Reserved], error: str, *, at: datetime) -> None:
    """Give reserved rows back that were not tried, since the mail server cannot be reached: no attempt counts."""
    for row in rows:
        _store(
            row,
            status=Status.DEFERRED,
            reason="mail_server_down",
            reason_details={**row.details, "error": error},
            due_at=at + SERVER_PAUSE,
            attempts=row.attempts - 1,
            last_error=error,
        )


def backoff(attempts: int) -> timedelta:
    """30 s after the first attempt, doubled each time, at most an hour."""
    return timedelta(seconds=min(15 * 2**attempts, 3600))


def _fail(row: Reserved, reason: str, error: str, **details: Any) -> None:
    _store(
        row,
        status=Status.FAILED,
        reason=reason,
        reason_details={**row.details, "error": error, **details},
        lease_until=None,
        last_error=error,
    )


def _store_sent(row: Reserved, at: datetime) -> None:
    values: dict[str, Any] = {"id": row.id, "organization": current_organization_id(), "fence": row.fence, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_SENT, values)


# The usual outcome, by hand for the same reason as the claim. `_store` says the same of all others.
_SENT = """
    UPDATE surveys_invitation
    SET status = 'sent', reason = 'sent', sent_at = %(at)s, last_error = '', lease_until = NULL
    WHERE id = %(id)s AND organization_id = %(organization)s AND fence = %(fence)s
    AND status IN ('sending', 'unknown')
"""


def _store(row: Reserved, **values: Any) -> None:
    # The fence: a worker whose reservation ran out must not write over its successor.
    mine = Invitation.objects.filter(pk=row.id, fence=row.fence)
    mine.exclude(status__in=[Status.SENT, Status.FAILED, Status.DROPPED]).update(**values)
