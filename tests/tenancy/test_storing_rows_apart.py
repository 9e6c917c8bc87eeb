"""Rows stored apart cost one message, and when they fail the work before them stays."""

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer
from tenancy.rows import gathered_apart, insert_apart


def customer(ground, **values) -> Customer:
    now = timezone.now()
    return Customer(organization_id=ground.organization.id, created_at=now, updated_at=now, **values)


def test_rows_arrive_as_the_orm_would_store_them(world):
    attributes = {"plan": "gold", "n": [1, None], "quote": "\\ \" ' ü"}
    with world.home.scope():
        row = customer(world.home, name="Zoë\tO'Neil", attributes=attributes, value="12.50")
        with CaptureQueriesContext(connection) as captured:
            insert_apart([row, customer(world.home, name="Second")])
        assert len(captured) == 1
        stored = Customer.objects.get(pk=row.pk)
        assert (stored.name, stored.attributes, str(stored.value)) == ("Zoë\tO'Neil", attributes, "12.50")
        assert stored.created_at == row.created_at and stored.external_id is None


def test_rows_that_are_there_already_stay_as_they_are(world):
    with world.home.scope():
        insert_apart([customer(world.home, name="Other", external_id="C-1")])
        assert Customer.objects.get(external_id="C-1").name == "Chiara Conti"


def test_failure_leaves_the_work_before_it(world):
    with world.home.scope():
        with transaction.atomic():
            Customer.objects.create(name="Before")
            with pytest.raises(Error):
                insert_apart([customer(world.home, name="x" * 201)])
            Customer.objects.create(name="After")
        assert set(Customer.objects.filter(name__in=["Before", "After"]).values_list("name", flat=True)) == {
            "Before",
            "After",
        }


def test_gathered_rows_are_one_message_and_one_bad_list_spoils_only_itself(world):
    with world.home.scope():
        with CaptureQueriesContext(connection) as captured, gathered_apart():
            insert_apart([customer(world.home, name="One")])
            insert_apart([customer(world.home, name="Two")])
            assert not captured.captured_queries
        assert len(captured) == 1
        with pytest.raises(Error), transaction.atomic(), gathered_apart():
            insert_apart([customer(world.home, name="Lost with its block")])
            insert_apart([customer(world.home, name="x" * 201)])
        with transaction.atomic(), pytest.raises(Error), gathered_apart():
            insert_apart([customer(world.home, name="Three")])
            insert_apart([customer(world.home, name="x" * 201)])
            insert_apart([customer(world.home, name="Four")])
        found = Customer.objects.exclude(external_id="C-1").values_list("name", flat=True)
        assert {"One", "Two", "Three", "Four"} <= set(found)
        assert "Lost with its block" not in found
