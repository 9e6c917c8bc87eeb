"""The outbox of places outside: deliveries queued as rows in the transaction of the deed, sent by a sweep.

`sending` is committed before the request, and no transaction is open while it runs. What a crash leaves in `sending`
goes out again once its lease is over, with the same id: a receiver rather hears twice than never.

A channel that does not answer costs one request for all that waits for it: the others share the try and its pause, and
what comes meanwhile waits with them. So dead addresses of one organization never hold a worker for long.
"""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from alerts.models import Delivery, NotificationChannel
from alerts.notifying.channels import kinds
from alerts.notifying.message import message_of_delivery
from alerts.notifying.people import tell_all
from alerts.notifying.queueing import SWEEP, TEST
from alerts.notifying.sealing import Unreadable, unseal
from alerts.notifying.telling import Telling
from tenancy.audit import Actor, record
from tenancy.background import drain, nudge
from tenancy.models import Membership, User
from tenancy.outgoing import Reply, Unreachable
from tenancy.roles import Role
from tenancy.scope import organization_scope

# One after the other, each within the deadline of a request: the lease must outlast them all.
BATCH = 10
LEASE = timedelta(seconds=settings.SENDING_LEASE_SECONDS)
# After so many seconds a batch stops, and what is left of it waits for the next.
ROUND_SECONDS = 20.0
MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=1)
GONE = 410
# Instead of a status: the message could not be written, and nobody was asked.
NOT_ASKED = 0
State = Delivery.State


def send_due_deliveries() -> int:
    """Send what is due for every organization in turn; returns how many were dealt with."""
    return drain("door_due_deliveries", send_batch)


