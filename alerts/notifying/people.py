"""Telling people: a notification in the product and a mail, each as they chose, in the transaction of the deed.

What is due at once becomes a mail here. What waits (for the hour, or for the end of quiet hours) is a row that is due
later; alerts.notifying.gathering writes one mail of all that waited for a person.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from alerts.models import FollowUp, Notification
from alerts.notifying.events import EVENTS
from alerts.notifying.floods import SINGLES, told_of_late
from alerts.notifying.queueing import tell_channels
from alerts.notifying.telling import Telling
from alerts.notifying.ways import receivers_of
from tenancy.models import OutgoingMail, User
from tenancy.outbox import new_mail, queue_mails
from tenancy.rows import insert_new
from tenancy.scope import current_organization_id

# As long as their columns.
TITLE, TEXT = 200, 500


def tell(
    users: Sequence[User],
    event: str,
    *,
    title: str,
    text: str = "",
    follow_up: FollowUp | None = None,
    path: str = "",
    context: dict[str, Any] | None = None,
    key: str,
    at: datetime,
) -> list[Notification]:
    """Tell these people of one thing, as `tell_all`."""
    return tell_all([Telling(users, event, title, key, text, follow_up, path, context or {})], at=at)


def tell_all(tellings: Sequence[Telling], *, at: datetime) -> list[Notification]:
    """Tell people what is new to them; returns the notifications that were stored now.

    Only active members whose role may hear of the event are told, each as they chose; channels that are to be told of
    the event are, too. Runs in the caller's transaction and the organization's scope; a handful of statements for any
    number of tellings and people.
    Raises KeyError for an event that is not registered.
    """
    tell_channels(tellings, at=at)
    receivers = receivers_of(user.pk for each in tellings for user in each.users)
    if not receivers:
        return []
    flooding = {each.event for each in tellings if each.may_flood}
    told = told_of_late(receivers, flooding, at=at) if flooding else Counter()
    rows: list[Notification] = []
    mails: list[tuple[UUID, OutgoingMail]] = []
    for each in tellings:
        event = EVENTS[each.event]
        for user_id in dict.fromkeys(user.pk for user in each.users):
            receiver = receivers.get(user_id)
            if receiver is None or not receiver.may_hear(event):
                continue
            row = _row(each, user_id, at=at)
            row.is_shown = receiver.is_shown(event)
            row.mail_due_at = receiver.mail_due_at(event, at=at) if each.by_mail else None
            if not row.is_shown and row.mail_due_at is None:
                continue
            if each.may_flood:
                told[user_id, event.key] += 1
                if told[user_id, event.key] > SINGLES:
                    _put_into_summary(row, at=at)
            if row.mail_due_at == at:
                row.mail_due_at, row.mailed_at = None, at
                mails.append((row.pk, _mail(each, row, to=receiver.email, at=at)))
            rows.append(row)
    stored = insert_new(rows)
    queue_mails([mail for row_id, mail in mails if row_id in stored])
    return [row for row in rows if row.pk in stored]


def _row(telling: Telling, user_id: UUID, *, at: datetime) -> Notification:
    return Notification(
        organization_id=current_organization_id(),
        user_id=user_id,
        event=telling.event,
        follow_up=telling.follow_up,
        title=_cut(telling.title, TITLE),
        text=_cut(telling.text, TEXT),
        path=telling.address,
        context={"customer_ids": telling.customer_ids},
        dedupe_key=telling.key,
        at=at,
    )


def _put_into_summary(row: Notification, *, at: datetime) -> None:
    """Kept out of sight until the minute is over; then alerts.notifying.gathering tells of all at once."""
    row.is_shown = False
    row.mail_due_at = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    row.context["in_summary"] = True


def _mail(telling: Telling, row: Notification, *, to: str, at: datetime) -> OutgoingMail:
    context = {
        **telling.context,
        "customer_ids": row.context["customer_ids"],
        "label": EVENTS[row.event].label,
        "title": row.title,
        "text": row.text,
        "path": row.path,
        "follow_up_number": telling.follow_up.number if telling.follow_up else None,
    }
    return new_mail(telling.template, to=to, context=context, dedupe_key=f"notification:{row.pk}", due_at=at)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
