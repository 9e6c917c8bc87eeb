"""Answers, by the API: to be read, and those that other systems collected to be added."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response as ApiResponse

from customers.api_shapes import Naming
from surveys.api.intake import Taken, take_answers
from surveys.models import Answer, Channel, Question, Response
from surveys.responding import VERBATIM_CHARACTERS, clean_verbatim, verbatim_of
from tenancy import idempotency
from tenancy.api import OrganizationView
from tenancy.api_batches import BatchShape, batch_answer, batch_of, read_each
from tenancy.api_errors import Conflict
from tenancy.api_paging import Paging, page_of
from tenancy.api_schema import pages_of
from tenancy.api_shapes import Moment, Properties, Shape, Text
from tenancy.audit import Actor
from tenancy.combining import Combiner
from tenancy.scope import is_in_scope, organization_scope

REUSED = "This key was used before, for another answer."


class ResponseFields(Shape):
    survey = serializers.UUIDField()
    score = serializers.IntegerField(min_value=0, max_value=10, help_text="On the scale of the survey.")
    customer = Naming(required=False)
    responded_at = Moment(is_past=True, required=False, help_text="Now, unless it is said.")
    touchpoint = serializers.UUIDField(required=False, help_text="The survey's own, unless it is said.")
    verbatim = Text(max_length=VERBATIM_CHARACTERS, allow_blank=True, trim_whitespace=False, required=False)
    may_contact = serializers.BooleanField(allow_null=True, required=False, default=None)
    language = serializers.RegexField(
        r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)?$", max_length=12, allow_blank=True, required=False
    )
    raise_alerts = serializers.BooleanField(
        required=False, default=True, help_text="False for answers from the past: they open no follow-ups."
    )
    idempotency_key = Text(
        max_length=100, required=False, help_text="Names this answer in your system: told twice, it is stored once."
    )


class ResponseShape(Shape):
    id = serializers.UUIDField()
    survey = serializers.UUIDField(source="survey_id")
    customer = serializers.UUIDField(source="customer_id", allow_null=True)
    touchpoint = serializers.UUIDField(source="touchpoint_id", allow_null=True)
    invitation = serializers.UUIDField(source="invitation_id", allow_null=True)
    channel = serializers.ChoiceField(Channel.choices)
    measure = serializers.ChoiceField(["nps", "csat", "ces"])
    score = serializers.IntegerField()
    group = serializers.ChoiceField(Response.Group.choices)
    verbatim = Text()
    may_contact = serializers.BooleanField(allow_null=True)
    language = Text()
    attributes = Properties(help_text="The customer's, as they were when they answered.")
    responded_at = Moment()
    created_at = Moment()
    edited_at = Moment(allow_null=True)


class ResponseFilters(Paging):
    survey = serializers.UUIDField(required=False)
    customer = serializers.UUIDField(required=False)
    touchpoint = serializers.UUIDField(required=False)
    group = serializers.ChoiceField(Response.Group.choices, required=False)
    channel = serializers.ChoiceField(Channel.choices, required=False)
    has_verbatim = serializers.BooleanField(required=False)
    responded_from = Moment(required=False, help_text="At this moment or later.")
    responded_before = Moment(required=False)


def responses() -> QuerySet[Response]:
    """Answers, each with `verbatim`."""
    said = Answer.objects.filter(response=OuterRef("pk"), kind=Question.Kind.VERBATIM).values("text")[:1]
    return Response.objects.annotate(
        verbatim=Coalesce(Subquery(said, output_field=CharField()), Value(""), output_field=CharField())
    )


class ResponseList(OrganizationView):
    scopes = {"GET": "responses:read", "POST": "responses:write"}

    def opens_scope(self, request) -> bool:
        """An answer is stored together with those that come at the same moment, in a scope of its own."""
        return request.method != "POST" or idempotency.HEADER in request.headers

    @extend_schema(
        operation_id="list_responses",
        summary="Answers, newest first",
        parameters=[ResponseFilters],
        responses=pages_of(ResponseShape),
    )
    def get(self, request):
        query = ResponseFilters.read(request.query_params.dict())
        same = ("survey", "customer", "touchpoint", "group", "channel", "has_verbatim")
        rows = responses().filter(**{name: query[name] for name in same if name in query})
        if "responded_from" in query:
            rows = rows.filter(responded_at__gte=query["responded_from"])
        if "responded_before" in query:
            rows = rows.filter(responded_at__lt=query["responded_before"])
        return page_of(rows, query, request, ResponseShape)

    @extend_schema(
        operation_id="add_response",
        summary="Add an answer",
        request=ResponseFields,
        responses={201: ResponseShape, 200: OpenApiResponse(ResponseShape, description="It was stored before.")},
    )
    def post(self, request):
        told = _Told(ResponseFields.read(request.data), self.actor, self.now)
        organization_id = self.key.organization_id
        answer = _take(organization_id, [told])[0] if is_in_scope() else _together.do(organization_id, told)
        if isinstance(answer, Exception):
            raise answer
        shape, is_new = answer
        return ApiResponse(shape, status=201 if is_new else 200)


class _Told(NamedTuple):
    item: dict[str, Any]
    by: Actor
    at: datetime


def _take(organization_id: UUID, told: Sequence[_Told]) -> list[tuple[dict[str, Any], bool] | Exception]:
    """For each answer what its caller is told, and whether it is new, or why it is refused."""
    with organization_scope(organization_id):
        items, actors = [each.item for each in told], [each.by for each in told]
        return [
            _reply(taken, item)
            for taken, item in zip(take_answers(items, by=actors, at=told[0].at), items, strict=True)
        ]


def _reply(taken: Taken | ValidationError, item: dict[str, Any]) -> tuple[dict[str, Any], bool] | Exception:
    if isinstance(taken, ValidationError):
        return taken
    if taken.is_other:
        return Conflict(REUSED, "idempotency_key_reused")
    response: Any = taken.response
    response.verbatim = clean_verbatim(item.get("verbatim", "")) if taken.is_new else verbatim_of(response)
    return ResponseShape.write(response), taken.is_new


_together = Combiner(_take)


class ResponseBatch(OrganizationView):
    scopes = {"POST": "responses:write"}

    @extend_schema(
        operation_id="add_responses",
        summary="Add up to 1,000 answers at once",
        description="Each answer is stored or refused by itself; `results` says what became of each, in order.",
        request=batch_of("responses", ResponseFields),
        responses=BatchShape,
    )
    def post(self, request):
        results, good = read_each(request.data, "responses", ResponseFields)
        for index, taken in zip(
            good, take_answers(list(good.values()), by=[self.actor] * len(good), at=self.now), strict=True
        ):
            if isinstance(taken, ValidationError):
                results.refuse(index, taken)
            elif taken.is_other:
                results.refuse(index, ValidationError({"idempotency_key": [REUSED]}, "reused"))
            else:
                results.take(index, taken.response.pk, is_new=taken.is_new)
        return batch_answer(results)


class ResponseDetail(OrganizationView):
    scopes = {"GET": "responses:read"}

    @extend_schema(operation_id="get_response", summary="One answer", responses=ResponseShape)
    def get(self, request, pk):
        return ApiResponse(ResponseShape.write(get_object_or_404(responses(), pk=pk)))
