"""Deleting what the API kept for repeated calls. Apart from idempotency.py, since workers need no web framework."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from tenancy.background import drain
from tenancy.models import IdempotentReply
from tenancy.scope import organization_scope

# As long as a caller may repeat a call under its key; the door counts the same.
KEPT = timedelta(hours=24)
BATCH = 1000


def forget_old_replies() -> int:
    """Delete what is older than KEPT in every organization, in turn; returns how many replies."""
    return drain("door_old_replies", forget)


def forget(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Delete at most BATCH old replies of one organization; returns how many."""
    with organization_scope(organization_id):
        old = IdempotentReply.objects.filter(created_at__lte=(at or timezone.now()) - KEPT)
        keys = list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH])
        return IdempotentReply.objects.filter(pk__in=keys).delete()[0]
