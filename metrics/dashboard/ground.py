"""What an organization has to choose from on its dashboard."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from journeys.models import Touchpoint
from metrics.measures import INSTRUMENTS, Instrument
from surveys.models import Survey


@dataclass(frozen=True)
class Ground:
    """The instruments, surveys and touchpoints of one organization, its zone and its present day."""

    slug: str
    zone: ZoneInfo
    today: date
    surveys: list[Survey]
    touchpoints: list[Touchpoint]

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
