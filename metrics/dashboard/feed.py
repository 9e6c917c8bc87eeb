"""The newest words of customers in the period, and what is being done about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from metrics.dashboard.choices import Choices
from metrics.dashboard.numbers import Numbers
from metrics.days import day_starts_at
from surveys.models import Response
from surveys.responding import verbatims_of
from surveys.scoring import group_word

LENGTH = 10
CUSTOMER = ("customer__name", "customer__email", "customer__external_id")
SHOWN = ("id", "score", "group", "measure", "touchpoint_id", "responded_at", *CUSTOMER)


@dataclass(frozen=True)
class Handling:
    """What a higher floor says about an answer: "Contacted", with the tone of its chip and where a click leads."""

    label: str
    tone: str = ""
    href: str = ""


# A higher floor that handles answers registers function(ids of responses) -> {id: Handling}; called in the scope.
_handlers: list[Callable[[list[UUID]], dict[UUID, Handling]]] = []


def register_handling(handling_of: Callable[[list[UUID]], dict[UUID, Handling]]) -> None:
    """Show with each verbatim what is being done about it; one query for all of them, please."""
    _handlers.append(handling_of)


@dataclass(frozen=True)
class Verbatim:
    """One answer with words."""

    id: UUID
    score: int
    group: str
    word: str
    text: str
    customer: str
    href: str
    touchpoint: str
    at: datetime
    handling: Handling | None


def feed_of(choices: Choices, numbers: Numbers) -> list[Verbatim]:
    """The newest answers with words, at most LENGTH; two queries and those of the handlers."""
    rows = list(_responses(choices, numbers))
    ids = [row.id for row in rows]
    if not ids:
        return []
    texts = verbatims_of(ids)
    handling: dict[UUID, Handling] = {}
    for handling_of in _handlers:
        handling |= handling_of(ids)
    names = choices.ground.touchpoint_names
    return [
        Verbatim(
            id=row.id,
            score=row.score,
            group=row.group,
            word=group_word(row.measure, row.group),
            text=texts.get(row.id, ""),
            customer=_name(row),
            href=reverse("response_detail", kwargs={"org": choices.ground.slug, "pk": row.id}),
            touchpoint=names.get(row.touchpoint_id, "") if row.touchpoint_id else "",
            at=row.responded_at,
            handling=handling.get(row.id),
        )
        for row in rows
    ]


def _responses(choices: Choices, numbers: Numbers) -> Iterable[Any]:
    since = oldest_needed(choices, numbers)
    if since is None:
        return []
    surveys = [choices.survey] if choices.survey else choices.ground.surveys_of(choices.instrument)
    _, end = choices.period.bounds(choices.ground.zone)
    rows = Response.objects.filter(
        has_verbatim=True,
        survey__in=[survey.id for survey in surveys],
        responded_at__gte=day_starts_at(since, choices.ground.zone),
        responded_at__lt=end,
    )
    if choices.touchpoint:
        rows = rows.filter(touchpoint=choices.touchpoint)
    if choices.channel:
        rows = rows.filter(channel=choices.channel)
    return rows.order_by("-responded_at", "-id").values_list(*SHOWN, named=True)[:LENGTH]


def oldest_needed(choices: Choices, numbers: Numbers) -> date | None:
    """The first day that must be looked at for LENGTH answers with words: the counts know, so that a rarely heard
    touchpoint does not send the database through every answer of the period. None when nobody wrote anything."""
    seen, oldest = 0, None
    for bucket in reversed(numbers.buckets):
        comments = numbers.now.by_bucket[bucket.key].comments if bucket.key in numbers.now.by_bucket else 0
        if comments:
            seen, oldest = seen + comments, bucket.first
        if seen >= LENGTH:
            break
    return oldest


def _name(row: Any) -> str:
    return row.customer__name or row.customer__email or row.customer__external_id or "Not known"
