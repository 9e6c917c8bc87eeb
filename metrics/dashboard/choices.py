"""What a dashboard shows, as its URL says it: read, changed and written back without defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.http import Http404

from journeys.models import Touchpoint
from metrics.buckets import unit_for, units_for
from metrics.dashboard.ground import Ground
from metrics.measures import Instrument
from metrics.periods import (
    SHORTCUTS,
    Compare,
    Period,
    PeriodError,
    PeriodKey,
    canonical_query,
    parse_compare,
    parse_period,
    period_of,
    period_query,
)
from metrics.reading import Slice
from surveys.models import Channel, Survey

SORTS = ("name", "score", "margin", "n", "change")
DEFAULT_SORT = "-n"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Choices:
    """`error` says which parameter was wrong when the period of the URL could not be shown."""

    ground: Ground
    period: Period
    compare: Compare
    instrument: Instrument
    survey: Survey | None = None
    touchpoint: Touchpoint | None = None
    channel: str = ""
    unit: str = ""
    sort: str = DEFAULT_SORT
    error: PeriodError | None = None

    @cached_property
    def wanted(self) -> Slice:
        return Slice(
            self.instrument.measure,
            self.instrument.points,
            self.survey.id if self.survey else None,
            self.touchpoint.id if self.touchpoint else None,
            self.channel or None,
        )

    @cached_property
    def bucket_unit(self) -> str:
        return self.unit if self.unit in units_for(self.period) else unit_for(self.period)

    @property
    def comparison(self) -> Period | None:
        return self.period.compared_with(self.compare)

    @property
    def is_filtered(self) -> bool:
        return bool(self.survey or self.touchpoint or self.channel)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Of the URL, without defaults."""
        chosen = period_query(self.period, self.compare)
        if self.survey:
            chosen["survey"] = str(self.survey.id)
        elif self.instrument is not self.ground.instruments[0]:
            chosen["measure"] = self.instrument.key
        if self.touchpoint:
            chosen["touchpoint"] = str(self.touchpoint.id)
        if self.channel:
            chosen["channel"] = self.channel
        if self.bucket_unit != unit_for(self.period):
            chosen["unit"] = self.bucket_unit
        if self.sort != DEFAULT_SORT:
            chosen["sort"] = self.sort
        return chosen

    @property
    def query(self) -> str:
        return canonical_query(self.parameters) or self.ground.plain_query

    @property
    def kept_query(self) -> str:
        """To be kept: it names the measure also where the survey says it, as the survey may go."""
        return canonical_query({**self.parameters, "measure": self.instrument.key})

    @property
    def url(self) -> str:
        path, query = self.ground.path, self.query
        return f"{path}?{query}" if query else path

    def url_with(self, **changes: Any) -> str:
        """The address of the same dashboard with other choices."""
        return replace(self, **changes).url

    def url_with_period(self, key: PeriodKey) -> str:
        # Where all time begins does not stand in the URL.
        return self.url_with(period=period_of(key, today=self.ground.today))

    def url_with_instrument(self, instrument: Instrument) -> str:
        return self.url_with(instrument=instrument, survey=None)


def choices_of(query: Mapping[str, str], ground: Ground) -> Choices:
    """What the URL asks for. A survey decides the measure; a unit or order that does not fit is left out.

    Raises Http404 for a survey or touchpoint that is not there.
    """
    survey = _row(ground.surveys, query.get("survey", ""))
    touchpoint = _row(ground.touchpoints, query.get("touchpoint", ""))
    period, compare, error = _period(query, ground)
    sort, channel = query.get("sort", ""), query.get("channel", "")
    return Choices(
        ground=ground,
        period=period,
        compare=compare,
        instrument=_instrument(query, ground, survey),
        survey=survey,
        touchpoint=touchpoint,
        channel=channel if channel in Channel.values else "",
        unit=query.get("unit", ""),
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        error=error,
    )


def _period(query: Mapping[str, str], ground: Ground) -> tuple[Period, Compare, PeriodError | None]:
    is_all = query.get("period", "").strip().lower() == PeriodKey.ALL
    span = ground.span if is_all else None
    try:
        period = parse_period(query, today=ground.today, earliest=span[0] if span else None)
        return period, parse_compare(query), None
    except PeriodError as error:
        return parse_period({}, today=ground.today), Compare.PREVIOUS, error


def _instrument(query: Mapping[str, str], ground: Ground, survey: Survey | None) -> Instrument:
    if survey:
        return next(each for each in ground.instruments if survey in ground.surveys_of(each))
    wanted = query.get("measure", "")
    return next((each for each in ground.instruments if each.key == wanted), ground.instruments[0])


def _row(rows: list[Row], text: str) -> Row | None:
    if not text:
        return None
    try:
        wanted = UUID(text)
    except ValueError:
        raise Http404("There is no such choice.")
    for row in rows:
        if row.pk == wanted:
            return row
    raise Http404("There is no such choice.")


PERIOD_KEYS = {key: letter for letter, key in SHORTCUTS.items()}
