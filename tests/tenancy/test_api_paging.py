"""Pages of a list stay right while rows are added."""

import pytest
from django.conf import settings

from customers.models import Customer
from tests.calling import Api, fields_of


@pytest.fixture
def api(world):
    with world.home.scope():
        Customer.objects.all().delete()
        for number in range(7):
            Customer.objects.create(name=f"Customer {number}")
    return Api(world.home)


def follow(api, address: str) -> dict:
    assert address.startswith(f"{settings.BASE_URL}/api/v1/customers?")
    return api.client.get(address.removeprefix(settings.BASE_URL)).json()


def names(page: dict) -> list[int]:
    return [int(row["name"].rpartition(" ")[2]) for row in page["results"]]


def test_pages_follow_one_another_newest_first_and_back(api):
    first = api.get("customers", page_size=3).json()
    second = follow(api, first["next"])
    third = follow(api, second["next"])
    assert [names(page) for page in (first, second, third)] == [[6, 5, 4], [3, 2, 1], [0]]
    assert (first["previous"], third["next"]) == (None, None)
    assert names(follow(api, third["previous"])) == [3, 2, 1]
    assert names(follow(api, second["previous"])) == [6, 5, 4]
    assert follow(api, second["previous"])["previous"] is None


def test_rows_added_meanwhile_neither_repeat_nor_hide_others(world, api):
    first = api.get("customers", page_size=3).json()
    with world.home.scope():
        Customer.objects.create(name="Customer 7")
        Customer.objects.filter(name="Customer 4").delete()
    second = follow(api, first["next"])
    assert names(second) == [3, 2, 1]
    assert names(follow(api, second["previous"])) == [7, 6, 5]


def test_filters_travel_with_the_cursor(world, api):
    with world.home.scope():
        Customer.objects.create(name="Customer 8", external_id="eight")
    page = api.get("customers", page_size=1, external_id="eight").json()
    assert (names(page), page["next"]) == ([8], None)


@pytest.mark.parametrize("cursor", ["x", "a", "a123", "c" + "0" * 32, "b" + "g" * 32, "0" * 41])
def test_a_cursor_that_is_not_ours_is_refused(api, cursor):
    assert set(fields_of(api.get("customers", cursor=cursor))) == {"cursor"}


def test_pages_are_bounded(api):
    assert fields_of(api.get("customers", page_size=201)) == {"page_size": "max_value"}
    assert fields_of(api.get("customers", page_size="many")) == {"page_size": "invalid"}


def test_an_empty_list_has_no_neighbours(world):
    assert Api(world.home).get("customers", external_id="nobody").json() == {
        "next": None,
        "previous": None,
        "results": [],
    }
