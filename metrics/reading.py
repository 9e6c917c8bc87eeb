"""Reading scores: the one query layer that dashboard, API, export and mail share.

Clean days come from DailyScore, dirty days from the responses themselves, so a figure is never stale: an answer that
is committed is in the next page.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from metrics.counting import COUNTED_CELLS, SCORES
from metrics.days import day_bounds
from metrics.models import DirtyDay
from metrics.rollup import window_parameters
from metrics.tally import Tally
from tenancy.models import Organization
from tenancy.scope import current_organization_id

UNITS = ("day", "week", "month", "quarter", "year")

NOBODY = Tally()

_SUMS = ", ".join(f"sum(c.counts_at_hand[{score + 1}])::integer" for score in SCORES)

# One pass over the cells, summed per bucket and touchpoint; what is coarser is added up from these few rows.
# A bucket is named by its first day; all arithmetic is on dates, which costs a third of date_trunc.
_BUCKET = {
    "day": "c.day",
    "week": "c.day - (extract(isodow FROM c.day)::integer - 1)",
    "month": "c.day - (extract(day FROM c.day)::integer - 1)",
    "quarter": "date_trunc('quarter', c.day)::date",
    "year": "c.day - (extract(doy FROM c.day)::integer - 1)",
}
_CELL = "day, survey_id, touchpoint_id, channel, measure, counts, comments, delivered, answered"
_CLEAN = f"""
        SELECT {_CELL} FROM metrics_dailyscore
        WHERE organization_id = %(organization)s AND day <> ALL (%(days)s::date[])
              AND (day BETWEEN %(first)s AND %(last)s OR day BETWEEN %(first_before)s AND %(last_before)s)
"""  # noqa: S608  built of constants
# Left out where no day is dirty: planning it takes longer than reading a month.
_DIRTY = f"""
        UNION ALL
        SELECT {_CELL} FROM ({COUNTED_CELLS}) AS cells
"""  # noqa: S608  built of constants
# A stored array is unpacked anew for each of its items; adding nothing to it unpacks it once, and OFFSET 0 keeps
# PostgreSQL from doing so again in each sum. A third of the time this takes.
# The surveys are looked up once, as an array: joined, they were the outer side of a nested loop that counted the dirty
# days anew for each of them.
_READ = f"""
    SELECT CASE WHEN c.day >= %(first)s THEN {{bucket}} END, c.touchpoint_id,
           ARRAY[{_SUMS}], sum(c.comments)::integer, sum(c.delivered)::integer, sum(c.answered)::integer
    FROM (
        SELECT cells.*, cells.counts || '{{{{}}}}'::integer[] AS counts_at_hand FROM ({{cells}}) AS cells
        WHERE cells.measure = %(measure)s
              AND cells.survey_id = ANY (ARRAY(
                  SELECT id FROM surveys_survey WHERE organization_id = %(organization)s AND points = %(points)s
              ))
              AND (cells.survey_id = %(survey)s OR %(survey)s::uuid IS NULL AND {{apart}})
              AND (%(touchpoint)s::uuid IS NULL OR cells.touchpoint_id = %(touchpoint)s)
              AND (%(channel)s::text IS NULL OR cells.channel = %(channel)s)
        OFFSET 0
    ) AS c
    GROUP BY 1, 2
