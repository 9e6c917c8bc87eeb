"""A mailbox outside the members and the bell of a role are channels like any other."""

import pytest
from django.utils import timezone

from alerts.models import Delivery, Notification
from alerts.notifying.deliveries import send_batch
from alerts.notifying.keeping import add_channel
from alerts.notifying.people import tell
from customers.erasure import erase_customer
from tenancy.mail import Sender, write_mail
from tenancy.models import Organization, OutgoingMail
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up


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
