"""What the pages about the loop share: their tabs, and the period they are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from alerts.models import FollowUp
from metrics.dashboard.filters import SHORT_LABELS, Step
from metrics.days import day_of
from metrics.periods import (
    LABELS,
    SHORTCUTS,
    Period,
    PeriodError,
    PeriodKey,
    canonical_query,
    parse_period,
    period_of,
    period_query,
)
from tenancy.roles import Role

# URL name, label, lowest role.
PAGES = (
    ("loop", "Measures", Role.ANALYST),
    ("loop_effect", "Effect", Role.ANALYST),
    ("loop_team", "People", Role.AGENT),
    ("initiative_list", "Initiatives", Role.ANALYST),
)
DEFAULT = PeriodKey.QUARTER
LETTERS = {key: letter.lower() for letter, key in SHORTCUTS.items()}


def tabs_of(request: HttpRequest, current: str) -> list[tuple[str, str, bool, None]]:
    """The pages of the section this person may open; none where it is only one."""
    role, slug = Role(request.membership.role), request.organization.slug  # type: ignore[attr-defined]
    pages = [page for page in PAGES if role.includes(page[2])]
    tabs = [(label, reverse(name, kwargs={"org": slug}), name == current, None) for name, label, _ in pages]
    return tabs if len(tabs) > 1 else []


@dataclass(frozen=True)
class Timespan:
    """The period of the address (13 weeks unless it says more) and how to choose it; `kept` are other parameters."""

    path: str
    period: Period
    today: date
    steps: list[Step]
    kept: list[tuple[str, str]]
    error: str = ""

    @property
    def is_custom(self) -> bool:
        return self.period.key is PeriodKey.CUSTOM

    @property
    def custom_label(self) -> str:
        return self.period.label if self.is_custom else "Custom"

    def address(self, **changes: str) -> str:
        """The same page and period with other parameters."""
        return _address(self.path, {**dict(self.kept), **changes}, self.period)


def timespan_of(request: HttpRequest, *, keep: tuple[str, ...] = ()) -> Timespan:
    """What the address asks for; a period that cannot be shown is named in `error`. One query for all time."""
    today = day_of(timezone.now(), ZoneInfo(request.organization.time_zone))  # type: ignore[attr-defined]
    error, query = "", request.GET
    try:
        period = _period(query, today, request)
    except PeriodError as wrong:
        period, error = period_of(DEFAULT, today=today), str(wrong)
    kept = {name: query[name] for name in keep if query.get(name)}
    steps = [
        Step(
            key.value,
            label,
            _address(request.path, kept, period_of(key, today=today)),
            key is period.key,
            LETTERS[key],
            LABELS[key],
        )
        for key, label in SHORT_LABELS.items()
        if key is not PeriodKey.TODAY
    ]
    return Timespan(request.path, period, today, steps, sorted(kept.items()), error)


def _period(query: Mapping[str, str], today: date, request: HttpRequest) -> Period:
    if not any(query.get(name) for name in ("period", "from", "to")):
        return period_of(DEFAULT, today=today)
    is_all = query.get("period", "").strip().lower() == PeriodKey.ALL
    return parse_period(query, today=today, earliest=_first_day(request) if is_all else None)


def _first_day(request: HttpRequest) -> date | None:
    first = FollowUp.objects.order_by("number").values_list("opened_at", flat=True).first()
    return day_of(first, ZoneInfo(request.organization.time_zone)) if first else None  # type: ignore[attr-defined]


def _address(path: str, kept: Mapping[str, str], period: Period) -> str:
    chosen = period_query(period)
    if period.key is DEFAULT:
        chosen = {}
    elif period.key is PeriodKey.MONTH:  # the default of the dashboard is none here
        chosen = {"period": PeriodKey.MONTH.value}
    query = canonical_query({**kept, **chosen})
    return f"{path}?{query}" if query else path
