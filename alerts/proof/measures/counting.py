"""The two statements that count follow-ups for the loop measures, for any number of breakdowns at once.

A follow-up counts on the day it opened, in the organization's zone. Merged ones count with the one they went into.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from alerts.proof.recovery.latest import LATEST
from metrics.statistics.interval import Interval
from metrics.statistics.quantiles import Quantile, Ranks, ranks_of
from tenancy.scope import current_organization_id

# Breakdown -> the column of the cohort it goes by; the order is that of GROUPING below.
BREAKDOWNS = {"team": "team_id", "root_cause": "root_cause", "touchpoint": "touchpoint_id", "playbook": "playbook_id"}
WHOLE = ""
Place = tuple[str, str]
"""(breakdown, key): ("team", "019..."), or (WHOLE, "")."""


@dataclass(frozen=True, slots=True)
class LoopCounts:
    """What the measures are made of; all are counts of follow-ups."""

    opened: int = 0
    closed: int = 0
    contact_decided: int = 0
    contact_kept: int = 0
    contacted: int = 0
    resolution_decided: int = 0
    resolution_kept: int = 0
    resolved_ever: int = 0
    reopened: int = 0
    recovered: int = 0
    unchanged: int = 0
    worse: int = 0
    silent: int = 0
    stayed_well: int = 0

    @property
    def answered(self) -> int:
        """Those who had something to recover from, and said how they stand now."""
        return self.recovered + self.unchanged + self.worse


_OF_CONTACT = ("contact_decided", "contact_kept", "contacted")
_COUNTS = [field.name for field in fields(LoopCounts)]

# A reopened follow-up has no outcome any more: what it was resolved with last stands in the line that opened it again,
# whoever or whatever opened it.
_AGAIN = """
    LEFT JOIN (
        SELECT follow_up_id,
               (array_agg(details ->> 'root_cause' ORDER BY at DESC, id DESC)
                    FILTER (WHERE details ->> 'root_cause' <> ''))[1] AS root_cause
        FROM alerts_followupentry
        WHERE organization_id = %(organization)s AND at >= %(start)s AND to_state = 'open'
              AND from_state IN ('resolved', 'closed')
        GROUP BY follow_up_id
    ) again ON again.follow_up_id = f.id
"""
_CAUSE = "coalesce(nullif(f.root_cause, ''), again.root_cause, '')"
# A promise is decided once it was kept or its time is over, and once broken it stays broken, whatever came after. What
# was resolved before anybody had to be contacted owes no contact any more, and a clock that stands still decides
# nothing. What was resolved in time and is open again was kept, as long as its new time is not over.
_COHORT = f"""
    SELECT f.id, f.owner_id, f.team_id::text AS team_id, {_CAUSE} AS root_cause,
           r.touchpoint_id::text AS touchpoint_id, f.playbook_id::text AS playbook_id,
           f.state = 'closed' AS closed,
           f.first_contacted_at IS NOT NULL AS contacted,
           f.first_contacted_at <= f.first_contact_due_at AND NOT coalesce(broken.contact, false) AS contact_kept,
           coalesce(broken.contact, false) OR f.first_contacted_at IS NOT NULL OR (
               f.first_contact_due_at <= %(at)s AND f.paused_at IS NULL
               AND (f.resolved_at IS NULL OR f.resolved_at > f.first_contact_due_at)
           ) AS contact_decided,
           NOT coalesce(broken.resolution, false) AND CASE
               WHEN f.resolved_at IS NOT NULL THEN f.resolved_at <= f.resolution_due_at
               ELSE again.follow_up_id IS NOT NULL AND (f.resolution_due_at > %(at)s OR f.paused_at IS NOT NULL)
           END AS resolution_kept,
           coalesce(broken.resolution, false) OR f.resolved_at IS NOT NULL OR again.follow_up_id IS NOT NULL
               OR (f.resolution_due_at <= %(at)s AND f.paused_at IS NULL) AS resolution_decided,
           f.resolved_at IS NOT NULL OR again.follow_up_id IS NOT NULL AS resolved_ever,
           again.follow_up_id IS NOT NULL AS reopened,
           least(f.first_contacted_at, f.first_contact_due_at) AS contact_at,
           recovery.result
    FROM alerts_followup f
    LEFT JOIN surveys_response r ON r.organization_id = f.organization_id AND r.id = f.response_id
    LEFT JOIN (
        SELECT follow_up_id, bool_or(promise = 'first_contact') AS contact,
               bool_or(promise = 'resolution') AS resolution
        FROM alerts_slabreach WHERE organization_id = %(organization)s AND breached_at <= %(at)s GROUP BY follow_up_id
    ) broken ON broken.follow_up_id = f.id
    {_AGAIN}
    LEFT JOIN ({LATEST}) recovery ON recovery.follow_up_id = f.id
    WHERE f.organization_id = %(organization)s AND f.opened_at >= %(start)s AND f.opened_at < %(end)s
          AND f.state <> 'merged'
