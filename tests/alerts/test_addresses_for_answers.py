"""Each follow-up has an address that nobody can guess, and mail keeps together."""

import string
from datetime import timedelta

import pytest
from django.core import mail as django_mail

from alerts.correspondence.addresses import Target, make_token, read_address, read_token, reply_address
from alerts.following_up import reply
from tenancy.outbox import send_batch
from tests.alerts.answering import TUESDAY, open_follow_up
from tests.alerts.letters import DOMAIN, customer_writes, letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inbound(settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN


def test_an_address_leads_to_its_follow_up_and_fits_into_a_local_part(world):
    follow_up = open_follow_up(world.home)
    address = reply_address(follow_up)
    local, _, domain = address.partition("@")
    assert domain == DOMAIN and len(local) <= 64 and set(local) <= set(string.ascii_lowercase + "234567")
    assert read_address(address) == Target(world.home.organization.id, follow_up.number)
    assert read_address(address.upper()) == read_address(address)


def test_a_mailbox_with_a_plus_does_as_well(world, settings):
    settings.INBOUND_MAIL_DOMAIN = "customer-mail-1@northwind.example"
    follow_up = open_follow_up(world.home)
    address = reply_address(follow_up)
    assert address.startswith("customer-mail-1+") and len(address.partition("@")[0]) <= 64
    assert read_address(address.replace("customer", "Customer")) == Target(world.home.organization.id, follow_up.number)
    assert read_address(address.replace("customer-mail-1+", "other+")) is None
    assert read_address(address.replace("customer-mail-1+", "")) is None


def test_one_changed_character_anywhere_makes_it_nobodys(world):
    token = make_token(Target(world.home.organization.id, 1))
    for place, character in enumerate(token):
        other = "a" if character != "a" else "b"
        assert read_token(token[:place] + other + token[place + 1 :]) is None
    assert read_token(token + "a") is None
    assert read_token("") is None
    assert read_token("ä" * 48) is None


def test_an_address_at_another_domain_is_nobodys(world):
    address = reply_address(open_follow_up(world.home))
    assert read_address(address.replace(DOMAIN, "evil.example")) is None
    assert read_address(address.replace(DOMAIN, f"{DOMAIN}.evil.example")) is None
    assert read_address("@") is None


def test_a_retired_key_still_opens_and_a_forgotten_one_does_not(world, settings):
    address, old = reply_address(open_follow_up(world.home)), settings.SECRET_KEY
    settings.SECRET_KEY = "another key that is long enough for this"
    assert read_address(address) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_address(address) is not None


def test_a_reply_carries_the_address_and_staff_mail_does_not(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        reply(follow_up, subject="Sorry", text="Sorry", by=world.home.greta, at=TUESDAY)
    send_batch(world.home.organization.id)
    replies = [each for each in django_mail.outbox if "chiara@northwind.example" in each.to]
    assert [each.reply_to for each in replies] == [[reply_address(follow_up)]]
    others = [each for each in django_mail.outbox if "chiara@northwind.example" not in each.to]
    assert others and not any(DOMAIN in str(each.message()) for each in others)


def test_without_the_setting_answers_go_to_the_organizations_own_address(world, settings):
    settings.INBOUND_MAIL_DOMAIN = ""
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        reply(follow_up, subject="Sorry", text="Sorry", by=world.home.greta, at=TUESDAY)
    send_batch(world.home.organization.id)
    assert [each.reply_to for each in django_mail.outbox if "chiara@" in each.to[0]] == [["care@northwind.example"]]


def test_a_correspondence_stays_one_thread(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        reply(follow_up, subject="Sorry", text="Sorry", by=world.home.greta, at=TUESDAY)
    send_batch(world.home.organization.id)
    ours = django_mail.outbox[-1].extra_headers["Message-ID"]
    customers = letter("Still broken")
    customer_writes(world.home, follow_up, customers)
    with world.home.scope():
        at = TUESDAY + timedelta(days=400)
        reply(follow_up, subject="Re: Sorry", text="We send another", by=world.home.greta, at=at)
    send_batch(world.home.organization.id)
    headers = django_mail.outbox[-1].message()
    assert headers["In-Reply-To"] == customers["Message-ID"]
    assert headers["References"].split() == [ours, customers["Message-ID"]]
