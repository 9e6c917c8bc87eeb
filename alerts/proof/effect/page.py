"""The page of the effect: next answers side by side, the draw where there is one, and what is at stake."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from alerts.proof.effect.next_answers import Drawn, NextAnswers, drawn, with_and_without
from alerts.proof.effect.revenue import Worth, revenue
from alerts.proof.section import Timespan
from metrics.charts import headline_bar
from metrics.dashboard.words import SCALES, count_words, interval_words, value_words
from metrics.measures import INSTRUMENTS, Instrument
from metrics.statistics.differences import Difference, Verdict
from metrics.statistics.many_comparisons import adjusted
from metrics.statistics.means import Mean
from metrics.statistics.rounding import plain, rounded, signed
from metrics.statistics.shares import Share
from metrics.statistics.stratified import stratified_difference
from metrics.tally import Tally
from surveys.models import Survey
from surveys.scoring import Group


@dataclass(frozen=True)
class Side:
    """One group of customers in words."""

    label: str
    customers: str
    answered: str
    contacted: str
    value: str
    interval: str
    bar: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two sides and what lies between them."""

    sides: tuple[Side, Side]
    value: str
    interval: str
    finding: str
    title: str = ""


@dataclass(frozen=True)
class Money:
    """One line of what customers are worth."""

    label: str
    value: str
    detail: str
    explanation: str


@dataclass(frozen=True)
class EffectPage:
    instrument: Instrument
    instruments: Sequence[tuple[str, str, bool, None]]
    comparison: Comparison | None
    draws: Sequence[Comparison]
    money: Sequence[Money]
    has_values: bool


def effect_page(span: Timespan, *, zone: ZoneInfo, measure: str) -> EffectPage:
    """Five queries for any number of answers."""
    mine = _instruments()
    instrument = next((each for each in mine if each.key == measure), mine[0])
    start, end = span.period.bounds(zone)
    scale = {"measure": instrument.measure, "points": instrument.points}
    told, untold = with_and_without(start, end, **scale)  # type: ignore[arg-type]
    worth = revenue(start, end)
    money = [
        _money("At risk", worth.at_risk, "The loop is open, or it was closed and the customer says it is no better."),
        _money("Saved", worth.saved, "Recovered when asked again after closing."),
        _money("Not known", worth.unknown, "Closed, and the customer did not say that it helped."),
        _money("Lost", worth.lost, "Resolved as a customer who is gone."),
    ]
    comparison = _comparison(instrument, ("With a contact", told), ("Without", untold))
    return EffectPage(
        instrument=instrument,
        instruments=[
            (each.label, span.address(measure=each.key), each is instrument, None) for each in mine if len(mine) > 1
        ],
        comparison=comparison if told.customers or untold.customers else None,
        draws=_draws(instrument, drawn(start, end, **scale)),  # type: ignore[arg-type]
        money=money,
        has_values=any(each.valued for each in (worth.at_risk, worth.saved, worth.unknown, worth.lost)),
    )


def _instruments() -> list[Instrument]:
    """Those the organization has surveys for; NPS where there are none. One query."""
    used = set(Survey.objects.values_list("measure", "points").distinct())
    return [each for each in INSTRUMENTS.values() if (each.measure, each.points) in used] or [INSTRUMENTS["nps"]]


def _draws(instrument: Instrument, versions: Sequence[Drawn]) -> list[Comparison]:
    """All versions together, where there are several, then each. Among many comparisons some look real by chance:
    their verdicts are adjusted for that."""
    measure = instrument.headline
    differences = adjusted(
        [measure.difference(*(measure.figure(side.tally) for side in (each.acted, each.held))) for each in versions]
    )
    rows = [
        _compared(
            instrument,
            ("Acted on", each.acted),
            ("Left alone", each.held),
            difference,
            title=f"{each.name}, version {each.version}",
        )
        for each, difference in zip(versions, differences, strict=True)
    ]
    if len(rows) < 2:
        return rows
    acted, held = (
        NextAnswers(
            sum(each.firsts[side].customers for each in versions),
            Tally.total(each.firsts[side].tally for each in versions),
            sum(each.firsts[side].contacted for each in versions),
            sum(each.firsts[side].otherwise for each in versions),
        )
        for side in (0, 1)
    )
    strata = [tuple(_credit(instrument, side.tally) for side in each.firsts) for each in versions]
    together = stratified_difference(strata)  # type: ignore[arg-type]
    title = "All together, each version against itself, each customer once"
    return [_compared(instrument, ("Acted on", acted), ("Left alone", held), together, title=title), *rows]


