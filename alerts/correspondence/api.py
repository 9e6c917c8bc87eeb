"""What customers wrote back, by the API: to read. Files are handed out to people only."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from alerts.models import Attachment, FollowUp, FollowUpEntry
from tenancy.api import OrganizationView
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.api_shapes import Moment, Shape, Text


class FileShape(Shape):
    id = serializers.UUIDField()
    file_name = Text()
    content_type = Text()
    size = serializers.IntegerField(help_text="Bytes.")


class ReceivedMailShape(Shape):
    """One mail of the customer. The sender is not verified: anybody can write any address."""

    id = serializers.UUIDField(help_text="That of its line of history.")
    at = Moment()
    from_address = Text(source="details.from_address", default="")
    is_other_sender = serializers.BooleanField(
        source="details.is_other_sender", default=False, help_text="Not the customer's address on file."
    )
    subject = Text(source="details.subject", default="")
    text = Text(help_text="What was written now.")
    quoted = Text(source="details.quoted", default="", help_text="What stood below it.")
    files = FileShape(source="attachments.all", many=True)


class ReceivedMailList(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(
        operation_id="list_received_mails",
        summary="What the customer wrote back, newest first",
        parameters=[Paging],
        responses=pages_of(ReceivedMailShape),
    )
    def get(self, request, pk):
        follow_up = get_object_or_404(FollowUp.objects.all(), pk=pk)
        rows = FollowUpEntry.objects.filter(follow_up=follow_up, kind=FollowUpEntry.Kind.RECEIVED)
        query = Paging.read(request.query_params.dict())
        files = Prefetch("attachments", Attachment.objects.defer("data"))
        return page_of(rows.prefetch_related(files), query, request, ReceivedMailShape)
