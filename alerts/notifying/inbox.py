"""What one person was told in the product: what is new to them, and marking it read."""

from datetime import datetime

from django.db.models import QuerySet

from alerts.models import FollowUp, Notification
from tenancy.models import User

# The bell counts no further: nobody reads 4,000, and counting on costs.
MOST_COUNTED = 99


def shown_to(user: User) -> QuerySet[Notification]:
    """Newest first."""
    return Notification.objects.filter(user=user, is_shown=True).order_by("-at", "-id")


def unread_by(user: User) -> QuerySet[Notification]:
    return shown_to(user).filter(read_at__isnull=True)


def count_unread(user: User) -> int:
    """At most one more than MOST_COUNTED."""
    return unread_by(user).order_by()[: MOST_COUNTED + 1].count()


def count_words(count: int) -> str:
    """Empty for nothing, and "99+" beyond what is counted."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


def mark_read(rows: QuerySet[Notification], *, at: datetime) -> int:
    """Mark what is unread of `rows` as read; returns how many that were."""
    return rows.filter(read_at__isnull=True).update(read_at=at)


def mark_read_of(follow_up: FollowUp, *, user: User, at: datetime) -> int:
    """Who has the page open has read what was told of it; returns how many that were."""
    return mark_read(Notification.objects.filter(user=user, follow_up=follow_up), at=at)
