"""What every call of the API has in common: keys, errors as problem documents, and bodies that cannot hurt."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from tenancy.api_keys import revoke_api_key
from tests.calling import Api

PROBLEM = "application/problem+json"


@pytest.fixture
def api(world):
    return Api(world.home)


def problem_of(answer, status: int) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title", "code", "detail"} <= set(body)
    return body


def test_a_key_opens_its_own_organization(world, api):
    told = api.get("organization").json()
    assert (told["id"], told["name"]) == (str(world.home.organization.id), "Northwind")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer cxm_nothing", "Basic dXNlcjpwYXNz", "Bearer é", "Bearer a b"])
def test_without_a_key_that_is_known_nobody_is_let_in(world, header):
    answer = Client().get("/api/v1/organization", headers={"authorization": header} if header else None)
    problem_of(answer, 401)
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_revoked_key_is_refused(world, api):
    with world.home.scope():
        revoke_api_key(api.key, by=world.home.ana)
    problem_of(api.get("organization"), 401)


def test_an_expired_key_is_refused(world):
    api = Api(world.home, expires_at=timezone.now() - timedelta(seconds=1))
    problem_of(api.get("organization"), 401)


def test_a_person_who_is_signed_in_is_nobody_here(world):
    client = Client()
    client.force_login(world.home.ana)
    problem_of(client.get("/api/v1/organization"), 401)


def test_a_missing_scope_is_named(world):
    problem = problem_of(Api(world.home, "scores:read").get("customers"), 403)
    assert "customers:read" in problem["detail"]


def test_the_last_use_is_noted_once_a_minute(world, api):
    api.get("organization")
    with world.home.scope():
        first = type(api.key).objects.get(pk=api.key.pk).last_used_at
    api.get("organization")
    with world.home.scope():
        assert first is not None
        assert type(api.key).objects.get(pk=api.key.pk).last_used_at == first


@pytest.mark.parametrize("path", ["", "nothing", "customers/", "customers/7", "../api/v2/customers"])
def test_an_unknown_address_is_a_problem_too(api, path):
    problem_of(api.get(path), 404)
    problem_of(Client().get("/api/"), 404)


def test_a_method_that_is_not_there_is_a_problem(api):
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = api.send(method, "customers", {})
        problem_of(answer, 405)
        assert answer["Allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]]",
        b"",
        b'{"name": NaN}',
        b'{"value": 1e999}',
        b'{"name": "\xff"}',
        b'{"name": "\\u0000"}',
        b'{"name": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"name": "a\x00b"}',
        b"[" * 100_000,
        b'{"value": ' + b"9" * 10_000 + b"}",
    ],
)
def test_a_body_that_cannot_be_read_or_stored_is_400(world, api, body):
    problem_of(api.post("customers", body), 400)
    with world.home.scope():
        assert Customer.objects.count() == 2


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_a_body_that_is_no_object_is_400(api, body):
    problem_of(api.post("customers", json.dumps(body).encode()), 400)


def test_letters_beyond_ascii_come_back_as_they_were(api):
    for name in ("كريم", "𝔊reta", "a\\b", "Zoë"):
        assert api.post("customers", {"name": name}).json()["name"] == name


def test_another_kind_of_body_is_415(api):
    answer = api.client.post("/api/v1/customers", {"name": "Nina"}, content_type="application/xml")
    problem_of(answer, 415)
    assert api.client.post("/api/v1/customers", "{}", content_type="application/json; charset=utf-8").status_code == 400


def test_a_body_beyond_the_limit_is_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert "KiB" in problem_of(api.post("customers", {"name": "x" * 2000}), 413)["detail"]


def test_characters_that_cannot_be_stored_are_refused_in_parameters(api):
    problem_of(api.client.get("/api/v1/customers?external_id=%00"), 400)
    problem_of(api.client.get("/api/v1/customers?%00=1"), 400)


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(api, monkeypatch):
    def fail(row):
        raise RuntimeError("secret words")

    monkeypatch.setattr("tenancy.organization_api.OrganizationShape.write", fail)
    api.client.raise_request_exception = False
    answer = api.get("organization")
    problem_of(answer, 500)
    assert b"secret" not in answer.content


def test_a_refused_call_leaves_nothing_behind(world, api):
    """The customer was created before the key was found to be taken."""
    fact = {"milestone": "order.delivered", "occurred_at": "2026-01-01T00:00:00Z", "idempotency_key": "taken"}
    assert api.post("events", {**fact, "customer": {"external_id": "C-1"}}).status_code == 201
    problem_of(api.post("events", {**fact, "customer": {"external_id": "new"}}), 409)
    with world.home.scope():
        assert not Customer.objects.filter(external_id="new").exists()


def test_calls_set_no_cookie_and_are_not_kept(api):
    answer = api.get("organization")
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Length"] == str(len(answer.content))


def test_a_call_costs_few_statements(api, django_assert_num_queries):
    api.get("organization")
    with django_assert_num_queries(5):  # savepoint, door, organization, leaving the scope, release
        api.get("organization")
