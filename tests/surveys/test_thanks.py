"""After an answer: thanks by group, only promises that hold, and a way to be called for those who were let down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer
from surveys import promises
from surveys.models import Response
from surveys.promises import Promise, register_promise
from surveys.responding import verbatim_of
from tenancy.models import AuditEntry
from tests.surveys.listening import make_invitation, make_live_survey, path_of


@pytest.fixture
def link(world):
    with world.home.scope():
        survey = make_live_survey(world.home)
        return path_of(make_invitation(world.home, survey, at=timezone.now()))


@pytest.fixture
def promised():
    """A promise for tests: somebody gets in touch by Friday."""
    kept = list(promises._sources)
    promises._sources.clear()
    moment = timezone.now().replace(year=2026, month=3, day=13, hour=12, minute=0)
    register_promise(lambda response: Promise(contact_by=moment))
    yield moment
    promises._sources[:] = kept


def thanks(client, link, **answer) -> str:
    client.post(link, {"lang": "en", **answer})
    return client.get(f"{link}done/").content.decode()


def test_each_group_is_thanked_in_its_own_words(client, link):
    assert "good to hear" in thanks(client, link, score="10")
    assert "still improve" in thanks(client, link, score="7")
    assert "sorry that we let you down" in thanks(client, link, score="0")


def test_detractor_who_may_be_contacted_is_told_by_when(client, link, promised):
    page = thanks(client, link, score="2", may_contact="yes")
    assert "will get in touch with you by Friday 13 March, 13:00" in page  # Berlin
    assert "We have noted that we may get in touch" in page


def test_nothing_is_promised_without_a_policy_or_without_consent(client, link, promised):
    page = thanks(client, link, score="2", may_contact="no")
    assert "will read your answer" in page and "Friday" not in page
    promises._sources.clear()
    assert "Friday" not in thanks(client, link, score="2", may_contact="yes")


def test_promise_that_fails_does_not_cost_the_thanks(client, link):
    kept = list(promises._sources)
    promises._sources[:] = [lambda response: 1 / 0]
    try:
        assert "will read your answer" in thanks(client, link, score="2", may_contact="yes")
    finally:
        promises._sources[:] = kept


def test_detractor_can_ask_to_be_called(client, world, link):
    page = thanks(client, link, score="2", verbatim="Broken")
    assert "Would you like us to get in touch?" in page
    reply = client.post(f"{link}contact/", {"phone": "+49 30 123456 <b>", "consent": "yes", "lang": "en"})
    assert (reply.status_code, reply["Location"]) == (303, f"{link}done/")
    with world.home.scope():
        response = Response.objects.get()
        assert response.may_contact is True and verbatim_of(response) == "Broken"
        assert Customer.objects.get(pk=world.home.chiara.pk).phone == "+49 30 123456"
        assert AuditEntry.objects.filter(verb="customer.phone_given").count() == 1
    assert "We have noted that we may get in touch" in client.get(f"{link}done/").content.decode()


def test_number_without_consent_is_kept_on_the_page_and_nowhere_else(client, world, link):
    client.post(link, {"score": "2"})
    page = client.post(f"{link}contact/", {"phone": "030 123456", "lang": "en"})
    assert page.status_code == 422 and 'value="030 123456"' in page.content.decode()
    with world.home.scope():
        assert not Customer.objects.exclude(phone="").exists()
        assert Response.objects.get().may_contact is None


def test_passive_without_words_is_asked_for_one_thing(client, world, link):
    assert "one thing we could do better" in thanks(client, link, score="7", may_contact="no")
    client.post(link, {"score": "7", "may_contact": "no", "verbatim": "Be on time"})
    assert "one thing we could do better" not in client.get(f"{link}done/").content.decode()
    with world.home.scope():
        response = Response.objects.get()
        assert verbatim_of(response) == "Be on time" and response.may_contact is False


def test_way_to_be_called_ends_with_the_time_to_edit(client, world, link):
    client.post(link, {"score": "2"})
    with world.home.scope():
        Response.objects.update(responded_at=timezone.now() - timedelta(hours=25))
    assert "Would you like us" not in client.get(f"{link}done/").content.decode()
    assert client.post(f"{link}contact/", {"consent": "yes"})["Location"] == link


def test_thanks_without_an_answer_lead_back_to_the_survey(client, link):
    assert client.get(f"{link}done/")["Location"] == link
