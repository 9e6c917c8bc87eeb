"""Follow-ups, by the API: the queue, one of them, its history."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from alerts.api.shapes import EntryShape, FollowUpFilters, FollowUpShape
from alerts.models import FollowUp, FollowUpEntry
from metrics.days import day_bounds, day_of
from tenancy.api import OrganizationView
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.models import Organization


def follow_ups():
    """With everything a FollowUpShape says, in one query."""
    return FollowUp.objects.with_next_due().select_related("owner", "response", "alert")


class FollowUpList(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(
        operation_id="list_follow_ups",
        summary="Follow-ups, newest first",
        parameters=[FollowUpFilters],
        responses=pages_of(FollowUpShape),
    )
    def get(self, request):
        query = FollowUpFilters.read(request.query_params.dict())
        rows = follow_ups()
        if query["view"] != "all":
            rows = rows.in_view(query["view"], user=None, at=self.now, day=self._today())
        if "state" in query:
            rows = rows.filter(state=query["state"])
        if "customer" in query:
            rows = rows.filter(customer_id=query["customer"])
        if "priority" in query:
            rows = rows.filter(priority=query["priority"])
        if "tag" in query:
            rows = rows.filter(tags__contains=[query["tag"]])
        return page_of(rows, query, request, FollowUpShape)

    def _today(self) -> tuple[datetime, datetime]:
        name = Organization.objects.values_list("time_zone", flat=True).get(pk=self.key.organization_id)
        return day_bounds(day_of(self.now, ZoneInfo(name)), ZoneInfo(name))


class FollowUpDetail(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(operation_id="get_follow_up", summary="One follow-up", responses=FollowUpShape)
    def get(self, request, pk):
        return Response(FollowUpShape.write(get_object_or_404(follow_ups(), pk=pk)))


class FollowUpHistory(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(
        operation_id="list_follow_up_entries",
        summary="The history of a follow-up, newest first",
        parameters=[Paging],
        responses=pages_of(EntryShape),
    )
    def get(self, request, pk):
        follow_up = get_object_or_404(FollowUp.objects.all(), pk=pk)
        query = Paging.read(request.query_params.dict())
        return page_of(FollowUpEntry.objects.filter(follow_up=follow_up), query, request, EntryShape)
