"""Marks on days that must be counted again: only ever added, so that nobody waits for anybody."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from metrics.models import DirtyDay
from tenancy.rows import insert_apart
from tenancy.scope import current_organization_id


def mark_days(days: Iterable[date]) -> None:
    """Mark `days` (in the organization's zone) in the caller's transaction, for the next sweep to count again.

    Nobody waits for that sweep: reading counts dirty days from the answers themselves.
    In a savepoint of its own: what the caller has done stays when the marks cannot be stored.
    """
    organization_id, now = current_organization_id(), timezone.now()
    marks = [DirtyDay(organization_id=organization_id, day=day, marked_at=now) for day in set(days)]
    if marks:
        insert_apart(marks)
