"""Marks on days that must be counted again: only ever added, so that nobody waits for anybody."""

from collections.abc import Iterable
from datetime import date

from metrics.models import DirtyDay
from tenancy.background import nudge
from tenancy.scope import current_organization_id


def mark_days(days: Iterable[date]) -> None:
    """Mark `days` (in the organization's zone) in the caller's transaction, and have them counted soon after it."""
    organization_id = current_organization_id()
    marks = [DirtyDay(organization_id=organization_id, day=day) for day in set(days)]
    if marks:
        DirtyDay.objects.bulk_create(marks)
        nudge("metrics.tasks.refresh_dirty_days")
