"""Which channels are told of what: one delivery each, and in a flood one that stands for all further ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from alerts.models import Delivery, FollowUp, NotificationChannel
from alerts.notifying.events import EVENTS, OUTSIDE
from alerts.notifying.floods import SINGLES, WINDOW
from alerts.notifying.message import EXCERPT_CHARACTERS
from alerts.notifying.telling import Telling
from tenancy.background import nudge
from tenancy.models import Organization
from tenancy.scope import current_organization_id

SWEEP = "alerts.tasks.send_due_deliveries"
OPENED = EVENTS["opened"].outside
TEST = "test"
# A summary waits so long for more.
GATHERING = timedelta(seconds=60)
# So many numbers a summary names.
NUMBERS = 200


@dataclass(frozen=True)
class Item:
    """One thing to tell. `facts` may be missing from the SINGLES-th on: more are never told one by one."""

    key: str
    follow_up: FollowUp | None
    facts: dict[str, Any] | None = None


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
    """Queue what `channels` are told of these new follow-ups; in the caller's transaction, under its lock on numbers.

    `facts` are those of the first follow-ups, at most SINGLES: more are never told one by one.
    """
    known = [*facts, *[None] * (len(follow_ups) - len(facts))]
    items = [
        Item(f"opened:{follow_up.pk}", follow_up, about) for follow_up, about in zip(follow_ups, known, strict=True)
    ]
    for channel in channels:
        _queue(organization, channel, OPENED, items, at=at)


def tell_channels(tellings: Sequence[Telling], *, at: datetime) -> None:
    """Queue these for the channels that are told of their events; one query where there are none."""
    outside = [each for each in tellings if each.to_channels and EVENTS[each.event].outside]
    if not outside:
        return
    wanted = {EVENTS[each.event].outside for each in outside}
    channels = [each for each in NotificationChannel.objects.filter(is_active=True) if wanted & set(each.events)]
    if not channels:
        return
    organization = Organization.objects.get(pk=current_organization_id())
    for channel in channels:
        for event in sorted(wanted & set(channel.events)):
            items = [_item(organization, each) for each in outside if each.event == OUTSIDE[event].key]
            _queue(organization, channel, event, items, at=at)


def _item(organization: Organization, telling: Telling) -> Item:
    facts = {
        **telling.context,
        "title": telling.title,
        "text": telling.text,
        "url": f"{settings.BASE_URL}/o/{organization.slug}/{telling.address}",
        "customer_ids": telling.customer_ids,
    }
    if telling.follow_up:
        facts["number"] = telling.follow_up.number
    return Item(telling.key, telling.follow_up, facts)


def _queue(
    organization: Organization, channel: NotificationChannel, event: str, items: list[Item], *, at: datetime
) -> None:
    room = 0 if _is_gathering(channel, event) else _room(channel, event, at=at)
    alone = [item for item in items[:room] if item.facts is not None]
    Delivery.objects.bulk_create(
        [_single(channel, event, item, item.facts or {}, at=at) for item in alone], ignore_conflicts=True
    )
    _gather(organization, channel, event, items[len(alone) :], at=at)
    nudge(SWEEP)


def _room(channel: NotificationChannel, event: str, *, at: datetime) -> int:
    recent = Delivery.objects.filter(channel=channel, event=event, created_at__gt=at - WINDOW)
    return max(SINGLES - recent.count(), 0)


def _waiting(channel: NotificationChannel, event: str):
    """The summary that still grows: what was tried once is told as it is."""
    return Delivery.objects.filter(
        channel=channel, event=event, state=Delivery.State.DUE, attempts=0, facts__has_key="numbers"
    )


def _is_gathering(channel: NotificationChannel, event: str) -> bool:
    return _waiting(channel, event).exists()


def _single(channel: NotificationChannel, event: str, item: Item, facts: dict[str, Any], *, at: datetime) -> Delivery:
    return Delivery(
        organization_id=current_organization_id(),
        channel=channel,
        event=event,
        follow_up=item.follow_up,
        facts={**facts, "verbatim": facts.get("verbatim", "")[:EXCERPT_CHARACTERS]},
        dedupe_key=item.key,
        created_at=at,
        due_at=at,
    )


def _gather(
    organization: Organization, channel: NotificationChannel, event: str, items: list[Item], *, at: datetime
) -> None:
    """The facts hold numbers only, nobody's words."""
    if not items:
        return
    numbers = [item.follow_up.number for item in items if item.follow_up]
    # Locked: a worker that is about to send it has it, and then a new one is begun.
    summary = _waiting(channel, event).select_for_update(skip_locked=True).first()
    if summary:
        summary.count += len(items)
        summary.facts["numbers"] = _spans([*summary.facts["numbers"], *[[number, number] for number in numbers]])
        summary.save(update_fields=["count", "facts"])
        return
    Delivery.objects.create(
        channel=channel,
        event=event,
        facts={
            "numbers": _spans([[number, number] for number in numbers]),
            # Whoever owns them by then: of those that opened, many do have an owner.
            "url": f"{settings.BASE_URL}/o/{organization.slug}/followups/?view=all",
        },
        count=len(items),
        dedupe_key=f"summary:{items[0].key}",
        created_at=at,
        due_at=at + GATHERING,
    )


def _spans(spans: list[list[int]]) -> list[list[int]]:
    """First and last of each run of numbers, in order, at most NUMBERS of them: those that open have no gaps."""
    joined: list[list[int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return joined[:NUMBERS]
