"""What the customers behind follow-ups are worth, where customers carry a value. Sums, not estimates."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from tenancy.scope import current_organization_id


@dataclass(frozen=True)
class Worth:
    """Customers, those of them that carry a value, and the sum of these values."""

    customers: int = 0
    valued: int = 0
    value: Decimal = Decimal(0)


@dataclass(frozen=True)
class Revenue:
    """At risk: the loop is open now. Saved: recovered when asked again. Lost: gone, by the outcome."""

    at_risk: Worth
    saved: Worth
    lost: Worth


# Each customer once a line, and in the worst of the lines they could stand in: lost, then at risk, then saved.
_WORTH = """
    WITH behind AS (
        SELECT f.customer_id,
               bool_or(f.state <> 'closed') AS is_open,
               bool_or(f.outcome = 'lost') AS is_lost,
               bool_or(recovery.result = 'recovered') AS is_saved
        FROM alerts_followup f
        LEFT JOIN (
            SELECT DISTINCT ON (follow_up_id) follow_up_id, result FROM alerts_recovery
            WHERE organization_id = %(organization)s AND result <> ''
            ORDER BY follow_up_id, closed_at DESC
        ) recovery ON recovery.follow_up_id = f.id
        WHERE f.organization_id = %(organization)s AND f.opened_at >= %(start)s AND f.opened_at < %(end)s
              AND f.state <> 'merged' AND f.customer_id IS NOT NULL
        GROUP BY f.customer_id
    )
    SELECT CASE WHEN is_lost THEN 'lost' WHEN is_open THEN 'at_risk' WHEN is_saved THEN 'saved' END AS line,
           count(*), count(c.value), coalesce(sum(c.value), 0)
    FROM behind JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = behind.customer_id
    GROUP BY 1
"""


def revenue(start: datetime, end: datetime) -> Revenue:
    """Of the customers whose follow-ups opened from `start` until before `end`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_WORTH, {"organization": current_organization_id(), "start": start, "end": end})
        lines = {line: Worth(*counts) for line, *counts in cursor.fetchall()}
    return Revenue(*(lines.get(line, Worth()) for line in ("at_risk", "saved", "lost")))
