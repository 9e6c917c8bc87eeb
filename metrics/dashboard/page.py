"""The dashboard as a whole: its cards, each of which fails alone."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from metrics.dashboard import example
from metrics.dashboard.choices import Choices
from metrics.dashboard.feed import feed_of
from metrics.dashboard.filters import Filters, filters_of
from metrics.dashboard.headline import facts_of, headline_of, registered_facts
from metrics.dashboard.links import answers_url, csv_url
from metrics.dashboard.movement import annotations_of, trend_figure
from metrics.dashboard.numbers import Numbers, numbers_of
from metrics.dashboard.spread import groups_of, spread_figure
from metrics.dashboard.touchpoints import touchpoint_table
from metrics.periods import PeriodKey
from metrics.targets.aim import Aim, aim_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Card:
    """What a card shows, or that it could not be made."""

    content: Any = None
    is_broken: bool = False


@dataclass(frozen=True)
class Page:
    """`cards` by name; empty where there is nothing to show. `is_new`: nothing was ever heard or asked."""

    choices: Choices
    filters: Filters
    cards: dict[str, Any] = field(default_factory=dict)
    is_new: bool = False
    all_time_url: str = ""


def page_of(choices: Choices) -> Page:
    """At most 19 queries, and those of registered figures."""
    numbers = numbers_of(choices)
    filters = filters_of(choices)
    if not numbers.is_empty:
        return Page(choices, filters, cards_of(choices, numbers))
    if not choices.is_filtered and choices.ground.span is None:
        return Page(choices, filters, _example(choices), is_new=True)
    return Page(choices, filters, all_time_url=choices.url_with_period(PeriodKey.ALL))


def cards_of(choices: Choices, numbers: Numbers) -> dict[str, Any]:
    """Notes on the trend, its target, the feed and registered figures ask the database; whatever breaks there is undone
    and said in its card, and the other cards stand."""
    notes, aim, feed, *facts = kept(
        lambda: annotations_of(choices, numbers.buckets),
        lambda: aim_of(choices),
        lambda: feed_of(choices, numbers),
        *registered_facts(choices),
    )
    cards = _drawn(choices, numbers, notes.content or [], aim.content)
    cards["facts"] += facts
    return cards | {"aim": aim, "feed": feed}


def kept(*makers: Callable[[], Any]) -> list[Card]:
    """A card of each maker. All share a savepoint, since they hardly ever break; when one does, each gets its own."""
    try:
        with transaction.atomic():
            return [Card(make()) for make in makers]
    except Exception:
        return [_kept_alone(make) for make in makers]


def _kept_alone(make: Callable[[], Any]) -> Card:
    try:
        with transaction.atomic():
            return Card(make())
    except Exception:  # a figure of one floor must not take the page of all with it; the log has the whole story
        logger.exception("A card of the dashboard could not be made")
        return Card(is_broken=True)


def _drawn(choices: Choices, numbers: Numbers, notes: list, aim: Aim | None = None) -> dict[str, Any]:
    headline = headline_of(choices, numbers)
    return {
        "headline": headline,
        "facts": [Card(fact) for fact in facts_of(choices, numbers)],
        "trend": trend_figure(choices, numbers, notes, csv_url(choices, "trend"), aim),
        "spread": spread_figure(
            choices,
            numbers,
            answers_url=lambda narrowed: answers_url(choices, **narrowed),
            csv_url=csv_url(choices, "scores"),
        ),
        "groups": groups_of(choices.instrument, numbers.now.whole),
        "table": touchpoint_table(
            choices,
            numbers,
            compared_with=headline.compared_with if numbers.before else "vs all others",
            csv_url=csv_url(choices, "touchpoints"),
        ),
        "answers_url": answers_url(choices),
    }


def _example(choices: Choices) -> dict[str, Any]:
    shown, numbers = example.choices_like(choices), example.numbers(choices)
    return _drawn(shown, numbers, []) | {"feed": Card(example.feed(choices))}
