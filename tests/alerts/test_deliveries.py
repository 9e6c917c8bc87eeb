"""Every delivery outside is a row: sent once, tried again, given up where people see it, and gathered in a flood."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from alerts.models import Delivery
from alerts.notifying import deliveries, posting
from alerts.notifying.deliveries import LEASE, MAX_ATTEMPTS, send_again, send_batch, send_due_deliveries
from alerts.notifying.keeping import add_channel, switch_off
from alerts.notifying.queueing import GATHERING, OPENED, SINGLES
from customers.erasure import erase_customer
from tests.alerts.answering import evaluate, give_answers, open_follow_up
from tests.services.misbehaving import answers, outside, resets


@pytest.fixture(autouse=True)
def inside_allowed(settings):
    settings.OUTGOING_PRIVATE_TARGETS = True


def listen(ground, url: str, name: str = "Desk"):
    with ground.scope():
        return add_channel(kind="webhook", name=name, address=url, events=[OPENED], by=ground.ana, at=timezone.now())


def only(ground) -> Delivery:
    with ground.scope():
        return Delivery.objects.get()


@pytest.mark.django_db(transaction=True)
def test_opened_follow_up_is_told_outside_once(world):
    with outside(answers(body=b"thanks")) as server:
        listen(world.home, server.url)
        follow_up = open_follow_up(world.home, verbatim="Late")
        assert send_due_deliveries() == 1
        assert send_due_deliveries() == 0
    assert len(server.requests) == 1 and b'"verbatim": "Late"' in server.requests[0]
    row = only(world.home)
    assert (row.state, row.attempts, row.response_status, row.response_text) == ("delivered", 1, 200, "thanks")
    assert row.follow_up_id == follow_up.pk and row.delivered_at
    with world.other.scope():
        assert not Delivery.objects.exists()


def test_failure_is_shown_and_tried_again_ever_later_until_given_up(world):
    with outside(answers("500 Broken", b"oops")) as server:
        listen(world.home, server.url)
        open_follow_up(world.home)
        waits = []
        for _ in range(MAX_ATTEMPTS):
            due_at = only(world.home).due_at
            assert send_batch(world.home.organization.id, at=due_at) == 1
            waits.append(only(world.home).due_at - due_at)
    row = only(world.home)
    assert (row.state, row.attempts, row.response_text) == ("given_up", MAX_ATTEMPTS, "oops")
    assert row.last_error == "The other side answered 500."
    assert waits[:7] == [timedelta(seconds=15 * 2**n) for n in range(1, 8)]
    assert len(server.requests) == MAX_ATTEMPTS
    with world.home.scope():
        send_again(row, by=world.home.ana, at=timezone.now())
    row = only(world.home)
    assert (row.state, row.attempts) == ("due", 0)


@pytest.mark.parametrize(("status", "asked", "waited"), [("429 Slow", 900, 900), ("503 Busy", 90000, 3600)])
def test_the_other_side_may_ask_for_a_pause_of_up_to_an_hour(world, status, asked, waited):
    with outside(answers(status, b"", f"Retry-After: {asked}")) as server:
        listen(world.home, server.url)
        open_follow_up(world.home)
        at = only(world.home).due_at
        send_batch(world.home.organization.id, at=at)
    assert only(world.home).due_at == at + timedelta(seconds=waited)


def test_broken_connection_is_kept_as_the_last_failure(world):
    with outside(resets) as server:
        listen(world.home, server.url)
        open_follow_up(world.home)
        send_batch(world.home.organization.id)
    row = only(world.home)
    assert (row.state, row.response_status) == ("due", None) and "Connection" in row.last_error


def test_crash_while_sending_is_sent_again_after_the_lease_and_the_late_worker_changes_nothing(world):
    with outside(answers()) as server:
        listen(world.home, server.url)
        open_follow_up(world.home)
        at = only(world.home).due_at
        with world.home.scope():
            (taken,), _ = deliveries._claim(at=at)
        assert only(world.home).state == "sending"
        assert send_batch(world.home.organization.id, at=at + LEASE - timedelta(seconds=1)) == 0
        assert send_batch(world.home.organization.id, at=at + LEASE) == 1
    with world.home.scope():
        deliveries._settle(taken, reply=None, error="late", at=at)
    row = only(world.home)
    assert (row.state, row.attempts, row.fence, row.last_error) == ("delivered", 2, 2, "")


def test_channel_that_was_switched_off_is_told_nothing(world):
    with outside(answers()) as server:
        channel = listen(world.home, server.url)
        open_follow_up(world.home)
        with world.home.scope():
            switch_off(channel, by=world.home.ana, at=timezone.now())
        send_batch(world.home.organization.id)
        open_follow_up(world.home)
    assert server.requests == [] and only(world.home).state == "given_up"


def test_flood_becomes_one_summary_that_names_all_others(world):
    with outside(answers()) as server:
        listen(world.home, server.url)
        give_answers(world.home, *[1] * 30)
        evaluate(world.home)
        give_answers(world.home, *[1] * 12)
        evaluate(world.home)
        with world.home.scope():
            assert Delivery.objects.filter(follow_up__isnull=False).count() == SINGLES
            summary = Delivery.objects.get(follow_up=None)
        assert (summary.count, summary.facts["numbers"]) == (22, [[21, 42]])
        assert summary.due_at == summary.created_at + GATHERING
        while send_batch(world.home.organization.id, at=summary.due_at):
            pass
        assert len(server.requests) == SINGLES + 1
        assert any(b'"count": 22' in request for request in server.requests)


def test_erased_customer_takes_their_deliveries_along(world):
    listen(world.home, "https://hooks.example/")
    open_follow_up(world.home)
    kept = open_follow_up(world.home, customer=world.home.karim)
    with world.home.scope():
        erase_customer(world.home.chiara, by=world.home.ana, at=timezone.now())
        assert [row.follow_up_id for row in Delivery.objects.all()] == [kept.pk]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_delivery_once_and_hold_no_transaction_meanwhile(world, monkeypatch):
    monkeypatch.setattr(deliveries, "BATCH", 3)
    inside = []
    real = posting.post

    def watched(*given, **named):
        inside.append(connection.in_atomic_block)
        return real(*given, **named)

    monkeypatch.setattr(posting, "post", watched)
    barrier = Barrier(2)

    def work() -> None:
        try:
            barrier.wait()
            while send_batch(world.home.organization.id):
                pass
        finally:
            connection.close()

    with outside(answers()) as server:
        listen(world.home, server.url)
        give_answers(world.home, *[1] * 12)
        evaluate(world.home)
        workers = [Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(server.requests) == 12
    assert inside == [False] * 12
    with world.home.scope():
        assert set(Delivery.objects.values_list("state", "attempts")) == {("delivered", 1)}
