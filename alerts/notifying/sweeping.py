"""Throwing away what is long over: notifications, deliveries that are done with, and deeds that were done to many."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from alerts.models import BulkDeed, Delivery, Notification
from alerts.notifying.floods import first_id_of
from tenancy.background import drain
from tenancy.scope import organization_scope

# The doors count the same.
KEPT = timedelta(days=90)
BATCH = 1000


def forget_old() -> int:
    """Delete what is older than KEPT in every organization, in turn; returns how many rows."""
    notifications = drain("door_old_notifications", forget_notifications, batch=BATCH)
    deliveries = drain("door_old_deliveries", forget_deliveries, batch=BATCH)
    return notifications + deliveries + drain("door_old_bulk_deeds", forget_bulk_deeds, batch=BATCH)


def forget_notifications(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Delete at most BATCH old notifications of one organization; returns how many."""
    with organization_scope(organization_id):
        return _delete(Notification.objects.all(), at=at)


def forget_deliveries(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Delete at most BATCH old deliveries that were delivered or given up; returns how many."""
    done = (Delivery.State.DELIVERED, Delivery.State.GIVEN_UP)
    with organization_scope(organization_id):
        return _delete(Delivery.objects.filter(state__in=done), at=at)


def forget_bulk_deeds(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Delete at most BATCH old deeds that are not under way; returns how many."""
    with organization_scope(organization_id):
        return _delete(BulkDeed.objects.filter(due_at__isnull=True), at=at)


def _delete(rows: QuerySet, *, at: datetime | None) -> int:
    # Ids are UUIDv7: what is old stands together at the beginning of the key.
    old = rows.filter(id__lt=first_id_of((at or timezone.now()) - KEPT))
    return rows.filter(pk__in=list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])).delete()[0]
