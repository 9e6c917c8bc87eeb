"""Marks on days that must be counted again: only ever added, so that nobody waits for anybody."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from metrics.models import DirtyDay
from tenancy.background import nudge
from tenancy.rows import insert_apart
from tenancy.scope import current_organization_id


def mark_days(days: Iterable[date]) -> None:
    """Mark `days` (in the organization's zone) in the caller's transaction, and have them counted soon after it.

    In a savepoint of its own: what the caller has done stays when the marks cannot be stored.
    """
    organization_id, now = current_organization_id(), timezone.now()
    marks = [DirtyDay(organization_id=organization_id, day=day, marked_at=now) for day in set(days)]
    if marks:
        insert_apart(marks)
        nudge("metrics.tasks.refresh_dirty_days")
