"""Reading the scores of some answers only, chosen by what the counts of a day do not know: a customer's attribute.

Counted from the answers themselves, with the days, scales and surveys of metrics.reading: without a choice both say the
same, which a test holds them to.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from metrics.days import day_starts_at
from metrics.reading import NOBODY, Reading, Slice, surveys_apart
from metrics.tally import Tally
from surveys.models import Response


def read_some(wanted: Slice, answers: Q, *, first: date, last: date, zone: ZoneInfo) -> Reading:
    """The tallies by day of those answers of `wanted` that `answers` lets through, from `first` to `last`.

    Scores and comments alone: who was asked is not known by what they would have answered. Two queries; it looks at
    every answer of these days. Runs in the scope of the organization.
    """
    start, end = day_starts_at(first, zone), day_starts_at(last + timedelta(days=1), zone)
    rows = Response.objects.filter(
        answers,
        responded_at__gte=start,
        responded_at__lt=end,
        measure=wanted.measure,
        survey__points=wanted.points,
    )
    if wanted.survey_id is not None:
        rows = rows.filter(survey=wanted.survey_id)
    else:
        rows = rows.exclude(survey__in=surveys_apart())
    if wanted.touchpoint_id is not None:
        rows = rows.filter(touchpoint=wanted.touchpoint_id)
    if wanted.channel is not None:
        rows = rows.filter(channel=wanted.channel)
    counted = (
        rows.annotate(day=TruncDate("responded_at", tzinfo=zone))
        .values("day", "touchpoint_id", "score")
        .annotate(count=Count("pk"), comments=Count("pk", filter=Q(has_verbatim=True)))
        .order_by()
    )
    reading = Reading()
    cells = reading.by_touchpoint_and_bucket
    for row in counted:
        tally = Tally.of({row["score"]: row["count"]}) + Tally(comments=row["comments"])
        place = row["touchpoint_id"], row["day"]
        cells[place] = cells.get(place, NOBODY) + tally
        reading.by_bucket[row["day"]] = reading.by_bucket.get(row["day"], NOBODY) + tally
        reading.by_touchpoint[place[0]] = reading.by_touchpoint.get(place[0], NOBODY) + tally
    reading.whole = Tally.total(reading.by_touchpoint.values())
    return reading
