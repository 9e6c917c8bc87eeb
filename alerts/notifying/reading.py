"""Channels and deliveries as people look at them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from alerts.models import Delivery, NotificationChannel
from alerts.notifying.channels import kinds
from alerts.notifying.channels.email import outbox_key
from alerts.notifying.events import OUTSIDE
from tenancy.models import OutgoingMail

ROWS_A_PAGE = 50
State = Delivery.State
# Told to channels that a rule names itself, and by hand.
OTHERS = {"rule.fired": "A rule fired", "test": "Test message"}


def channels_with_state() -> list[Any]:
    """All channels by name, each with its `about` (the kind), `told` (events in words), `given_up_count` (none while it
    is switched off: that was on purpose) and
    `delivered_at` (the last time); one query."""
    rows = NotificationChannel.objects.annotate(
        given_up_count=Count("deliveries", filter=Q(deliveries__state=State.GIVEN_UP, is_active=True)),
        waiting_count=Count("deliveries", filter=Q(deliveries__state__in=[State.DUE, State.SENDING])),
        delivered_at=Max("deliveries__delivered_at"),
    )
    channels: list[Any] = list(rows.order_by("name"))
    for channel in channels:
        channel.about = kinds().get(channel.kind)
        channel.told = [OUTSIDE[event].words_outside for event in channel.events if event in OUTSIDE]
    return channels


def event_words(event: str) -> str:
    """What people call the event of a delivery."""
    known = OUTSIDE.get(event)
    return known.words_outside if known else OTHERS.get(event, event)


@dataclass(frozen=True)
class DeliveryFilters:
    """What to look at; empty means all. Values that make no sense find nothing."""

    channel: str = ""
    state: str = ""

    def deliveries(self) -> QuerySet[Delivery]:
        found = Delivery.objects.select_related("channel", "follow_up").order_by("-created_at", "-pk")
        if self.channel:
            try:
                found = found.filter(channel=UUID(self.channel))
            except ValueError:
                return found.none()
        return found.filter(state=self.state) if self.state else found


def page_of(rows: QuerySet[Delivery], *, after: str, size: int = ROWS_A_PAGE) -> tuple[list[Delivery], str]:
    """At most `size` deliveries older than `after`, and where the next page starts ("" at the end).

    By key and not by number: a list that grows while it is read neither repeats nor skips a line.
    """
    if after:
        at, _, key = after.rpartition("_")
        try:
            moment, pk = datetime.fromisoformat(at), UUID(key)
        except ValueError:
            return [], ""
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk))
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return found[:size], f"{last.created_at.isoformat()}_{last.pk.hex}" if last else ""


def still_in_outbox(deliveries: list[Delivery]) -> set[UUID]:
    """Of those that went to a mailbox, which the mail server does not have yet. One query at most."""
    keys = {outbox_key(str(each.pk)): each.pk for each in deliveries if each.channel.kind == "email"}
    waiting = (OutgoingMail.State.DUE, OutgoingMail.State.SENDING)
    rows = OutgoingMail.objects.filter(dedupe_key__in=keys, state__in=waiting) if keys else OutgoingMail.objects.none()
    return {keys[key] for key in rows.values_list("dedupe_key", flat=True)}
