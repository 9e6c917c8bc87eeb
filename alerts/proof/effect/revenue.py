"""What the customers behind follow-ups are worth, where customers carry a value. Sums, not estimates."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from alerts.proof.recovery.latest import LATEST, STAYED_WELL
from tenancy.scope import current_organization_id


@dataclass(frozen=True)
class Worth:
    """Customers, those of them that carry a value, and the sum of these values."""

    customers: int = 0
    valued: int = 0
    value: Decimal = Decimal(0)


@dataclass(frozen=True)
class Revenue:
    """At risk: the loop is open now, or the customer says that it is no better. Saved: recovered when asked again.
    Unknown: closed, and nobody knows whether it helped. Lost: gone, by the outcome."""

    at_risk: Worth
    saved: Worth
    unknown: Worth
    lost: Worth


# Each customer in one line: lost, else at risk while a loop is open, else by the last they said. Silence, and a closing
# that nobody was asked about, take nothing back.
_WORTH = f"""
    WITH behind AS (
        SELECT f.customer_id,
               bool_or(f.state <> 'closed') AS is_open,
               bool_or(f.outcome = 'lost') AS is_lost,
               (array_agg(recovery.result ORDER BY recovery.closed_at DESC)
                    FILTER (WHERE recovery.result NOT IN ('silent', '{STAYED_WELL}')))[1] AS result
        FROM alerts_followup f
        LEFT JOIN ({LATEST}) recovery ON recovery.follow_up_id = f.id
        WHERE f.organization_id = %(organization)s AND f.opened_at >= %(start)s AND f.opened_at < %(end)s
              AND f.state <> 'merged' AND f.customer_id IS NOT NULL
        GROUP BY f.customer_id
    )
    SELECT CASE WHEN is_lost THEN 'lost' WHEN is_open OR result IN ('unchanged', 'worse') THEN 'at_risk'
                WHEN result = 'recovered' THEN 'saved' ELSE 'unknown' END AS line,
           count(*), count(c.value), coalesce(sum(c.value), 0)
    FROM behind JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = behind.customer_id
    GROUP BY 1
"""  # noqa: S608  built of constants


def revenue(start: datetime, end: datetime) -> Revenue:
    """Of the customers whose follow-ups opened from `start` until before `end`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_WORTH, {"organization": current_organization_id(), "start": start, "end": end})
        lines = {line: Worth(*counts) for line, *counts in cursor.fetchall()}
    return Revenue(*(lines.get(line, Worth()) for line in ("at_risk", "saved", "unknown", "lost")))
