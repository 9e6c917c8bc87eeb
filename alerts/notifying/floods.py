"""When one release breaks everything: so many of one event are told one by one, and what comes on top is gathered."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from alerts.models import Notification

# So many of one event one person or channel is told singly within the window.
SINGLES = 20
WINDOW = timedelta(minutes=10)


def told_of_late(user_ids: Collection[UUID], events: Collection[str], *, at: datetime) -> Counter[tuple[UUID, str]]:
    """How often each of these people was told of each of these events within the window; one query."""
    # Ids are UUIDv7 and sorted by time: the window is a short piece of the table's key.
    recent = Notification.objects.filter(
        id__gte=first_id_of(at - WINDOW), at__gt=at - WINDOW, user__in=list(user_ids), event__in=list(events)
    )
    counts = recent.order_by().values_list("user_id", "event").annotate(Count("pk"))
    return Counter({(user_id, event): count for user_id, event, count in counts})


def first_id_of(moment: datetime) -> UUID:
    """The smallest UUIDv7 of a moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def number_words(numbers: Iterable[int]) -> str:
    """12, 14 to 20 and 31."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    words = [" to ".join(map(str, run)) for run in runs]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
