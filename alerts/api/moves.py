"""Moving a follow-up, by the API: one address a deed, as in the queue."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from alerts import following_up
from alerts.api.follow_ups import follow_ups
from alerts.api.shapes import (
    AcknowledgementFields,
    ClosureFields,
    ContactFields,
    EntryShape,
    FollowUpShape,
    OwnerFields,
    ReopeningFields,
    ResolutionFields,
)
from alerts.changing import StaleVersion
from alerts.following_up import ReasonMissing
from alerts.models import FollowUp
from alerts.states import IllegalMove
from tenancy.api import OrganizationView
from tenancy.api_errors import Conflict
from tenancy.api_schema import describes_conflict
from tenancy.api_shapes import Shape
from tenancy.models import Membership
from tenancy.problems import CONTENT_TYPE


class Move(OrganizationView):
    """A deed of alerts.following_up, told the version that the caller saw."""

    scopes = {"POST": "follow_ups:write"}
    fields: type[Shape]

    def move(self, follow_up: FollowUp, **values: Any) -> Any:
        raise NotImplementedError

    def answer(self, request, pk) -> Response:
        """The follow-up as it is now; 409 when it moved on since, or the deed is not allowed in its state."""
        follow_up = get_object_or_404(FollowUp.objects.all(), pk=pk)
        values = self.fields.read(request.data)
        try:
            self.move(follow_up, **values, by=self.actor, at=self.now)
        except StaleVersion as error:
            raise Conflict(
                str(error),
                "stale_version",
                seen=error.seen,
                current=error.current,
                follow_up=FollowUpShape.write(follow_ups().get(pk=pk)),
                changes=[EntryShape.write(entry) for entry in error.changes()],
            )
        except IllegalMove as error:
            raise Conflict(str(error), "illegal_move", state=str(error.state))
        except ReasonMissing as error:
            raise ValidationError({error.field: [str(error)]}, "required")
        except ValueError as error:
            raise ValidationError(str(error))
        return Response(FollowUpShape.write(follow_ups().get(pk=pk)))


def moves(operation_id: str, summary: str, fields: type[Shape]) -> Any:
    """How a move is described."""
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        request=fields,
        responses={
            200: FollowUpShape,
            (409, CONTENT_TYPE): describes_conflict(FollowUpShape, EntryShape),
        },
    )


class FollowUpAcknowledgement(Move):
    fields = AcknowledgementFields
    move = staticmethod(following_up.acknowledge)

    @moves("acknowledge_follow_up", "Somebody has seen it and will care", AcknowledgementFields)
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpContact(Move):
    fields = ContactFields
    move = staticmethod(following_up.contact)

    @moves("contact_customer", "The customer was reached", ContactFields)
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpResolution(Move):
    fields = ResolutionFields
    move = staticmethod(following_up.resolve)

    @moves("resolve_follow_up", "What came of it, and what caused it", ResolutionFields)
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpClosure(Move):
    fields = ClosureFields
    move = staticmethod(following_up.close_loop)

    @moves("close_loop", "The customer knows what came of it", ClosureFields)
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpReopening(Move):
    fields = ReopeningFields
    move = staticmethod(following_up.reopen)

    @moves("reopen_follow_up", "Start again", ReopeningFields)
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpOwner(Move):
    fields = OwnerFields

    @moves("assign_follow_up", "Give it to a colleague, or to nobody", OwnerFields)
    def post(self, request, pk):
        return self.answer(request, pk)

    def move(self, follow_up: FollowUp, *, owner: str | None, **values: Any) -> Any:
        user = None
        if owner is not None:
            membership = Membership.objects.select_related("user").filter(user__email=owner.lower()).first()
            if membership is None:
                raise ValidationError({"owner": ["Nobody in your organization has this address."]}, "unknown")
            user = membership.user
        return following_up.assign(follow_up, owner=user, **values)
