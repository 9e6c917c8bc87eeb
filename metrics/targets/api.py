"""Targets and how they stand, by the API."""

from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from metrics.api import DIGITS
from metrics.days import day_of
from metrics.measures import INSTRUMENTS
from metrics.models import Target
from metrics.targets.outlook import Outlook, Standing, outlook_of
from tenancy.api import OrganizationView
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.api_shapes import Moment, Shape, Text
from tenancy.models import Organization


class TargetShape(Shape):
    """Where a score should be by a day."""

    id = serializers.UUIDField()
    measure = serializers.ChoiceField(list(INSTRUMENTS), source="instrument.key", help_text="As in GET scores.")
    survey = serializers.UUIDField(source="survey_id", allow_null=True, help_text="Null: all surveys.")
    touchpoint = serializers.UUIDField(source="touchpoint_id", allow_null=True, help_text="Null: all touchpoints.")
    channel = Text(help_text="Empty: all channels.")
    from_value = serializers.FloatField(help_text="In the unit of the measure.")
    to_value = serializers.FloatField()
    start = serializers.DateField(source="start_on", help_text="First day, in your organization's zone.")
    by = serializers.DateField(source="by_on", help_text="Last day.")
    archived_at = Moment(allow_null=True)


class OutlookShape(Shape):
    standing = serializers.ChoiceField(
        [each.value for each in Standing], help_text="would_… until its day has passed, was_… after it."
    )
    sentence = Text(help_text="The same in words.")
    value = serializers.FloatField(
        allow_null=True, help_text="Of the four weeks up to the day: expected, or measured. Null: cannot be said."
    )
    interval_low = serializers.FloatField(allow_null=True, help_text="95 %.")
    interval_high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField(allow_null=True, help_text="The answers it rests on.")


class TargetWithOutlookShape(TargetShape):
    outlook = OutlookShape()


class TargetList(OrganizationView):
    scopes = {"GET": "scores:read"}

    @extend_schema(
        operation_id="list_targets", summary="Targets of scores", parameters=[Paging], responses=pages_of(TargetShape)
    )
    def get(self, request):
        return page_of(Target.objects.all(), Paging.read(request.query_params.dict()), request, TargetShape)


class TargetDetail(OrganizationView):
    scopes = {"GET": "scores:read"}

    @extend_schema(
        operation_id="get_target",
        summary="A target, and whether the present pace gets there",
        responses=TargetWithOutlookShape,
    )
    def get(self, request, pk):
        target = get_object_or_404(Target.objects.all(), pk=pk)
        zone = ZoneInfo(Organization.objects.values_list("time_zone", flat=True).get(pk=self.key.organization_id))
        outlook = outlook_of(target, today=day_of(self.now, zone), zone=zone)
        return Response({**TargetShape.write(target), "outlook": _figures(outlook)})


def _figures(outlook: Outlook) -> dict:
    figure = outlook.expected or outlook.measured
    interval = figure.interval if figure else None
    return {
        "standing": outlook.standing.value,
        "sentence": outlook.sentence,
        "value": None if figure is None or figure.value is None else round(float(figure.value), DIGITS),
        "interval_low": round(interval.low, DIGITS) if interval else None,
        "interval_high": round(interval.high, DIGITS) if interval else None,
        "n": figure.n if figure else None,
    }
