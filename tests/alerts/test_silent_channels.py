"""A place that does not answer costs one request a pause, whatever waits for it; admins hear when it is given up."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.models import Delivery, Notification
from alerts.notifying import deliveries
from alerts.notifying.deliveries import MAX_ATTEMPTS, send_batch
from alerts.notifying.keeping import add_channel, send_test
from tenancy import outgoing
from tests.alerts.answering import evaluate, give_answers
from tests.services.misbehaving import answers, keeps_silent, outside, resets


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch):
    settings.OUTGOING_PRIVATE_TARGETS = True
    monkeypatch.setattr(outgoing, "DEADLINE_SECONDS", 1.0)
    monkeypatch.setattr(outgoing, "READ_SECONDS", 0.5)


def listen(ground, url, name):
    with ground.scope():
        return add_channel(
            kind="webhook", name=name, address=url, events=["follow_up.opened"], by=ground.ana, at=timezone.now()
        )


def open_many(ground, count):
    give_answers(ground, *[1] * count)
    evaluate(ground)


def rows(ground, channel):
    with ground.scope():
        return list(Delivery.objects.filter(channel=channel).order_by("created_at", "pk"))


def test_dead_channels_hold_no_worker_and_the_living_one_is_told_in_the_same_round(world):
    home = world.home
    with outside(keeps_silent) as dead, outside(answers()) as alive:
        channels = [listen(home, dead.url, f"Dead {number}") for number in range(3)]
        living = listen(home, alive.url, "Alive")
        open_many(home, 10)
        started, at = time.monotonic(), timezone.now()
        while send_batch(home.organization.id, at=at):
            pass
        took = time.monotonic() - started
    assert len(dead.requests) == len(channels)
    assert len(alive.requests) == 10
    assert took < 10
    for channel in channels:
        assert {row.attempts for row in rows(home, channel)} == {1}
        assert {row.state for row in rows(home, channel)} == {"due"}
        assert len({row.due_at for row in rows(home, channel)}) == 1
    assert {row.state for row in rows(home, living)} == {"delivered"}


def test_what_comes_meanwhile_waits_for_the_next_try_and_an_answer_frees_all(world):
    home = world.home
    with outside(resets) as server:
        channel = listen(home, server.url, "Desk")
        open_many(home, 2)
        at = timezone.now()
        send_batch(home.organization.id, at=at)
        open_many(home, 3)
        while send_batch(home.organization.id, at=timezone.now()):
            pass
        assert len(server.requests) == 1
        assert sorted(row.attempts for row in rows(home, channel)) == [0, 0, 0, 1, 1]
        server.script = answers()
        with home.scope():
            send_test(channel, organization_url="https://cxm.example/", by=home.ana, at=timezone.now())
        while send_batch(home.organization.id, at=timezone.now()):
            pass
    assert {row.state for row in rows(home, channel)} == {"delivered"}


def test_all_share_their_tries_and_are_given_up_together_and_admins_hear_once(world):
    home = world.home
    with outside(resets) as server:
        channel = listen(home, server.url, "Desk")
        open_many(home, 15)
        at = timezone.now()
        for _ in range(MAX_ATTEMPTS + 4):
            while send_batch(home.organization.id, at=at):
                pass
            at += timedelta(hours=1)
    assert {(row.state, row.attempts) for row in rows(home, channel)} == {("given_up", MAX_ATTEMPTS)}
    assert len(server.requests) == MAX_ATTEMPTS
    with home.scope():
        told = Notification.objects.get(event="delivery_given_up")
        assert (told.user, told.title) == (home.ana, "“Desk” could not be told")
        assert told.path == f"settings/channels/deliveries/?channel={channel.pk}&state=given_up"


def test_round_that_takes_too_long_leaves_the_rest_untried(world, monkeypatch):
    monkeypatch.setattr(deliveries, "ROUND_SECONDS", 0.8)
    home = world.home

    def slow(wire):
        time.sleep(0.3)
        answers()(wire)

    with outside(slow) as server:
        channel = listen(home, server.url, "Slow")
        open_many(home, 8)
        sent = send_batch(home.organization.id)
        assert 1 <= sent < 8
        assert len(server.requests) == sent
        left = [row for row in rows(home, channel) if row.state == "due"]
        assert len(left) == 8 - sent and {row.attempts for row in left} == {0}
        while send_batch(home.organization.id):
            pass
    assert {(row.state, row.attempts) for row in rows(home, channel)} == {("delivered", 1)}


def test_receiver_that_is_gone_is_given_up_at_once(world):
    with outside(answers("410 Gone")) as server:
        channel = listen(world.home, server.url, "Desk")
        open_many(world.home, 1)
        send_batch(world.home.organization.id)
    (row,) = rows(world.home, channel)
    assert (row.state, row.attempts) == ("given_up", 1)
