"""What the queue shows: its views with counts, the rows of the chosen one, and what comes next."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse

from alerts.models import FollowUp
from surveys.scoring import group_word
from tenancy.models import Organization
from tenancy.roles import Role

ROWS_A_PAGE = 50
# How far ahead "next" looks.
NEXT_AMONG = 1000
VIEWS = {
    "mine": "Mine",
    "unassigned": "Unassigned",
    "due_today": "Due today",
    "overdue": "Overdue",
    "waiting": "Waiting",
    "snoozed": "Snoozed",
    "closed": "Closed",
    "all": "All",
}
EMPTY = {
    "mine": "Nothing is yours right now.",
    "unassigned": "Everything has an owner.",
    "due_today": "Nothing is due today.",
    "overdue": "No promise is overdue.",
    "waiting": "We wait for no customer.",
    "snoozed": "Nothing is snoozed.",
    "closed": "No loop has been closed yet.",
    "all": "No follow-ups yet. They open by themselves when a customer gives a low score.",
}


@dataclass
class Queue:
    """The queue as one person looks at it now."""

    request: HttpRequest
    at: datetime
    words: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    view: str = ""

    def __post_init__(self) -> None:
        self.words = self.request.GET.get("q", "").strip()[:200]
        self.counts = self.rows_of_all.count_views(user=self.request.user, at=self.at, day=self.day)
        self.view = self._chosen_view()

    @property
    def organization(self) -> Organization:
        return self.request.organization  # type: ignore[attr-defined]

    @property
    def rows_of_all(self) -> Any:
        return self.organization.follow_ups

    @cached_property
    def day(self) -> tuple[datetime, datetime]:
        return day_of(self.organization, self.at)

    def _chosen_view(self) -> str:
        wanted = self.request.GET.get("view", "")
        if wanted in VIEWS:
            return wanted
        if not Role(self.request.membership.role).includes(Role.AGENT):  # type: ignore[attr-defined]
            return "all"
        return "mine" if self.counts["mine"] else "unassigned"

    @cached_property
    def rows(self) -> Any:
        chosen = self.rows_of_all.in_view(self.view, user=self.request.user, at=self.at, day=self.day)
        return chosen.searched(self.words).for_rows().in_order(self.view)

    @cached_property
    def page(self) -> Page:
        paginator = Paginator(self.rows, ROWS_A_PAGE)
        if not self.words:
            paginator.__dict__["count"] = self.counts[self.view]  # counted already
        page = paginator.get_page(self.request.GET.get("page"))
        for row in page:
            said = row.verbatim if row.response else row.reason
            row.line = (said or "").strip().split("\n", 1)[0]
            row.group_word = group_word(row.response.measure, row.response.group) if row.response else ""
            row.query = self.query(number=row.number)
        return page

    @property
    def tabs(self) -> list[tuple[str, str, bool, int]]:
        return [
            (label, f"{self.address}?{self._encoded(view=view)}", view == self.view, self.counts[view])
            for view, label in VIEWS.items()
        ]

    @property
    def address(self) -> str:
        return reverse("follow_up_queue", kwargs={"org": self.organization.slug})

    def query(self, **more: Any) -> str:
        """The address of this view, as a query string: sorted, without what is not set."""
        return self._encoded(view=self.view, page=self.request.GET.get("page", ""), **more)

    def _encoded(self, **parts: Any) -> str:
        parts["q"] = self.words
        return urlencode(sorted((name, value) for name, value in parts.items() if value))

    @property
    def title_count(self) -> int:
        """What stands in the tab's title: what is to do in this view."""
        return self.counts["overdue" if self.view in ("closed", "all") else self.view]

    def last_closed_at(self) -> datetime | None:
        closed = self.rows_of_all.filter(state="closed").order_by("-closed_at")
        return closed.values_list("closed_at", flat=True).first()

    @property
    def empty_text(self) -> str:
        return f"No follow-up here matches “{self.words}”." if self.words else EMPTY[self.view]

    def after(self, follow_up: FollowUp) -> int | None:
        """The number of the next follow-up in this view; from the start again at its end."""
        numbers = list(self.rows.values_list("number", flat=True)[:NEXT_AMONG])
        others = [number for number in numbers if number != follow_up.number]
        if not others:
            return None
        place = numbers.index(follow_up.number) if follow_up.number in numbers else len(others)
        return others[place % len(others)]


def day_of(organization: Organization, at: datetime) -> tuple[datetime, datetime]:
    """Start and end of the day of `at` in the organization's zone."""
    zone = ZoneInfo(organization.time_zone)
    today = at.astimezone(zone).date()
    start = datetime.combine(today, time.min, zone)
    return start, datetime.combine(today + timedelta(days=1), time.min, zone)
