"""Working time as it was set up: the organization's own hours, a calendar's, and the public holidays of a country."""

import json
from collections.abc import Container
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from alerts.models import Calendar
from tenancy.models import Organization
from tenancy.working_hours import BusinessCalendar, parse_working_hours


def calendar_of(organization: Organization) -> BusinessCalendar:
    """The organization's own working time. Raises WorkingHoursError when what is stored cannot be kept."""
    return _parsed(organization.time_zone, _written(organization.working_hours), "", "", frozenset())


def working_time_of(calendar: Calendar | None, organization: Organization) -> BusinessCalendar:
    """The working time of a calendar, where its fields are empty the organization's. Raises as `calendar_of` does."""
    if calendar is None:
        return calendar_of(organization)
    hours = organization.working_hours if calendar.working_hours is None else calendar.working_hours
    extra = frozenset(date.fromisoformat(day["on"]) for day in calendar.days_off)
    zone = calendar.time_zone or organization.time_zone
    return _parsed(zone, _written(hours), calendar.country, calendar.subdivision, extra)


class DaysOff(Container[date]):
    """Extra days off and the public holidays of a country, worked out year by year as they are asked for."""

    def __init__(self, country: str, subdivision: str, extra: frozenset[date]) -> None:
        self.country, self.subdivision, self.extra = country, subdivision, extra

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        return day in self.extra or day in public_holidays(self.country, self.subdivision, day.year)


@lru_cache(maxsize=1024)
def public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """The public holidays of a year; none without a country. Raises NotImplementedError for a country not known."""
    if not country:
        return frozenset()
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


def _written(hours: object) -> str:
    return json.dumps(hours, sort_keys=True)


@lru_cache(maxsize=256)
def _parsed(zone: str, hours: str, country: str, subdivision: str, extra: frozenset[date]) -> BusinessCalendar:
    days_off = DaysOff(country, subdivision, extra) if country else extra
    return parse_working_hours(json.loads(hours), zone=ZoneInfo(zone), days_off=days_off)
