"""Customers by the API: added, found, changed."""

from uuid import uuid4

import pytest
from django.utils import timezone

from customers.erasure import erase_customer
from tenancy.models import AuditEntry
from tests.calling import Api, fields_of


@pytest.fixture
def api(world):
    return Api(world.home)


def test_a_customer_is_added_and_read(api):
    body = {
        "external_id": "K-7",
        "name": "Nina",
        "email": "Nina@Shop.example",
        "phone": "+49 30 1",
        "language": "de-AT",
        "value": "1200.50",
        "attributes": {"plan": "gold", "seats": 3},
    }
    answer = api.post("customers", body)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert {name: told[name] for name in body} == body
    assert api.get(f"customers/{told['id']}").json() == told


def test_the_same_customer_again_is_the_same(api):
    body = {"external_id": "K-7", "email": "nina@shop.example", "value": "10"}
    first, second = api.post("customers", body), api.post("customers", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"external_id": "C-1", "name": "Somebody else"}, "external_id"),
        ({"external_id": "new", "email": "CHIARA@Northwind.example"}, "email"),
    ],
)
def test_what_another_customer_has_is_a_conflict_that_names_them(world, api, body, field):
    answer = api.post("customers", body)
    assert answer.status_code == 409
    assert (answer.json()["field"], answer.json()["customer"]) == (field, str(world.home.chiara.id))


def test_customers_are_found_by_address_and_key(world, api):
    for query in ({"email": "CHIARA@northwind.example"}, {"external_id": "C-1"}):
        assert [row["id"] for row in api.get("customers", **query).json()["results"]] == [str(world.home.chiara.id)]
    assert api.get("customers", external_id="none").json()["results"] == []
    assert set(fields_of(api.get("customers", email="nobody"))) == {"email"}


def test_only_what_is_given_changes(world, api):
    path = f"customers/{world.home.chiara.id}"
    told = api.patch(path, {"name": "Chiara Neri", "email": "neri@shop.example"}).json()
    assert (told["name"], told["email"], told["external_id"]) == ("Chiara Neri", "neri@shop.example", "C-1")
    with world.home.scope():
        entry = AuditEntry.objects.get(verb="customer.changed")
        assert entry.details == {"fields": ["email", "name"]}
        assert "Chiara" not in entry.object_label
    assert api.patch(path, {"name": "Chiara Neri"}).status_code == 200
    with world.home.scope():
        assert AuditEntry.objects.filter(verb="customer.changed").count() == 1
    assert [row["name"] for row in api.get("customers", email="neri@shop.example").json()["results"]] == ["Chiara Neri"]


def test_a_change_that_takes_what_another_has_is_a_conflict(world, api):
    answer = api.patch(f"customers/{world.home.karim.id}", {"external_id": "C-1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "taken")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"name": " "}, ""),
        ({"email": "nobody"}, "email"),
        ({"external_id": "x" * 121}, "external_id"),
        ({"value": "NaN"}, "value"),
        ({"value": 10**14}, "value"),
        ({"language": "très"}, "language"),
        ({"attributes": "gold"}, "attributes"),
        ({"attributes": {"a": [1]}}, "attributes"),
        ({"id": str(uuid4())}, "id"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(api, body, field):
    assert list(fields_of(api.post("customers", body))) == [field]


def test_an_erased_customer_is_gone(world, api):
    with world.home.scope():
        erase_customer(world.home.chiara, by=world.home.ana, at=timezone.now())
    path = f"customers/{world.home.chiara.id}"
    assert (api.get(path).status_code, api.patch(path, {"name": "Back"}).status_code) == (404, 404)
    assert len(api.get("customers").json()["results"]) == 1


def test_a_customer_of_another_organization_is_not_found(world, api):
    path = f"customers/{world.other.chiara.id}"
    assert (api.get(path).status_code, api.patch(path, {"name": "Mine"}).status_code) == (404, 404)
