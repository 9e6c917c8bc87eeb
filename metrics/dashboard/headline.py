"""The first card: the score as a number with its margin, and the rates beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from metrics import measures
from metrics.charts import headline_bar
from metrics.dashboard.choices import Choices
from metrics.dashboard.numbers import Numbers
from metrics.dashboard.words import (
    SCALES,
    Change,
    change_of,
    count_words,
    interval_words,
    margin_words,
    value_words,
)
from metrics.measures import COMMENT_RATE, RESPONSE_RATE, Measure
from metrics.periods import Compare
from metrics.tally import Tally


@dataclass(frozen=True)
class Headline:
    """The score of the period; `exact` is the same with one decimal and its interval."""

    label: str
    value: str
    margin: str
    n: str
    exact: str
    change: Change | None
    compared_with: str
    definition: str
    bar: str


@dataclass(frozen=True)
class Fact:
    """One further figure with its base."""

    label: str
    value: str
    margin: str = ""
    detail: str = ""
    href: str = ""
    definition: str = ""


def headline_of(choices: Choices, numbers: Numbers) -> Headline:
    measure = choices.instrument.headline
    figure = measure.figure(numbers.now.whole)
    previous = measure.figure(numbers.before.whole) if numbers.before else None
    value, margin = value_words(measure, figure.value), margin_words(measure, figure)
    return Headline(
        label=choices.instrument.label,
        value=value,
        margin=margin,
        n=count_words(figure.n),
        exact=_exact(measure, figure),
        change=change_of(measure, measure.difference(figure, previous)) if previous else None,
        compared_with=COMPARED_WITH[choices.compare],
        definition=measure.definition,
        bar=headline_bar(
            None if figure.value is None else float(figure.value),
            low=figure.interval.low if figure.interval else None,
            high=figure.interval.high if figure.interval else None,
            previous=None if previous is None or previous.value is None else float(previous.value),
            scale=SCALES[measure.unit],
            label=f"{choices.instrument.label} {value} {margin}, n = {count_words(figure.n)}",
            chart_id="headline-bar",
            previous_word=PREVIOUS_WORD[choices.compare],
        ),
    )


def _exact(measure: Measure, figure: Any) -> str:
    interval = interval_words(measure, figure)
    return f"{value_words(measure, figure.value, 1)}, 95 % interval {interval}" if interval else ""


def facts_of(choices: Choices, numbers: Numbers, *, least: int = 0) -> list[Fact]:
    """The second number of the instrument, then response and comment rate; those that rest on `least` or more."""
    wanted = [choices.instrument.second, RESPONSE_RATE, COMMENT_RATE]
    return [
        _fact(measure, choices, numbers)
        for measure in wanted
        if measure and measure.figure(numbers.now.whole).n >= least
    ]


def registered_facts(choices: Choices) -> list[Callable[[], Any]]:
    """What higher floors add, each to be called by itself."""
    first, last = choices.period.first, choices.period.last
    return [partial(figure, first, last) for figure in measures.registered.values()]


def _fact(measure: Measure, choices: Choices, numbers: Numbers) -> Fact:
    figure = measure.figure(numbers.now.whole)
    before = measure.figure(numbers.before.whole) if numbers.before else None
    change = change_of(measure, measure.difference(figure, before)) if before else None
    base = _base(measure, numbers.now.whole)
    return Fact(
        label=measure.label,
        value=value_words(measure, figure.value),
        margin=margin_words(measure, figure).removeprefix("±"),
        detail=f"{base}, {change.sentence}" if change and not change.is_few else base,
        definition=measure.definition,
    )


def _base(measure: Measure, tally: Tally) -> str:
    if measure is RESPONSE_RATE:
        return (
            f"{count_words(tally.answered)} of {count_words(tally.delivered)} asked"
            if tally.delivered
            else "nobody asked"
        )
    if measure is COMMENT_RATE:
        return f"{count_words(tally.comments)} of {count_words(tally.n)} answers"
    return f"n = {count_words(tally.n)}"


COMPARED_WITH = {
    Compare.PREVIOUS: "vs previous",
    Compare.YEAR: "vs a year ago",
    Compare.NONE: "",
}
PREVIOUS_WORD = {Compare.PREVIOUS: "previous", Compare.YEAR: "a year ago", Compare.NONE: ""}