def send_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Send at most BATCH deliveries of one organization; returns how many were dealt with."""
    ends = time.monotonic() + ROUND_SECONDS
    with organization_scope(organization_id):
        deliveries, put_off = _claim(at=at or timezone.now())
    left = list(deliveries)
    while left and time.monotonic() < ends:
        delivery = left.pop(0)
        reply, error = _hand_over(delivery)
        with organization_scope(organization_id):
            if _settle(delivery, reply=reply, error=error, at=at or timezone.now()):
                left = _share(delivery, left, at=at or timezone.now())
    if left:
        with organization_scope(organization_id):
            _put_back(left)
    return len(deliveries) - len(left) + put_off


def send_again(delivery: Delivery, *, by: Actor | User, at: datetime) -> None:
    """Give a delivery that was given up all its attempts again."""
    if _wake(Delivery.objects.filter(pk=delivery.pk), at=at):
        record("delivery.replayed", on=delivery, by=by, at=at)


def send_all_again(rows: QuerySet[Delivery], *, by: Actor | User, at: datetime) -> int:
    """Give all of `rows` that were given up their attempts again; returns how many those are."""
    if count := _wake(rows, at=at):
        record("delivery.all_replayed", by=by, at=at, details={"deliveries": count})
    return count


def undeliver(delivery_id: str, *, error: str, at: datetime) -> None:
    """The mail that this delivery became could not be sent after all: it is given up, and admins hear of it."""
    delivery = Delivery.objects.filter(pk=delivery_id, state=State.DELIVERED).select_related("channel").first()
    if delivery:
        _give_up([delivery], error[:500], at=at)


def _wake(rows: QuerySet[Delivery], *, at: datetime) -> int:
    """What is for a channel that is switched off stays as it is."""
    active = NotificationChannel.objects.filter(is_active=True)
    count = rows.filter(state=State.GIVEN_UP, channel__in=active).update(
        state=State.DUE, due_at=at, attempts=0, lease_until=None
    )
    if count:
        nudge(SWEEP)
    return count


def _claim(*, at: datetime) -> tuple[list[Delivery], int]:
    """What to send now, and how many more were dealt with without a request."""
    due = Q(state=State.DUE, due_at__lte=at) | Q(state=State.SENDING, lease_until__lte=at)
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(due).select_related("channel")
    claimed = list(rows.order_by("due_at", "created_at")[:BATCH])
    crashed = [each for each in claimed if each.attempts >= MAX_ATTEMPTS]
    switched_off = [each for each in claimed if each not in crashed and not each.channel.is_active]
    _give_up(crashed, "The worker stopped again and again while sending.", at=at)
    _give_up(switched_off, "The channel is switched off.", at=at, is_told=False)
    silent = _silent_until({each.channel_id for each in claimed}, at=at)
    waiting = [
        each
        for each in claimed
        if each.channel_id in silent and each.event != TEST and each not in crashed + switched_off
    ]
    for channel_id, until in silent.items():
        mine = [each.pk for each in waiting if each.channel_id == channel_id]
        Delivery.objects.filter(pk__in=mine).update(state=State.DUE, due_at=until, lease_until=None)
    deliveries = [each for each in claimed if each not in crashed + switched_off + waiting]
    Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(
        state=State.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1, fence=F("fence") + 1
    )
    for each in deliveries:
        each.attempts, each.fence = each.attempts + 1, each.fence + 1
    return deliveries, len(claimed) - len(deliveries)


def _silent_until(channel_ids: set[UUID], *, at: datetime) -> dict[UUID, datetime]:
    """Channels whose last try brought no answer at all, and when the next one is."""
    return dict(_silent_rows(channel_ids, at=at).order_by().values_list("channel_id").annotate(Max("due_at")))


def _silent_rows(channel_ids: set[UUID], *, at: datetime) -> QuerySet[Delivery]:
    tried = Delivery.objects.filter(channel__in=channel_ids, state=State.DUE, due_at__gt=at, attempts__gt=0)
    return tried.filter(response_status__isnull=True).exclude(last_error="")


def _hand_over(delivery: Delivery) -> tuple[Reply | None, str]:
    """The reply, if there was one, and what went wrong, if anything did."""
    try:
        channel = kinds()[delivery.channel.kind]
        sealed, moment = unseal(delivery.channel.secret), int(timezone.now().timestamp())
        reply = channel.hand_over(message_of_delivery(delivery), sealed=sealed, at=moment)
    except (Unreachable, Unreadable) as error:
        return None, str(error)
    except Exception as error:  # one delivery that cannot be written must not hold up the others
        return Reply(NOT_ASKED, ""), f"{type(error).__name__}: {error}"
    return reply, "" if reply.is_success else f"The other side answered {reply.status}."


def _settle(delivery: Delivery, *, reply: Reply | None, error: str, at: datetime) -> bool:
    """Store what became of it. True when its channel gave no answer and is left alone for this round."""
    # The fence: a worker whose lease ran out must not write over its successor.
    mine = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state=State.SENDING)
    told: dict[str, Any] = {
        "response_status": reply.status if reply else None,
        "response_text": reply.text[:500] if reply else "",
        "last_error": error[:500],
        "lease_until": None,
    }
    if not error:
        if mine.update(state=State.DELIVERED, delivered_at=at, **told):
            _free(delivery.channel_id, at=at)
        return False
    is_spent = delivery.attempts >= MAX_ATTEMPTS or (reply is not None and reply.status == GONE)
    if is_spent:
        told["state"] = State.GIVEN_UP
    else:
        told |= {"state": State.DUE, "due_at": at + _wait(delivery.attempts, reply)}
    is_mine = bool(mine.update(**told))
    if is_mine and is_spent:
        _tell_admins(delivery.channel, error, at=at)
    return is_mine and reply is None


def _free(channel_id: UUID, *, at: datetime) -> None:
    """The channel speaks again: what waited for it need wait no longer. Summaries go on gathering."""
    if _silent_rows({channel_id}, at=at).update(due_at=at):
        held_back = Delivery.objects.filter(channel=channel_id, state=State.DUE, due_at__gt=at, attempts=0)
        held_back.exclude(facts__has_key="numbers").update(due_at=at)


def _share(delivery: Delivery, left: list[Delivery], *, at: datetime) -> list[Delivery]:
    """All that waits for a channel without an answer shares the try, its error and its pause, and is given up when it
    had as many as anything has; returns what of `left` is for other channels."""
    tried = Delivery.objects.get(pk=delivery.pk)
    told = {"due_at": at + _wait(delivery.attempts, None), "response_status": None, "last_error": tried.last_error}
    mine = [each for each in left if each.channel_id == delivery.channel_id]
    for each in mine:
        # They were counted when they were taken.
        taken = Delivery.objects.filter(pk=each.pk, fence=each.fence, state=State.SENDING)
        taken.update(state=State.DUE, lease_until=None, **told)
    others = Delivery.objects.filter(channel=delivery.channel_id, state=State.DUE, due_at__lte=at)
    others.update(attempts=F("attempts") + 1, **told)
    spent = Delivery.objects.filter(channel=delivery.channel_id, state=State.DUE, attempts__gte=MAX_ATTEMPTS)
    if spent.update(state=State.GIVEN_UP):
        _tell_admins(delivery.channel, tried.last_error, at=at)
    return [each for each in left if each not in mine]


def _put_back(deliveries: list[Delivery]) -> None:
    """What the round had no time for goes as if it had not been taken."""
    for each in deliveries:
        Delivery.objects.filter(pk=each.pk, fence=each.fence, state=State.SENDING).update(
            state=State.DUE, lease_until=None, attempts=F("attempts") - 1
        )


def _give_up(deliveries: list[Delivery], why: str, *, at: datetime, is_told: bool = True) -> None:
    Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(
        state=State.GIVEN_UP, last_error=why, lease_until=None
    )
    for channel in {each.channel for each in deliveries if is_told}:
        _tell_admins(channel, why, at=at)


def _tell_admins(channel: NotificationChannel, error: str, *, at: datetime) -> None:
    """Once an hour for each channel, however much of it is given up."""
    kind = kinds().get(channel.kind)
    admins = Membership.objects.filter(role=Role.ADMIN).select_related("user")
    telling = Telling(
        [member.user for member in admins],
        "delivery_given_up",
        f"“{channel.name}” could not be told",
        f"delivery_given_up:{channel.pk}:{at:%Y-%m-%dT%H}",
        text=f"{kind.label if kind else channel.kind}: {error} What was given up can be sent again.",
        path=f"settings/channels/deliveries/?channel={channel.pk}&state=given_up",
    )
    tell_all([telling], at=at)


def _wait(attempts: int, reply: Reply | None) -> timedelta:
    """Until the next try: twice as long each time, and not before the other side wants it; an hour at most."""
    wait = 15 * 2**attempts
    if reply and reply.status in (429, 503) and reply.retry_after:
        wait = max(wait, reply.retry_after)
    return min(timedelta(seconds=wait), LONGEST_WAIT)
