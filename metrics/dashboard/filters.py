"""The filter bar: what can be chosen, what is chosen, and how to take it away again."""

from dataclasses import dataclass
from datetime import date

from metrics.buckets import units_for
from metrics.dashboard.choices import PERIOD_KEYS, Choices
from metrics.periods import LABELS, Compare, PeriodKey
from surveys.models import Channel

SHORT_LABELS = {
    PeriodKey.TODAY: "Today",
    PeriodKey.WEEK: "7 days",
    PeriodKey.MONTH: "30 days",
    PeriodKey.QUARTER: "13 weeks",
    PeriodKey.YEAR: "12 months",
    PeriodKey.ALL: "All time",
}
COMPARE_LABELS = {
    Compare.PREVIOUS: "vs previous",
    Compare.YEAR: "vs a year ago",
    Compare.NONE: "No comparison",
}


@dataclass(frozen=True)
class Step:
    """One of a few choices next to each other."""

    key: str
    label: str
    url: str
    is_current: bool
    letter: str = ""
    long_label: str = ""


@dataclass(frozen=True)
class Select:
    """One choice of many. Its first option has an empty value."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]
    letter: str = ""


@dataclass(frozen=True)
class Filters:
    """`kept` and `kept_by_dates` are the parameters that the two forms carry along."""

    path: str
    tabs: list[tuple[str, str, bool, None]]
    periods: list[Step]
    units: list[Step]
    selects: list[Select]
    pills: list[tuple[str, str, str]]
    clear_url: str
    kept: list[tuple[str, str]]
    kept_by_dates: list[tuple[str, str]]
    is_custom: bool
    custom_label: str
    first: date
    last: date
    today: date
    error: str


def filters_of(choices: Choices) -> Filters:
    ground, period = choices.ground, choices.period
    selects = _selects(choices)
    in_selects = {select.name for select in selects}
    parameters = choices.parameters
    is_custom = period.key is PeriodKey.CUSTOM
    return Filters(
        path=ground.path,
        tabs=[
            (each.label, choices.url_with_instrument(each), each is choices.instrument, None)
            for each in ground.instruments
        ]
        if len(ground.instruments) > 1
        else [],
        periods=[
            Step(
                key.value, label, choices.url_with_period(key), period.key is key, PERIOD_KEYS[key].lower(), LABELS[key]
            )
            for key, label in SHORT_LABELS.items()
        ],
        units=[
            Step(unit, unit.title(), choices.url_with(unit=unit), unit == choices.bucket_unit)
            for unit in units_for(period)
        ],
        selects=selects,
        pills=_pills(choices),
        clear_url=choices.url_with(survey=None, touchpoint=None, channel=""),
        kept=[(name, value) for name, value in parameters.items() if name not in in_selects],
        kept_by_dates=[(name, value) for name, value in parameters.items() if name not in ("period", "from", "to")],
        is_custom=is_custom,
        custom_label=period.label if is_custom else "Custom",
        first=period.first,
        last=period.last,
        today=ground.today,
        error=str(choices.error) if choices.error else "",
    )


def _selects(choices: Choices) -> list[Select]:
    ground = choices.ground
    surveys = ground.surveys_of(choices.instrument)
    selects = [
        Select(
            "compare",
            "Compare",
            [
                ("" if each is Compare.PREVIOUS else each.value, label, each is choices.compare)
                for each, label in COMPARE_LABELS.items()
            ],
            "x",
        )
    ]
    if len(surveys) > 1 or choices.survey:
        rows = [(str(each.id), each.name, each == choices.survey) for each in surveys]
        selects.append(Select("survey", "Survey", [("", "All surveys", not choices.survey), *rows]))
    if ground.touchpoints:
        rows = [(str(each.id), each.name, each == choices.touchpoint) for each in ground.touchpoints]
        selects.append(Select("touchpoint", "Touchpoint", [("", "All touchpoints", not choices.touchpoint), *rows]))
    channels = [(value, label, value == choices.channel) for value, label in Channel.choices]
    selects.append(Select("channel", "Channel", [("", "All channels", not choices.channel), *channels]))
    # F goes to the first filter; comparing is none.
    selects[1] = Select(selects[1].name, selects[1].label, selects[1].options, "f")
    return selects


def _pills(choices: Choices) -> list[tuple[str, str, str]]:
    pills = []
    if choices.survey:
        pills.append(("Survey", choices.survey.name, choices.url_with(survey=None)))
    if choices.touchpoint:
        pills.append(("Touchpoint", choices.touchpoint.name, choices.url_with(touchpoint=None)))
    if choices.channel:
        pills.append(("Channel", Channel(choices.channel).label, choices.url_with(channel="")))
    return pills
