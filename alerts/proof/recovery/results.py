"""What an answer after closing says about the one before: recovered, unchanged or worse. Pure.

Recovered: the customer stands in a better group than before. Worse: in a lower one, or, in the lowest group already,
lower by so many points that it is no slip of the finger. Everything else is unchanged. So it is the group that
decides, as in the closed loop of Reichheld and Markey, "The Ultimate Question 2.0" (2011), and a detractor who goes
from 1 to 5 is better off but not recovered.

The points: half a standard deviation of the scores is what people notice as a change (Norman, Sloan and Wyrwich,
Medical Care 41(5), 2003). Scores of customers spread by 2 to 3 points of eleven and by about 1 of five or seven, so
half of that, rounded up to what can be answered, is 2 and 1. Scores on different scales are compared by group alone.
"""

from dataclasses import dataclass

from surveys.scoring import Group

RESULTS = ("recovered", "unchanged", "worse")
_RANK = {Group.DETRACTOR: 0, Group.PASSIVE: 1, Group.PROMOTER: 2}


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: its scale, its score and the group that makes."""

    measure: str
    points: int
    score: int
    group: str


def result_of(before: Given | None, after: Given) -> str:
    """One of RESULTS. Without an answer before (somebody's silence was followed up) a detractor is unchanged and
    everybody else recovered."""
    if before is None:
        return "unchanged" if after.group == Group.DETRACTOR else "recovered"
    better = _RANK[Group(after.group)] - _RANK[Group(before.group)]
    if better > 0:
        return "recovered"
    if better < 0 or _has_fallen(before, after):
        return "worse"
    return "unchanged"


def noticeable(points: int) -> int:
    """How many points on a scale of so many make a change that means something."""
    return 2 if points > 7 else 1


def _has_fallen(before: Given, after: Given) -> bool:
    is_same_scale = (before.measure, before.points) == (after.measure, after.points)
    return after.group == Group.DETRACTOR and is_same_scale and before.score - after.score >= noticeable(after.points)
