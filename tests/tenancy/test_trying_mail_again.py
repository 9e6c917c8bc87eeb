"""Mail is tried over two days; a server that cannot be reached costs no mail a try, and what is given up is told."""

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from tenancy import outbox
from tenancy.models import OutgoingMail
from tenancy.outbox import MAX_ATTEMPTS, MAX_REFUSALS, STOPPED, UNREACHED, queue_mail, send_batch

TO = "one@customers.example"


@pytest.fixture
def given_up(monkeypatch) -> list[OutgoingMail]:
    """The mails that listeners heard of."""
    told: list[OutgoingMail] = []
    monkeypatch.setattr(outbox, "_listeners", [told.append])
    return told


def queue(ground, *recipients: str) -> None:
    with ground.scope():
        for to in recipients:
            context = {"subject": "News", "text": "Hello", "language": "", "customer_ids": []}
            queue_mail("follow_up_reply", to=to, context=context, dedupe_key=f"test:{to}")


def rows(ground) -> list[OutgoingMail]:
    with ground.scope():
        return list(OutgoingMail.objects.order_by("id"))


def send(ground, *, at=None) -> int:
    return send_batch(ground.organization.id, at=at or timezone.now() + timedelta(days=9))


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_server_that_is_down_for_days_costs_no_try_and_loses_no_mail(world, mail_server, settings, given_up):
    queue(world.home, TO, "two@customers.example")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, closed_port()
    for _ in range(2 * MAX_ATTEMPTS):
        assert send(world.home) == 0
    assert {(row.state, row.attempts) for row in rows(world.home)} == {("due", 0)}
    assert all(row.last_error.startswith(UNREACHED) for row in rows(world.home))
    settings.EMAIL_PORT = port
    assert send(world.home) == 2
    assert {row.state for row in rows(world.home)} == {"sent"}
    assert mail_server.to(TO)
    assert given_up == []


def test_the_longer_mail_waited_for_the_server_the_longer_until_it_asks_again(world, settings, mail_server):
    settings.EMAIL_PORT = closed_port()
    queue(world.home, TO)
    send(world.home)
    (row,) = rows(world.home)
    assert timedelta(seconds=20) < row.due_at - timezone.now() <= timedelta(seconds=30)
    with world.home.scope():
        OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=1))
    send(world.home)
    (row,) = rows(world.home)
    assert timedelta(minutes=9) < row.due_at - timezone.now() <= timedelta(minutes=10)


def test_mail_that_is_put_off_is_tried_over_two_days(world, mail_server, given_up):
    mail_server.refuse(TO, "450 4.2.1 Try later")
    queue(world.home, TO)
    waited = timedelta()
    for _ in range(MAX_ATTEMPTS):
        assert rows(world.home)[0].state == "due"
        send(world.home)
        row = rows(world.home)[0]
        waited += max(row.due_at - timezone.now(), timedelta()) if row.state == "due" else timedelta()
    assert timedelta(days=1, hours=20) < waited < timedelta(days=2, hours=4)
    (row,) = rows(world.home)
    assert (row.state, row.attempts) == ("failed", MAX_ATTEMPTS)
    assert "Try later" in row.last_error
    assert [mail.pk for mail in given_up] == [row.pk]


def test_a_refusal_for_good_is_given_up_soon_and_leaves_the_others_alone(world, mail_server, given_up):
    mail_server.refuse(TO, "550 5.1.1 No such mailbox")
    queue(world.home, TO, "two@customers.example")
    for _ in range(MAX_REFUSALS):
        send(world.home)
    assert [row.state for row in rows(world.home)] == ["failed", "sent"]
    assert len(given_up) == 1


def test_only_the_third_stop_in_a_row_sets_a_mail_aside(world, mail_server, given_up):
    queue(world.home, TO)
    for often in range(3):
        with world.home.scope():
            stopped = {"state": "sending", "attempts": 9 + often, "lease_until": timezone.now() - timedelta(minutes=1)}
            OutgoingMail.objects.update(**stopped)
            outbox._claim(at=timezone.now())
        (row,) = rows(world.home)
        assert row.last_error == STOPPED[often]
    assert row.state == "quarantined"
    assert [mail.pk for mail in given_up] == [row.pk]


def test_a_listener_that_fails_does_not_send_the_mail_again(world, mail_server, monkeypatch):
    def fail(mail: OutgoingMail) -> None:
        OutgoingMail.objects.create(pk=mail.pk, due_at=timezone.now())

    monkeypatch.setattr(outbox, "_listeners", [fail])
    mail_server.refuse(TO, "550 5.1.1 No such mailbox")
    queue(world.home, TO, "two@customers.example")
    for _ in range(MAX_REFUSALS):
        send(world.home)
    assert [row.state for row in rows(world.home)] == ["failed", "sent"]
    assert len(mail_server.to("two@customers.example")) == 1
