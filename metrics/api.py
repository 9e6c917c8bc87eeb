"""Scores, by the API: the same reading as the dashboard's."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from journeys.models import Touchpoint
from metrics.buckets import buckets_of, unit_for, units_for
from metrics.days import day_of
from metrics.measures import INSTRUMENTS, Instrument
from metrics.periods import Period, PeriodError, PeriodKey, parse_period
from metrics.reading import UNITS, Slice, first_and_last_day, read
from metrics.tally import Tally
from surveys.models import Channel
from tenancy.api import OrganizationView
from tenancy.api_shapes import Shape, Text
from tenancy.models import Organization

DIGITS = 4


class ScoreFilters(Shape):
    measure = serializers.ChoiceField(
        list(INSTRUMENTS), required=False, default="nps", help_text="nps, csat (5 points), csat7 or ces."
    )
    period = serializers.ChoiceField(
        [each.value for each in PeriodKey if each is not PeriodKey.CUSTOM],
        required=False,
        help_text="The last 30 days, unless it or `from` is said.",
    )
    # Not to be written as attributes: `from` is a word of Python.
    locals()["from"] = serializers.DateField(required=False, help_text="First day, in your organization's zone.")
    to = serializers.DateField(required=False, help_text="Last day; today, unless it is said.")
    survey = serializers.UUIDField(required=False)
    touchpoint = serializers.UUIDField(required=False)
    channel = serializers.ChoiceField(Channel.choices, required=False)
    bucket = serializers.ChoiceField(list(UNITS), required=False, help_text="Chosen by the length of the period.")


class FigureShape(Shape):
    """Counts and the figure that follows from them."""

    n = serializers.IntegerField(help_text="Answers.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Answers by score.")
    promoters = serializers.IntegerField(help_text="Or satisfied, or easy: the best group of the scale.")
    passives = serializers.IntegerField()
    detractors = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True, help_text="Null of nothing.")
    margin = serializers.FloatField(allow_null=True, help_text="Half the width of the 95 % interval.")
    interval_low = serializers.FloatField(allow_null=True)
    interval_high = serializers.FloatField(allow_null=True)
    is_enough_to_compare = serializers.BooleanField(help_text="False for fewer than 30 answers.")


class BucketShape(FigureShape):
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    is_partial = serializers.BooleanField(help_text="Cut off by the period, or not over yet.")


class TouchpointFigureShape(FigureShape):
    touchpoint = serializers.UUIDField(allow_null=True)
    name = Text(allow_null=True)


class ScoresShape(FigureShape):
    measure = Text()
    unit = serializers.ChoiceField(["points", "percent", "scale"])
    definition = Text()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    comments = serializers.IntegerField(help_text="Answers with words of their own.")
    delivered = serializers.IntegerField(help_text="Invitations that were sent in these days.")
    answered = serializers.IntegerField(help_text="Those of them that were answered.")
    bucket = serializers.ChoiceField(list(UNITS))
    by_bucket = BucketShape(many=True)
    by_touchpoint = TouchpointFigureShape(many=True)


class Scores(OrganizationView):
    scopes = {"GET": "scores:read"}

    @extend_schema(
        operation_id="get_scores",
        summary="A score with its margin, by time and by touchpoint",
        parameters=[ScoreFilters],
        responses=ScoresShape,
    )
    def get(self, request):
        query = ScoreFilters.read(request.query_params.dict())
        zone = ZoneInfo(Organization.objects.values_list("time_zone", flat=True).get(pk=self.key.organization_id))
        today = day_of(self.now, zone)
        instrument, period = INSTRUMENTS[query["measure"]], period_of_query(query, today)
        unit = query.get("bucket") or unit_for(period)
        if unit not in units_for(period):
            raise ValidationError({"bucket": f"For this period it is one of {', '.join(units_for(period))}."})
        wanted = Slice(
            instrument.measure,
            instrument.points,
            query.get("survey"),
            query.get("touchpoint"),
            query.get("channel"),
        )
        reading = read(wanted, first=period.first, last=period.last, unit=unit)
        names = dict(Touchpoint.objects.filter(pk__in=filter(None, reading.by_touchpoint)).values_list("pk", "name"))
        whole = reading.whole
        return Response(
            {
                "measure": instrument.key,
                "unit": instrument.headline.unit,
                "definition": instrument.headline.definition,
                "first_day": period.first,
                "last_day": period.last,
                **_figures(instrument, whole),
                "comments": whole.comments,
                "delivered": whole.delivered,
                "answered": whole.answered,
                "bucket": unit,
                "by_bucket": [
                    {
                        "first_day": bucket.first,
                        "last_day": bucket.last,
                        "is_partial": bucket.is_partial,
                        **_figures(instrument, reading.by_bucket.get(bucket.key, Tally())),
                    }
                    for bucket in buckets_of(period, zone=zone, today=today, unit=unit)
                ],
                "by_touchpoint": [
                    {"touchpoint": touchpoint, "name": names.get(touchpoint), **_figures(instrument, tally)}
                    for touchpoint, tally in sorted(reading.by_touchpoint.items(), key=lambda each: -each[1].n)
                ],
            }
        )


def period_of_query(query: dict[str, Any], today: date) -> Period:
    """Raises ValidationError for what is no period."""
    span = first_and_last_day() if query.get("period") == PeriodKey.ALL else None
    words = {name: str(query[name]) for name in ("period", "from", "to") if name in query}
    if "period" in words and len(words) > 1:
        raise ValidationError({"period": "Say a period, or from and to."})
    try:
        return parse_period(words, today=today, earliest=span[0] if span else None)
    except PeriodError as error:
        raise ValidationError({error.field: error.rule})


def _figures(instrument: Instrument, tally: Tally) -> dict[str, Any]:
    figure, scale = instrument.headline.figure(tally), instrument.scale
    groups = {group.value: 0 for group in type(scale.group_of(scale.low))}
    for score, count in tally.by_score.items():
        groups[scale.group_of(score).value] += count
    interval = figure.interval
    return {
        "n": tally.n,
        "counts": {str(score): tally.counts[score] for score in scale.scores},
        "promoters": groups["promoter"],
        "passives": groups["passive"],
        "detractors": groups["detractor"],
        "value": _number(figure.value),
        "margin": _number(figure.margin),
        "interval_low": _number(interval.low if interval else None),
        "interval_high": _number(interval.high if interval else None),
        "is_enough_to_compare": figure.is_enough_to_compare,
    }


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), DIGITS)
