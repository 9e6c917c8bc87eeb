"""Telling of steps: each person hears of a follow-up once, with the strongest of its steps that are due together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.escalation.clocks import Waiting
from alerts.escalation.receivers import Receiver
from alerts.models import Delivery, FollowUp, Notification, NotificationChannel, Promise
from alerts.notices import facts_of, moment_words
from alerts.notifying.people import Telling, tell_all
from tenancy.models import Organization


@dataclass(frozen=True)
class Told:
    """Somebody who was told: by name, as what, and which ways."""

    name: str
    role_word: str
    ways: list[str]


@dataclass
class Taking:
    """A step that is taken now on one follow-up: whom it is to tell, and in the end who was told."""

    follow_up: FollowUp
    waiting: Waiting
    receivers: list[Receiver]
    told: list[Told] = field(default_factory=list)
    # What went to channels outside: name of the channel and id of the delivery.
    outside: list[dict[str, str]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What tells of this step once."""
        step = self.waiting.step
        return step_key(self.follow_up.pk, step.promise, step.percent, self.waiting.due_at)


def tell_of_steps(
    takings: Sequence[Taking], organization: Organization, *, otherwise: list[Receiver], at: datetime
) -> None:
    """Tell everybody whom these steps name, and set `told` and `outside` on each.

    Where all whom a step names have switched such messages off, `otherwise` (the admins) are told.
    """
    rows = {each.follow_up.pk: each.follow_up for each in takings}
    facts = dict(zip(rows, facts_of(organization, list(rows.values())), strict=True))
    zone = ZoneInfo(organization.time_zone)
    reached = _tell(takings, facts, zone, at=at)
    unheard = [each for each in takings if not _those_told(each, reached)]
    for each in unheard:
        each.receivers = otherwise
    if unheard:
        reached |= _tell(unheard, facts, zone, at=at)
    for each in takings:
        each.told = _those_told(each, reached)
    _note_deliveries(takings)


def _note_deliveries(takings: Sequence[Taking]) -> None:
    """A channel is told by the same key; in a flood its summary is about more than this."""
    sent: dict[str, list[dict[str, str]]] = {}
    rows = Delivery.objects.filter(channel__in=NotificationChannel.objects.values("pk"))
    for row in rows.filter(dedupe_key__in={each.key for each in takings}).select_related("channel"):
        sent.setdefault(row.dedupe_key, []).append({"name": row.channel.name, "delivery": str(row.pk)})
    for each in takings:
        each.outside = sent.get(each.key, [])


def _tell(
    takings: Sequence[Taking], facts: dict[UUID, dict[str, Any]], zone: ZoneInfo, *, at: datetime
) -> dict[tuple[UUID, UUID], Notification]:
    """What was stored, by follow-up and person."""
    seen: set[tuple[UUID, UUID]] = set()
    tellings = []
    for each in sorted(takings, key=lambda one: -one.waiting.step.percent):
        users = [one.user for one in each.receivers if (each.follow_up.pk, one.user.pk) not in seen]
        seen |= {(each.follow_up.pk, user.pk) for user in users}
        if users:
            tellings.append(_telling(each, users, facts[each.follow_up.pk], zone))
    return {(row.follow_up_id, row.user_id): row for row in tell_all(tellings, at=at) if row.follow_up_id}


def _telling(taking: Taking, users: list, facts: dict[str, Any], zone: ZoneInfo) -> Telling:
    follow_up, step = taking.follow_up, taking.waiting.step
    promise = Promise(step.promise)
    due_at = follow_up.first_contact_due_at if promise == Promise.FIRST_CONTACT else follow_up.resolution_due_at
    is_over = step.percent >= 100
    what = f"{promise.label} of follow-up {follow_up.number}"
    owner = f"{follow_up.owner} owns it." if follow_up.owner else "Nobody owns it."
    was = "It was due by" if is_over else "It is due by"
    return Telling(
        users,
        "promise_broken" if is_over else "escalated",
        title=f"{what} {'is overdue' if is_over else 'is due soon'}: {follow_up.whom}",
        text=f"{step.percent} % of the promised time is used. {was} {moment_words(due_at, zone)}. {owner}",
        key=taking.key,
        follow_up=follow_up,
        context=facts,
    )


def step_key(follow_up: UUID, promise: str, percent: int, due_at: datetime) -> str:
    """Names one step of one promise: nobody is told of it twice, by whatever tells them."""
    return f"escalation:{follow_up}:{promise}:{percent}:{int(due_at.timestamp())}"


def _those_told(taking: Taking, reached: dict[tuple[UUID, UUID], Notification]) -> list[Told]:
    rows = [(each, reached.get((taking.follow_up.pk, each.user.pk))) for each in taking.receivers]
    return [Told(str(each.user), each.role_word, _ways(row)) for each, row in rows if row]


def _ways(row: Notification) -> list[str]:
    """The ways that a notification goes, in words."""
    if row.context.get("in_summary"):
        return ["in a summary of many"]
    mail = ["by mail"] if row.mailed_at else ["by a mail that waits"] if row.mail_due_at else []
    return mail + (["in the product"] if row.is_shown else [])
