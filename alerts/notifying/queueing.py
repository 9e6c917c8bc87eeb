"""Which channels are told of an event: one delivery each, and in a flood one that stands for all further ones."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from alerts.models import Delivery, FollowUp, NotificationChannel
from alerts.notifying.deliveries import SWEEP
from alerts.notifying.floods import SINGLES, WINDOW
from alerts.notifying.message import EXCERPT_CHARACTERS
from tenancy.background import nudge
from tenancy.models import Organization
from tenancy.scope import current_organization_id

OPENED = "follow_up.opened"
# A summary waits so long for more.
GATHERING = timedelta(seconds=60)


def channels_of(event: str) -> list[NotificationChannel]:
    """The active channels that are told of this event."""
    return list(NotificationChannel.objects.filter(is_active=True, events__contains=[event]))


def queue_deliveries(
    organization: Organization,
    channels: list[NotificationChannel],
    follow_ups: list[FollowUp],
    facts: list[dict[str, Any]],
    *,
    at: datetime,
) -> None:
    """Queue what `channels` are told of these follow-ups; in the caller's transaction, under its lock on numbers.

    `facts` are those of the first follow-ups, at most SINGLES: more are never told one by one.
    """
    for channel in channels:
        alone = 0 if _is_gathering(channel) else min(_room(channel, at=at), len(facts))
        Delivery.objects.bulk_create(
            [
                _single(channel, follow_up, each, at=at)
                for follow_up, each in zip(follow_ups[:alone], facts[:alone], strict=True)
            ],
            ignore_conflicts=True,
        )
        _gather(organization, channel, follow_ups[alone:], at=at)
    if channels:
        nudge(SWEEP)


def _room(channel: NotificationChannel, *, at: datetime) -> int:
    recent = Delivery.objects.filter(channel=channel, event=OPENED, created_at__gt=at - WINDOW)
    return max(SINGLES - recent.count(), 0)


def _waiting(channel: NotificationChannel):
    """The summary that still grows: what was tried once is told as it is."""
    return Delivery.objects.filter(
        channel=channel, event=OPENED, state=Delivery.State.DUE, attempts=0, facts__has_key="first_number"
    )


def _is_gathering(channel: NotificationChannel) -> bool:
    return _waiting(channel).exists()


def _single(channel: NotificationChannel, follow_up: FollowUp, facts: dict[str, Any], *, at: datetime) -> Delivery:
    return Delivery(
        organization_id=current_organization_id(),
        channel=channel,
        event=OPENED,
        follow_up=follow_up,
        facts={**facts, "verbatim": facts["verbatim"][:EXCERPT_CHARACTERS]},
        dedupe_key=f"{OPENED}:{follow_up.pk}",
        created_at=at,
        due_at=at,
    )


def _gather(
    organization: Organization, channel: NotificationChannel, follow_ups: list[FollowUp], *, at: datetime
) -> None:
    """The facts hold numbers only, nobody's words; numbers have no gaps, so first and last name them all."""
    if not follow_ups:
        return
    last = follow_ups[-1].number
    # Locked: a worker that is about to send it has it, and then a new one is begun.
    summary = _waiting(channel).select_for_update(skip_locked=True).first()
    if summary:
        summary.count += len(follow_ups)
        summary.facts["last_number"] = last
        summary.save(update_fields=["count", "facts"])
        return
    first = follow_ups[0].number
    Delivery.objects.create(
        channel=channel,
        event=OPENED,
        facts={
            "first_number": first,
            "last_number": last,
            "url": f"{settings.BASE_URL}/o/{organization.slug}/followups/?view=unassigned",
        },
        count=len(follow_ups),
        dedupe_key=f"{OPENED}:from:{first}",
        created_at=at,
        due_at=at + GATHERING,
    )
