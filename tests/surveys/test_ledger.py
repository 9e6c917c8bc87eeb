"""The ledger says of everybody in words why they were, will be or were not asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.erasure import erase_customer
from journeys.timeline import timeline_of
from surveys.claiming import LEASE
from surveys.correcting import NotPossible, mark_delivery, try_again, withdraw
from surveys.models import Invitation
from surveys.reasons import SHORT, reason_text
from tenancy.audit import Actor
from tenancy.models import AuditEntry
from tests.surveys.asking import an_ask, deliver, live_survey, new_customer, send_rule


@pytest.fixture
def home(world):
    with world.home.scope():
        world.home.rows.survey = live_survey(world.home, name="After delivery")
    return world.home


@pytest.fixture
def read(home, client):
    client.force_login(home.victor)
    return lambda query="": client.get(home.url(f"surveys/invitations/{query}")).content.decode()


def test_empty_ledger_says_what_will_stand_here(read):
    assert "Nobody was asked yet" in read()


def test_each_row_has_its_reason_in_words(home, read):
    with home.scope():
        send_rule(home, home.survey, delay_minutes=60)
        deliver(home)
        deliver(home, home.karim, ago=timedelta(days=30))
    page = read()
    assert "Will be asked 1 hour after “Order delivered”." in page
    assert "Reported too late" in page
    assert "Chiara Conti" in page


def test_statuses_are_counted_and_filter(home, read):
    with home.scope():
        an_ask(home, status="sent", survey=home.survey)
        an_ask(home, status="dropped", survey=home.survey, reason="suppressed", customer=home.karim)
    assert "كريم" not in read("?status=sent")
    page = read("?reason=suppressed")
    assert "كريم" in page
    assert "Chiara" not in page
    assert "Chiara" in read("?q=chiara@")
    assert "Nothing fits" in read("?q=nobody")


def test_unknown_is_shown_above_everything(home, read):
    with home.scope():
        an_ask(home, status="unknown", survey=home.survey)
    assert "1 mail may or may not have arrived" in read()


def test_clicked_score_is_shown_as_not_confirmed(home, read):
    with home.scope():
        an_ask(home, status="sent", survey=home.survey, provisional_score=3, provisional_at=timezone.now())
    assert "Clicked 3, not confirmed" in read()


def test_pages_follow_one_another_without_a_gap(home, client):
    client.force_login(home.victor)
    with home.scope():
        asks = [an_ask(home, survey=home.survey, customer=new_customer(f"Guest{number}")) for number in range(60)]
    seen, query = [], ""
    for _ in range(3):
        page = client.get(home.url(f"surveys/invitations/{query}"))
        seen += [row.invitation.pk for row in page.context["page"].rows]
        query = page.context["next_url"]
    assert query == ""
    assert seen == [ask.pk for ask in reversed(asks)]


def test_page_costs_the_same_for_any_number_of_rows(home, client, django_assert_max_num_queries):
    client.force_login(home.ana)
    with home.scope():
        for number in range(25):
            an_ask(home, survey=home.survey, customer=new_customer(f"Guest{number}"))
    with django_assert_max_num_queries(24):
        client.get(home.url("surveys/invitations/"))


def test_nonsense_in_the_address_is_left_out(read):
    assert "Nobody was asked yet" in read("?status=x&survey=y&reason=z&after=q&q=%00")


def test_asks_stand_in_the_customers_timeline(home):
    with home.scope():
        an_ask(home, status="dropped", survey=home.survey, reason="consent_withdrawn")
        (item,) = [item for item in timeline_of(home.chiara) if item.kind == "invitation"]
    assert item.title == "Not asked: After delivery"
    assert item.detail == "They have withdrawn their consent to be asked."


def test_every_reason_has_a_sentence():
    for code in [*SHORT, "planned", "preparing", "handing_over", "sent", "marked_sent"]:
        for details in ({}, {"milestone": "Order delivered", "delay_minutes": 90, "by": "Ana", "error": "450 later"}):
            sentence = reason_text(code, details)
            assert sentence.endswith("."), code
            assert "_" not in sentence


# --- what staff may change


def actor(home):
    return Actor.of_user(home.anton)


def test_unknown_mail_that_arrived_counts_as_sent_when_it_was_handed_over(home):
    at = timezone.now()
    with home.scope():
        ask = an_ask(home, status="unknown", survey=home.survey, lease_until=at + LEASE)
        mark_delivery(ask, arrived=True, by=actor(home), at=at)
        ask.refresh_from_db()
        assert (ask.status, ask.sent_at) == ("sent", at)
        assert "Anton Northwind marked it as sent" in reason_text(ask.reason, ask.reason_details)
        assert AuditEntry.objects.filter(verb="invitation.marked", object_label="Invitation").exists()


def test_unknown_mail_that_did_not_arrive_asks_nobody_again(home):
    with home.scope():
        ask = an_ask(home, status="unknown", survey=home.survey)
        mark_delivery(ask, arrived=False, by=actor(home), at=timezone.now())
        ask.refresh_from_db()
        assert (ask.status, ask.reason) == ("failed", "marked_not_sent")


def test_failed_ask_can_be_tried_again_and_a_planned_one_taken_back(home):
    now = timezone.now()
    with home.scope():
        failed, planned = an_ask(home, status="failed", survey=home.survey, attempts=12), an_ask(home)
        try_again(failed, by=actor(home), at=now)
        withdraw(planned, by=actor(home), at=now)
        failed.refresh_from_db()
        planned.refresh_from_db()
    assert (failed.status, failed.attempts, failed.due_at) == ("planned", 0, now)
    assert (planned.status, planned.reason) == ("dropped", "withdrawn")


@pytest.mark.parametrize("status", ["sending", "sent", "dropped"])
def test_what_is_on_its_way_or_done_cannot_be_changed(home, status):
    with home.scope():
        ask = an_ask(home, status=status, survey=home.survey)
        for deed in (withdraw, try_again):
            with pytest.raises(NotPossible):
                deed(ask, by=actor(home), at=timezone.now())


def test_agent_may_not_change_an_ask_and_analyst_may(home, client):
    with home.scope():
        ask = an_ask(home, survey=home.survey)
    url = home.url(f"surveys/invitations/{ask.pk}/withdrawal/")
    client.force_login(home.greta)
    assert client.post(url).status_code == 403
    client.force_login(home.anton)
    assert "Taken back" in client.post(url, follow=True).content.decode()


# --- asking one customer now


def test_analyst_asks_one_customer_and_the_form_sent_twice_asks_once(home, client):
    client.force_login(home.anton)
    url = home.url("surveys/invitations/new/")
    key = client.get(url).context["form"]["key"].value()
    data = {"survey": home.survey.pk, "email": "Chiara@northwind.example", "key": key}
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    with home.scope():
        assert Invitation.objects.get().customer == home.chiara


def test_wrong_address_is_said_at_the_field(home, client):
    client.force_login(home.anton)
    key = "5f0c5d0e-52f5-4f6a-b9cd-0a9cc54b33c1"
    answer = client.post(
        home.url("surveys/invitations/new/"), {"survey": home.survey.pk, "email": "nobody", "key": key}
    )
    assert answer.status_code == 422
    assert "is not an e-mail address" in answer.content.decode()


# --- forgetting


def test_erased_customer_is_not_asked_and_leaves_no_address_behind(home):
    with home.scope():
        send_rule(home, home.survey)
        deliver(home)
        failed = an_ask(
            home, status="failed", last_error="550 chiara@", reason_details={"error": "550 chiara@", "milestone": "M"}
        )
        erase_customer(home.chiara, by=home.ana, at=timezone.now())
        failed.refresh_from_db()
        asks = list(Invitation.objects.all())
    assert {ask.to_address for ask in asks} == {""}
    assert {ask.status for ask in asks} == {"failed", "dropped"}
    assert (failed.last_error, failed.reason_details) == ("", {"milestone": "M"})
