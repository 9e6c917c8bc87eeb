"""The one list of measures: what each figure is called, from what it is computed, and how it is written.

Measures of the score are computed from a Tally. Facts of a higher floor (follow-ups) register themselves here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from metrics.statistics.differences import Difference, mean_difference, nps_difference, share_difference
from metrics.statistics.means import Mean
from metrics.statistics.nps import NpsScore, nps_of_counts
from metrics.statistics.rates import response_rate
from metrics.statistics.satisfaction import ces, ces_share, csat, mean_rating
from metrics.statistics.shares import Share
from metrics.tally import Tally
from surveys.scoring import Scale, scale_of

Figure = NpsScore | Share | Mean


@dataclass(frozen=True)
class Measure:
    """A defined number. `figure(tally)` has n, value, interval and margin; `unit` is points, percent or scale."""

    key: str
    label: str
    unit: str
    definition: str
    figure: Callable[[Tally], Figure]
    difference: Callable[[Any, Any], Difference | None]
    low: int
    high: int


@dataclass(frozen=True)
class Instrument:
    """What a dashboard is about: one kind of score question on one scale, its headline and its second number."""

    measure: str
    points: int
    label: str
    scale: Scale
    headline: Measure
    second: Measure | None = None

    @property
    def key(self) -> str:
        """As in URLs: "nps", "csat", "csat7", "ces"."""
        is_default = len(scale_of(self.measure).scores) == self.points
        return self.measure if is_default else f"{self.measure}{self.points}"


_NPS = Measure(
    "nps",
    "NPS",
    "points",
    "Share of promoters (9-10) minus share of detractors (0-6), from -100 to +100.",
    lambda tally: nps_of_counts(tally.counts),
    nps_difference,
    -100,
    100,
)


def _csat(points: int) -> Measure:
    top = "4 and 5 of 5" if points == 5 else "6 and 7 of 7"
    return Measure(
        "csat",
        "CSAT",
        "percent",
        f"Share of the top two boxes ({top}).",
        lambda tally: csat(tally.by_score, points=points),
        share_difference,
        0,
        100,
    )


def _mean_rating(points: int) -> Measure:
    return Measure(
        "mean_rating",
        "Mean rating",
        "scale",
        f"Mean of the ratings, 1 to {points}.",
        lambda tally: mean_rating(tally.by_score, points=points),
        mean_difference,
        1,
        points,
    )


_CES_SHARE = Measure(
    "ces_share",
    "CES",
    "percent",
    "Share of 5 to 7 on “made it easy for me”, 1 to 7 (CES 2.0).",
    lambda tally: ces_share(tally.by_score),
    share_difference,
    0,
    100,
)
_CES_MEAN = Measure(
    "ces",
    "Mean ease",
    "scale",
    "Mean of the agreement that it was easy, 1 to 7.",
    lambda tally: ces(tally.by_score),
    mean_difference,
    1,
    7,
)

RESPONSE_RATE = Measure(
    "response_rate",
    "Response rate",
    "percent",
    "Answered of delivered invitations, by the day they were sent.",
    lambda tally: response_rate(completed=tally.answered, delivered=tally.delivered),
    share_difference,
    0,
    100,
)
COMMENT_RATE = Measure(
    "comment_rate",
    "Comment rate",
    "percent",
    "Answers with words of their own, of all answers.",
    lambda tally: Share(tally.comments, tally.n),
    share_difference,
    0,
    100,
)

INSTRUMENTS: dict[str, Instrument] = {
    instrument.key: instrument
    for instrument in (
        Instrument("nps", 11, "NPS", scale_of("nps"), _NPS),
        Instrument("csat", 5, "CSAT", scale_of("csat", 5), _csat(5), _mean_rating(5)),
        Instrument("csat", 7, "CSAT (7 points)", scale_of("csat", 7), _csat(7), _mean_rating(7)),
        Instrument("ces", 7, "CES", scale_of("ces"), _CES_SHARE, _CES_MEAN),
    )
}

# Figures a higher floor adds to the dashboard: key -> function(period) -> StatFact.
registered: dict[str, Callable[..., Any]] = {}


def register(key: str, figure: Callable[..., Any]) -> None:
    """Add a figure of a higher floor. `figure(first, last)` is called in the scope with the days of the period and
    answers an object with `label`, `value`, `detail` and `href`."""
    registered[key] = figure
