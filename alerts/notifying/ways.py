"""Who of some people may be told of an event, and how each of them wants to hear of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, OuterRef, TimeField
from django.db.models.functions import JSONObject

from alerts.models import NotificationChoice, QuietHours
from alerts.notifying.events import Event, Way
from surveys.contact_policy import QuietHours as Quiet
from surveys.contact_policy import quiet_until
from tenancy.models import Membership
from tenancy.roles import Role

A_HOUR = timedelta(hours=1)


class Array(Func):
    """PostgreSQL's ARRAY[...] of its expressions."""

    template = "ARRAY[%(expressions)s]"
    output_field = ArrayField(TimeField())


class Choice(NamedTuple):
    """What somebody chose for one event."""

    mail: Way
    is_shown: bool


@dataclass
class Receiver:
    """A member of this organization with what they chose."""

    user_id: UUID
    email: str
    role: Role
    zone: ZoneInfo
    quiet: Quiet | None = None
    choices: dict[str, Choice] = field(default_factory=dict)

    def may_hear(self, event: Event) -> bool:
        return self.role.includes(event.role)

    def mail_way(self, event: Event) -> Way:
        choice = self.choices.get(event.key)
        return choice.mail if choice else event.default_mail_way

    def is_shown(self, event: Event) -> bool:
        choice = self.choices.get(event.key)
        return choice.is_shown if choice else event.default_in_app

    def mail_due_at(self, event: Event, *, at: datetime) -> datetime | None:
        """When the mail is to be written: `at` itself, later, or never."""
        way = self.mail_way(event)
        if way == Way.OFF:
            return None
        due_at = at if way == Way.INSTANT else next_hour(at, self.zone)
        return (self.quiet and quiet_until(self.quiet, at=due_at)) or due_at


def receivers_of(user_ids: Iterable[UUID]) -> dict[UUID, Receiver]:
    """Those of them who are active members here, by user; one query for any number."""
    wanted = set(user_ids)
    if not wanted:
        return {}
    theirs = {"user": OuterRef("user")}
    members = Membership.objects.filter(user__in=wanted, user__is_active=True).annotate(
        choices=ArraySubquery(
            NotificationChoice.objects.filter(**theirs).values(
                json=JSONObject(event="event", mail="mail", is_shown="in_app")
            )
        ),
        quiet=ArraySubquery(QuietHours.objects.filter(**theirs).values(span=Array("quiet_from", "quiet_until"))),
    )
    return {
        member.user_id: _receiver(member)  # type: ignore[attr-defined]
        for member in members.select_related("user", "organization")
    }


def _receiver(member: Membership) -> Receiver:
    zone = ZoneInfo(member.organization.time_zone)
    return Receiver(
        member.user_id,  # type: ignore[attr-defined]
        member.user.email,
        Role(member.role),
        zone,
        next((Quiet(start, until, zone) for start, until in member.quiet), None),  # type: ignore[attr-defined]
        {each["event"]: Choice(Way(each["mail"]), each["is_shown"]) for each in member.choices},  # type: ignore[attr-defined]
    )


def next_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """The next time the clock on the wall strikes, after `at`; also where the offset is no whole hour."""
    local = at.astimezone(zone)
    return at + A_HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
