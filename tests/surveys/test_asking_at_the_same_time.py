"""Several workers at once: each customer is asked by one survey only, and each invitation is sent once."""

import threading

import pytest
from django.db import connection

from surveys import reserving
from surveys.models import Invitation
from surveys.sending import send_batch, send_due
from tests.surveys.asking import deliver, live_survey, new_customer, send_rule
from tests.world import make_world

WORKERS, CUSTOMERS, SURVEYS = 4, 15, 3


@pytest.fixture
def committed_world(transactional_db):
    return make_world()


def together(work, times):
    """Run `work` in so many threads that start at the same moment; what one raises is raised here."""
    gate, errors = threading.Barrier(times), []

    def run():
        try:
            gate.wait()
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not errors, errors


def stage(ground):
    with ground.scope():
        for _ in range(SURVEYS):
            send_rule(ground, live_survey(ground))
        customers = [new_customer(f"{ground.organization.slug}{number}") for number in range(CUSTOMERS)]
        for customer in customers:
            deliver(ground, customer)
    return customers


def test_many_workers_send_one_mail_to_each_customer(committed_world, mail_server, monkeypatch):
    home = committed_world.home
    # One row at a time, so that several asks of one customer are in several hands at once.
    monkeypatch.setattr(reserving, "BATCH", 1)
    customers = stage(home)

    def work():
        for _ in range(CUSTOMERS * SURVEYS):
            if not send_batch(home.organization.id):
                return

    together(work, WORKERS)
    work()
    assert [len(mail_server.to(customer.email)) for customer in customers] == [1] * CUSTOMERS
    with home.scope():
        statuses = list(Invitation.objects.values_list("status", flat=True))
    assert (statuses.count("sent"), statuses.count("dropped")) == (CUSTOMERS, CUSTOMERS * (SURVEYS - 1))


def test_sweep_finds_the_due_invitations_of_every_organization(committed_world, mail_server):
    customers = [customer for ground in (committed_world.home, committed_world.other) for customer in stage(ground)]
    send_due()
    assert [len(mail_server.to(customer.email)) for customer in customers] == [1] * len(customers)
