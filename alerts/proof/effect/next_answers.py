"""What customers who were let down answered next: with a follow-up, without one, and by the draw of the holdout.

One statement each. A customer counts once, with the first answer in the period that let them down; their next answer
is the first one after it on the same scale, from NEXT_FROM days on and within NEXT_UNTIL. Answers to the question
after closing stay out: only those who were followed up are asked it.
"""

from collections import Counter
from collections.abc import Mapping
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
    """One group of customers: how many there are, and what those of them who answered again gave."""

    customers: int = 0
    tally: Tally = field(default_factory=Tally)

    @property
    def answered(self) -> int:
        return self.tally.n


@dataclass(frozen=True)
class Drawn:
    """One version of a rule with a holdout: those whose alert was acted on, and those drawn to be left alone."""

    rule_id: UUID
    name: str
    version: int
    acted: NextAnswers
    held: NextAnswers


_NEXT = """
    LEFT JOIN LATERAL (
        SELECT r.score FROM surveys_response r
        JOIN surveys_survey s ON s.organization_id = r.organization_id AND s.id = r.survey_id
        WHERE r.organization_id = %(organization)s AND r.customer_id = first.customer_id
              AND r.measure = %(measure)s AND s.points = %(points)s
              AND r.responded_at >= first.at + make_interval(days => %(next_from)s)
              AND r.responded_at < first.at + make_interval(days => %(next_until)s)
              AND NOT EXISTS (
                  SELECT 1 FROM alerts_recoveryplan p
                  WHERE p.organization_id = %(organization)s AND p.survey_id = r.survey_id
              )
        ORDER BY r.responded_at, r.id LIMIT 1
    ) next ON true
"""
# With: a follow-up was opened about this answer, or the answer joined one, and somebody reached the customer.
_WITH_AND_WITHOUT = f"""
    WITH first AS (
        SELECT DISTINCT ON (r.customer_id) r.id, r.customer_id, r.responded_at AS at
        FROM surveys_response r
        JOIN surveys_survey s ON s.organization_id = r.organization_id AND s.id = r.survey_id
        WHERE r.organization_id = %(organization)s AND r.responded_at >= %(start)s AND r.responded_at < %(end)s
              AND r.customer_id IS NOT NULL AND r."group" = 'detractor' AND r.measure = %(measure)s
              AND s.points = %(points)s
        ORDER BY r.customer_id, r.responded_at, r.id
    ), told AS (
        SELECT f.response_id FROM alerts_followup f
        WHERE f.organization_id = %(organization)s AND f.first_contacted_at IS NOT NULL
        UNION
        SELECT a.response_id FROM alerts_followupanswer a
        JOIN alerts_followup f ON f.organization_id = a.organization_id AND f.id = a.follow_up_id
        WHERE a.organization_id = %(organization)s AND f.first_contacted_at IS NOT NULL
    )
    SELECT told.response_id IS NOT NULL, next.score, count(*)
    FROM first LEFT JOIN told ON told.response_id = first.id {_NEXT}
    GROUP BY 1, 2
"""  # noqa: S608  built of constants
# Everybody whose alert could have been drawn counts on the side of the draw, whatever staff did then. Only versions of
# a rule that drew somebody: another version may have drawn nobody because it was not to.
_DRAWN = f"""
    WITH first AS (
        SELECT DISTINCT ON (a.rule_id, a.rule_version, a.customer_id)
               a.rule_id, a.rule_version, a.customer_id, a.raised_at AS at, a.is_held_out
        FROM alerts_alert a
        JOIN (
            SELECT DISTINCT rule_id, rule_version FROM alerts_alert
            WHERE organization_id = %(organization)s AND is_held_out
        ) drawing USING (rule_id, rule_version)
        WHERE a.organization_id = %(organization)s AND a.raised_at >= %(start)s AND a.raised_at < %(end)s
              AND a.customer_id IS NOT NULL
        ORDER BY a.rule_id, a.rule_version, a.customer_id, a.raised_at, a.id
    )
    SELECT first.rule_id, rule.name, first.rule_version, first.is_held_out, next.score, count(*)
    FROM first JOIN alerts_alertrule rule ON rule.organization_id = %(organization)s AND rule.id = first.rule_id
    {_NEXT}
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 3
"""  # noqa: S608  built of constants


def with_and_without(start: datetime, end: datetime, *, measure: str, points: int) -> tuple[NextAnswers, NextAnswers]:
    """(with follow-up, without) of the customers who were let down from `start` until before `end`. One query."""
    rows = _run(_WITH_AND_WITHOUT, start, end, measure, points)
    return tuple(_gathered({score: n for told, score, n in rows if told is side}) for side in (True, False))  # type: ignore[return-value]


def drawn(start: datetime, end: datetime, *, measure: str, points: int) -> list[Drawn]:
    """By rule and version with a holdout, both sides of the draw. One query."""
    counted: dict[tuple[UUID, str, int], dict[bool, dict[int | None, int]]] = {}
    for rule, name, version, is_held, score, n in _run(_DRAWN, start, end, measure, points):
        counted.setdefault((rule, name, version), {}).setdefault(is_held, {})[score] = n
    return [
        Drawn(rule, name, version, _gathered(sides.get(False, {})), _gathered(sides.get(True, {})))
        for (rule, name, version), sides in counted.items()
    ]


def _gathered(counts: Mapping[int | None, int]) -> NextAnswers:
    given = Counter({score: n for score, n in counts.items() if score is not None})
    return NextAnswers(sum(counts.values()), Tally.of(given))


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
