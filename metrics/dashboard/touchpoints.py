"""The table by touchpoint: where things go well and where not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from metrics.charts import sparkline
from metrics.dashboard.choices import Choices
from metrics.dashboard.movement import HIDDEN, steps_of
from metrics.dashboard.numbers import Numbers
from metrics.dashboard.small import NOTHING_HIDDEN, Small
from metrics.dashboard.words import SCALES, Change, change_of, count_words, margin_words, value_words
from metrics.measures import Figure
from metrics.statistics.differences import Difference, Verdict
from metrics.statistics.many_comparisons import adjusted
from metrics.statistics.sizes import ENOUGH_TO_COMPARE
from metrics.tally import Tally

WITHOUT = "No touchpoint"


@dataclass(frozen=True)
class Row:
    """One touchpoint in figures."""

    touchpoint_id: UUID | None
    name: str
    n: int
    score: Figure
    difference: Difference | None


@dataclass(frozen=True)
class ShownRow:
    """One touchpoint in words; `url` filters by it, or takes the filter away again."""

    name: str
    url: str
    is_chosen: bool
    spark: str
    score: str
    margin: str
    n: str
    change: Change | None


@dataclass(frozen=True)
class Table:
    """`compared_with` heads the last column; `is_against_others` when there is no earlier period to compare with."""

    rows: list[ShownRow]
    finding: str
    score_label: str
    compared_with: str
    csv_url: str = ""


def touchpoint_table(
    choices: Choices, numbers: Numbers, *, compared_with: str, csv_url: str, small: Small = NOTHING_HIDDEN
) -> Table:
    """Rows that are too `small` come last, by name and without figures."""
    rows = rows_of(choices, numbers)
    shown, hidden = apart(rows, small)
    return Table(
        rows=[_shown(row, choices, numbers) for row in in_order(shown, choices.sort)]
        + [_hidden(row) for row in in_order(hidden, "name")],
        finding=_finding(choices, shown, may_be_hidden=bool(hidden)),
        score_label=choices.instrument.label,
        compared_with=compared_with,
        csv_url=csv_url,
    )


def rows_of(choices: Choices, numbers: Numbers) -> list[Row]:
    """One for each touchpoint that was heard, its difference adjusted for their number (Benjamini-Hochberg).

    It is compared with itself before; where there is no earlier period, with all the other answers.
    """
    measure = choices.instrument.headline
    heard = [(place, tally) for place, tally in numbers.now.by_touchpoint.items() if tally.n]
    scores = [measure.figure(tally) for _, tally in heard]
    others = [
        numbers.before.by_touchpoint.get(place, Tally()) if numbers.before else numbers.now.whole - tally
        for place, tally in heard
    ]
    differences = adjusted(
        [measure.difference(score, measure.figure(other)) for score, other in zip(scores, others, strict=True)]
    )
    names = choices.ground.touchpoint_names
    return [
        Row(place, names.get(place, WITHOUT) if place else WITHOUT, tally.n, score, difference)
        for (place, tally), score, difference in zip(heard, scores, differences, strict=True)
    ]


def apart(rows: list[Row], small: Small) -> tuple[list[Row], list[Row]]:
    """The rows that may be shown, without the differences that may not, and those that are hidden."""
    shown = [
        replace(row, difference=None) if small.has_no_difference(row.touchpoint_id) else row
        for row in rows
        if row.touchpoint_id not in small.touchpoints
    ]
    return shown, [row for row in rows if row.touchpoint_id in small.touchpoints]


def in_order(rows: list[Row], sort: str) -> list[Row]:
    """Sorted by a key of SORTS, downwards after a minus; what has no value comes last."""
    key: Callable[[Row], Any] = {
        "name": lambda row: row.name.casefold(),
        "score": lambda row: row.score.value,
        "margin": lambda row: row.score.margin,
        "n": lambda row: row.n,
        "change": lambda row: row.difference.value if row.difference else None,
    }[sort.removeprefix("-")]
    by_name = sorted(rows, key=lambda row: row.name.casefold())
    known = [row for row in by_name if key(row) is not None]
    known.sort(key=key, reverse=sort.startswith("-"))
    return known + [row for row in by_name if key(row) is None]


def _shown(row: Row, choices: Choices, numbers: Numbers) -> ShownRow:
    measure, instrument = choices.instrument.headline, choices.instrument
    steps = steps_of(instrument, numbers.buckets, numbers.tallies_at(row.touchpoint_id))
    place = next((each for each in choices.ground.touchpoints if each.id == row.touchpoint_id), None)
    is_chosen = place is not None and place == choices.touchpoint
    return ShownRow(
        name=row.name,
        url=choices.url_with(touchpoint=None if is_chosen else place) if place else "",
        is_chosen=is_chosen,
        spark=sparkline(
            [float(step.score.value) if step.is_drawn and step.score.value is not None else None for step in steps],
            scale=SCALES[measure.unit],
        ),
        score=value_words(measure, row.score.value, 1),
        margin=margin_words(measure, row.score),
        n=count_words(row.n),
        change=_change(row, choices, noun="change" if numbers.before else "difference"),
    )


def _hidden(row: Row) -> ShownRow:
    return ShownRow(row.name, "", False, "", HIDDEN, "", HIDDEN, None)


def _change(row: Row, choices: Choices, *, noun: str) -> Change | None:
    if row.n < ENOUGH_TO_COMPARE:
        return Change("", Verdict.TOO_FEW.value, is_few=True)
    return change_of(choices.instrument.headline, row.difference, noun=noun)


def _finding(choices: Choices, rows: list[Row], *, may_be_hidden: bool = False) -> str:
    """The lowest and the highest of those that have enough answers."""
    measure = choices.instrument.headline
    enough = [(row.score.value, row) for row in rows if row.n >= ENOUGH_TO_COMPARE and row.score.value is not None]
    if len(enough) < 2 and may_be_hidden:
        return f"Fewer than two touchpoints with {ENOUGH_TO_COMPARE} answers can be shown."
    if len(enough) < 2:
        return f"Fewer than two touchpoints have {ENOUGH_TO_COMPARE} answers."
    value: Callable[[tuple[Fraction, Row]], Fraction] = lambda pair: pair[0]  # noqa: E731
    (_, low), (_, high) = min(enough, key=value), max(enough, key=value)
    return (
        f"Lowest: {low.name} with {value_words(measure, low.score.value)}. "
        f"Highest: {high.name} with {value_words(measure, high.score.value)}."
    )
