"""The key's own organization."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from tenancy.api import OrganizationView
from tenancy.api_shapes import Moment, Shape, Text
from tenancy.models import Organization


class OrganizationShape(Shape):
    id = serializers.UUIDField()
    name = Text()
    slug = Text(help_text="As in the addresses of its pages.")
    time_zone = Text(help_text="IANA name; a day is a day in this zone.")
    language = Text()
    fatigue_days = serializers.IntegerField(
        min_value=0, help_text="How many days a customer is left in peace between two asks."
    )
    created_at = Moment()


class OrganizationDetail(OrganizationView):
    scopes = {"GET": "organization:read"}

    @extend_schema(operation_id="get_organization", summary="Your organization", responses=OrganizationShape)
    def get(self, request):
        return Response(OrganizationShape.write(Organization.objects.get(pk=self.key.organization_id)))
