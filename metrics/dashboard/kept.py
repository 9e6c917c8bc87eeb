"""Choices that were kept, read again later: what they name may be gone by then."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from metrics.dashboard.choices import Choices, choices_of
from metrics.dashboard.ground import Ground
from surveys.models import Channel

MOST_CHARACTERS = 1000


@dataclass(frozen=True)
class Kept:
    """The choices without what is `missing`: "survey", "touchpoint", "channel", "measure" or "period"."""

    choices: Choices
    missing: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.missing


def kept_choices(query: str, ground: Ground) -> Kept:
    """What a kept query shows today. No query, except the first for all time."""
    asked = dict(parse_qsl(query[:MOST_CHARACTERS]))
    known = {
        "survey": {str(survey.pk) for survey in ground.surveys},
        "touchpoint": {str(touchpoint.pk) for touchpoint in ground.touchpoints},
        "channel": set(Channel.values),
        "measure": {instrument.key for instrument in ground.instruments},
    }
    missing = [name for name, values in known.items() if name in asked and asked[name] not in values]
    choices = choices_of({name: value for name, value in asked.items() if name not in missing}, ground)
    if choices.error:
        missing.append("period")
    return Kept(choices, tuple(missing))


def cleaned_query(query: str, ground: Ground) -> str:
    """A query as it is kept: what is known of it, sorted, with the measure."""
    return kept_choices(query, ground).choices.kept_query
