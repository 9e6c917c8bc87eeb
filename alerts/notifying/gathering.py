"""Mail of what waited: one a person for the hour or the quiet hours that are over, and the summaries of floods."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone

from alerts.models import Notification
from alerts.notifying.events import EVENTS, Way
from alerts.notifying.floods import number_words
from alerts.notifying.people import tell_all
from alerts.notifying.telling import Telling
from alerts.notifying.ways import Receiver, receivers_of
from tenancy.background import drain
from tenancy.models import OutgoingMail
from tenancy.outbox import new_mail, queue_mails
from tenancy.scope import organization_scope

BATCH = 500
# So many of one event are told with their words in one mail; the others are counted.
LISTED = 10
# Where what is told of many stands together; elsewhere the queue as a whole.
VIEWS = {"opened": "unassigned", "assigned": "mine"}


def write_due() -> int:
    """Write what is due for every organization in turn; returns how many notifications were dealt with."""
    return drain("door_due_notifications", write_batch, batch=BATCH)


def write_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Write mail of at most BATCH notifications that waited; returns how many were dealt with.

    What was read meanwhile, and what somebody wants no mail of any more, is not written.
    """
    at = at or timezone.now()
    with organization_scope(organization_id):
        due = Notification.objects.select_for_update(skip_locked=True, of=("self",)).filter(mail_due_at__lte=at)
        rows = list(due.select_related("user", "follow_up").order_by("mail_due_at", "id")[:BATCH])
        receivers = receivers_of(row.user_id for row in rows)
        told: list[Notification] = []
        mails: list[OutgoingMail] = []
        summaries: list[Telling] = []
        for user_id, theirs in _by_user(rows):
            if (receiver := receivers.get(user_id)) is None:
                continue
            summaries += _summaries([row for row in theirs if _is_flooded(row)])
            waited = [row for row in theirs if not _is_flooded(row) and _is_wanted(row, receiver)]
            if waited:
                told += waited
                mails.append(_mail(waited, to=receiver.email, at=at))
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail_due_at=None)
        Notification.objects.filter(pk__in=[row.pk for row in told]).update(mailed_at=at)
        queue_mails(mails)
        tell_all(summaries, at=at)
    return len(rows)


def _by_user(rows: list[Notification]) -> Iterator[tuple[UUID, list[Notification]]]:
    for user_id, theirs in groupby(sorted(rows, key=lambda row: row.user_id), key=lambda row: row.user_id):
        yield user_id, list(theirs)


def _is_flooded(row: Notification) -> bool:
    return bool(row.context.get("in_summary"))


def _is_wanted(row: Notification, receiver: Receiver) -> bool:
    return row.read_at is None and row.event in EVENTS and receiver.mail_way(EVENTS[row.event]) != Way.OFF


def _summaries(rows: list[Notification]) -> list[Telling]:
    """One for each event: how many, and which follow-ups."""
    found = []
    for event, alike in _by_event(rows):
        numbers = [row.follow_up.number for row in alike if row.follow_up]
        found.append(
            Telling(
                users=[alike[0].user],
                event=event,
                title=f"{len(alike)} more: {EVENTS[event].words_for_many}",
                text=f"Follow-ups {number_words(numbers)}" if numbers else "",
                path=f"followups/?view={VIEWS.get(event, 'all')}" if numbers else "notifications/",
                key=f"summary:{alike[0].pk}",
                context={"lines": [_listed(row) for row in alike[:LISTED]], "customer_ids": _customers(alike)},
                may_flood=False,
                to_channels=False,
            )
        )
    return found


def _mail(rows: list[Notification], *, to: str, at: datetime) -> OutgoingMail:
    groups = [
        {
            "label": EVENTS[event].words_for_many,
            "count": len(alike),
            "listed": [_listed(row) for row in alike[:LISTED]],
            "rest": max(len(alike) - LISTED, 0),
            "rest_numbers": number_words(row.follow_up.number for row in alike[LISTED:] if row.follow_up),
        }
        for event, alike in _by_event(rows)
    ]
    context = {"count": len(rows), "title": rows[0].title, "groups": groups, "customer_ids": _customers(rows)}
    return new_mail("notifications", to=to, context=context, dedupe_key=f"notifications:{rows[0].pk}", due_at=at)


def _listed(row: Notification) -> dict[str, Any]:
    """`customer_ids`: when one of them is erased, it is taken out again."""
    about = row.context.get("customer_ids", [])
    return {"title": row.title, "text": row.text, "path": row.path, "customer_ids": about}


def _by_event(rows: list[Notification]) -> Iterator[tuple[str, list[Notification]]]:
    """In the order of the registry, oldest first."""
    order = list(EVENTS)
    known = sorted((row for row in rows if row.event in EVENTS), key=lambda row: (order.index(row.event), row.at))
    for event, alike in groupby(known, key=lambda row: row.event):
        yield event, list(alike)


def _customers(rows: list[Notification]) -> list[str]:
    return sorted({pk for row in rows for pk in row.context.get("customer_ids", [])})
