"""What customers who were let down answered next: with a contact, without one, and by the draw of the holdout.

One statement each. A customer counts once, with the first answer in the period that let them down; their next answer
is the first one after it on the same scale, from NEXT_FROM days on and within NEXT_UNTIL. A contact counts when it came
after the answer that let them down and before the next one: what came later cannot have changed it. Answers to the
question after closing stay out, before as after: only those who were followed up are asked it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from metrics.tally import Tally
from tenancy.scope import current_organization_id

# A customer who answers again within the week still speaks of the same thing.
NEXT_FROM, NEXT_UNTIL = 7, 365


@dataclass(frozen=True)
class NextAnswers:
    """One group of customers: how many there are, how many of them were contacted and how many followed up because of
    another rule before they answered again, and what those who answered again gave."""

    customers: int = 0
    tally: Tally = field(default_factory=Tally)
    contacted: int = 0
    otherwise: int = 0

    @property
    def answered(self) -> int:
        return self.tally.n


@dataclass(frozen=True)
class Drawn:
    """One version of a rule with a holdout: those whose alert was acted on, and those drawn to be left alone.

    `firsts` are both sides again, of the customers whose first draw in the period this was: each customer is in the
    firsts of one version only.
    """

    rule_id: UUID
    name: str
    version: int
    acted: NextAnswers
    held: NextAnswers
    firsts: tuple[NextAnswers, NextAnswers]


_NOT_OF_RECOVERY = """NOT EXISTS (
                  SELECT 1 FROM alerts_recoveryplan p
                  WHERE p.organization_id = %(organization)s AND p.survey_id = r.survey_id
              )"""
_NEXT = f"""
    LEFT JOIN LATERAL (
        SELECT r.score, r.responded_at FROM surveys_response r
        JOIN surveys_survey s ON s.organization_id = r.organization_id AND s.id = r.survey_id
        WHERE r.organization_id = %(organization)s AND r.customer_id = first.customer_id
              AND r.measure = %(measure)s AND s.points = %(points)s
              AND r.responded_at >= first.at + make_interval(days => %(next_from)s)
              AND r.responded_at < first.at + make_interval(days => %(next_until)s)
              AND {_NOT_OF_RECOVERY}
        ORDER BY r.responded_at, r.id LIMIT 1
    ) next ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(next.responded_at, first.at + make_interval(days => %(next_until)s)) AS until
    ) span
    CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT 1 FROM alerts_followup f
            JOIN alerts_followupentry e ON e.organization_id = f.organization_id AND e.follow_up_id = f.id
            WHERE f.organization_id = %(organization)s AND f.customer_id = first.customer_id
                  AND e.at >= first.at AND e.at < span.until
                  AND (e.kind = 'reply' OR (e.kind = 'moved' AND e.details ? 'way'))
        ) AS contacted
    ) care
"""  # noqa: S608  built of constants
_WITH_AND_WITHOUT = f"""
    WITH first AS (
        SELECT DISTINCT ON (r.customer_id) r.id, r.customer_id, r.responded_at AS at
        FROM surveys_response r
        JOIN surveys_survey s ON s.organization_id = r.organization_id AND s.id = r.survey_id
        WHERE r.organization_id = %(organization)s AND r.responded_at >= %(start)s AND r.responded_at < %(end)s
              AND r.customer_id IS NOT NULL AND r."group" = 'detractor' AND r.measure = %(measure)s
              AND s.points = %(points)s AND {_NOT_OF_RECOVERY}
        ORDER BY r.customer_id, r.responded_at, r.id
    )
    SELECT care.contacted, care.contacted, false, next.score, count(*)
    FROM first {_NEXT}
    GROUP BY 1, 2, 3, 4
"""  # noqa: S608  built of constants
# Everybody whose alert could have been drawn counts on the side of the draw, whatever staff did then. Only versions of
# a rule that drew somebody in the period: another version may have drawn nobody because it was not to.
_DRAWN = f"""
    WITH fired AS (
        SELECT a.* FROM alerts_alert a
        WHERE a.organization_id = %(organization)s AND a.raised_at >= %(start)s AND a.raised_at < %(end)s
              AND a.customer_id IS NOT NULL
    ), drawn AS (
        SELECT DISTINCT ON (a.rule_id, a.rule_version, a.customer_id)
               a.id, a.rule_id, a.rule_version, a.customer_id, a.response_id, a.raised_at AS at, a.is_held_out
        FROM fired a
        JOIN (SELECT DISTINCT rule_id, rule_version FROM fired WHERE is_held_out) drawing USING (rule_id, rule_version)
        ORDER BY a.rule_id, a.rule_version, a.customer_id, a.raised_at, a.id
    ), first AS (
        SELECT drawn.*, row_number() OVER (PARTITION BY customer_id ORDER BY at, id) = 1 AS is_first FROM drawn
    )
    SELECT first.rule_id, rule.name, first.rule_version, first.is_held_out, first.is_first, care.contacted,
           EXISTS (
               SELECT 1 FROM alerts_alert other
               WHERE other.organization_id = %(organization)s AND other.customer_id = first.customer_id
                     AND other.rule_id <> first.rule_id AND other.follow_up_id IS NOT NULL
                     AND (other.response_id = first.response_id
                          OR (other.raised_at >= first.at AND other.raised_at < span.until))
           ), next.score, count(*)
    FROM first JOIN alerts_alertrule rule ON rule.organization_id = %(organization)s AND rule.id = first.rule_id
    {_NEXT}
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 3
"""  # noqa: S608  built of constants


def with_and_without(start: datetime, end: datetime, *, measure: str, points: int) -> tuple[NextAnswers, NextAnswers]:
    """(with a contact, without) of the customers who were let down from `start` until before `end`. One query."""
    rows = _run(_WITH_AND_WITHOUT, start, end, measure, points)
    told, untold = (_gathered(row for is_told, *row in rows if is_told is side) for side in (True, False))
    return told, untold


def drawn(start: datetime, end: datetime, *, measure: str, points: int) -> list[Drawn]:
    """By rule and version with a holdout, both sides of the draw. One query."""
    versions: dict[tuple[UUID, str, int], list[tuple[bool, bool, list]]] = {}
    for rule, name, version, is_held, is_first, *row in _run(_DRAWN, start, end, measure, points):
        versions.setdefault((rule, name, version), []).append((is_held, is_first, row))
    found = []
    for (rule, name, version), rows in versions.items():
        acted, held = (_gathered(row for is_held, _, row in rows if is_held is side) for side in (False, True))
        firsts = [
            _gathered(row for is_held, is_first, row in rows if is_held is side and is_first) for side in (False, True)
        ]
        found.append(Drawn(rule, name, version, acted, held, (firsts[0], firsts[1])))
    return found


def _gathered(rows: Iterable[Any]) -> NextAnswers:
    """One group, of rows: contacted, followed up because of another rule, next score, how many customers."""
    given: Counter[int] = Counter()
    customers = contacted = otherwise = 0
    for is_contacted, is_otherwise, score, n in rows:
        customers += n
        contacted += n * is_contacted
        otherwise += n * is_otherwise
        if score is not None:
            given[score] += n
    return NextAnswers(customers, Tally.of(given), contacted, otherwise)


def _run(statement: str, start: datetime, end: datetime, measure: str, points: int) -> list[tuple]:
    parameters: dict[str, Any] = {
        "organization": current_organization_id(),
        "start": start,
        "end": end,
        "measure": measure,
        "points": points,
        "next_from": NEXT_FROM,
        "next_until": NEXT_UNTIL,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
