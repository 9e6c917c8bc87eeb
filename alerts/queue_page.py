"""What the queue shows: its views with counts, saved ones, the rows of the chosen one, and what comes next."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse

from alerts.models import FollowUp, Priority
from alerts.playbooks.checklist import progress_of
from alerts.work.filters import WORDS, QueueFilters
from alerts.work.paging import Place, rows_after
from alerts.work.saved_views import views_for
from surveys.scoring import group_word
from tenancy.models import Organization
from tenancy.roles import Role

ROWS_A_PAGE = 50
AFTER = "after"
VIEWS = {
    "mine": "Mine",
    "unassigned": "Unassigned",
    "due_today": "Due today",
    "overdue": "Overdue",
    "waiting": "Waiting",
    "snoozed": "Snoozed",
    "to_close": "To close",
    "closed": "Closed",
    "all": "All",
}
# Views that a link leads to and no tab.
LINKED = ("breaching",)
EMPTY = {
    "mine": "Nothing is yours right now.",
    "unassigned": "Everything has an owner.",
    "due_today": "Nothing is due today.",
    "overdue": "No promise is overdue.",
    "breaching": "No promise will be broken today.",
    "waiting": "We wait for no customer.",
    "snoozed": "Nothing is snoozed.",
    "to_close": "Every customer whose follow-up is resolved was told.",
    "closed": "No loop has been closed yet.",
    "all": "No follow-ups yet. They open by themselves when a customer gives a low score.",
}


@dataclass(frozen=True)
class QueuePage:
    """Some rows of a view: the first of them is number `start`; `next_query` leads on, where there are more."""

    object_list: list[FollowUp]
    start: int
    count: int | None
    next_query: str
    first_query: str

    def __iter__(self):
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def end(self) -> int:
        return self.start + len(self.object_list) - 1

    @property
    def is_first(self) -> bool:
        return self.start == 1


@dataclass
class Queue:
    """The queue as one person looks at it now."""

    request: HttpRequest
    at: datetime

    def __post_init__(self) -> None:
        self.filters = QueueFilters(self.request.GET, user=self.request.user)  # type: ignore[arg-type]
        self.place = Place.read(self.request.GET.get(AFTER, ""))

    @cached_property
    def counts(self) -> dict[str, int]:
        """The views of what is to do, without filters. One query."""
        return self.rows_of_all.count_views(user=self.request.user, at=self.at, day=self.day)

    @property
    def organization(self) -> Organization:
        return self.request.organization  # type: ignore[attr-defined]

    @property
    def rows_of_all(self) -> Any:
        return self.organization.follow_ups

    @cached_property
    def day(self) -> tuple[datetime, datetime]:
        return day_of(self.organization, self.at)

    @cached_property
    def view(self) -> str:
        """What was asked for, or else the view in which something is to be done."""
        wanted = self.request.GET.get("view", "")
        if wanted in VIEWS or wanted in LINKED:
            return wanted
        if self.filters.values or not Role(self.request.membership.role).includes(Role.AGENT):  # type: ignore[attr-defined]
            return "all"
        # The first of these where something is to be done.
        first = ("mine", "unassigned", "overdue", "due_today", "waiting")
        return next((view for view in first if self.counts[view]), "unassigned")

    @cached_property
    def rows(self) -> Any:
        """All of the view, filtered, in no order."""
        chosen = self.rows_of_all.in_view(self.view, user=self.request.user, at=self.at, day=self.day)
        return self.filters.apply(chosen)

    @cached_property
    def page(self) -> QueuePage:
        rows: list[Any] = list(rows_after(self.rows.for_rows(), self.view, self.place, at_most=ROWS_A_PAGE + 1))
        seen = self.place.seen if self.place else 0
        shown, has_more = rows[:ROWS_A_PAGE], len(rows) > ROWS_A_PAGE
        progress = progress_of(row.pk for row in shown)
        for row in shown:
            row.progress = progress.get(row.pk)
            said = row.verbatim if row.response else row.reason
            row.line = (said or "").strip().split("\n", 1)[0]
            row.group_word = group_word(row.response.measure, row.response.group) if row.response else ""
            row.is_pressing = row.priority in (Priority.URGENT, Priority.HIGH)
            row.address = self.address_of(row)
            row.beside = f"{self.address}?{self.query(number=row.number)}"
        onward = Place.of(shown[-1], seen=seen + len(shown)) if has_more else ""
        next_query = self._encoded(after=onward) if onward else ""
        return QueuePage(shown, seen + 1, self.known_count, next_query, self.base_query)

    @property
    def known_count(self) -> int | None:
        """How many rows the view has, where that was counted already."""
        return None if self.filters.values else self.counts.get(self.view)

    @property
    def tabs(self) -> list[tuple[str, str, bool, int | None]]:
        """The views that are always there, then those that were saved. One query."""
        fixed = [
            (label, f"{self.address}?{urlencode({'view': view})}", not self.filters.values and view == self.view, count)
            for view, label in VIEWS.items()
            for count in [self.counts.get(view)]
        ]
        saved = [
            (view.name, f"{self.address}?{view.query}", view.query == self.base_query, None)
            for view in self.saved_views
        ]
        return fixed + saved

    @cached_property
    def saved_views(self) -> list[Any]:
        return views_for(self.request.user)  # type: ignore[arg-type]

    @property
    def is_saved(self) -> bool:
        return any(view.query == self.base_query for view in self.saved_views)

    @property
    def pills(self) -> list[tuple[str, str, str]]:
        """Each filter with the address that drops it."""
        return [
            (name, words, f"{self.address}?{self._encoded(**{key: ''})}") for name, words, key in self.filters.pills()
        ]

    @property
    def unfiltered(self) -> str:
        return f"{self.address}?{urlencode({'view': self.view})}"

    @property
    def words(self) -> str:
        return self.filters.words

    @property
    def forecast(self) -> tuple[int, str]:
        """How many will break a promise before today is over in the organization's zone, and where they are listed."""
        return self.counts["breaching"], f"{self.address}?view=breaching"

    @cached_property
    def address(self) -> str:
        return reverse("follow_up_queue", kwargs={"org": self.organization.slug})

    def address_of(self, follow_up: FollowUp) -> str:
        """The page of one, which leads back here."""
        page = reverse("follow_up_detail", kwargs={"org": self.organization.slug, "number": follow_up.number})
        return f"{page}?{self.base_query}"

    @cached_property
    def base_query(self) -> str:
        """View and filters, sorted, without what is not set: what links compare, and what is saved."""
        return self._encoded()

    def query(self, **more: Any) -> str:
        """The address of this very page."""
        return self._encoded(**({AFTER: self.place} if self.place else {}), **more)

    def _encoded(self, **parts: Any) -> str:
        given = {"view": self.view, **self.filters.values, **parts}
        return urlencode(sorted((name, str(value)) for name, value in given.items() if value))

    @property
    def title_count(self) -> int:
        """What stands in the tab's title: what is to do in this view."""
        return self.counts.get(self.view, self.counts["overdue"])

    def last_closed_at(self) -> datetime | None:
        closed = self.organization.follow_ups.filter(state="closed").order_by("-closed_at")
        return closed.values_list("closed_at", flat=True).first()

    @property
    def empty_text(self) -> str:
        if self.filters.values:
            only_words = set(self.filters.values) == {WORDS}
            return f"No follow-up here matches “{self.words}”." if only_words else "No follow-up passes these filters."
        return EMPTY[self.view]

    def after(self, follow_up: FollowUp) -> int | None:
        """The number of the next follow-up in this view; from the start again at its end. Two queries at most."""
        others = self.rows.exclude(pk=follow_up.pk).select_related("customer")
        for place in (Place.of(follow_up), None):
            if found := rows_after(others, self.view, place, at_most=1):
                return found[0].number
        return None


def day_of(organization: Organization, at: datetime) -> tuple[datetime, datetime]:
    """Start and end of the day of `at` in the organization's zone."""
    zone = ZoneInfo(organization.time_zone)
    today = at.astimezone(zone).date()
    start = datetime.combine(today, time.min, zone)
    return start, datetime.combine(today + timedelta(days=1), time.min, zone)
