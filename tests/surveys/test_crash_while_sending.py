"""A worker or a mail server that dies in the middle: nobody is asked twice, and what is not known is shown."""

import socket
import threading
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from surveys import sending
from surveys.claiming import LEASE
from surveys.models import Invitation
from surveys.sending import send_batch
from surveys.signals import response_completed
from tests.surveys.asking import deliver, invitation_for, live_survey, new_customer, send_rule


@pytest.fixture
def home(world):
    with world.home.scope():
        send_rule(world.home, live_survey(world.home))
    return world.home


class Killed(BaseException):
    """What `kill -9` is to the process: no handler of ours runs."""


class DroppingServer:
    """Speaks SMTP and hangs up at one moment of the n-th mail: "rcpt", or "dot" once it has the whole text."""

    def __init__(self, *, at: str, mail: int = 1):
        self.at, self.mail = at, mail
        self.taken = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.converse(connection)

    def converse(self, connection):
        lines = connection.makefile("rb")
        connection.sendall(b"220 here\r\n")
        for line in lines:
            verb = line[:4].upper()
            if verb == b"RCPT" and self.at == "rcpt" and self.taken + 1 == self.mail:
                return
            if verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                while lines.readline() != b".\r\n":
                    pass
                self.taken += 1
                if self.at == "dot" and self.taken == self.mail:
                    return
            connection.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def dropping(settings):
    def start(**options):
        server = DroppingServer(**options)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = server.port
        servers.append(server)
        return server

    servers = []
    yield start
    for server in servers:
        server.listener.close()


def three_orders_arrive(home):
    with home.scope():
        customers = [new_customer(name) for name in ("First", "Second", "Third")]
        for customer in customers:
            deliver(home, customer)
    return customers


def outcomes(home, customers):
    with home.scope():
        found = [invitation_for(customer) for customer in customers]
    return [(invitation.status, invitation.reason) for invitation in found]


def test_connection_lost_after_the_text_leaves_one_unknown_and_the_rest_waiting(home, dropping):
    server = dropping(at="dot", mail=2)
    customers = three_orders_arrive(home)
    send_batch(home.organization.id)
    assert server.taken == 2
    assert outcomes(home, customers) == [
        ("sent", "sent"),
        ("unknown", "hand_over_unknown"),
        ("deferred", "mail_server_down"),
    ]
    send_batch(home.organization.id, at=timezone.now() + timedelta(minutes=2))
    assert outcomes(home, customers) == [("sent", "sent"), ("unknown", "hand_over_unknown"), ("sent", "sent")]


def test_connection_lost_before_the_text_is_tried_again(home, dropping):
    dropping(at="rcpt", mail=2)
    customers = three_orders_arrive(home)
    send_batch(home.organization.id)
    assert outcomes(home, customers) == [("sent", "sent"), ("deferred", "retry"), ("deferred", "mail_server_down")]


def test_worker_killed_during_the_hand_over_leaves_unknown_and_never_asks_again(home, mail_server, monkeypatch):
    customers = three_orders_arrive(home)
    hand_over = sending.hand_over

    def die_after_the_second(connection, mail):
        result = hand_over(connection, mail)
        if "second" in mail.to[0]:
            raise Killed
        return result

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, "hand_over", die_after_the_second)
        send_batch(home.organization.id)
    later = timezone.now() + LEASE + timedelta(seconds=1)
    send_batch(home.organization.id, at=later)
    send_batch(home.organization.id, at=later + LEASE)
    assert outcomes(home, customers) == [("sent", "sent"), ("unknown", "hand_over_unknown"), ("sent", "sent")]
    assert [len(mail_server.to(customer.email)) for customer in customers] == [1, 1, 1]


def test_days_of_mails_whose_batch_died_are_told_by_the_next_one(home, mail_server, monkeypatch):
    three_orders_arrive(home)
    heard = []

    def listen(sender, days, **kwargs):
        heard.append(days)

    def die_after_the_first(connection, mail):
        if "second" in mail.to[0]:
            raise Killed
        return hand_over(connection, mail)

    hand_over = sending.hand_over
    response_completed.connect(listen)
    try:
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(sending, "hand_over", die_after_the_first)
            send_batch(home.organization.id)
        assert heard == []
        send_batch(home.organization.id, at=timezone.now() + LEASE + timedelta(seconds=1))
    finally:
        response_completed.disconnect(listen)
    today = timezone.localdate(timezone=ZoneInfo("Europe/Berlin"))
    assert today in heard[0]


def test_what_a_killed_worker_only_held_is_not_lost_and_not_sent_before_its_lease_is_over(
    home, mail_server, monkeypatch
):
    (customer,) = three_orders_arrive(home)[:1]
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, "_write", die)
        send_batch(home.organization.id)
    assert send_batch(home.organization.id) == 0
    send_batch(home.organization.id, at=timezone.now() + LEASE)
    assert outcomes(home, [customer]) == [("sent", "sent")]


def test_invitation_that_stops_three_workers_is_set_aside(home, mail_server, monkeypatch):
    customers = three_orders_arrive(home)
    at = timezone.now()
    for _ in range(3):
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(sending, "_write", die)
            send_batch(home.organization.id, at=at)
        at += LEASE + timedelta(seconds=1)
    assert send_batch(home.organization.id, at=at) == 3
    assert outcomes(home, customers) == [("failed", "set_aside")] * 3
    with home.scope():
        assert not Invitation.objects.exclude(status="failed").exists()


def die(*args):
    raise Killed
