"""Milestones that customers reached, by the API."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from customers.api_shapes import Naming, identity_of, refusal_of
from customers.customers import WrongIdentity, find_or_create_customers
from journeys.models import Milestone
from journeys.recording import KeyUsedOtherwise, Reached, Recorded, find_milestones, natural_key, record_milestones
from tenancy.api import OrganizationView
from tenancy.api_batches import BatchShape, batch_answer, batch_of, read_each
from tenancy.api_errors import Conflict
from tenancy.api_shapes import Moment, Properties, Shape, Text


class EventFields(Shape):
    customer = Naming()
    milestone = Text(max_length=80, help_text="Its key, as in order.delivered.")
    occurred_at = Moment(is_past=True)
    properties = Properties(required=False)
    idempotency_key = Text(
        max_length=100,
        required=False,
        help_text="Names this event in your system: told twice, it is recorded once. Without one, the same customer "
        "reaching the same milestone at the same moment is one event.",
    )


class EventShape(Shape):
    id = serializers.UUIDField()
    customer = serializers.UUIDField(source="customer_id")
    milestone = Text(source="milestone.key")
    occurred_at = Moment()
    received_at = Moment()
    properties = Properties()


class EventList(OrganizationView):
    scopes = {"POST": "events:write"}

    @extend_schema(
        operation_id="report_event",
        summary="Report that a customer reached a milestone",
        request=EventFields,
        responses={201: EventShape, 200: OpenApiResponse(EventShape, description="It was recorded before.")},
    )
    def post(self, request):
        values = EventFields.read(request.data)
        (outcome,) = self.record([values])
        if isinstance(outcome, ValidationError):
            raise outcome
        if outcome.is_other:
            raise Conflict(str(KeyUsedOtherwise(values.get("idempotency_key", ""))), "idempotency_key_reused")
        return Response(EventShape.write(outcome.event), status=201 if outcome.is_new else 200)

    def record(self, events: list[dict[str, Any]]) -> list[Recorded | ValidationError]:
        """What became of each event, in order; the refused ones as the rule they broke."""
        outcomes: list[Any] = [None] * len(events)
        milestones = find_milestones([event["milestone"] for event in events])
        # In one order, so that two batches about the same customers never wait for each other in a circle.
        known = sorted(
            (index for index, event in enumerate(events) if event["milestone"] in milestones),
            key=lambda index: sorted(str(part) for part in events[index]["customer"].values()),
        )
        customers = find_or_create_customers([identity_of(events[index]["customer"]) for index in known], by=self.actor)
        facts: dict[int, Reached] = {}
        for index, customer in zip(known, customers, strict=True):
            if isinstance(customer, WrongIdentity):
                outcomes[index] = refusal_of(customer)
            else:
                facts[index] = _fact(events[index], customer, milestones[events[index]["milestone"]])
        facts = dict(sorted(facts.items(), key=lambda item: item[1].idempotency_key))
        recorded = record_milestones(list(facts.values()), by=self.actor, source="api") if facts else []
        for index, each in zip(facts, recorded, strict=True):
            outcomes[index] = each
        return [
            ValidationError({"milestone": [f"There is no milestone “{event['milestone']}”."]}, "unknown")
            if outcome is None
            else outcome
            for event, outcome in zip(events, outcomes, strict=True)
        ]


class EventBatch(EventList):
    @extend_schema(
        operation_id="report_events",
        summary="Report up to 1,000 milestones at once",
        description="Each event is recorded or refused by itself; `results` says what became of each, in order.",
        request=batch_of("events", EventFields),
        responses=BatchShape,
    )
    def post(self, request):
        results, good = read_each(request.data, "events", EventFields)
        for index, outcome in zip(good, self.record(list(good.values())), strict=True):
            if isinstance(outcome, ValidationError):
                results.refuse(index, outcome)
            elif outcome.is_other:
                reused = KeyUsedOtherwise(good[index].get("idempotency_key", ""))
                results.refuse(index, ValidationError({"idempotency_key": [str(reused)]}, "reused"))
            else:
                results.take(index, outcome.event.pk, is_new=outcome.is_new)
        return batch_answer(results)


def _fact(event: dict[str, Any], customer: Any, milestone: Milestone) -> Reached:
    own = event.get("idempotency_key")
    key = f"api:{own}" if own else natural_key(customer.pk, milestone.key, event["occurred_at"])
    return Reached(customer, milestone, event["occurred_at"], key, event.get("properties", {}))