"""  # noqa: S608  built of constants


# Surveys that count only where they are asked for by name, since they are not put to customers at large: each entry is
# a statement of a higher floor that selects their ids for %(organization)s. Part of the one query that reads.
_surveys_apart: list[str] = []


def register_surveys_apart(statement: str) -> None:
    """Keep the surveys this statement selects out of every figure that is not about them alone."""
    _surveys_apart.append(statement)


def surveys_apart() -> list[UUID]:
    """The surveys that are kept out so; at most one query."""
    if not _surveys_apart:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(_surveys_apart), {"organization": current_organization_id()})
        return [survey for (survey,) in cursor.fetchall()]


@dataclass(frozen=True)
class Slice:
    """Which answers: one measure on one scale, and optionally one survey, touchpoint or channel."""

    measure: str
    points: int
    survey_id: UUID | None = None
    touchpoint_id: UUID | None = None
    channel: str | None = None


@dataclass
class Reading:
    """Tallies of one slice and time: all of it, per bucket (by its first day), per touchpoint (None: without one)."""

    whole: Tally = field(default_factory=Tally)
    by_bucket: dict[date, Tally] = field(default_factory=dict)
    by_touchpoint: dict[UUID | None, Tally] = field(default_factory=dict)
    by_touchpoint_and_bucket: dict[tuple[UUID | None, date], Tally] = field(default_factory=dict)


def read(wanted: Slice, *, first: date, last: date, unit: str = "day") -> Reading:
    """The tallies of `wanted` from `first` to `last`, both included, days in the organization's zone.

    `unit` is the bucket: day, week (from Monday), month, quarter or year. Three queries, whatever the number of
    answers; ValueError for another unit. Runs in the scope of the organization.
    """
    zone = Organization.objects.values_list("time_zone", flat=True).get(pk=current_organization_id())
    return read_compared(wanted, first=first, last=last, before=None, unit=unit, zone=ZoneInfo(zone))[0]


def read_compared(
    wanted: Slice, *, first: date, last: date, before: tuple[date, date] | None, unit: str, zone: ZoneInfo
) -> tuple[Reading, Reading]:
    """The reading of a period and that of earlier days which do not overlap it, the latter without buckets.

    `zone` is that of the organization. Two queries; see `read`.
    """
    if unit not in UNITS:
        raise ValueError(f"A bucket is one of {', '.join(UNITS)}, not {unit!r}.")
    before = before or (last, first - timedelta(days=1))  # no day at all
    dirty = dirty_days((first, last), before)
    parameters = window_parameters(dirty, [day_bounds(day, zone) for day in dirty]) | {
        "first": first,
        "last": last,
        "first_before": before[0],
        "last_before": before[1],
        "measure": wanted.measure,
        "points": wanted.points,
        "survey": wanted.survey_id,
        "touchpoint": wanted.touchpoint_id,
        "channel": wanted.channel,
    }
    with connection.cursor() as cursor:
        cells = _CLEAN + _DIRTY if dirty else _CLEAN
        cursor.execute(_READ.format(bucket=_BUCKET[unit], cells=cells, apart=_not_apart()), parameters)
        return _arranged(cursor.fetchall())


def _not_apart() -> str:
    kept_out = " UNION ALL ".join(_surveys_apart)
    return f"cells.survey_id <> ALL (ARRAY({kept_out}))" if kept_out else "true"


def dirty_days(*spans: tuple[date, date]) -> list[date]:
    """The days of these spans, both ends included, that have marks; ascending. One query."""
    within = reduce(or_, (Q(day__range=span) for span in spans))
    return sorted(DirtyDay.objects.filter(within).values_list("day", flat=True).distinct())


def first_and_last_day() -> tuple[date, date] | None:
    """The span of days on which anything was heard or asked, marks included; None when nothing ever was. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SPAN, {"organization": current_organization_id()})
        first, last = cursor.fetchone()
    return (first, last) if first else None


# Four looks at the ends of two indexes; least and greatest pass over nulls.
_SPAN = """
    SELECT least(
        (SELECT min(day) FROM metrics_dailyscore WHERE organization_id = %(organization)s),
        (SELECT min(day) FROM metrics_dirtyday WHERE organization_id = %(organization)s)
    ), greatest(
        (SELECT max(day) FROM metrics_dailyscore WHERE organization_id = %(organization)s),
        (SELECT max(day) FROM metrics_dirtyday WHERE organization_id = %(organization)s)
    )
"""


def _arranged(rows: list[tuple]) -> tuple[Reading, Reading]:
    now, before = Reading(), Reading()
    for bucket, touchpoint, counts, comments, delivered, answered in rows:
        tally = Tally(tuple(counts), comments, delivered, answered)
        reading = now if bucket else before
        if bucket:
            reading.by_touchpoint_and_bucket[touchpoint, bucket] = tally
            reading.by_bucket[bucket] = reading.by_bucket.get(bucket, NOBODY) + tally
        reading.by_touchpoint[touchpoint] = reading.by_touchpoint.get(touchpoint, NOBODY) + tally
    for reading in (now, before):
        reading.whole = Tally.total(reading.by_touchpoint.values())
    return now, before
