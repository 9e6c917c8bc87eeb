"""What a new target starts from: the present score of what is shown, and five points more in a year."""

from datetime import date
from decimal import Decimal
from typing import Any

from metrics.dashboard.choices import Choices
from metrics.dashboard.words import answers_words, margin_words, value_words
from metrics.periods import PeriodKey, period_of
from metrics.reading import read_compared
from metrics.statistics.rounding import rounded

FIVE_MORE = 5


def start_of(choices: Choices) -> tuple[dict[str, Any], str]:
    """What the form shows at first, and where its first value comes from, in words. Two queries.

    The score is that of the last 13 weeks; with too few answers to compare, none is offered.
    """
    today, measure = choices.ground.today, choices.instrument.headline
    period = period_of(PeriodKey.QUARTER, today=today)
    reading, _ = read_compared(
        choices.wanted, first=period.first, last=today, before=None, unit="week", zone=choices.ground.zone
    )
    figure = measure.figure(reading.whole)
    shown: dict[str, Any] = {
        "about": str(choices.survey.id) if choices.survey else choices.instrument.key,
        "touchpoint": str(choices.touchpoint.id) if choices.touchpoint else "",
        "channel": choices.channel,
        "start_on": today,
        "by_on": a_year_after(today),
    }
    if figure.value is None or not figure.is_enough_to_compare:
        return shown, "There are too few answers of the last 13 weeks to start from."
    now = rounded(figure.value, 1)
    shown |= {"from_value": now, "to_value": min(now + FIVE_MORE, Decimal(measure.high))}
    score = f"{value_words(measure, figure.value, 1)} {margin_words(measure, figure, 1)}"
    return shown, f"Over the last 13 weeks the score was {score} ({answers_words(figure.n)})."


def a_year_after(day: date) -> date:
    """The same day of the next year; the 28th of February after a 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
