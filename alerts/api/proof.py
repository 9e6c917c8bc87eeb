"""Recoveries and initiatives, by the API: read."""

from django.db.models import Count
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from alerts.models import Initiative, Recovery
from tenancy.api import OrganizationView
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.api_shapes import Moment, Shape, Text


class RecoveryShape(Shape):
    """Whether one closed loop helped."""

    id = serializers.UUIDField()
    follow_up = serializers.UUIDField(source="follow_up_id")
    follow_up_number = serializers.IntegerField(source="follow_up.number")
    closed_at = Moment(help_text="Which closing it is about.")
    asked_at = Moment(allow_null=True)
    result = serializers.ChoiceField(["", *Recovery.Result.values], help_text="Empty until it is decided.")
    decided_at = Moment(allow_null=True)
    why = Text(help_text="Why nobody was asked.")
    response = serializers.UUIDField(source="response_id", allow_null=True)
    score_before = serializers.IntegerField(allow_null=True)
    score_after = serializers.IntegerField(allow_null=True)


class RecoveryFilters(Paging):
    result = serializers.ChoiceField(Recovery.Result.choices, required=False)
    follow_up = serializers.UUIDField(required=False)


class InitiativeShape(Shape):
    """A cause that is mended for everybody."""

    id = serializers.UUIDField()
    name = Text()
    text = Text()
    state = serializers.ChoiceField(Initiative.State.choices)
    owner = Text(source="owner.email", allow_null=True, default=None, help_text="A colleague's e-mail address.")
    due_on = serializers.DateField(allow_null=True)
    started_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    root_causes = serializers.ListField(child=Text(), help_text="Keys of root causes.")
    touchpoints = serializers.SerializerMethodField(help_text="Ids of touchpoints.")
    follow_ups = serializers.IntegerField(source="raised_count", help_text="How many raised it.")
    created_at = Moment()

    def get_touchpoints(self, initiative: Initiative) -> list[str]:
        return sorted(str(each.touchpoint_id) for each in initiative.touchpoints.all())


class InitiativeFilters(Paging):
    state = serializers.ChoiceField(Initiative.State.choices, required=False)


class RecoveryList(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(
        operation_id="list_recoveries",
        summary="Whether closed loops helped, newest first",
        parameters=[RecoveryFilters],
        responses=pages_of(RecoveryShape),
    )
    def get(self, request):
        query = RecoveryFilters.read(request.query_params.dict())
        rows = Recovery.objects.select_related("follow_up")
        if "result" in query:
            rows = rows.filter(result=query["result"])
        if "follow_up" in query:
            rows = rows.filter(follow_up=query["follow_up"])
        return page_of(rows, query, request, RecoveryShape)


def initiatives():
    """With everything an InitiativeShape says, in two queries."""
    rows = Initiative.objects.select_related("owner").prefetch_related("touchpoints")
    return rows.annotate(raised_count=Count("follow_ups"))


class InitiativeList(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(
        operation_id="list_initiatives",
        summary="Initiatives, newest first",
        parameters=[InitiativeFilters],
        responses=pages_of(InitiativeShape),
    )
    def get(self, request):
        query = InitiativeFilters.read(request.query_params.dict())
        rows = initiatives()
        if "state" in query:
            rows = rows.filter(state=query["state"])
        return page_of(rows, query, request, InitiativeShape)


class InitiativeDetail(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(operation_id="get_initiative", summary="One initiative", responses=InitiativeShape)
    def get(self, request, pk):
        return Response(InitiativeShape.write(get_object_or_404(initiatives(), pk=pk)))
