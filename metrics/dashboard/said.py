"""What a dashboard shows, in words: "NPS, last 30 days vs previous, Delivery, E-mail"."""

from metrics.dashboard.choices import Choices
from metrics.periods import Compare, PeriodKey
from surveys.models import Channel

COMPARED = {Compare.PREVIOUS: "vs previous", Compare.YEAR: "vs a year ago", Compare.NONE: ""}


def said_of(choices: Choices) -> list[str]:
    """Its measure, its period and each filter."""
    return [choices.instrument.label, said_period(choices), *said_filters(choices)]


def said_period(choices: Choices) -> str:
    compared = COMPARED[choices.compare] if choices.period.key is not PeriodKey.ALL else ""
    return f"{choices.period.label} {compared}".strip()


def said_filters(choices: Choices) -> list[str]:
    chosen = [choices.survey.name if choices.survey else "", choices.touchpoint.name if choices.touchpoint else ""]
    chosen.append(str(Channel(choices.channel).label) if choices.channel else "")
    return [each for each in chosen if each]
