"""The figures of the inner loop: what is open, and how well promises are kept. Counts and shares, with their base."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from alerts.models import FollowUp
from alerts.queues import is_overdue
from alerts.states import State
from metrics.measures import register
from tenancy.models import Organization
from tenancy.scope import current_organization_id

# In time: resolved by its promise, and contacted by its own, where contact was made at all.
IN_TIME = Q(resolved_at__lte=F("resolution_due_at")) & (
    Q(first_contacted_at__isnull=True) | Q(first_contacted_at__lte=F("first_contact_due_at"))
)


@dataclass(frozen=True)
class OpenCounts:
    """Follow-ups whose loop is not closed, and those of them with a promise that has passed."""

    open: int
    overdue: int


@dataclass(frozen=True)
class ClosedLoops:
    """Of the follow-ups closed in a period, those within their promised times."""

    closed: int
    within_sla: int

    @property
    def share(self) -> float | None:
        """0 to 1; None when nothing was closed."""
        return self.within_sla / self.closed if self.closed else None


@dataclass(frozen=True)
class StatFact:
    """A figure as the dashboard shows it."""

    label: str
    value: str
    detail: str
    href: str


def open_counts(*, at: datetime | None = None) -> OpenCounts:
    """As of `at` (now). One query, in the organization's scope."""
    active = FollowUp.objects.active()
    counts = active.aggregate(open=Count("pk"), overdue=Count("pk", filter=is_overdue(at or timezone.now())))
    return OpenCounts(**counts)


def closed_within_sla(first: date, last: date) -> ClosedLoops:
    """Loops closed on the days `first` to `last` (both included) of the organization's zone. Two queries."""
    counts = _closed(first, last).aggregate(closed=Count("pk"), within_sla=Count("pk", filter=IN_TIME))
    return ClosedLoops(**counts)


def _closed(first: date, last: date):
    return FollowUp.objects.filter(state=State.CLOSED, closed_at__range=_moments(first, last))


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(Organization.objects.values_list("time_zone", flat=True).get(pk=current_organization_id()))
    end = datetime.combine(last + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
    return datetime.combine(first, time.min, zone), end


def open_fact(first: date, last: date) -> StatFact:
    """Open and overdue follow-ups now, whatever the period."""
    counts = open_counts()
    return StatFact("Open follow-ups", f"{counts.open:,}", f"{counts.overdue:,} overdue, as of now", _queue("overdue"))


def closed_fact(first: date, last: date) -> StatFact:
    """The share of loops closed within their promised times, with its base."""
    loops = closed_within_sla(first, last)
    value = "–" if loops.share is None else f"{loops.share:.0%}".replace("%", " %")
    return StatFact(
        "Closed within SLA",
        value,
        f"{loops.within_sla:,} of {loops.closed:,} closed loops, both promises kept",
        _queue("closed"),
    )


def _queue(view: str) -> str:
    slug = Organization.objects.values_list("slug", flat=True).get(pk=current_organization_id())
    return reverse("follow_up_queue", kwargs={"org": slug}) + f"?view={view}"


register("open_follow_ups", open_fact)
register("closed_within_sla", closed_fact)
