"""What the dashboard will look like: a quarter of made-up answers, shown greyed and marked as an example."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from journeys.models import Touchpoint
from metrics.buckets import buckets_of
from metrics.dashboard.choices import DEFAULT_SORT, Choices
from metrics.dashboard.feed import Verbatim
from metrics.dashboard.numbers import Numbers
from metrics.measures import INSTRUMENTS
from metrics.periods import Compare, PeriodKey, period_of
from metrics.reading import Reading
from metrics.tally import Tally

PLACES = {"Order": 1.0, "Delivery": 0.8, "Support request": 0.5}
# Of a week's answers at a touchpoint: how many gave each score, 0 to 10.
TYPICAL = (2, 1, 1, 2, 2, 4, 5, 10, 14, 26, 33)
VERBATIMS = (
    (10, "promoter", "Promoter", "Quick, friendly, and it simply worked.", "Order"),
    (3, "detractor", "Detractor", "The parcel came four days late and nobody told me.", "Delivery"),
    (8, "passive", "Passive", "All fine, though the invoice was hard to find.", "Support request"),
)


def choices_like(choices: Choices) -> Choices:
    """The last 13 weeks of NPS at the example's touchpoints."""
    places = [Touchpoint(id=UUID(int=at), name=name) for at, name in enumerate(PLACES, start=1)]
    return replace(
        choices,
        ground=replace(choices.ground, touchpoints=places, surveys=[]),
        period=period_of(PeriodKey.QUARTER, today=choices.ground.today),
        compare=Compare.PREVIOUS,
        instrument=INSTRUMENTS["nps"],
        unit="week",
        sort=DEFAULT_SORT,
    )


def numbers(choices: Choices) -> Numbers:
    """Made up, the same every time, slowly rising."""
    shown = choices_like(choices)
    ground, period = shown.ground, shown.period
    buckets = buckets_of(period, zone=ground.zone, today=ground.today, unit=shown.unit)
    now, before = Reading(), Reading()
    for at, bucket in enumerate(buckets):
        for place in ground.touchpoints:
            tally = _week(PLACES[place.name], at)
            now.by_touchpoint_and_bucket[place.id, bucket.key] = tally
            now.by_bucket[bucket.key] = now.by_bucket.get(bucket.key, Tally()) + tally
            now.by_touchpoint[place.id] = now.by_touchpoint.get(place.id, Tally()) + tally
            before.by_touchpoint[place.id] = before.by_touchpoint.get(place.id, Tally()) + _week(PLACES[place.name], 0)
    now.whole, before.whole = Tally.total(now.by_touchpoint.values()), Tally.total(before.by_touchpoint.values())
    return Numbers(now, before, buckets)


def feed(choices: Choices) -> list[Verbatim]:
    noon = datetime.combine(choices.ground.today, datetime.min.time(), choices.ground.zone) + timedelta(hours=12)
    return [
        Verbatim(UUID(int=at), score, group, word, text, "A customer", "", place, noon - timedelta(days=at), None)
        for at, (score, group, word, text, place) in enumerate(VERBATIMS, start=1)
    ]


def _week(size: float, at: int) -> Tally:
    counts = tuple(
        round(size * (count + (at + score) % 3 + (at // 3 if score > 8 else 0))) for score, count in enumerate(TYPICAL)
    )
    heard = sum(counts)
    return Tally(counts, comments=heard // 3, delivered=3 * heard, answered=heard)
