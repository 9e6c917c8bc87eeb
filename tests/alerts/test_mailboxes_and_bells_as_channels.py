"""A mailbox outside the members and the bell of a role are channels like any other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.following_up import assign, close_loop, contact, reopen, resolve
from alerts.models import Delivery, FollowUp, Notification
from alerts.notices import tell_owners
from alerts.notifying.deliveries import send_batch
from alerts.notifying.keeping import add_channel
from alerts.notifying.people import tell
from customers.erasure import erase_customer
from tenancy.mail import Sender, write_mail
from tenancy.models import Organization, OutgoingMail
from tenancy.outbox import MAX_REFUSALS
from tenancy.outbox import send_batch as send_mail
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.pages import client_of


def listen(ground, kind, address, *events):
    with ground.scope():
        return add_channel(
            kind=kind, name=kind, address=address, events=list(events) or ["follow_up.opened"], by=ground.ana,
            at=timezone.now(),
        )  # fmt: skip


def send_all(ground):
    while send_batch(ground.organization.id):
        pass


def test_mailbox_gets_a_mail_by_the_outbox_once(world):
    listen(world.home, "email", "care@desk.example")
    open_follow_up(world.home, verbatim="Late <b>again</b>")
    send_all(world.home)
    with world.home.scope():
        assert Delivery.objects.get().state == "delivered"
        mail = OutgoingMail.objects.get(to_address="care@desk.example")
        sender = Sender.of(Organization.objects.get(pk=world.home.organization.pk))
        Delivery.objects.update(state="due", due_at=timezone.now())
    send_all(world.home)
    with world.home.scope():
        assert OutgoingMail.objects.filter(to_address="care@desk.example").count() == 1
    message = write_mail(mail.template, to=mail.to_address, sender=sender, context=mail.context)
    assert message.subject == "Follow-up #1 opened: Chiara Conti"
    html = message.alternatives[0].content
    for body in (message.body, html):
        assert "/o/northwind/followups/1/" in body and "an admin of Northwind" in body and "3 (Detractor)" in body
    assert "&lt;b&gt;again" in html
    with world.home.scope():
        erase_customer(world.home.chiara, by=world.home.ana, at=timezone.now())
        assert not OutgoingMail.objects.filter(to_address="care@desk.example").exists()


def test_bell_of_a_role_shows_it_without_mail_and_twice_to_nobody(world):
    listen(world.home, "in_app", "agent")
    open_follow_up(world.home)
    send_all(world.home)
    with world.home.scope():
        told = Notification.objects.filter(event="opened").values_list("user__name", flat=True)
        # Greta and Olga are agents and were told anyhow.
        assert sorted(told) == ["Ana Northwind", "Anton Northwind", "Greta Northwind", "Olga Both"]
        assert not OutgoingMail.objects.filter(to_address=world.home.ana.email).exists()
        assert Delivery.objects.get().response_text == "Shown to 2"


def test_bell_of_a_role_gets_the_summary_of_a_flood(world):
    listen(world.home, "in_app", "admin")
    give_answers(world.home, *[1] * 30)
    evaluate(world.home)
    with world.home.scope():
        Delivery.objects.update(due_at=timezone.now())
    send_all(world.home)
    with world.home.scope():
        summary = Notification.objects.get(user=world.home.ana, title="10 more follow-ups opened")
        assert "#21 to #30" in summary.text


@pytest.mark.parametrize("count", [1, 23])
def test_other_events_reach_the_channels_that_chose_them(world, count):
    chosen = listen(world.home, "email", "care@desk.example", "follow_up.answer_added")
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        for number in range(count):
            tell(
                [world.home.greta, world.home.ana], "answer_added", title="Chiara answered again",
                key=f"k{number}", follow_up=follow_up, at=TUESDAY,
            )  # fmt: skip
        rows = Delivery.objects.filter(channel=chosen)
        assert rows.filter(follow_up=follow_up).count() == min(count, 20)
        assert [row.count for row in rows.filter(follow_up=None)] == ([3] if count > 20 else [])
        assert not Delivery.objects.exclude(event="follow_up.answer_added").exists()
        Delivery.objects.update(due_at=timezone.now())
    send_all(world.home)
    with world.home.scope():
        titles = set(
            OutgoingMail.objects.filter(to_address="care@desk.example").values_list("context__title", flat=True)
        )
    assert titles == {"Chiara answered again"} | ({"3 more: The customer answered again"} if count > 20 else set())


def deliveries_page(ground) -> str:
    return client_of(ground.ana).get(ground.url("settings/channels/deliveries/")).content.decode()


def test_a_mail_counts_as_delivered_once_the_mail_server_has_it(world, mail_server):
    listen(world.home, "email", "care@desk.example")
    open_follow_up(world.home)
    send_all(world.home)
    assert "In the outbox" in deliveries_page(world.home)
    send_mail(world.home.organization.id)
    html = deliveries_page(world.home)
    assert "In the outbox" not in html and "Delivered" in html


def test_a_mail_that_the_mail_server_refused_is_given_up_and_can_be_sent_again(world, mail_server):
    listen(world.home, "email", "care@desk.example")
    open_follow_up(world.home)
    send_all(world.home)
    mail_server.refuse("care@desk.example", "550 5.1.1 No such mailbox")
    for _ in range(MAX_REFUSALS):
        send_mail(world.home.organization.id, at=timezone.now() + timedelta(days=1))
    with world.home.scope():
        row = Delivery.objects.get()
        assert row.state == "given_up" and "No such mailbox" in row.last_error
        told = set(Notification.objects.filter(user=world.home.ana).values_list("event", flat=True))
        assert "delivery_given_up" in told and "mail_given_up" not in told
    mail_server.accept_all()
    client_of(world.home.ana).post(world.home.url(f"settings/channels/deliveries/{row.pk}/replay/"))
    send_all(world.home)
    send_mail(world.home.organization.id)
    assert mail_server.to("care@desk.example")


def test_what_is_off_on_purpose_is_no_alarm_and_is_not_sent_again(world):
    channel = listen(world.home, "email", "care@desk.example")
    open_follow_up(world.home)
    with world.home.scope():
        type(channel).objects.filter(pk=channel.pk).update(is_active=False)
    send_all(world.home)
    with world.home.scope():
        row = Delivery.objects.get()
        assert row.state == "given_up"
    client = client_of(world.home.ana)
    for page in ("settings/channels/", "settings/channels/deliveries/"):
        assert "notice-breach" not in client.get(world.home.url(page)).content.decode()
    address = world.home.url(f"settings/channels/deliveries/{row.pk}/replay/")
    assert "is switched off: switch it on first." in client.post(address, follow=True).content.decode()
    with world.home.scope():
        assert Delivery.objects.get().state == "given_up"


def test_owner_of_what_opened_hears_once_where_a_bell_shows_it_too(world):
    listen(world.home, "in_app", "agent")
    with world.home.scope():
        follow_up = open_follow_up(world.home)
        Notification.objects.all().delete()
        FollowUp.objects.update(owner=world.home.greta)
        follow_up.refresh_from_db()
        tell_owners(world.home.organization, [follow_up], at=timezone.now())
        Delivery.objects.update(state="due", due_at=timezone.now())
    send_all(world.home)
    with world.home.scope():
        assert Notification.objects.filter(user=world.home.greta).count() == 1
        assert Notification.objects.filter(user=world.home.anton).count() == 1


def test_summary_under_a_bell_leads_to_the_follow_ups(world):
    listen(world.home, "in_app", "admin")
    give_answers(world.home, *[1] * 30)
    evaluate(world.home)
    with world.home.scope():
        Delivery.objects.update(due_at=timezone.now())
    send_all(world.home)
    with world.home.scope():
        summary = Notification.objects.get(user=world.home.ana, title="10 more follow-ups opened")
        assert summary.path == "followups/?view=all"


def test_places_follow_who_got_it_and_how_it_ended_without_words_of_people(world):
    home, kinds = world.home, ("given", "resolved", "closed", "reopened")
    listen(home, "email", "care@desk.example", *(f"follow_up.{kind}" for kind in kinds))
    follow_up = open_follow_up(home)
    with home.scope():
        assign(follow_up, owner=home.greta, text="My words", by=home.ana, at=TUESDAY)
        contact(follow_up, way="phone", text="My words", by=home.greta, at=TUESDAY)
        resolve(follow_up, outcome="recovered", root_cause="price", text="My words", by=home.greta, at=TUESDAY)
        close_loop(follow_up, closing="told", text="My words", by=home.greta, at=TUESDAY)
        reopen(follow_up, text="My words", by=home.greta, at=TUESDAY)
        rows = list(Delivery.objects.order_by("id"))
    assert [row.event for row in rows] == [f"follow_up.{kind}" for kind in kinds]
    assert all(row.facts["number"] == 1 and "My words" not in str(row.facts) for row in rows)
    assert rows[1].facts["outcome"] == "recovered" and rows[0].facts["owner"] == str(home.greta)


def test_nobody_chooses_about_what_only_places_are_told_of(world):
    page = client_of(world.home.ana).get(world.home.url("notifications/choices/")).content.decode()
    assert "A loop was closed" not in page
    viewers = client_of(world.home.victor).get(world.home.url("notifications/choices/")).content.decode()
    assert "A follow-up opened that nobody owns" in page and "A follow-up opened that nobody owns" not in viewers
