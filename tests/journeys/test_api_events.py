"""Reporting milestones by the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer
from journeys.models import MilestoneEvent
from surveys.models import Invitation
from tests.calling import Api, fields_of
from tests.surveys.asking import live_survey, send_rule

MORNING = "2026-02-03T09:00:00+01:00"


@pytest.fixture
def api(world):
    return Api(world.home)


def fact(**values):
    return {"customer": {"external_id": "C-1"}, "milestone": "order.delivered", "occurred_at": MORNING, **values}


def test_a_milestone_is_recorded_and_asks_the_customer(world, api):
    with world.home.scope():
        send_rule(world.home, live_survey(world.home))
    now = timezone.now().isoformat()
    answer = api.post("events", fact(occurred_at=now, properties={"order": "A-7", "items": 3, "is_gift": False}))
    assert answer.status_code == 201, answer.content
    with world.home.scope():
        event = MilestoneEvent.objects.get(pk=answer.json()["id"])
        assert (event.customer_id, event.source) == (world.home.chiara.id, "api")
        assert event.properties == {"order": "A-7", "items": 3, "is_gift": False}
        assert Invitation.objects.get(milestone_event=event).status == "planned"


@pytest.mark.parametrize(
    "customer", [{"external_id": "C-1"}, {"email": "CHIARA@northwind.example"}, {"external_id": "C-1", "name": "Other"}]
)
def test_the_customer_is_found_by_what_is_said_of_them(world, api, customer):
    assert api.post("events", fact(customer=customer)).json()["customer"] == str(world.home.chiara.id)


def test_a_customer_is_found_by_id(world, api):
    told = api.post("events", fact(customer={"id": str(world.home.karim.id)})).json()
    assert told["customer"] == str(world.home.karim.id)


def test_an_unknown_customer_is_created(world, api):
    told = api.post("events", fact(customer={"external_id": "new", "name": "Nina"})).json()
    with world.home.scope():
        assert Customer.objects.get(pk=told["customer"]).name == "Nina"


def test_the_same_fact_without_a_key_is_one_event(world, api):
    first = api.post("events", fact())
    second = api.post("events", fact(occurred_at="2026-02-03T08:00:00Z"))
    later = api.post("events", fact(occurred_at="2026-02-03T08:00:01Z"))
    assert [first.status_code, second.status_code, later.status_code] == [201, 200, 201]
    assert first.json()["id"] == second.json()["id"] != later.json()["id"]


def test_the_same_key_is_one_event_and_another_fact_under_it_is_refused(world, api):
    first = api.post("events", fact(idempotency_key="order-7"))
    again = api.post("events", fact(idempotency_key="order-7", occurred_at="2026-02-04T08:00:00Z"))
    other = api.post("events", fact(idempotency_key="order-7", customer={"external_id": "C-2"}))
    assert [first.status_code, again.status_code, other.status_code] == [201, 200, 409]
    assert again.json() == first.json()
    assert other.json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"milestone": "order.lost"}, "milestone", "unknown"),
        ({"milestone": ""}, "milestone", "blank"),
        ({"customer": "C-1"}, "customer", "invalid"),
        ({"customer": {"id": "7"}}, "customer.id", "invalid"),
        ({"customer": {"email": "chiara@northwind.example", "external_id": "C-2"}}, "customer.email", "conflict"),
        ({"occurred_at": "yesterday"}, "occurred_at", "invalid"),
        ({"occurred_at": None}, "occurred_at", "null"),
        ({"properties": []}, "properties", "object"),
        ({"properties": {"nested": {}}}, "properties", "value"),
        ({"properties": {"": 1}}, "properties", "name"),
        ({"properties": {"n": 10**16}}, "properties", "value"),
        ({"properties": {f"p{n}": n for n in range(51)}}, "properties", "many"),
        ({"properties": {"long": "x" * 501}}, "properties", "value"),
        ({"when": MORNING}, "when", "unknown"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(api, changes, field, code):
    assert fields_of(api.post("events", fact(**changes))) == {field: code}


def test_an_event_of_tomorrow_is_refused(api):
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    assert fields_of(api.post("events", fact(occurred_at=tomorrow))) == {"occurred_at": "future"}


def test_a_batch_says_of_each_event_what_became_of_it(world, api):
    events = [
        fact(idempotency_key="1"),
        fact(milestone="order.lost"),
        fact(idempotency_key="1"),
        fact(customer={"email": "nobody"}),
        fact(idempotency_key="1", customer={"external_id": "C-2"}),
        fact(customer={"external_id": "new"}),
        {"milestone": 7},
    ]
    told = api.post("events/batch", {"events": events}).json()
    assert [item["status"] for item in told["results"]] == [
        "created", "refused", "unchanged", "refused", "refused", "created", "refused",
    ]  # fmt: skip
    assert (told["created"], told["unchanged"], told["refused"]) == (2, 1, 4)
    assert [item["errors"][0]["field"] for item in told["results"] if item["errors"]] == [
        "milestone", "customer.email", "idempotency_key", "customer",
    ]  # fmt: skip
    with world.home.scope():
        assert MilestoneEvent.objects.count() == 2
        assert not Customer.objects.filter(email="nobody").exists()


def test_a_thousand_events_are_one_call_of_few_statements(world, api, django_assert_max_num_queries):
    events = [fact(customer={"external_id": f"B-{n}"}) for n in range(1000)]
    with django_assert_max_num_queries(30):
        assert api.post("events/batch", {"events": events}).json()["created"] == 1000
    with django_assert_max_num_queries(30):
        assert api.post("events/batch", {"events": events}).json()["unchanged"] == 1000


@pytest.mark.parametrize("body", [{}, {"events": []}, {"events": {}}, {"events": [{}], "more": 1}, []])
def test_what_is_no_batch_is_refused(api, body):
    assert api.post("events/batch", body).status_code == 400
