"""From the milestone to the mail, with the real broker, worker and mail server; and a worker that is killed."""

import os
import socket
import threading
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from cxm.embedded.processes import Supervisor
from cxm.embedded.product import worker
from surveys.claiming import LEASE
from surveys.models import Invitation
from surveys.sending import send_batch
from tests.services.waiting import eventually
from tests.surveys.asking import deliver, invitation_for, live_survey, new_customer, send_rule

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(world):
    with world.home.scope():
        send_rule(world.home, live_survey(world.home))
    return world.home


def test_milestone_becomes_a_mail_within_seconds_without_waiting_for_the_schedule(
    home, celery_worker_process, mail_server
):
    with home.scope():
        deliver(home)
    mail_server.wait_for("chiara@northwind.example", within=30)

    def outcome():
        with home.scope():
            return invitation_for(home.chiara).status == "sent"

    eventually(outcome, what="the outcome to be stored")


def test_worker_killed_while_the_mail_server_thinks_asks_nobody_twice(home, empty_redis):
    server = StallingServer()
    environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    with Supervisor(logs=Path(os.environ["CXM_TEST_DIRECTORY"]) / "logs") as supervisor:
        running = supervisor.start(worker(environment))
        with home.scope():
            for name in ("First", "Second"):
                deliver(home, new_customer(name))
        assert server.has_whole_mail.wait(30)
        running.kill_group()
    # What a dead connection held is rolled back by PostgreSQL; then the sweep of another worker comes, much later.
    later = timezone.now() + LEASE
    for at in (later, later + LEASE):
        send_batch(home.organization.id, at=at)
    with home.scope():
        assert sorted(Invitation.objects.values_list("status", flat=True)) == ["sent", "unknown"]
    assert len(mail.outbox) == 1


class StallingServer:
    """An SMTP server that takes a whole mail and never says what it thinks of it."""

    def __init__(self):
        self.has_whole_mail = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        connection, _ = self.listener.accept()
        lines = connection.makefile("rb")
        connection.sendall(b"220 here\r\n")
        for line in lines:
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                while lines.readline() != b".\r\n":
                    pass
                self.has_whole_mail.set()
                continue
            connection.sendall(b"250 ok\r\n")
