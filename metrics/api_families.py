"""Measures that higher floors registered, by the API: whole, and by one of their breakdowns."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from metrics.api import DIGITS, period_of_query
from metrics.days import day_of
from metrics.families import Cell, Family, PeriodFigure, families
from metrics.periods import PeriodKey
from metrics.statistics.quantiles import Quantile
from metrics.statistics.shares import Share
from tenancy.api import OrganizationView
from tenancy.api_shapes import Shape, Text
from tenancy.models import Organization


class MeasureFilters(Shape):
    family = Text(required=False, default="loop", help_text="loop: how follow-ups are dealt with.")
    by = Text(required=False, default="", help_text="team, root_cause, touchpoint or playbook; nothing for the whole.")
    period = serializers.ChoiceField(
        [each.value for each in PeriodKey if each not in (PeriodKey.CUSTOM, PeriodKey.ALL)],
        required=False,
        help_text="The last 30 days, unless it or `from` is said.",
    )
    # Not to be written as attributes: `from` is a word of Python.
    locals()["from"] = serializers.DateField(required=False, help_text="First day, in your organization's zone.")
    to = serializers.DateField(required=False, help_text="Last day; today, unless it is said.")


class MeasureShape(Shape):
    key = Text()
    name = Text()
    unit = serializers.ChoiceField(["percent", "hours"])
    definition = Text()
    n = serializers.IntegerField(help_text="What the figure rests on.")
    hits = serializers.IntegerField(allow_null=True, help_text="Of n; null for times.")
    value = serializers.FloatField(allow_null=True, help_text="Null of nothing.")
    interval_low = serializers.FloatField(allow_null=True, help_text="95 %; null where there are too few.")
    interval_high = serializers.FloatField(allow_null=True)
    is_enough_to_compare = serializers.BooleanField(help_text="False for fewer than 30.")
    is_hidden = serializers.BooleanField(help_text="Of a team: too few to be shown; n is 0 then.")


class PartShape(Shape):
    key = Text(help_text="Empty for what belongs to no part.")
    name = Text()
    size = serializers.IntegerField()
    measures = MeasureShape(many=True)


class FamilyShape(Shape):
    family = Text()
    name = Text()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    size = serializers.IntegerField(help_text="Follow-ups that opened in these days.")
    measures = MeasureShape(many=True)
    parts = PartShape(many=True)


class Measures(OrganizationView):
    scopes = {"GET": "scores:read"}

    @extend_schema(
        operation_id="get_measures",
        summary="How the loop runs, with intervals",
        parameters=[MeasureFilters],
        responses=FamilyShape,
    )
    def get(self, request):
        query = MeasureFilters.read(request.query_params.dict())
        family = families.get(query["family"])
        if family is None:
            raise ValidationError({"family": f"It is one of {', '.join(families)}."})
        if query["by"] and query["by"] not in family.breakdowns:
            raise ValidationError({"by": f"It is one of {', '.join(family.breakdowns)}."})
        zone = ZoneInfo(Organization.objects.values_list("time_zone", flat=True).get(pk=self.key.organization_id))
        period = period_of_query(query, day_of(self.now, zone))
        reading = family.read(period.first, period.last)
        return Response(
            {
                "family": family.key,
                "name": family.label,
                "first_day": period.first,
                "last_day": period.last,
                "size": reading.whole.size,
                "measures": _measures(family, reading.whole),
                "parts": [
                    {"key": cell.key, "name": cell.name, "size": cell.size, "measures": _measures(family, cell)}
                    for cell in (reading.by[query["by"]] if query["by"] else [])
                ],
            }
        )


def _measures(family: Family, cell: Cell) -> list[dict[str, Any]]:
    return [
        {
            "key": measure.key,
            "name": measure.label,
            "unit": measure.unit,
            "definition": measure.definition,
            **_figure(cell.figures[measure.key], is_hidden=measure.key in cell.hidden),
        }
        for measure in family.measures
    ]


def _figure(figure: PeriodFigure, *, is_hidden: bool) -> dict[str, Any]:
    if is_hidden:
        figure = Share(0, 0) if isinstance(figure, Share) else Quantile(figure.share, 0, None, None)
    interval = figure.interval
    return {
        "n": figure.n,
        "hits": figure.hits if isinstance(figure, Share) else None,
        "value": None if figure.value is None else round(float(figure.value), DIGITS),
        "interval_low": round(interval.low, DIGITS) if interval else None,
        "interval_high": round(interval.high, DIGITS) if interval else None,
        "is_enough_to_compare": figure.is_enough_to_compare,
        "is_hidden": is_hidden,
    }
