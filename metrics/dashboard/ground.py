"""What an organization has to choose from on its dashboard."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from journeys.models import Touchpoint
from metrics.days import day_of
from metrics.measures import INSTRUMENTS, Instrument
from metrics.reading import first_and_last_day
from surveys.models import Survey
from tenancy.models import Organization


@dataclass(frozen=True)
class Ground:
    """The instruments, surveys and touchpoints of one organization, its zone and its present day.

    `plain_query` is what the address says where nothing is chosen: something, once the bare address opens a view.
    """

    slug: str
    zone: ZoneInfo
    today: date
    surveys: list[Survey]
    touchpoints: list[Touchpoint]
    plain_query: str = ""

    @cached_property
    def span(self) -> tuple[date, date] | None:
        """The days from the first to the last one on which anything was heard or asked. One query."""
        return first_and_last_day()

    @cached_property
    def path(self) -> str:
        """Of the dashboard; a page has some twenty addresses that begin with it."""
        return reverse("dashboard", kwargs={"org": self.slug})

    @cached_property
    def instruments(self) -> list[Instrument]:
        """Those with a published survey, in the fixed order; NPS where there is none yet."""
        used = {(survey.measure, survey.points) for survey in self.surveys}
        return [each for each in INSTRUMENTS.values() if (each.measure, each.points) in used] or [INSTRUMENTS["nps"]]

    @cached_property
    def touchpoint_names(self) -> dict[UUID, str]:
        return {touchpoint.id: touchpoint.name for touchpoint in self.touchpoints}

    def surveys_of(self, instrument: Instrument) -> list[Survey]:
        return [each for each in self.surveys if (each.measure, each.points) == (instrument.measure, instrument.points)]


def ground_of(*, slug: str, zone: ZoneInfo, today: date) -> Ground:
    """Two queries; the organization is that of the scope."""
    surveys = Survey.objects.exclude(state=Survey.State.DRAFT).only("name", "measure", "points").order_by("name")
    return Ground(slug, zone, today, list(surveys), list(Touchpoint.objects.only("name").order_by("name")))


def ground_now(organization: Organization) -> Ground:
    """Today's ground, in the scope of the organization. Two queries."""
    zone = ZoneInfo(organization.time_zone)
    return ground_of(slug=organization.slug, zone=zone, today=day_of(datetime.now(UTC), zone))