"""  # noqa: S608  built of constants
_SUMS = """count(*), count(*) FILTER (WHERE closed),
           count(*) FILTER (WHERE contact_decided), count(*) FILTER (WHERE contact_kept),
           count(*) FILTER (WHERE contacted), count(*) FILTER (WHERE resolution_decided),
           count(*) FILTER (WHERE resolution_kept), count(*) FILTER (WHERE resolved_ever),
           count(*) FILTER (WHERE reopened), count(*) FILTER (WHERE result = 'recovered'),
           count(*) FILTER (WHERE result = 'unchanged'), count(*) FILTER (WHERE result = 'worse'),
           count(*) FILTER (WHERE result = 'silent'), count(*) FILTER (WHERE result = 'stayed_well')"""
_GROUPED = ", ".join(BREAKDOWNS.values())
_SETS = ", ".join(f"({column})" for column in BREAKDOWNS.values())
_PLACES = ", ".join(f"('{name}', {column})" for name, column in BREAKDOWNS.items())
_COUNT = f"""
    WITH cohort AS MATERIALIZED ({_COHORT})
    SELECT grouping({_GROUPED}), {_GROUPED}, {_SUMS}
    FROM cohort GROUP BY GROUPING SETS ((), {_SETS})
"""  # noqa: S608  built of constants
# Once by who owns it now and once by who owned it when the customer was contacted, or should have been: whom the next
# change of owner took it from.
_COUNT_BY_OWNER = f"""
    WITH cohort AS MATERIALIZED ({_COHORT}), owned AS (
        SELECT cohort.*,
               CASE WHEN handed.from_id IS NULL THEN owner_id ELSE nullif(handed.from_id, '')::uuid END AS then_id
        FROM cohort LEFT JOIN LATERAL (
            SELECT e.details ->> 'from_id' AS from_id FROM alerts_followupentry e
            WHERE e.organization_id = %(organization)s AND e.follow_up_id = cohort.id AND e.kind = 'assigned'
                  AND e.details ? 'from_id' AND e.at > cohort.contact_at
            ORDER BY e.at, e.id LIMIT 1
        ) handed ON true
    )
    SELECT grouping(owner_id), coalesce(owner_id, then_id), {_SUMS}
    FROM owned GROUP BY GROUPING SETS ((owner_id), (then_id)) HAVING coalesce(owner_id, then_id) IS NOT NULL
"""  # noqa: S608  built of constants
# percentile_disc takes the first value at or above a share of the rows, so that (rank - 1/2) / n gives that rank.
_TIMES = f"""
    WITH cohort AS MATERIALIZED (
        SELECT f.team_id::text AS team_id, {_CAUSE} AS root_cause, r.touchpoint_id::text AS touchpoint_id,
               f.playbook_id::text AS playbook_id,
               extract(epoch FROM f.first_contacted_at - f.opened_at)::bigint AS seconds
        FROM alerts_followup f
        LEFT JOIN surveys_response r ON r.organization_id = f.organization_id AND r.id = f.response_id
        {_AGAIN}
        WHERE f.organization_id = %(organization)s AND f.opened_at >= %(start)s AND f.opened_at < %(end)s
              AND f.state <> 'merged' AND f.first_contacted_at IS NOT NULL
    ), placed AS (
        SELECT breakdown, coalesce(key, '') AS key, seconds FROM cohort
        CROSS JOIN LATERAL (VALUES ('', ''), {_PLACES}) AS v (breakdown, key)
    ), wanted AS (
        SELECT breakdown, key, array_agg(share ORDER BY number) AS shares
        FROM unnest(%(breakdowns)s::text[], %(keys)s::text[], %(shares)s::float8[])
            WITH ORDINALITY AS w (breakdown, key, share, number)
        GROUP BY 1, 2
    )
    SELECT breakdown, key, percentile_disc(shares) WITHIN GROUP (ORDER BY seconds)
    FROM placed JOIN wanted USING (breakdown, key) GROUP BY breakdown, key, shares
