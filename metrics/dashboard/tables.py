"""The dashboard's figures as CSV: the same reading, one decimal, small cells hidden since files are passed on."""

import csv
import io
from collections.abc import Callable, Iterator

from customers.importing.refusals import escaped
from metrics.dashboard.choices import Choices
from metrics.dashboard.movement import HIDDEN, steps_of
from metrics.dashboard.numbers import Numbers
from metrics.dashboard.small import small_of
from metrics.dashboard.touchpoints import apart, in_order, rows_of
from metrics.measures import Figure
from metrics.statistics.rounding import Number, rounded
from surveys.scoring import group_word

Cells = list[str | int]


def table_csv(choices: Choices, numbers: Numbers, table: str) -> bytes:
    """One of TABLES in UTF-8 with the byte order mark spreadsheet programs need. KeyError for another name."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in TABLES[table](choices, numbers):
        writer.writerow([escaped(cell) if isinstance(cell, str) and not _is_number(cell) else cell for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _trend(choices: Choices, numbers: Numbers) -> Iterator[Cells]:
    yield ["first_day", "last_day", "answers", *_score_columns(choices), "n_of_the_window"]
    small = small_of(numbers)
    for step in steps_of(choices.instrument, numbers.buckets, numbers.tallies, hidden=small.buckets):
        score = _score_cells(step.score, is_hidden=step.is_line_hidden or not step.is_drawn)
        days: Cells = [step.bucket.first.isoformat(), step.bucket.last.isoformat()]
        heard: Cells = [HIDDEN if step.is_hidden else step.tally.n]
        yield [*days, *heard, *score, HIDDEN if step.is_line_hidden else step.window.n]


def _scores(choices: Choices, numbers: Numbers) -> Iterator[Cells]:
    yield ["score", "group", "answers"]
    tally, scale = numbers.now.whole, choices.instrument.scale
    is_hidden = small_of(numbers).is_whole
    for score in scale.scores:
        group = group_word(choices.instrument.measure, scale.group_of(score))
        yield [score, group, HIDDEN if is_hidden else tally.counts[score]]


def _touchpoints(choices: Choices, numbers: Numbers) -> Iterator[Cells]:
    yield ["touchpoint", "answers", *_score_columns(choices), "difference", "p_adjusted", "verdict"]
    shown, hidden = apart(rows_of(choices, numbers), small_of(numbers))
    for row in in_order(shown, choices.sort):
        difference: Cells = ["", "", ""]
        if row.difference:
            p = row.difference.p_adjusted
            difference = [_decimal(row.difference.value), "" if p is None else f"{p:.4f}", row.difference.verdict.value]
        yield [row.name, row.n, *_score_cells(row.score), *difference]
    for row in in_order(hidden, "name"):
        yield [row.name, HIDDEN, *_score_cells(row.score, is_hidden=True), "", "", ""]


TABLES: dict[str, Callable[[Choices, Numbers], Iterator[Cells]]] = {
    "trend": _trend,
    "scores": _scores,
    "touchpoints": _touchpoints,
}


def _score_columns(choices: Choices) -> Cells:
    key = choices.instrument.headline.key
    return [key, f"{key}_low", f"{key}_high"]


def _score_cells(score: Figure, *, is_hidden: bool = False) -> Cells:
    if is_hidden or score.value is None or score.interval is None:
        return [HIDDEN if is_hidden else ""] * 3
    return [_decimal(value) for value in (score.value, score.interval.low, score.interval.high)]


def _decimal(value: Number) -> str:
    """As programs read it: an ordinary minus, a point."""
    return f"{rounded(value, 1):f}"


def _is_number(cell: str) -> bool:
    return cell.replace("-", "", 1).replace(".", "", 1).isdigit()
