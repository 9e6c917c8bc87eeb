"""Staff find, add, change, silence and erase customers."""

import pytest
from django.urls import reverse

from customers.models import Customer, Suppression
from customers.suppression import is_suppressed


@pytest.fixture
def open_as(client, world):
    def sign_in(person):
        client.force_login(getattr(world.home, person))
        return client

    return sign_in


def url(world, name, **parts):
    return reverse(name, kwargs={"org": world.home.organization.slug, **parts})


def test_list_finds_by_name_address_and_key_and_shows_only_ours(open_as, world):
    page = open_as("victor")
    for words in ("chiara", "CHIARA@northwind", "C-1", "conti chi"):
        text = page.get(url(world, "customer_list"), {"q": words}).content.decode()
        assert "Chiara Conti" in text and "حداد" not in text
    everybody = page.get(url(world, "customer_list")).content.decode()
    assert "حداد" in everybody and "eastwood" not in everybody


def test_list_of_fifty_costs_few_queries(open_as, world, django_assert_max_num_queries):
    with world.home.scope():
        Customer.objects.bulk_create(
            Customer(organization=world.home.organization, name=f"Customer {number}") for number in range(60)
        )
    page = open_as("victor")
    page.get(url(world, "customer_list"))
    with django_assert_max_num_queries(19):
        page.get(url(world, "customer_list"))


def test_agent_adds_a_customer_with_attributes(open_as, world):
    sent = {"name": "Noor", "email": "Noor@Example.com", "attributes_text": "plan: Business\nregion: North"}
    answer = open_as("greta").post(url(world, "customer_new"), sent)
    assert answer.status_code == 302
    with world.home.scope():
        noor = Customer.objects.get(email_key="noor@example.com")
        assert noor.attributes == {"plan": "Business", "region": "North"}


def test_an_address_that_another_customer_has_is_refused_by_name_of_the_rule(open_as, world):
    answer = open_as("greta").post(url(world, "customer_new"), {"name": "Twin", "email": "CHIARA@northwind.example"})
    assert answer.status_code == 422
    assert "Another customer has this address." in answer.content.decode()


def test_a_customer_of_the_other_organization_may_have_the_same_address(open_as, world):
    answer = open_as("greta").post(url(world, "customer_new"), {"name": "C", "email": "chiara@eastwood.example"})
    assert answer.status_code == 302


def test_asking_again_after_a_stop_is_for_analysts(open_as, world):
    where = url(world, "customer_suppression", pk=world.home.chiara.pk)
    open_as("greta").post(where)
    with world.home.scope():
        assert is_suppressed("chiara@northwind.example")
    assert open_as("greta").post(where, {"wanted": "ask_again"}).status_code == 403
    open_as("anton").post(where, {"wanted": "ask_again"})
    with world.home.scope():
        assert not is_suppressed("chiara@northwind.example")


def test_erasing_needs_the_name_typed_and_takes_the_person_out(open_as, world):
    where = url(world, "customer_erasure", pk=world.home.chiara.pk)
    open_as("ana").post(where, {"confirmation": "chiara"})
    with world.home.scope():
        assert Customer.objects.get(pk=world.home.chiara.pk).erased_at is None
        Suppression.objects.create(
            email_key="chiara@northwind.example", reason="unsubscribed", at=world.home.chiara.created_at
        )
    open_as("ana").post(where, {"confirmation": "Chiara Conti"})
    with world.home.scope():
        erased = Customer.objects.get(pk=world.home.chiara.pk)
        assert (erased.email, erased.email_key, erased.external_id, erased.attributes) == ("", None, None, {})
        assert is_suppressed("chiara@northwind.example")
    assert "Chiara" not in open_as("ana").get(url(world, "customer_list")).content.decode()


def test_the_page_of_a_customer_shows_facts_and_timeline(open_as, world):
    text = open_as("victor").get(url(world, "customer_detail", pk=world.home.karim.pk)).content.decode()
    assert "كريم حداد" in text and "Timeline" in text
