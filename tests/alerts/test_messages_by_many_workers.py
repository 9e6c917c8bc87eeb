"""Two messages to one customer, and one that is erased meanwhile: workers decide one after the other."""

from threading import Event, Thread

import pytest
from django.db import connection
from django.utils import timezone

from alerts.models import InitiativeRecipient
from alerts.proof.initiatives import sending
from alerts.proof.initiatives.messages import let_go
from customers.erasure import erase_customer
from customers.models import Customer
from tenancy.models import OutgoingMail
from tests.alerts.answering import open_follow_up
from tests.alerts.mending import a_message

pytestmark = pytest.mark.django_db(transaction=True)


def messages_to_chiara(ground, count: int) -> None:
    follow_up = open_follow_up(ground, customer=ground.chiara)
    with ground.scope():
        for _ in range(count):
            let_go(a_message(ground, follow_ups=[follow_up]), by=ground.ana, at=timezone.now())


def in_thread(work) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_two_messages_at_once_write_to_a_customer_once(world, monkeypatch):
    messages_to_chiara(world.home, 2)
    first_decided, go_on = Event(), Event()
    store = sending.queue_mails

    def slowly(mails):
        if not first_decided.is_set():
            first_decided.set()
            go_on.wait(5)
        store(mails)

    monkeypatch.setattr(sending, "queue_mails", slowly)
    first = in_thread(lambda: sending.send_batch(world.home.organization.id))
    assert first_decided.wait(5)
    second = in_thread(lambda: sending.send_batch(world.home.organization.id))
    second.join(0.5)  # it waits for the customer, or has decided without looking
    go_on.set()
    first.join()
    second.join()
    with world.home.scope():
        assert sorted(InitiativeRecipient.objects.values_list("is_sent", flat=True)) == [False, True]
        assert OutgoingMail.objects.filter(template="initiative_message").count() == 1


def test_customer_who_is_being_erased_gets_no_mail(world):
    messages_to_chiara(world.home, 1)
    with world.home.scope():
        erase_customer(Customer.objects.get(pk=world.home.chiara.pk), by=world.home.ana, at=timezone.now())
        worker = in_thread(lambda: sending.send_batch(world.home.organization.id))
        worker.join(0.5)
    worker.join()
    with world.home.scope():
        assert InitiativeRecipient.objects.get().why_not == "They were erased."
        assert not OutgoingMail.objects.filter(template="initiative_message").exists()
