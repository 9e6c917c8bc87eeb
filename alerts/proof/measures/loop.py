"""The loop measures, registered with metrics: definitions, and reading them over a period."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from alerts.models import Playbook, Team
from alerts.proof.measures.counting import BREAKDOWNS, WHOLE, LoopCounts, Place, count_loops, first_contact_times
from alerts.root_causes import names_of_causes
from journeys.models import Touchpoint
from metrics.days import day_bounds
from metrics.families import Cell, Family, FamilyReading, PeriodFigure, PeriodMeasure, register_family
from metrics.statistics.quantiles import Quantile
from metrics.statistics.shares import Share
from metrics.statistics.small_cells import hidden_cells
from tenancy.models import Organization
from tenancy.scope import current_organization_id

MEASURES = (
    PeriodMeasure(
        "contacted_within_sla",
        "Contacted in time",
        "percent",
        "Follow-ups whose customer was contacted by the promised time, of those contacted or past it.",
    ),
    PeriodMeasure(
        "first_contact_median",
        "Time to first contact, median",
        "hours",
        "Half of the customers who were contacted heard from us within so many hours after the follow-up opened.",
        is_more_better=False,
    ),
    PeriodMeasure(
        "first_contact_p90",
        "Time to first contact, 90th percentile",
        "hours",
        "Nine of ten customers who were contacted heard from us within so many hours after the follow-up opened.",
        is_more_better=False,
    ),
    PeriodMeasure(
        "resolved_within_sla",
        "Resolved in time",
        "percent",
        "Follow-ups resolved by the promised time, of those resolved or past it. A promise once broken stays "
        "broken, also when the follow-up is opened again and promised anew.",
    ),
    PeriodMeasure(
        "closed_loop_rate",
        "Loops closed",
        "percent",
        "Follow-ups whose loop is closed by now, of all that opened.",
    ),
    PeriodMeasure(
        "reopen_rate",
        "Reopened",
        "percent",
        "Follow-ups that were opened again after they had been resolved, of all that were ever resolved.",
        is_more_better=False,
    ),
    PeriodMeasure(
        "recovery_rate",
        "Recovered",
        "percent",
        "Customers in a better group than before when asked again after closing, of those who answered. Who was in the "
        "best group before and still is had nothing to recover from and does not count.",
    ),
)
BREAKDOWN_LABELS = {
    "team": "Team",
    "root_cause": "Root cause",
    "touchpoint": "Touchpoint",
    "playbook": "Playbook",
}
NOWHERE = {
    "team": "No team",
    "root_cause": "No cause known yet",
    "touchpoint": "No touchpoint",
    "playbook": "No playbook",
}


def read_loop(first: date, last: date, *, at: datetime | None = None) -> FamilyReading:
    """The follow-ups opened on the days `first` to `last`, both included, as of `at` (now). Seven queries."""
    zone = ZoneInfo(Organization.objects.values_list("time_zone", flat=True).get(pk=current_organization_id()))
    start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    counts = count_loops(start, end, at=at or timezone.now())
    times = first_contact_times(start, end, counts)
    names = _names()

    def cell(place: Place) -> Cell:
        name = names[place[0]].get(place[1], NOWHERE[place[0]]) if place[0] else "All"
        each = counts.get(place, LoopCounts())
        return Cell(place[1], name, figures_of(each, times.get(place, [])), each.opened)

    by = {
        breakdown: sorted(
            (cell(place) for place in counts if place[0] == breakdown), key=lambda each: (-each.size, each.name)
        )
        for breakdown in BREAKDOWNS
    }
    whole = cell((WHOLE, ""))
    return FamilyReading(whole, {**by, "team": _without_small(by["team"], whole)})


def read_whole(first: date, last: date, *, at: datetime | None = None) -> dict[str, PeriodFigure]:
    """The figures of all follow-ups opened on these days, without their parts: to compare with. Three queries."""
    zone = ZoneInfo(Organization.objects.values_list("time_zone", flat=True).get(pk=current_organization_id()))
    start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    place = (WHOLE, "")
    counts = count_loops(start, end, at=at or timezone.now()).get(place, LoopCounts())
    return figures_of(counts, first_contact_times(start, end, {place: counts}).get(place, []))


def _without_small(teams: Sequence[Cell], whole: Cell) -> list[Cell]:
    """A team may be one person, or two: what rests on fewer than five follow-ups is hidden, with what gives it away."""
    hidden = {
        measure.key: hidden_cells(
            {cell.key: cell.figures[measure.key].n for cell in teams}, whole=whole.figures[measure.key].n
        ).parts
        for measure in MEASURES
    }
    return [
        replace(cell, hidden=frozenset(key for key, teams in hidden.items() if cell.key in teams)) for cell in teams
    ]


def figures_of(counts: LoopCounts, times: list[Quantile]) -> dict[str, PeriodFigure]:
    """All measures of these counts."""
    median, p90 = times or (Quantile(0.5, 0, None, None), Quantile(0.9, 0, None, None))
    return {
        "contacted_within_sla": Share(counts.contact_kept, counts.contact_decided),
        "first_contact_median": median,
        "first_contact_p90": p90,
        "resolved_within_sla": Share(counts.resolution_kept, counts.resolution_decided),
        "closed_loop_rate": Share(counts.closed, counts.opened),
        "reopen_rate": Share(counts.reopened, counts.resolved_ever),
        "recovery_rate": Share(counts.recovered, counts.answered),
    }


def _names() -> dict[str, dict[str, str]]:
    """By breakdown the name of each key; one query each."""
    return {
        "team": {str(key): name for key, name in Team.objects.values_list("pk", "name")},
        "root_cause": names_of_causes(),
        "touchpoint": {str(key): name for key, name in Touchpoint.objects.values_list("pk", "name")},
        "playbook": {str(key): name for key, name in Playbook.objects.values_list("pk", "name")},
    }


LOOP = Family("loop", "Closing the loop", MEASURES, BREAKDOWN_LABELS, read_loop)
register_family(LOOP)
