"""What metrics does when something happens below: marks the days to be counted again, in its own savepoint."""

from zoneinfo import ZoneInfo

from django.dispatch import receiver

from metrics.dirty_days import mark_days
from metrics.models import DailyScore
from metrics.rollup import days_with_facts
from surveys.signals import response_completed
from tenancy.models import Organization
from tenancy.organizations import on_time_zone_changed


@receiver(response_completed)
def mark_days_of_answers(*, days, **facts):
    mark_days(days)


def mark_every_day(organization: Organization) -> None:
    """Its days begin at another moment now: those that hold anything under the new zone, and those that did so under
    the old one. Until they are counted again, reading counts them from the answers themselves."""
    counted = DailyScore.objects.values_list("day", flat=True).distinct()
    mark_days(days_with_facts(ZoneInfo(organization.time_zone)) | set(counted))


on_time_zone_changed.append(mark_every_day)
