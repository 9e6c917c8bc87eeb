"""Addresses that the dashboard leads to."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from metrics.dashboard.choices import Choices
from metrics.periods import canonical_query


def answers_url(choices: Choices, **filters: str) -> str:
    """The list of the answers behind the dashboard, narrowed further by `filters`."""
    first, last = choices.period.first.isoformat(), choices.period.last.isoformat()
    query = {"measure": choices.instrument.measure, "from": first, "to": last, **filters}
    if choices.survey:
        query["survey"] = str(choices.survey.id)
    if choices.touchpoint:
        query["touchpoint"] = str(choices.touchpoint.id)
    if choices.channel:
        query["channel"] = choices.channel
    path = place("response_list", org=choices.ground.slug)
    return f"{path}?{canonical_query(query)}" if path else ""


def csv_url(choices: Choices, table: str) -> str:
    path = reverse("dashboard_csv", kwargs={"org": choices.ground.slug, "table": table})
    return f"{path}?{choices.query}" if choices.query else path


def place(name: str, **parts: Any) -> str:
    """The path of a page, empty where there is none."""
    try:
        return reverse(name, kwargs=parts)
    except NoReverseMatch:
        return ""