"""  # noqa: S608  built of constants


def count_loops(start: datetime, end: datetime, *, at: datetime) -> dict[Place, LoopCounts]:
    """Counts of the follow-ups opened from `start` until before `end`, as of `at`; one query for all breakdowns."""
    parameters: dict[str, Any] = {"organization": current_organization_id(), "start": start, "end": end, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, parameters)
        rows = cursor.fetchall()
    found = {}
    for mask, *values in rows:
        keys, counts = values[: len(BREAKDOWNS)], values[len(BREAKDOWNS) :]
        found[_place(mask, keys)] = LoopCounts(**dict(zip(_COUNTS, counts, strict=True)))
    return found


def count_loops_by_owner(start: datetime, end: datetime, *, at: datetime) -> dict[UUID, LoopCounts]:
    """The same counts by person; one query. A first contact, made or missed, is that of the owner at that moment;
    everything else is that of who owns the follow-up now."""
    parameters: dict[str, Any] = {"organization": current_organization_id(), "start": start, "end": end, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_BY_OWNER, parameters)
        rows = cursor.fetchall()
    found: dict[UUID, LoopCounts] = {}
    for is_then, owner, *values in rows:
        counts = dict(zip(_COUNTS, values, strict=True))
        wanted = {name: count for name, count in counts.items() if (name in _OF_CONTACT) == bool(is_then)}
        found[owner] = replace(found.get(owner, LoopCounts()), **wanted)
    return found


def first_contact_times(
    start: datetime, end: datetime, counts: Mapping[Place, LoopCounts], *, shares: tuple[float, ...] = (0.5, 0.9)
) -> dict[Place, list[Quantile]]:
    """Quantiles of the hours from opening to the first contact, of those contacted; one query for all places."""
    wanted = [(place, each.contacted) for place, each in counts.items() if each.contacted]
    if not wanted:
        return {}
    ranks = {place: [ranks_of(n, share) for share in shares] for place, n in wanted}
    looked_up = [(place, (rank - 0.5) / n) for place, n in wanted for each in ranks[place] for rank in _three(each)]
    parameters: dict[str, Any] = {
        "organization": current_organization_id(),
        "start": start,
        "end": end,
        "breakdowns": [place[0] for place, _ in looked_up],
        "keys": [place[1] for place, _ in looked_up],
        "shares": [share for _, share in looked_up],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, parameters)
        seconds = {(breakdown, key): values for breakdown, key, values in cursor.fetchall()}
    return {
        place: [
            _quantile(share, n, ranks[place][number], seconds[place][3 * number : 3 * number + 3])
            for number, share in enumerate(shares)
        ]
        for place, n in wanted
        if place in seconds
    }


def _place(mask: int, keys: list[str | None]) -> Place:
    """What a row of grouping sets is about: the column whose bit is not set, counted from the left."""
    for number, name in enumerate(BREAKDOWNS):
        if not mask & 1 << (len(BREAKDOWNS) - 1 - number):
            return name, keys[number] or ""
    return WHOLE, ""


def _three(ranks: Ranks) -> tuple[int, int, int]:
    """The quantile and the ends of its interval; itself where there is no interval."""
    return ranks.at, ranks.low or ranks.at, ranks.high or ranks.at


def _quantile(share: float, n: int, ranks: Ranks, seconds: list[int]) -> Quantile:
    value, low, high = (each / 3600 for each in seconds)
    return Quantile(share, n, value, Interval(low, high) if ranks.low else None)
