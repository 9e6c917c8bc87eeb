"""Addresses that the dashboard leads to."""

from django.urls import reverse

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
    return f"{reverse('response_list', kwargs={'org': choices.ground.slug})}?{canonical_query(query)}"


def csv_url(choices: Choices, table: str) -> str:
    path = reverse("dashboard_csv", kwargs={"org": choices.ground.slug, "table": table})
    return f"{path}?{choices.query}" if choices.query else path
