"""Invitations, by the API: who was asked and why not; asking somebody now."""

from typing import Any
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from customers.api_shapes import Naming, identity_of, refusal_of
from customers.customers import WrongIdentity, find_or_create_customers
from surveys.models import Invitation, Survey
from surveys.planning import ask_customer
from surveys.reasons import reason_text
from tenancy.api import OrganizationView
from tenancy.api_errors import Conflict
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.api_shapes import Moment, Shape, Text
from tenancy.models import Organization
from tenancy.owned import new_id


class InvitationFields(Shape):
    survey = serializers.UUIDField()
    customer = Naming()
    idempotency_key = Text(
        max_length=100, required=False, help_text="Names this wish: told twice, they are asked once."
    )


class InvitationShape(Shape):
    id = serializers.UUIDField()
    survey = serializers.UUIDField(source="survey_id")
    customer = serializers.UUIDField(source="customer_id")
    touchpoint = serializers.UUIDField(source="touchpoint_id", allow_null=True)
    channel = Text()
    status = serializers.ChoiceField(Invitation.Status.choices)
    reason = Text(help_text="A stable code.")
    reason_text = serializers.SerializerMethodField(help_text="The same in words, times in your organization's zone.")
    created_at = Moment()
    due_at = Moment()
    sent_at = Moment(allow_null=True)
    expires_at = Moment(allow_null=True)

    def get_reason_text(self, invitation: Invitation) -> str:
        return reason_text(invitation.reason, invitation.reason_details)


class InvitationFilters(Paging):
    survey = serializers.UUIDField(required=False)
    customer = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(Invitation.Status.choices, required=False)


class InvitationView(OrganizationView):
    """Invitations are written with times of the organization's zone in their reasons."""

    def initial(self, request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        zone = Organization.objects.values_list("time_zone", flat=True).get(pk=self.key.organization_id)
        self._stack.enter_context(timezone.override(ZoneInfo(zone)))


class InvitationList(InvitationView):
    scopes = {"GET": "invitations:read", "POST": "invitations:write"}

    @extend_schema(
        operation_id="list_invitations",
        summary="Who was, will be or was not asked, newest first",
        parameters=[InvitationFilters],
        responses=pages_of(InvitationShape),
    )
    def get(self, request):
        query = InvitationFilters.read(request.query_params.dict())
        wanted = {name: query[name] for name in ("survey", "customer", "status") if name in query}
        return page_of(Invitation.objects.filter(**wanted), query, request, InvitationShape)

    @extend_schema(
        operation_id="ask_customer",
        summary="Ask a customer now",
        description="The contact policy holds as for every ask: read the invitation later to learn what became of it.",
        request=InvitationFields,
        responses={
            201: InvitationShape,
            200: OpenApiResponse(InvitationShape, description="They were asked by this idempotency_key before."),
        },
    )
    def post(self, request):
        values = InvitationFields.read(request.data)
        survey = Survey.objects.filter(pk=values["survey"]).first()
        if survey is None:
            raise serializers.ValidationError({"survey": ["There is no survey with this id."]}, "unknown")
        if survey.state != Survey.State.LIVE:
            raise Conflict(f"Nobody can be asked: the survey is {survey.get_state_display().lower()}.", "not_live")
        (customer,) = find_or_create_customers([identity_of(values["customer"])], by=self.actor)
        if isinstance(customer, WrongIdentity):
            raise refusal_of(customer)
        key = f"api:{values.get('idempotency_key') or new_id()}"
        invitation = ask_customer(survey=survey, customer=customer, key=key, by=self.actor, at=self.now)
        if (invitation.survey_id, invitation.customer_id) != (survey.pk, customer.pk):
            raise Conflict("The key was used before, for another survey or customer.", "idempotency_key_reused")
        # What was there before has the moment of then.
        return Response(InvitationShape.write(invitation), status=201 if invitation.due_at == self.now else 200)


class InvitationDetail(InvitationView):
    scopes = {"GET": "invitations:read"}

    @extend_schema(operation_id="get_invitation", summary="One invitation", responses=InvitationShape)
    def get(self, request, pk):
        return Response(InvitationShape.write(get_object_or_404(Invitation.objects.all(), pk=pk)))
