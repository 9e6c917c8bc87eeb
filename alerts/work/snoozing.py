"""Until when a follow-up may be snoozed: the moments that are offered, and the last one the policy allows."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.calendars import working_time_of
from alerts.clocks import main_calendar
from alerts.models import FollowUp
from alerts.pausing import longest_pause
from alerts.sla import next_working_moment
from tenancy.wall_time import moment_of

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Offer:
    """One moment to snooze until, and its words."""

    key: str
    label: str
    moment: datetime


def snooze_offers(follow_up: FollowUp, *, at: datetime, longest: datetime | None = None) -> list[Offer]:
    """The start of work tomorrow and next week, in the calendar of the policy; those that the policy allows."""
    calendar = working_time_of(follow_up.sla_policy.calendar or main_calendar(), follow_up.organization)
    today = at.astimezone(calendar.zone).date()
    mornings = (
        ("tomorrow", "Tomorrow morning", today + DAY),
        ("next_week", "Next week", today + timedelta(days=7 - today.weekday())),
    )
    offers = [
        Offer(key, label, next_working_moment(moment_of(datetime.combine(day, time.min), calendar.zone), calendar))
        for key, label, day in mornings
    ]
    longest = longest or longest_pause(follow_up, at=at)
    return [offer for offer in offers if offer.moment <= longest]


def zone_of(follow_up: FollowUp) -> ZoneInfo:
    """The zone in which people of this organization read and write moments."""
    return ZoneInfo(follow_up.organization.time_zone)
