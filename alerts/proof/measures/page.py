"""The loop measures as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts.models import RecoveryPlan
from alerts.proof.measures.loop import BREAKDOWN_LABELS, MEASURES, read_loop, read_whole
from alerts.proof.section import Timespan
from metrics.charts import SHARE, headline_bar
from metrics.dashboard.words import count_words
from metrics.families import Cell, FamilyReading, PeriodFigure, PeriodMeasure
from metrics.periods import Compare
from metrics.statistics.differences import Verdict
from metrics.statistics.rounding import plain, signed
from metrics.statistics.shares import Share

NOTHING = "–"
HOURS_A_DAY = 24
# What heads a column, where the label takes too much room.
SHORT = {"first_contact_median": "Contact, median", "first_contact_p90": "Contact, 90th"}


@dataclass(frozen=True)
class ShownFigure:
    """A figure in words: value, interval and base, and how it compares with the period before."""

    label: str
    value: str
    interval: str = ""
    base: str = ""
    definition: str = ""
    bar: str = ""
    change: str = ""

    @property
    def is_few(self) -> bool:
        return self.value == NOTHING


@dataclass(frozen=True)
class ShownPart:
    """One row of a breakdown."""

    name: str
    size: str
    figures: Sequence[ShownFigure]
    # The root cause it is about, where an initiative could mend it.
    cause: str = ""


@dataclass(frozen=True)
class LoopPage:
    """The whole in figures, then one breakdown of it."""

    figures: Sequence[ShownFigure]
    size: int
    breakdown: str
    breakdowns: Sequence[tuple[str, str, bool, None]]
    columns: Sequence[str]
    parts: Sequence[ShownPart]
    finding: str
    before: str
    has_recovery: bool


def loop_page(span: Timespan, *, by: str) -> LoopPage:
    """Eleven queries for any number of follow-ups. `by` is a breakdown; an unknown one is the first."""
    reading = read_loop(span.period.first, span.period.last)
    earlier = span.period.compared_with(Compare.PREVIOUS)
    before = read_whole(earlier.first, earlier.last) if earlier else {}
    breakdown = by if by in BREAKDOWN_LABELS else next(iter(BREAKDOWN_LABELS))
    return LoopPage(
        figures=[
            replace(
                shown(measure, reading.whole.figures[measure.key], of=reading.whole.size, with_bar=True),
                change=change_words(measure, reading.whole.figures[measure.key], before.get(measure.key)),
            )
            for measure in MEASURES
        ],
        size=reading.whole.size,
        breakdown=BREAKDOWN_LABELS[breakdown],
        breakdowns=[
            (label, f"{span.address(by=key)}#breakdown", key == breakdown, None)
            for key, label in BREAKDOWN_LABELS.items()
        ],
        columns=[SHORT.get(measure.key, measure.label) for measure in MEASURES],
        parts=[_part(cell, cell.key if breakdown == "root_cause" else "") for cell in reading.by[breakdown]],
        finding=_finding(reading, breakdown),
        before=earlier.label if earlier else "",
        has_recovery=RecoveryPlan.objects.filter(is_active=True).exists(),
    )


def shown(measure: PeriodMeasure, figure: PeriodFigure, *, of: int = 0, with_bar: bool = False) -> ShownFigure:
    """`of` is how many follow-ups there are: a time says how many of them it is about."""
    if figure.value is None:
        return ShownFigure(measure.label, NOTHING, base="none yet", definition=measure.definition)
    interval = figure.interval
    if isinstance(figure, Share):
        return ShownFigure(
            measure.label,
            f"{plain(figure.value)} %",
            f"{plain(interval.low)} to {plain(interval.high)} %" if interval else "",
            f"{count_words(figure.hits)} of {count_words(figure.n)}",
            measure.definition,
            _bar(measure, figure) if with_bar else "",
        )
    return ShownFigure(
        measure.label,
        hours_words(figure.value),
        f"{hours_words(interval.low)} to {hours_words(interval.high)}" if interval else "",
        f"{count_words(figure.n)} of {count_words(of)} contacted",
        measure.definition,
    )


def change_words(measure: PeriodMeasure, now: PeriodFigure, before: PeriodFigure | None) -> str:
    """ "60 % before: +12 pts, a real change"; empty where one of the two is missing.

    Shares by their difference. Times, whose intervals assume nothing, differ where these do not touch: that calls
    too few changes real rather than too many.
    """
    if before is None or before.value is None or now.value is None:
        return ""
    if isinstance(now, Share) and isinstance(before, Share):
        start = f"{plain(before.value)} % before: "
        difference = measure.difference(now, before)
        if difference is None or difference.verdict is Verdict.TOO_FEW:
            return start + Verdict.TOO_FEW.value
        change = f"{signed(difference.value)} pts, "
        return start + change + ("a real change" if difference.verdict is Verdict.REAL else Verdict.WITHIN_NOISE.value)
    start = f"{hours_words(float(before.value))} before: "
    if not (now.is_enough_to_compare and before.is_enough_to_compare and now.interval and before.interval):
        return start + Verdict.TOO_FEW.value
    is_apart = now.interval.low > before.interval.high or now.interval.high < before.interval.low
    return start + ("a real change" if is_apart else Verdict.WITHIN_NOISE.value)


def hours_words(hours: float) -> str:
    """ "45 min", "5.2 h", "3.1 days"."""
    if hours < 1:
        return f"{plain(hours * 60)} min"
    if hours < 2 * HOURS_A_DAY:
        return f"{plain(hours, 1)} h"
    return f"{plain(hours / HOURS_A_DAY, 1)} days"


def _bar(measure: PeriodMeasure, share: Share) -> str:
    interval = share.interval
    return headline_bar(
        None if share.value is None else float(share.value),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        previous=None,
        scale=SHARE,
        label=f"{measure.label} {plain(share.value or 0)} %, {share.hits} of {share.n}",
        chart_id=f"bar-{measure.key}",
    )


def _part(cell: Cell, cause: str) -> ShownPart:
    figures = [
        ShownFigure(measure.label, NOTHING, base="too few to show")
        if measure.key in cell.hidden
        else _of_part(measure, cell)
        for measure in MEASURES
    ]
    return ShownPart(cell.name, count_words(cell.size), figures, cause)


def _of_part(measure: PeriodMeasure, cell: Cell) -> ShownFigure:
    """A row of a table is read against the others: what cannot be, for fewer than 30, says so."""
    figure = cell.figures[measure.key]
    is_few = figure.value is not None and not figure.is_enough_to_compare
    return replace(shown(measure, figure, of=cell.size), change="too few" if is_few else "")


def _finding(reading: FamilyReading, breakdown: str) -> str:
    """Where most follow-ups come from, in a sentence; what belongs nowhere is no place."""
    parts = [each for each in reading.by[breakdown] if each.key]
    if not parts:
        return ""
    first = parts[0]
    share = plain(Share(first.size, reading.whole.size).value or 0)
    return f"Most: {first.name}, {count_words(first.size)} of {count_words(reading.whole.size)} follow-ups ({share} %)."
