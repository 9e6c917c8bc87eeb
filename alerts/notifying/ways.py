"""Who of some people may be told of an event, and how each of them wants to hear of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.models import NotificationChoice, QuietHours
from alerts.notifying.events import Event, Way
from surveys.contact_policy import QuietHours as Quiet
from surveys.contact_policy import quiet_until
from tenancy.models import Membership
from tenancy.roles import Role

A_HOUR = timedelta(hours=1)


@dataclass
class Receiver:
    """A member of this organization with what they chose."""

    user_id: UUID
    email: str
    role: Role
    zone: ZoneInfo
    quiet: Quiet | None = None
    choices: dict[str, NotificationChoice] = field(default_factory=dict)

    def may_hear(self, event: Event) -> bool:
        return self.role.includes(event.role)

    def mail_way(self, event: Event) -> Way:
        choice = self.choices.get(event.key)
        return Way(choice.mail) if choice else event.default_mail_way

    def is_shown(self, event: Event) -> bool:
        choice = self.choices.get(event.key)
        return choice.in_app if choice else event.default_in_app

    def mail_due_at(self, event: Event, *, at: datetime) -> datetime | None:
        """When the mail is to be written: `at` itself, later, or never."""
        way = self.mail_way(event)
        if way == Way.OFF:
            return None
        due_at = at if way == Way.INSTANT else next_hour(at, self.zone)
        return (self.quiet and quiet_until(self.quiet, at=due_at)) or due_at


def receivers_of(user_ids: Iterable[UUID]) -> dict[UUID, Receiver]:
    """Those of them who are active members here, by user; three queries for any number."""
    members = Membership.objects.filter(user__in=set(user_ids), user__is_active=True)
    found = {
        member.user_id: Receiver(
            member.user_id, member.user.email, Role(member.role), ZoneInfo(member.organization.time_zone)
        )
        for member in members.select_related("user", "organization")
    }
    if not found:
        return found
    for choice in NotificationChoice.objects.filter(user__in=list(found)):
        found[choice.user_id].choices[choice.event] = choice
    for hours in QuietHours.objects.filter(user__in=list(found)):
        zone = found[hours.user_id].zone
        found[hours.user_id].quiet = Quiet(hours.quiet_from, hours.quiet_until, zone)
    return found


def next_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """The next time the clock on the wall strikes, after `at`; also where the offset is no whole hour."""
    local = at.astimezone(zone)
    return at + A_HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
