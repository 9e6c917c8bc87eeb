"""The way out: one click of a mail program, or a page with a button; a GET changes nothing."""

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Suppression
from customers.suppression import suppress
from surveys.tokens import make_token
from tenancy.audit import SYSTEM
from tenancy.models import AuditEntry
from tests.surveys.listening import make_invitation, make_live_survey

ADDRESS = "chiara@northwind.example"


@pytest.fixture
def link(world):
    with world.home.scope():
        invitation = make_invitation(world.home, make_live_survey(world.home))
    return f"/u/{make_token(invitation.id)}/"


@pytest.fixture
def mail_program():
    """Posts as RFC 8058 says, without cookie, referrer or CSRF token."""
    client = Client(enforce_csrf_checks=True)
    return lambda link: client.post(link, {"List-Unsubscribe": "One-Click"})


def suppressions(ground):
    with ground.scope():
        return list(Suppression.objects.filter(lifted_at=None).values_list("email_key", "reason"))


def test_one_click_unsubscribes_without_cookie_or_redirect(world, link, mail_program):
    answer = mail_program(link)
    assert answer.status_code == 200
    assert not answer.cookies
    assert suppressions(world.home) == [(ADDRESS, "unsubscribed")]


def test_second_click_changes_nothing(world, link, mail_program):
    mail_program(link)
    assert mail_program(link).status_code == 200
    assert len(suppressions(world.home)) == 1
    with world.home.scope():
        entry = AuditEntry.objects.get(verb="address.suppressed")
    assert (entry.actor_kind, entry.actor_id) == ("customer", world.home.chiara.id)


def test_reading_the_page_changes_nothing(world, link, client):
    for method in (client.get, client.head):
        assert method(link).status_code == 200
    assert suppressions(world.home) == []


def test_page_names_who_and_which_address_without_showing_it_whole(link, client):
    page = client.get(link).content.decode()
    assert "Northwind will then send no more questions to c•••@northwind.example." in page
    assert ADDRESS not in page
    assert "<script" not in page


def test_button_leads_back_to_a_page_that_says_so_and_offers_the_way_back(world, link, client):
    answer = client.post(link, {"on_page": "1"})
    assert (answer.status_code, answer["Location"]) == (303, link)
    page = client.get(link).content.decode()
    assert "You are unsubscribed" in page
    assert f"{link}return/" in page


def test_coming_back_is_a_deliberate_post_with_its_line_in_the_audit_log(world, link, client, mail_program):
    mail_program(link)
    assert client.get(f"{link}return/").status_code == 405
    answer = client.post(f"{link}return/", follow=True)
    assert "may ask you again" in answer.content.decode()
    assert suppressions(world.home) == []
    with world.home.scope():
        assert AuditEntry.objects.get(verb="address.released").actor_kind == "customer"


def test_coming_back_does_not_lift_what_staff_decided(world, link, client):
    with world.home.scope():
        suppress(ADDRESS, reason="manual", by=world.home.ana, at=timezone.now())
    client.post(f"{link}return/")
    assert suppressions(world.home) == [(ADDRESS, "manual")]


def test_customer_whose_address_changed_is_left_alone_at_both(world, link, mail_program):
    with world.home.scope():
        world.home.chiara.email = world.home.chiara.email_key = "new@customers.example"
        world.home.chiara.save()
    mail_program(link)
    assert {address for address, _ in suppressions(world.home)} == {ADDRESS, "new@customers.example"}


def test_other_organization_may_still_write(world, link, mail_program):
    mail_program(link)
    assert suppressions(world.other) == []


def test_page_speaks_the_customers_language(world, client):
    with world.home.scope():
        invitation = make_invitation(world.home, make_live_survey(world.home), customer=world.home.karim)
    page = client.get(f"/u/{make_token(invitation.id)}/").content.decode()
    assert 'dir="rtl"' in page
    assert "إلغاء الاشتراك" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_that_is_not_ours_is_the_same_page_as_for_answers(client, link, method):
    for spoilt in ("/u/nonsense/", link[:-3] + "xx/"):
        answer = getattr(client, method)(spoilt)
        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()


def test_link_signed_by_nobody_of_ours_suppresses_nothing(world, client, link, mail_program):
    mail_program(link[:-4] + "AAA/")
    assert suppressions(world.home) == []


def test_suppressing_twice_by_different_ways_is_one_row(world):
    with world.home.scope():
        assert suppress(ADDRESS, reason="bounced", by=SYSTEM, at=timezone.now())
        assert not suppress(ADDRESS, reason="unsubscribed", by=SYSTEM, at=timezone.now())
