"""What a score means: the scales of the three measures, and the group an answer falls into.

Internally each scale has the same three groups, so that alerts, follow-ups and charts need one vocabulary;
`group_word` gives the word that people read. Pure: no ORM, no settings.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

NPS, CSAT, CES = "nps", "csat", "ces"


class Group(StrEnum):
    """Where an answer stands, best first."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


@dataclass(frozen=True, slots=True)
class Scale:
    """The scores that can be given, `low`..`high`, whole numbers, higher is better; and where groups begin."""

    measure: str
    low: int
    high: int
    passive_from: int
    promoter_from: int
    words: tuple[str, str, str]
    """For promoters, passives and detractors."""

    @property
    def scores(self) -> range:
        return range(self.low, self.high + 1)

    def group_of(self, score: int) -> Group:
        """Raises ValueError for a score outside the scale."""
        if score not in self.scores:
            raise ValueError(_rule(self, score))
        if score >= self.promoter_from:
            return Group.PROMOTER
        return Group.PASSIVE if score >= self.passive_from else Group.DETRACTOR

    def scores_in(self, group: Group) -> tuple[int, ...]:
        """The scores that make up a group, ascending."""
        bounds = {
            Group.PROMOTER: (self.promoter_from, self.high + 1),
            Group.PASSIVE: (self.passive_from, self.promoter_from),
            Group.DETRACTOR: (self.low, self.passive_from),
        }
        return tuple(range(*bounds[group]))


_SATISFACTION = ("Satisfied", "Neutral", "Dissatisfied")

# By measure, then by number of points; the first of a measure is its default. On 7 points of satisfaction the
# top two boxes count (6, 7); 4 "neither" and 5 "somewhat satisfied" stay between, 1-3 are dissatisfied.
SCALES: dict[str, dict[int, Scale]] = {
    NPS: {11: Scale(NPS, 0, 10, 7, 9, ("Promoter", "Passive", "Detractor"))},
    CSAT: {5: Scale(CSAT, 1, 5, 3, 4, _SATISFACTION), 7: Scale(CSAT, 1, 7, 4, 6, _SATISFACTION)},
    CES: {7: Scale(CES, 1, 7, 4, 5, ("Easy", "Neutral", "Difficult"))},
}


def scale_of(measure: str, points: int | None = None) -> Scale:
    """The scale of "nps" (0-10), "csat" (1-5, or 1-7 with `points=7`) or "ces" (1-7).

    ValueError for others.
    """
    scales = SCALES.get(measure)
    if scales is None:
        raise ValueError(f"A measure is one of {', '.join(SCALES)}, not “{measure}”.")
    if points is None:
        return next(iter(scales.values()))
    if points not in scales:
        raise ValueError(f"{measure} has {' or '.join(map(str, scales))} points, not {points}.")
    return scales[points]


def group_of(measure: str, score: int, points: int | None = None) -> Group:
    """NPS 9-10 / 7-8 / 0-6, CSAT 4-5 / 3 / 1-2 (of seven 6-7 / 4-5 / 1-3), CES 5-7 / 4 / 1-3.

    Raises ValueError for a score outside the scale.
    """
    return scale_of(measure, points).group_of(score)


def group_word(measure: str, group: Group | str) -> str:
    """How people call the group under this measure: "Detractor", "Dissatisfied", "Difficult"."""
    return scale_of(measure).words[list(Group).index(Group(group))]


def is_bad(measure: str, score: int, points: int | None = None) -> bool:
    """Whether somebody should look into it: the lowest group.

    Raises ValueError for a score outside the scale.
    """
    return group_of(measure, score, points) is Group.DETRACTOR


def parse_score(measure: str, value: object, points: int | None = None) -> int:
    """A score as people, forms, files and programs write it: 9, 9.0, "9", " 9.0 ", "9,0", in digits of any script.

    Raises ValueError, with the rule as its message, for anything else.
    """
    scale = scale_of(measure, points)
    score = _whole_number(value)
    if score is None or score not in scale.scores:
        raise ValueError(_rule(scale, value))
    return score


def _whole_number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float | Decimal):
        number = Decimal(value)
        # Neither an infinity, nor "not a number", nor 1e999999 can be turned into a whole number safely.
        is_whole = number.is_finite() and -10_000 < number < 10_000 and number == int(number)
        return int(number) if is_whole else None
    if isinstance(value, str) and (match := re.fullmatch(r"\s*\+?(\d{1,4})(?:[.,]0{1,20})?\s*", value)):
        return int(match[1])
    return None


def _rule(scale: Scale, value: object) -> str:
    shown = str(value).strip()
    if not shown or value is None:
        return f"A score is missing; it must be a whole number from {scale.low} to {scale.high}."
    shown = shown if len(shown) <= 20 else shown[:19] + "…"
    return f"A score must be a whole number from {scale.low} to {scale.high}, not “{shown}”."
