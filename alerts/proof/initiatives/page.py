"""Initiatives as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count

from alerts.models import FollowUp, Initiative, InitiativeMessage
from alerts.proof.initiatives.mending import suggested
from alerts.proof.initiatives.recurring import Weekly, weekly_before_and_since
from alerts.proof.initiatives.scores import before_and_since
from alerts.root_causes import names_of_causes
from metrics.charts import headline_bar
from metrics.dashboard.words import SCALES, Change, change_of, count_words, interval_words, value_words
from metrics.measures import Figure, Measure
from metrics.statistics.rounding import signed

LISTED = 10
TONES = {
    Initiative.State.PLANNED: "chip-outline",
    Initiative.State.RUNNING: "chip-brand",
    Initiative.State.DONE: "chip-ok",
    Initiative.State.DROPPED: "",
}


@dataclass(frozen=True)
class InitiativeRow:
    """One line of the list."""

    initiative: Initiative
    chip: str
    is_late: bool
    follow_ups: int


@dataclass(frozen=True)
class ShownScore:
    """The score of one span in words."""

    label: str
    days: str
    value: str
    detail: str
    bar: str


@dataclass(frozen=True)
class ShownEffect:
    """Before and since, side by side; `change` is None while one of them is missing."""

    label: str
    scores: Sequence[ShownScore]
    change: Change | None
    interval: str


@dataclass(frozen=True)
class InitiativePage:
    initiative: Initiative
    chip: str
    is_late: bool
    causes: Sequence[str]
    touchpoints: Sequence[str]
    effect: ShownEffect | None
    weekly: Sequence[Weekly]
    linked: Sequence[FollowUp]
    linked_count: int
    customer_count: int
    suggested_count: int
    messages: Sequence[InitiativeMessage]

    @property
    def more_count(self) -> int:
        return self.linked_count - len(self.linked)


def initiative_rows(today: date) -> list[InitiativeRow]:
    """All, what is under way first, then by due day. One query."""
    order = list(Initiative.State)
    order.insert(0, order.pop(order.index(Initiative.State.RUNNING)))
    rows = Initiative.objects.select_related("owner").annotate(linked_count=Count("follow_ups"))
    found = sorted(
        rows, key=lambda each: (order.index(Initiative.State(each.state)), each.due_on or date.max, each.name)
    )
    return [InitiativeRow(each, _chip(each), is_late(each, today), each.linked_count) for each in found]


def initiative_page(initiative: Initiative, *, today: date, zone: ZoneInfo) -> InitiativePage:
    """A fixed number of queries, two more for each scale in use."""
    places = list(initiative.touchpoints.select_related("touchpoint"))
    names = names_of_causes()
    linked = FollowUp.objects.filter(initiatives__initiative=initiative)
    counts = linked.aggregate(all=Count("pk"), customers=Count("customer", distinct=True))
    return InitiativePage(
        initiative=initiative,
        chip=_chip(initiative),
        is_late=is_late(initiative, today),
        causes=[names.get(key, key) for key in initiative.root_causes],
        touchpoints=sorted(each.touchpoint.name for each in places),
        effect=_effect(initiative, {each.touchpoint_id for each in places}, today, zone),
        weekly=weekly_before_and_since(initiative, today=today, zone=zone),
        linked=list(linked.select_related("customer", "response").order_by("-number")[:LISTED]),
        linked_count=counts["all"],
        customer_count=counts["customers"],
        suggested_count=suggested(initiative).count() if initiative.root_causes else 0,
        messages=list(initiative.messages.order_by("-created_at")),
    )


def is_late(initiative: Initiative, today: date) -> bool:
    is_over = initiative.state in (Initiative.State.DONE, Initiative.State.DROPPED)
    return bool(initiative.due_on and initiative.due_on < today and not is_over)


def _chip(initiative: Initiative) -> str:
    return TONES[Initiative.State(initiative.state)]


def _effect(initiative: Initiative, places: set[UUID], today: date, zone: ZoneInfo) -> ShownEffect | None:
    found = before_and_since(
        started_on=initiative.started_on,
        ended_on=initiative.ended_on,
        touchpoints=places,
        today=today,
        zone=zone,
    )
    if found is None:
        return None
    measure, difference = found.instrument.headline, found.difference
    scores = [_score("Before", found.first_before, found.last_before, found.before, measure, "before")]
    if found.since and found.first_since and found.last_since:
        scores.append(_score("Since", found.first_since, found.last_since, found.since, measure, "since"))
    change = change_of(measure, difference, noun="difference")
    interval = f"{signed(difference.interval.low)} to {signed(difference.interval.high)}" if difference else ""
    return ShownEffect(found.instrument.label, scores, change, "" if change and change.is_few else interval)


def _score(label: str, first: date, last: date, figure: Figure, measure: Measure, key: str) -> ShownScore:
    value, interval = value_words(measure, figure.value), figure.interval
    words = interval_words(measure, figure)
    return ShownScore(
        label=label,
        days=f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}",
        value=value,
        detail=f"n = {count_words(figure.n)}" + (f", {words}" if words else ""),
        bar=headline_bar(
            None if figure.value is None else float(figure.value),
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            previous=None,
            scale=SCALES[measure.unit],
            label=f"{label}: {measure.label} {value}, n = {figure.n}",
            chart_id=f"score-{key}",
        ),
    )
