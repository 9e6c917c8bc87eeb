"""The customer somebody speaks of is found by any of three names, and created only when there is none."""

import pytest

from customers.customers import Identity, WrongIdentity, find_or_create_customer, find_or_create_customers
from customers.models import Customer
from tenancy.models import AuditEntry


@pytest.fixture
def home(world):
    with world.home.scope():
        yield world.home


def find(home, **identity):
    return find_or_create_customer(by=home.ana, **identity)


def test_customer_is_found_by_id_external_id_and_address_in_any_spelling(home):
    assert find(home, customer_id=home.chiara.id) == home.chiara
    assert find(home, external_id=" C-1 ") == home.chiara
    assert find(home, email="CHIARA@Northwind.example") == home.chiara
    assert Customer.objects.count() == 2


def test_unknown_customer_is_created_once_with_its_name(home):
    new = find(home, external_id="C-9", email="Nora@Example.com", name="Nora Nine")
    assert (new.external_id, new.email, new.email_key, new.name) == (
        "C-9",
        "Nora@Example.com",
        "nora@example.com",
        "Nora Nine",
    )
    assert find(home, external_id="C-9") == find(home, email="nora@example.com") == new
    assert AuditEntry.objects.filter(verb="customer.created", object_id=new.id).count() == 1


def test_missing_external_id_is_added_to_the_customer_with_the_address(home):
    first = find(home, email="sam@example.com")
    assert find(home, external_id="C-7", email="sam@example.com") == first
    assert find(home, external_id="C-7") == first


def test_known_external_id_with_a_new_address_keeps_the_stored_address(home):
    customer = find(home, external_id="C-1", email="new@example.com")
    customer.refresh_from_db()
    assert (customer, customer.email) == (home.chiara, "chiara@northwind.example")


@pytest.mark.parametrize(
    "identity, field, code",
    [
        ({}, "customer", "missing"),
        ({"email": "nobody"}, "email", "invalid"),
        ({"external_id": "C-1", "email": "karim@northwind.example"}, "email", "conflict"),
        ({"external_id": "C-8", "email": "karim@northwind.example"}, "external_id", "conflict"),
        ({"external_id": "x" * 121}, "external_id", "too_long"),
    ],
)
def test_wrong_identity_says_which_part_is_wrong(home, identity, field, code):
    with pytest.raises(WrongIdentity) as caught:
        find(home, **identity)
    assert (caught.value.field, caught.value.code) == (field, code)
    assert Customer.objects.count() == 2


def test_customer_of_another_organization_is_unknown(world):
    with world.home.scope(), pytest.raises(WrongIdentity) as caught:
        find(world.home, customer_id=world.other.chiara.id)
    assert caught.value.code == "unknown"


def test_list_resolves_each_identity_as_if_they_came_one_after_another(home):
    found = find_or_create_customers(
        [
            Identity(email="leo@example.com"),
            Identity(external_id="C-5", email="LEO@example.com"),
            Identity(external_id="C-5"),
            Identity(email="broken"),
            Identity(external_id="C-1"),
        ],
        by=home.ana,
    )
    assert found[0] == found[1] == found[2]
    assert isinstance(found[3], WrongIdentity)
    assert found[4] == home.chiara
    assert Customer.objects.get(external_id="C-5").email_key == "leo@example.com"


def test_many_identities_cost_few_queries(home, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        find_or_create_customers([Identity(external_id=f"N-{number}") for number in range(500)], by=home.ana)
    assert Customer.objects.count() == 502