def _credit(instrument: Instrument, tally: Tally) -> Mean:
    """The headline as a mean of what each answer adds to it: 100, 0 or, where detractors are taken off, -100."""
    worst = -100 if instrument.headline.unit == "points" else 0
    worth = {Group.PROMOTER: 100, Group.PASSIVE: 0, Group.DETRACTOR: worst}
    added = [(worth[instrument.scale.group_of(score)], n) for score, n in tally.by_score.items()]
    squares = sum(value**2 * n for value, n in added)
    return Mean(tally.n, sum(value * n for value, n in added), squares, (worst, 100))


def _comparison(instrument: Instrument, first: tuple[str, NextAnswers], second: tuple[str, NextAnswers]) -> Comparison:
    measure = instrument.headline
    difference = measure.difference(*(measure.figure(each.tally) for _, each in (first, second)))
    return _compared(instrument, first, second, difference)


def _compared(
    instrument: Instrument,
    first: tuple[str, NextAnswers],
    second: tuple[str, NextAnswers],
    difference: Difference | None,
    *,
    title: str = "",
) -> Comparison:
    """Below 30 on a side there is no difference to print: it would be read."""
    is_enough = difference is not None and difference.verdict is not Verdict.TOO_FEW
    unit = "" if instrument.headline.unit == "points" else " pts"
    return Comparison(
        sides=(
            _side(instrument, *first, number=1 if not title else 0),
            _side(instrument, *second, number=2 if not title else 0),
        ),
        value=f"{signed(difference.value)}{unit}" if difference and is_enough else "–",
        interval=f"{signed(difference.interval.low)} to {signed(difference.interval.high)}"
        if difference and is_enough
        else "",
        finding=_finding(difference),
        title=title,
    )


def _side(instrument: Instrument, label: str, group: NextAnswers, *, number: int) -> Side:
    measure = instrument.headline
    figure = measure.figure(group.tally)
    value, interval = value_words(measure, figure.value), figure.interval
    share = plain(Share(group.answered, group.customers).value or 0)
    return Side(
        label=label,
        customers=count_words(group.customers),
        answered=f"{count_words(group.answered)} of {count_words(group.customers)} answered again ({share} %)",
        contacted=_care_words(group),
        value=value,
        interval=interval_words(measure, figure),
        bar=headline_bar(
            None if figure.value is None else float(figure.value),
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            previous=None,
            scale=SCALES[measure.unit],
            label=f"{label}: {instrument.label} {value}, n = {group.answered}",
            chart_id=f"effect-{number}",
        )
        if number
        else "",
    )


def _care_words(group: NextAnswers) -> str:
    """ "40 of 52 contacted before, 3 followed up because of another rule"."""
    words = f"{count_words(group.contacted)} of {count_words(group.customers)} contacted before"
    if group.otherwise:
        words += f", {count_words(group.otherwise)} followed up because of another rule"
    return words


def _finding(difference: Difference | None) -> str:
    if difference is None:
        return "One side has no next answers yet."
    if difference.verdict is Verdict.TOO_FEW:
        return "Too few next answers to compare: 30 are needed on each side."
    if difference.verdict is Verdict.WITHIN_NOISE:
        return "The difference is within noise."
    return "The difference is more than noise."


def _money(label: str, worth: Worth, explanation: str) -> Money:
    detail = f"{count_words(worth.customers)} customer{'' if worth.customers == 1 else 's'}"
    if worth.valued < worth.customers:
        detail += f", {count_words(worth.valued)} of them with a value"
    return Money(label, f"{rounded(worth.value):,}" if worth.valued else "–", detail, explanation)
