"""The promised times of a follow-up, in the working time of its policy's calendar or in plain time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from alerts.calendars import working_time_of
from alerts.models import AlertRule, Calendar, SlaPolicy
from alerts.sla import add_business_days, add_business_hours, business_time_between
from tenancy.models import Organization
from tenancy.working_hours import BusinessCalendar


class Promised(TypedDict):
    """The clock fields of a follow-up that opens: due moments in UTC and the working time until then."""

    first_contact_due_at: datetime
    resolution_due_at: datetime
    first_contact_budget: timedelta
    resolution_budget: timedelta


def first_contact_due_at(policy: SlaPolicy, calendar: BusinessCalendar, *, start: datetime) -> datetime:
    """When the customer must have been contacted at the latest, for a clock that starts at `start`. UTC."""
    return add_business_hours(start, policy.first_contact_hours, calendar)


def resolution_due_at(policy: SlaPolicy, calendar: BusinessCalendar, *, start: datetime) -> datetime:
    """When it must be resolved at the latest, for a clock that starts at `start`. UTC."""
    return add_business_days(start, policy.resolution_days, calendar)


def clock_calendar(policy: SlaPolicy, organization: Organization) -> BusinessCalendar:
    """The time a policy's clocks run in: its calendar's, else the main one's; all hours of all days in plain time."""
    calendar = working_time_of(policy.calendar or main_calendar(), organization)
    return BusinessCalendar.around_the_clock(calendar.zone) if policy.is_wall_clock else calendar


def main_calendar() -> Calendar | None:
    """The calendar of everybody who names no other; None: the organization's own hours. One query."""
    return Calendar.objects.filter(is_main=True).first()


class Policies:
    """The policy of each rule: its own, or the one of its priority, or the first there is; and what it promises.

    Every policy and calendar is read once at most, however many follow-ups are asked about.
    """

    def __init__(self) -> None:
        self._by_priority: dict[str | None, SlaPolicy] | None = None
        self._calendars: dict[UUID, BusinessCalendar] = {}

    def of(self, rule: AlertRule) -> SlaPolicy:
        if rule.sla_policy is not None:
            return rule.sla_policy
        if self._by_priority is None:
            policies = list(SlaPolicy.objects.select_related("calendar").order_by("-id"))
            self._by_priority = {None: policies[-1], **{each.priority: each for each in policies if each.priority}}
        return self._by_priority.get(rule.priority) or self._by_priority[None]

    def calendar_of(self, policy: SlaPolicy, organization: Organization) -> BusinessCalendar:
        """As `clock_calendar`, once a policy."""
        if policy.pk not in self._calendars:
            self._calendars[policy.pk] = clock_calendar(policy, organization)
        return self._calendars[policy.pk]

    def strictest(
        self, rules: Iterable[AlertRule], organization: Organization, *, start: datetime
    ) -> tuple[SlaPolicy, Promised]:
        """What several rules promise together, by the moments it comes to: the soonest of each.

        The policy is the one with the soonest first contact, and the clocks run in its time.
        """
        promised = {policy: self.promised(policy, organization, start=start) for policy in map(self.of, rules)}
        policy, first = min(
            promised.items(), key=lambda each: (each[1]["first_contact_due_at"], each[1]["resolution_due_at"])
        )
        soonest = min(each["resolution_due_at"] for each in promised.values())
        if soonest == first["resolution_due_at"]:
            return policy, first
        budget = business_time_between(start, soonest, self.calendar_of(policy, organization))
        return policy, {**first, "resolution_due_at": soonest, "resolution_budget": budget}

    def promised(self, policy: SlaPolicy, organization: Organization, *, start: datetime) -> Promised:
        """What `policy` promises for a clock that starts at `start`."""
        calendar = self.calendar_of(policy, organization)
        contact = first_contact_due_at(policy, calendar, start=start)
        resolution = resolution_due_at(policy, calendar, start=start)
        return {
            "first_contact_due_at": contact,
            "resolution_due_at": resolution,
            "first_contact_budget": business_time_between(start, contact, calendar),
            "resolution_budget": business_time_between(start, resolution, calendar),
        }
