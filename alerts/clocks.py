"""The promised times of a follow-up, in the organization's zone and working hours."""

import json
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from alerts.models import AlertRule, SlaPolicy
from alerts.sla import add_business_days, add_business_hours
from tenancy.models import Organization
from tenancy.working_hours import BusinessCalendar, parse_working_hours


def first_contact_due_at(policy: SlaPolicy, organization: Organization, *, start: datetime) -> datetime:
    """When the customer must have been contacted at the latest, for a clock that starts at `start`. UTC."""
    return add_business_hours(start, policy.first_contact_hours, calendar_of(organization))


def resolution_due_at(policy: SlaPolicy, organization: Organization, *, start: datetime) -> datetime:
    """When it must be resolved at the latest, for a clock that starts at `start`. UTC."""
    return add_business_days(start, policy.resolution_days, calendar_of(organization))


class Policies:
    """The policy of each rule: its own, or the one of its priority, or the first there is. One query at most."""

    def __init__(self) -> None:
        self._by_priority: dict[str | None, SlaPolicy] | None = None

    def of(self, rule: AlertRule) -> SlaPolicy:
        if rule.sla_policy is not None:
            return rule.sla_policy
        if self._by_priority is None:
            policies = list(SlaPolicy.objects.order_by("-id"))
            self._by_priority = {None: policies[-1], **{each.priority: each for each in policies if each.priority}}
        return self._by_priority.get(rule.priority) or self._by_priority[None]


def calendar_of(organization: Organization) -> BusinessCalendar:
    """The organization's working time. Raises WorkingHoursError when what is stored cannot be kept."""
    return _calendar(organization.time_zone, json.dumps(organization.working_hours, sort_keys=True))


@lru_cache(maxsize=256)
def _calendar(zone: str, hours: str) -> BusinessCalendar:
    return parse_working_hours(json.loads(hours), zone=ZoneInfo(zone))
