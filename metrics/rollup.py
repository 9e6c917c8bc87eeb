"""DailyScore from responses: a day is deleted and refilled in one transaction, in SQL, never added to.

Counting again instead of incrementing makes late answers, edits and erasures the same case as new answers, and makes
`rebuild` from nothing give the same rows by construction.
"""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from metrics.counting import COUNTED_CELLS
from metrics.days import day_bounds, day_of
from metrics.models import DailyScore, DirtyDay
from metrics.signals import scores_refreshed
from surveys.models import Invitation, Response
from tenancy.background import drain
from tenancy.models import Organization
from tenancy.scope import current_organization_id, organization_scope

# Days refilled in one transaction.
BATCH = 40

_REFILL = f"""
    INSERT INTO metrics_dailyscore (id, organization_id, day, survey_id, touchpoint_id, channel, measure, counts,
                                    comments, delivered, answered)
    SELECT uuidv7(), %(organization)s, day, survey_id, touchpoint_id, channel, measure, counts,
           comments, delivered, answered
    FROM ({COUNTED_CELLS}) AS cells
"""  # noqa: S608  a constant of this app


def refresh_due() -> int:
    """Count the dirty days of every organization again, in turn; returns the number of days counted."""
    return drain("door_dirty_organizations", refresh_batch, batch=BATCH)


def refresh_batch(organization_id: UUID) -> int:
    """Count at most BATCH dirty days of one organization again; returns how many.

    A day that somebody else is counting is left to its marks and the next sweep.
    """
    with organization_scope(organization_id):
        days = sorted(set(DirtyDay.objects.order_by("marked_at").values_list("day", flat=True)[: BATCH * 25]))[:BATCH]
        days = [day for day in days if _lock(day, wait=False)]
        if days:
            refresh_days(days)
    return len(days)


def refresh_days(days: list[date]) -> None:
    """Delete and refill `days` of the organization of the scope, and delete the marks that were seen doing so.

    An answer whose transaction ends later brings a mark of its own, so the marks are deleted before the days are
    counted: what was marked then is committed and will be counted; what comes later stays marked.
    """
    zone = ZoneInfo(Organization.objects.get(pk=current_organization_id()).time_zone)
    with transaction.atomic():
        for day in sorted(days):
            _lock(day)
        DirtyDay.objects.filter(day__in=days).delete()
        DailyScore.objects.filter(day__in=days).delete()
        _refill(days, zone)
        scores_refreshed.send_robust(sender=DailyScore, days=set(days))


def rebuild(*, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Every day of the organization of the scope from nothing; returns the number of days. Takes a lock per day.

    `progress(done, of)` is called after each batch.
    """
    zone = ZoneInfo(Organization.objects.get(pk=current_organization_id()).time_zone)
    DailyScore.objects.all().delete()
    days = sorted(days_with_facts(zone) | set(DirtyDay.objects.values_list("day", flat=True)))
    for start in range(0, len(days), BATCH):
        refresh_days(days[start : start + BATCH])
        progress(min(start + BATCH, len(days)), len(days))
    return len(days)


def days_with_facts(zone: ZoneInfo) -> set[date]:
    """The days, in `zone`, on which anything was answered or sent."""
    answered = Response.objects.datetimes("responded_at", "day", tzinfo=zone)
    sent = Invitation.objects.filter(sent_at__isnull=False).datetimes("sent_at", "day", tzinfo=zone)
    return {day_of(moment, zone) for moment in [*answered, *sent]}


def _lock(day: date, *, wait: bool = True) -> bool:
    """One refresher a day, until the end of the transaction; False when not to `wait` and another is at it."""
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(hashtextextended(%s, 0))", [f"daily score {current_organization_id()} {day}"]
        )
        return bool(wait or cursor.fetchone()[0])


def _refill(days: list[date], zone: ZoneInfo) -> None:
    bounds = [day_bounds(day, zone) for day in days]
    with connection.cursor() as cursor:
        cursor.execute(_REFILL, window_parameters(days, bounds))


def window_parameters(days: list[date], bounds: list[tuple[datetime, datetime]]) -> dict:
    """Parameters of COUNTED_CELLS: the organization of the scope and the days with their bounds."""
    return {
        "organization": current_organization_id(),
        "days": days,
        "starts": [start for start, _ in bounds],
        "ends": [end for _, end in bounds],
    }
