"""How often the causes of an initiative still open follow-ups: by week, before it began and since."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from alerts.models import Initiative
from alerts.proof.initiatives.mending import raising
from alerts.proof.initiatives.scores import spans
from metrics.days import day_bounds
from metrics.statistics.rounding import plain


@dataclass(frozen=True)
class Weekly:
    """Follow-ups of one span; at least a day."""

    label: str
    follow_ups: int
    days: int

    @property
    def value(self) -> str:
        """ "2.3" a week."""
        return plain(7 * self.follow_ups / self.days, 1)

    @property
    def detail(self) -> str:
        return f"{self.follow_ups:,} in {self.days} day{'' if self.days == 1 else 's'}"


def weekly_before_and_since(initiative: Initiative, *, today: date, zone: ZoneInfo) -> list[Weekly]:
    """Before and, once it has begun, since; at its touchpoints where it has any. Nothing without causes. Three queries.

    By the cause a follow-up was resolved with, so that those still open are not counted yet.
    """
    if not initiative.root_causes:
        return []
    rows = raising(initiative.root_causes)
    if places := list(initiative.touchpoints.values_list("touchpoint_id", flat=True)):
        rows = rows.filter(response__touchpoint__in=places)
    both = zip(("Before", "Since"), spans(initiative.started_on, initiative.ended_on, today), strict=True)
    begun = [(label, first, last) for label, (first, last) in both if first <= last]
    counts = rows.aggregate(**{label: Count("pk", filter=_within(first, last, zone)) for label, first, last in begun})
    return [Weekly(label, counts[label], (last - first).days + 1) for label, first, last in begun]


def _within(first: date, last: date, zone: ZoneInfo) -> Q:
    return Q(opened_at__gte=day_bounds(first, zone)[0], opened_at__lt=day_bounds(last, zone)[1])
