"""The outbox of places outside: deliveries queued as rows in the transaction of the deed, sent by a sweep.

`sending` is committed before the request, and no transaction is open while it runs. What a crash leaves in `sending`
goes out again once its lease is over, with the same id: a receiver rather hears twice than never.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from alerts.models import Delivery
from alerts.notifying.channels import kinds
from alerts.notifying.message import message_of
from alerts.notifying.sealing import Unreadable, unseal
from tenancy.audit import Actor, record
from tenancy.background import drain, nudge
from tenancy.models import User
from tenancy.outgoing import Reply, Unreachable, post
from tenancy.scope import organization_scope

# One after the other, each within the deadline of a request: the lease must outlast them all.
BATCH = 10
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=1)
SWEEP = "alerts.tasks.send_due_deliveries"
State = Delivery.State


def send_due_deliveries() -> int:
    """Send what is due for every organization in turn; returns how many were dealt with."""
    return drain("door_due_deliveries", send_batch)


def send_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Send at most BATCH deliveries of one organization; returns how many were dealt with."""
    with organization_scope(organization_id):
        deliveries = _claim(at=at or timezone.now())
    for delivery in deliveries:
        reply, error = _hand_over(delivery)
        with organization_scope(organization_id):
            _settle(delivery, reply=reply, error=error, at=at or timezone.now())
    return len(deliveries)


def send_again(delivery: Delivery, *, by: Actor | User, at: datetime) -> None:
    """Give a delivery that was given up all its attempts again."""
    given_up = Delivery.objects.filter(pk=delivery.pk, state=State.GIVEN_UP)
    if given_up.update(state=State.DUE, due_at=at, attempts=0, lease_until=None):
        record("delivery.replayed", on=delivery, by=by, at=at)
        nudge(SWEEP)


def _claim(*, at: datetime) -> list[Delivery]:
    due = Q(state=State.DUE, due_at__lte=at) | Q(state=State.SENDING, lease_until__lte=at)
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(due).select_related("channel")
    deliveries = list(rows.order_by("due_at")[:BATCH])
    crashed = [each for each in deliveries if each.attempts >= MAX_ATTEMPTS]
    _give_up(crashed, "The worker stopped again and again while sending.")
    _give_up([each for each in deliveries if not each.channel.is_active], "The channel is switched off.")
    deliveries = [each for each in deliveries if each.attempts < MAX_ATTEMPTS and each.channel.is_active]
    Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(
        state=State.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1, fence=F("fence") + 1
    )
    for each in deliveries:
        each.attempts, each.fence = each.attempts + 1, each.fence + 1
    return deliveries


def _give_up(deliveries: list[Delivery], why: str) -> None:
    Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(
        state=State.GIVEN_UP, last_error=why, lease_until=None
    )


def _hand_over(delivery: Delivery) -> tuple[Reply | None, str]:
    """The reply, if there was one, and what went wrong, if anything did."""
    try:
        message = message_of(
            id=str(delivery.pk),
            event=delivery.event,
            at=delivery.created_at.isoformat(timespec="seconds"),
            count=delivery.count,
            facts=delivery.facts,
        )
        channel = kinds()[delivery.channel.kind]
        moment = int(timezone.now().timestamp())
        request = channel.request(message, sealed=unseal(delivery.channel.secret), at=moment)
        reply = post(request.url, body=request.body, headers=request.headers)
    except (Unreachable, Unreadable) as error:
        return None, str(error)
    except Exception as error:  # one delivery that cannot be written must not hold up the others
        return None, f"{type(error).__name__}: {error}"
    return reply, "" if reply.is_success else f"The other side answered {reply.status}."


def _settle(delivery: Delivery, *, reply: Reply | None, error: str, at: datetime) -> None:
    # The fence: a worker whose lease ran out must not write over its successor.
    mine = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state=State.SENDING)
    told = {
        "response_status": reply.status if reply else None,
        "response_text": reply.text[:500] if reply else "",
        "last_error": error[:500],
        "lease_until": None,
    }
    if not error:
        mine.update(state=State.DELIVERED, delivered_at=at, **told)
    elif delivery.attempts >= MAX_ATTEMPTS:
        mine.update(state=State.GIVEN_UP, **told)
    else:
        mine.update(state=State.DUE, due_at=at + _wait(delivery.attempts, reply), **told)


def _wait(attempts: int, reply: Reply | None) -> timedelta:
    """Until the next try: twice as long each time, and not before the other side wants it; an hour at most."""
    wait = 15 * 2**attempts
    if reply and reply.status in (429, 503) and reply.retry_after:
        wait = max(wait, reply.retry_after)
    return min(timedelta(seconds=wait), LONGEST_WAIT)
