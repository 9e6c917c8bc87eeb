"""Deeds beside the loop, by the API: marks, merging duplicates, watching, notes that name colleagues."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from alerts.api.moves import Move, moves
from alerts.api.shapes import (
    EntryShape,
    MergeFields,
    NoteFields,
    OwnerShape,
    PriorityFields,
    TagsFields,
    WatcherFields,
)
from alerts.models import FollowUp
from alerts.work import marking, merging
from alerts.work.noting import note
from alerts.work.watching import unwatch, watch, watchers_of
from tenancy.api import OrganizationView
from tenancy.models import Membership, User


class FollowUpPriority(Move):
    fields = PriorityFields
    move = staticmethod(marking.prioritize)

    @moves(
        "prioritize_follow_up",
        "How soon somebody must care; raised, the times of that priority hold where they are sooner",
        PriorityFields,
    )
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpTags(Move):
    fields = TagsFields
    move = staticmethod(marking.change_tags)

    @moves("tag_follow_up", "Add and remove tags", TagsFields)
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpMerging(Move):
    fields = MergeFields

    @moves("merge_follow_ups", "Take over everything of another follow-up of the same customer, for good", MergeFields)
    def post(self, request, pk):
        return self.answer(request, pk)

    def move(self, follow_up: FollowUp, *, duplicate: Any, **values: Any) -> Any:
        found = FollowUp.objects.filter(pk=duplicate).first()
        if found is None:
            raise ValidationError({"duplicate": ["There is no such follow-up."]}, "unknown")
        return merging.merge(follow_up, duplicate=found, **values)


class FollowUpNotes(OrganizationView):
    scopes = {"POST": "follow_ups:write"}

    @extend_schema(
        operation_id="add_note",
        summary="Something colleagues should know",
        request=NoteFields,
        responses={201: EntryShape},
    )
    def post(self, request, pk):
        follow_up = get_object_or_404(FollowUp.objects.all(), pk=pk)
        values = NoteFields.read(request.data)
        people = [colleague(email, "mentions") for email in values["mentions"]]
        try:
            entry = note(follow_up, text=values["text"], people=people, by=self.actor, at=self.now)
        except ValueError as error:
            raise ValidationError(str(error))
        return Response(EntryShape.write(entry), status=201)


class FollowUpWatchers(OrganizationView):
    scopes = {"GET": "follow_ups:read", "POST": "follow_ups:write"}

    @extend_schema(
        operation_id="list_watchers", summary="Who hears of every change", responses={200: OwnerShape(many=True)}
    )
    def get(self, request, pk):
        return Response([OwnerShape.write(user) for user in watchers_of(self._follow_up(pk))])

    @extend_schema(
        operation_id="change_watchers",
        summary="Let a colleague watch, or watch no more",
        request=WatcherFields,
        responses={200: OwnerShape(many=True)},
    )
    def post(self, request, pk):
        follow_up, values = self._follow_up(pk), WatcherFields.read(request.data)
        deed = watch if values["watches"] else unwatch
        deed(follow_up, user=colleague(values["person"], "person"), by=self.actor, at=self.now)
        return Response([OwnerShape.write(user) for user in watchers_of(follow_up)])

    def _follow_up(self, pk: Any) -> FollowUp:
        return get_object_or_404(FollowUp.objects.all(), pk=pk)


def colleague(email: str, field: str) -> User:
    """The member with this address; ValidationError at `field` for nobody."""
    members = Membership.objects.select_related("user").filter(user__is_active=True, user__email=email.lower())
    member = members.first()
    if member is None:
        raise ValidationError({field: ["Nobody in your organization has this address."]}, "unknown")
    return member.user
