"""A call sent twice with one Idempotency-Key does its deed once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer
from tenancy.forgetting import forget_old_replies
from tenancy.models import IdempotentReply
from tests.calling import Api, fields_of


@pytest.fixture
def api(world):
    return Api(world.home)


def test_the_second_call_gets_the_first_answer_to_the_byte(world, api):
    body = {"name": "Nina", "attributes": {"zeta": 1, "alpha": "two"}}
    first = api.post("customers", body, idempotency_key="a-1")
    second = api.post("customers", body, idempotency_key="a-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    with world.home.scope():
        assert Customer.objects.filter(name="Nina").count() == 1


def test_the_key_for_another_call_is_refused(api):
    api.post("customers", {"name": "Nina"}, idempotency_key="a-1")
    for answer in (
        api.post("customers", {"name": "Noor"}, idempotency_key="a-1"),
        api.post("events", {"name": "Nina"}, idempotency_key="a-1"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_refused_call_may_be_put_right_under_its_key(api):
    assert api.post("customers", {"name": 7}, idempotency_key="a-1").status_code == 400
    assert api.post("customers", {"name": "Nina"}, idempotency_key="a-1").status_code == 201


def test_organizations_do_not_share_keys(world, api):
    api.post("customers", {"name": "Nina"}, idempotency_key="a-1")
    answer = Api(world.other).post("customers", {"name": "Nina"}, idempotency_key="a-1")
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer


def test_a_key_that_is_none_is_refused(api):
    assert fields_of(api.post("customers", {"name": "Nina"}, idempotency_key="x" * 256)) == {
        "Idempotency-Key": "invalid"
    }


@pytest.mark.django_db(transaction=True)
def test_eight_calls_at_the_same_moment_are_one_deed(world):
    api = Api(world.home)
    api.get("organization")
    barrier = Barrier(8)

    def post(_):
        try:
            barrier.wait()
            answer = api.post("customers", {"name": "Nina"}, idempotency_key="same")
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(post, range(8)))) == 1
    with world.home.scope():
        assert Customer.objects.filter(name="Nina").count() == 1


def test_replies_are_forgotten_after_a_day(world, api):
    api.post("customers", {"name": "Nina"}, idempotency_key="a-1")
    with world.home.scope():
        IdempotentReply.objects.update(created_at=timezone.now() - timedelta(hours=25))
    api.post("customers", {"name": "Noor"}, idempotency_key="a-2")
    assert forget_old_replies() == 1
    with world.home.scope():
        assert IdempotentReply.objects.get().key == "a-2"
