"""Targets as their list shows them."""

from dataclasses import dataclass

from django.urls import reverse

from metrics.dashboard.ground import Ground
from metrics.dashboard.words import day_words, value_words
from metrics.models import Target
from metrics.periods import canonical_query
from metrics.targets.outlook import Outlook, Standing, outlook_of
from surveys.models import Channel

ARCHIVED_SHOWN = 50
TONES = {
    Standing.WOULD_BE_REACHED: ("chip-ok", "On its way"),
    Standing.WOULD_BE_MISSED: ("chip-warn", "Off its way"),
    Standing.COULD_GO_EITHER_WAY: ("", "Open"),
    Standing.WAS_REACHED: ("chip-ok", "Reached"),
    Standing.WAS_MISSED: ("chip-warn", "Missed"),
    Standing.TOO_FEW: ("", "Too few answers"),
    Standing.TOO_FAR: ("", "Too early to say"),
}


@dataclass(frozen=True)
class Row:
    """One target in words; `dashboard_url` shows it on its trend. An archived one has no outlook."""

    target: Target
    name: str
    way: str
    dashboard_url: str
    outlook: Outlook | None = None

    @property
    def chip(self) -> tuple[str, str]:
        """Its class and its word."""
        return TONES[self.outlook.standing] if self.outlook else ("", "Archived")


def live_rows(ground: Ground) -> list[Row]:
    """Those whose day comes first stand first; two queries for each, and one."""
    targets = Target.objects.filter(archived_at=None).order_by("by_on", "id")
    return [_row(each, ground, outlook_of(each, today=ground.today, zone=ground.zone)) for each in targets]


def archived_rows(ground: Ground) -> list[Row]:
    """The newest ones. One query."""
    targets = Target.objects.filter(archived_at__isnull=False).order_by("-archived_at")[:ARCHIVED_SHOWN]
    return [_row(each, ground) for each in targets]


def name_of(target: Target, ground: Ground) -> str:
    """ "NPS of After delivery, Delivery, E-mail": the score and what narrows it."""
    surveys = {each.id: each.name for each in ground.surveys}
    narrowed = [
        surveys.get(target.survey_id, "a draft") if target.survey_id else "",
        ground.touchpoint_names.get(target.touchpoint_id, "") if target.touchpoint_id else "",
        Channel(target.channel).label if target.channel else "",
    ]
    parts = [part for part in narrowed if part]
    return f"{target.instrument.label}: {', '.join(parts)}" if parts else f"{target.instrument.label} of all answers"


def way_of(target: Target) -> str:
    """ "+40 on 1 January 2026 to +45 by 31 December 2026"."""
    measure = target.instrument.headline
    start, end = (value_words(measure, value, 1) for value in (target.from_value, target.to_value))
    return f"{start} on {day_words(target.start_on)} to {end} by {day_words(target.by_on)}"


def _row(target: Target, ground: Ground, outlook: Outlook | None = None) -> Row:
    query = {"period": "year", "touchpoint": str(target.touchpoint_id or ""), "channel": target.channel}
    if target.survey_id:
        query["survey"] = str(target.survey_id)
    elif target.instrument is not ground.instruments[0]:
        query["measure"] = target.instrument.key
    address = f"{reverse('dashboard', kwargs={'org': ground.slug})}?{canonical_query(query)}"
    return Row(target, name_of(target, ground), way_of(target), address, outlook)
