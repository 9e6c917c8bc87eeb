"""Playbooks, reply templates and the checklist of a follow-up, by the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from alerts.api.moves import Move, moves
from alerts.api.shapes import OwnerShape, Versioned
from alerts.models import FollowUp, FollowUpStep, Playbook, PlaybookStep, ReplyTemplate
from alerts.playbooks.starting import choose_playbook, mark_step
from tenancy.api import OrganizationView
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.api_shapes import Moment, Shape, Text


class PlaybookStepShape(Shape):
    text = Text()
    doer = serializers.ChoiceField(PlaybookStep.Doer.choices)
    due_hours = serializers.IntegerField(allow_null=True, help_text="Working hours after the follow-up opened.")
    guideline_url = Text()


class PlaybookShape(Shape):
    id = serializers.UUIDField()
    name = Text()
    situation = Text()
    guideline_url = Text()
    is_active = serializers.BooleanField()
    steps = PlaybookStepShape(source="steps.all", many=True)


class ReplyTemplateShape(Shape):
    id = serializers.UUIDField()
    name = Text()
    language = Text(help_text="Empty: any.")
    playbook = serializers.UUIDField(source="playbook_id", allow_null=True)
    subject = Text()
    text = Text(help_text="With merge fields, such as {{ customer.name }}.")


class StepShape(Shape):
    """One line of a follow-up's checklist."""

    id = serializers.UUIDField()
    text = Text()
    guideline_url = Text()
    owner = OwnerShape(allow_null=True, help_text="Null: whoever owns the follow-up.")
    due_at = Moment(allow_null=True)
    done_at = Moment(allow_null=True)
    done_by = OwnerShape(allow_null=True)


class PlaybookFields(Versioned):
    playbook = serializers.UUIDField(allow_null=True, help_text="Null: go on by none.")


class StepFields(Versioned):
    is_done = serializers.BooleanField()


class PlaybookList(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(
        operation_id="list_playbooks",
        summary="Playbooks with their steps",
        parameters=[Paging],
        responses=pages_of(PlaybookShape),
    )
    def get(self, request):
        rows = Playbook.objects.prefetch_related("steps")
        return page_of(rows, Paging.read(request.query_params.dict()), request, PlaybookShape)


class ReplyTemplateList(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(
        operation_id="list_reply_templates",
        summary="Texts that a reply starts from",
        parameters=[Paging],
        responses=pages_of(ReplyTemplateShape),
    )
    def get(self, request):
        rows = ReplyTemplate.objects.all()
        return page_of(rows, Paging.read(request.query_params.dict()), request, ReplyTemplateShape)


class StepList(OrganizationView):
    scopes = {"GET": "follow_ups:read"}

    @extend_schema(
        operation_id="list_follow_up_steps",
        summary="The checklist of a follow-up",
        parameters=[Paging],
        responses=pages_of(StepShape),
    )
    def get(self, request, pk):
        follow_up = get_object_or_404(FollowUp.objects.all(), pk=pk)
        rows = FollowUpStep.objects.filter(follow_up=follow_up).select_related("owner", "done_by")
        return page_of(rows, Paging.read(request.query_params.dict()), request, StepShape)


class FollowUpPlaybook(Move):
    fields = PlaybookFields

    @moves("choose_playbook", "Go on by this playbook, or by none", PlaybookFields)
    def post(self, request, pk):
        return self.answer(request, pk)

    def move(self, follow_up, *, playbook, **values):
        found = Playbook.objects.filter(pk=playbook, is_active=True).first() if playbook else None
        if playbook and found is None:
            raise ValidationError({"playbook": ["There is no playbook with this id."]}, "unknown")
        return choose_playbook(follow_up, playbook=found, **values)


class StepCompletion(Move):
    fields = StepFields

    @moves("mark_step", "A step of the checklist is done, or is not done after all", StepFields)
    def post(self, request, pk, step):
        self.step = get_object_or_404(FollowUpStep.objects.filter(follow_up=pk), pk=step)
        return self.answer(request, pk)

    def move(self, follow_up, **values):
        return mark_step(follow_up, step=self.step, **values)
