"""What people without an account see of a dashboard: its figures without small cells, names, words and ways onward."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from metrics.buckets import units_for
from metrics.dashboard.choices import Choices
from metrics.dashboard.ground import ground_now
from metrics.dashboard.headline import facts_of, headline_of
from metrics.dashboard.kept import kept_choices
from metrics.dashboard.movement import annotations_of, trend_figure
from metrics.dashboard.numbers import Numbers, numbers_of
from metrics.dashboard.said import said_filters, said_period
from metrics.dashboard.small import Small, hidden_answers, small_of
from metrics.dashboard.spread import groups_of, spread_figure
from metrics.dashboard.touchpoints import touchpoint_table
from metrics.models import DashboardLink
from metrics.statistics.sizes import ENOUGH_TO_SHOW

# In a unit of time that hides more of the answers than this, there is little left to see.
MOST_HIDDEN = 0.1


@dataclass(frozen=True)
class SharedPage:
    """`cards` is empty where nothing may or can be shown; `is_too_small` tells which."""

    name: str
    organization: str
    said: list[str]
    as_of: datetime
    expires_at: datetime
    label: str
    cards: dict[str, Any] = field(default_factory=dict)
    is_too_small: bool = False
    hides_cells: bool = False


def shared_page(link: DashboardLink, *, at: datetime) -> SharedPage | None:
    """None where a choice of the link is gone: what is left would be more than was shared.

    At most 4 queries, and 2 more for each unit of time that hides too much.
    """
    kept = kept_choices(link.query, ground_now(link.organization))
    if not kept.is_whole:
        return None
    choices, numbers, small = _in_fitting_unit(kept.choices)
    page = SharedPage(
        name=link.name,
        organization=link.organization.name,
        said=[said_period(choices), *said_filters(choices)],
        as_of=at,
        expires_at=link.expires_at,
        label=choices.instrument.label,
        is_too_small=small.is_whole,
    )
    if small.is_whole or not numbers.now.whole.n:
        return page
    return replace(page, cards=_cards(choices, numbers, small), hides_cells=bool(small.buckets or small.touchpoints))


def _in_fitting_unit(choices: Choices) -> tuple[Choices, Numbers, Small]:
    """The unit of the link, or the first coarser one that hides no more than a few answers."""
    units = units_for(choices.period)
    numbers, small = numbers_of(choices), Small()
    for unit in units[units.index(choices.bucket_unit) :]:
        if unit != choices.bucket_unit:
            choices = replace(choices, unit=unit)
            numbers = numbers_of(choices)
        small = small_of(numbers)
        if small.is_whole or hidden_answers(numbers, small) <= MOST_HIDDEN * numbers.now.whole.n:
            break
    return choices, numbers, small


def _cards(choices: Choices, numbers: Numbers, small: Small) -> dict[str, Any]:
    compared = replace(numbers, before=None) if small.is_before else numbers
    headline = headline_of(choices, compared)
    return {
        "headline": headline,
        "facts": facts_of(choices, compared, least=ENOUGH_TO_SHOW),
        "trend": trend_figure(
            choices, numbers, annotations_of(choices, numbers.buckets), "", small=small, is_still=True
        ),
        "spread": spread_figure(choices, numbers, answers_url=lambda narrowed: "", csv_url=""),
        "groups": groups_of(choices.instrument, numbers.now.whole),
        "table": touchpoint_table(
            choices,
            numbers,
            compared_with=headline.compared_with if numbers.before else "vs all others",
            csv_url="",
            small=small,
        ),
    }
