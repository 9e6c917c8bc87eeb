"""The page of the effect: next answers side by side, the draw where there is one, and what is at stake."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from alerts.proof.effect.next_answers import NextAnswers, drawn, with_and_without
from alerts.proof.effect.revenue import Worth, revenue
from alerts.proof.section import Timespan
from metrics.charts import headline_bar
from metrics.dashboard.words import SCALES, count_words, interval_words, margin_words, value_words
from metrics.measures import INSTRUMENTS, Instrument
from metrics.statistics.differences import Difference, Verdict
from metrics.statistics.rounding import plain, rounded, signed
from metrics.statistics.shares import Share
from surveys.models import Survey


@dataclass(frozen=True)
class Side:
    """One group of customers in words."""

    label: str
    customers: str
    answered: str
    value: str
    margin: str
    interval: str
    bar: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two sides and what lies between them."""

    sides: tuple[Side, Side]
    value: str
    interval: str
    finding: str
    is_real: bool = False
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
    """Four queries for any number of answers."""
    mine = _instruments()
    instrument = next((each for each in mine if each.key == measure), mine[0])
    start, end = span.period.bounds(zone)
    scale = {"measure": instrument.measure, "points": instrument.points}
    told, untold = with_and_without(start, end, **scale)  # type: ignore[arg-type]
    worth = revenue(start, end)
    money = [
        _money("At risk", worth.at_risk, "The loop is not closed yet."),
        _money("Saved", worth.saved, "Recovered when asked again after closing."),
        _money("Lost", worth.lost, "Resolved as a customer who is gone."),
    ]
    comparison = _comparison(instrument, ("With a contact", told), ("Without", untold))
    return EffectPage(
        instrument=instrument,
        instruments=[
            (each.label, span.address(measure=each.key), each is instrument, None) for each in mine if len(mine) > 1
        ],
        comparison=comparison if told.customers or untold.customers else None,
        draws=[
            _comparison(
                instrument,
                ("Acted on", each.acted),
                ("Left alone by the draw", each.held),
                title=f"{each.name}, version {each.version}",
            )
            for each in drawn(start, end, **scale)  # type: ignore[arg-type]
        ],
        money=money,
        has_values=any(each.valued for each in (worth.at_risk, worth.saved, worth.lost)),
    )


def _instruments() -> list[Instrument]:
    """Those the organization has surveys for; NPS where there are none. One query."""
    used = set(Survey.objects.values_list("measure", "points").distinct())
    return [each for each in INSTRUMENTS.values() if (each.measure, each.points) in used] or [INSTRUMENTS["nps"]]


def _comparison(
    instrument: Instrument, first: tuple[str, NextAnswers], second: tuple[str, NextAnswers], *, title: str = ""
) -> Comparison:
    measure = instrument.headline
    figures = [measure.figure(each.tally) for _, each in (first, second)]
    difference = measure.difference(*figures)
    unit = "" if measure.unit == "points" else " pts"
    return Comparison(
        sides=(
            _side(instrument, *first, number=1 if not title else 0),
            _side(instrument, *second, number=2 if not title else 0),
        ),
        value=f"{signed(difference.value)}{unit}" if difference else "–",
        interval=f"{signed(difference.interval.low)} to {signed(difference.interval.high)}" if difference else "",
        finding=_finding(difference),
        is_real=difference is not None and difference.verdict is Verdict.REAL,
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
        value=value,
        margin=margin_words(measure, figure),
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
