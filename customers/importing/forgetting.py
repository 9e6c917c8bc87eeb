"""Deleting what people uploaded, once its import is over: files hold names, addresses and opinions."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from customers.models import ImportJob
from tenancy.background import drain
from tenancy.scope import organization_scope

from .jobs import State

_RESTING = [State.UPLOADED, State.CHECKED, State.FINISHED, State.FAILED]
_BATCH = 20


def forget_old_imports() -> int:
    """Forget what is old in every organization; returns how many imports were emptied."""
    return drain("door_old_imports", forget)


def forget(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Delete the files, samples and refused rows of imports that ended, or were left alone, 30 days ago.

    Counts and the file's name stay. Must be called outside any scope; returns how many imports were emptied.
    """
    with organization_scope(organization_id):
        old = ImportJob.objects.filter(state__in=_RESTING, due_at__lte=at or timezone.now())
        jobs = list(old.select_for_update(skip_locked=True).order_by("due_at")[:_BATCH])
        for job in jobs:
            job.chunks.all().delete()
            job.refusals.all().delete()
            job.file_facts = {"format": job.file_facts.get("format", {})}
            job.due_at = None
            job.save(update_fields=["file_facts", "due_at"])
    return len(jobs)
