"""Notification channels and what was sent to them, by the API. Addresses and secrets are never told."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from alerts.models import Delivery, NotificationChannel
from alerts.notifying.channels import kinds
from alerts.notifying.deliveries import send_again
from tenancy.api import OrganizationView
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.api_shapes import Moment, Shape, Text


class ChannelShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(sorted(kinds()))
    name = Text()
    shown = Text(help_text="What of its address may be shown: the host, the mailbox, or the role.")
    events = serializers.ListField(child=Text(), help_text="What it is told of.")
    is_active = serializers.BooleanField()
    created_at = Moment()


class DeliveryShape(Shape):
    id = serializers.UUIDField(help_text="What the receiver of a signed webhook gets as webhook-id.")
    channel = serializers.UUIDField(source="channel_id")
    event = Text()
    follow_up = serializers.UUIDField(source="follow_up_id", allow_null=True)
    count = serializers.IntegerField(help_text="How many of the event it stands for; more than one in a flood.")
    state = serializers.ChoiceField(Delivery.State.choices)
    created_at = Moment()
    due_at = Moment(help_text="While it is due: when it is tried next.")
    attempts = serializers.IntegerField()
    response_status = serializers.IntegerField(allow_null=True, help_text="0 when the message could not be written.")
    response_text = Text(help_text="The beginning of what came back.")
    last_error = Text()
    delivered_at = Moment(allow_null=True)


class DeliveryFilters(Paging):
    channel = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(Delivery.State.choices, required=False)


class ChannelList(OrganizationView):
    scopes = {"GET": "channels:read"}

    @extend_schema(
        operation_id="list_channels",
        summary="Notification channels, newest first",
        parameters=[Paging],
        responses=pages_of(ChannelShape),
    )
    def get(self, request):
        query = Paging.read(request.query_params.dict())
        return page_of(NotificationChannel.objects.all(), query, request, ChannelShape)


class ChannelDetail(OrganizationView):
    scopes = {"GET": "channels:read"}

    @extend_schema(operation_id="get_channel", summary="One notification channel", responses=ChannelShape)
    def get(self, request, pk):
        return Response(ChannelShape.write(get_object_or_404(NotificationChannel.objects.all(), pk=pk)))


class DeliveryList(OrganizationView):
    scopes = {"GET": "channels:read"}

    @extend_schema(
        operation_id="list_deliveries",
        summary="What was sent to channels, newest first",
        parameters=[DeliveryFilters],
        responses=pages_of(DeliveryShape),
    )
    def get(self, request):
        query = DeliveryFilters.read(request.query_params.dict())
        chosen = {name: query[name] for name in ("channel", "state") if name in query}
        return page_of(Delivery.objects.filter(**chosen), query, request, DeliveryShape)


class DeliveryDetail(OrganizationView):
    scopes = {"GET": "channels:read"}

    @extend_schema(operation_id="get_delivery", summary="One message to a channel", responses=DeliveryShape)
    def get(self, request, pk):
        return Response(DeliveryShape.write(get_object_or_404(Delivery.objects.all(), pk=pk)))


class DeliveryReplay(OrganizationView):
    scopes = {"POST": "channels:write"}

    @extend_schema(
        operation_id="replay_delivery",
        summary="Send again what was given up",
        description="Gives it all its attempts again. One that was not given up stays as it is.",
        request=None,
        responses=DeliveryShape,
    )
    def post(self, request, pk):
        delivery = get_object_or_404(Delivery.objects.all(), pk=pk)
        send_again(delivery, by=self.actor, at=self.now)
        return Response(DeliveryShape.write(Delivery.objects.get(pk=pk)))
