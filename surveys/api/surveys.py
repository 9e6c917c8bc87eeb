"""Surveys, by the API: to be read."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from surveys.models import Survey, SurveyVersion
from surveys.published import Instrument, published_instrument
from surveys.scoring import scale_of
from tenancy.api import OrganizationView
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.api_shapes import Moment, Shape, Text


class SurveyShape(Shape):
    id = serializers.UUIDField()
    name = Text()
    kind = serializers.ChoiceField(Survey.Kind.choices)
    measure = serializers.ChoiceField(["nps", "csat", "ces"])
    lowest_score = serializers.IntegerField()
    highest_score = serializers.IntegerField()
    state = serializers.ChoiceField(Survey.State.choices)
    touchpoint = serializers.UUIDField(source="touchpoint_id", allow_null=True)
    version = serializers.IntegerField(allow_null=True, help_text="The one that is asked; null before it went live.")
    question = Text(allow_null=True, help_text="Of that version, in its default language.")
    languages = serializers.ListField(child=Text())
    created_at = Moment()

    def to_representation(self, survey: Any) -> dict[str, Any]:
        scale = scale_of(survey.measure, survey.points)
        survey.lowest_score, survey.highest_score = scale.low, scale.high
        asked = instrument_of(survey)
        survey.version = asked.number if asked else None
        survey.question = asked.wording("").title if asked else None
        survey.languages = list(asked.languages) if asked else []
        return super().to_representation(survey)


class SurveyFilters(Paging):
    state = serializers.ChoiceField(Survey.State.choices, required=False)
    measure = serializers.ChoiceField(["nps", "csat", "ces"], required=False)


def surveys() -> QuerySet[Survey]:
    """Surveys, each with `live_version_id`."""
    published = SurveyVersion.objects.filter(survey=OuterRef("pk"), published_at__isnull=False).order_by("-number")
    return Survey.objects.annotate(live_version_id=Subquery(published.values("pk")[:1]))


def instrument_of(survey: Any) -> Instrument | None:
    if survey.live_version_id is None:
        return None
    return published_instrument(survey.organization_id, survey.live_version_id)


class SurveyList(OrganizationView):
    scopes = {"GET": "surveys:read"}

    @extend_schema(
        operation_id="list_surveys",
        summary="Surveys, newest first",
        parameters=[SurveyFilters],
        responses=pages_of(SurveyShape),
    )
    def get(self, request):
        query = SurveyFilters.read(request.query_params.dict())
        wanted = {name: query[name] for name in ("state", "measure") if name in query}
        return page_of(surveys().filter(**wanted), query, request, SurveyShape)


class SurveyDetail(OrganizationView):
    scopes = {"GET": "surveys:read"}

    @extend_schema(operation_id="get_survey", summary="One survey", responses=SurveyShape)
    def get(self, request, pk):
        return Response(SurveyShape.write(get_object_or_404(surveys(), pk=pk)))
