"""Several workers evaluate one organization's answers at the same time."""

from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from alerts.evaluating import evaluate_batch
from alerts.models import Evaluation, FollowUp, FollowUpEntry, Notification
from alerts.work.noting import note
from tenancy.models import OutgoingMail
from tenancy.owned import new_id
from tests.alerts.answering import give_answers, open_follow_up

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_answer_opens_one_follow_up_and_numbers_have_no_gap(world, monkeypatch):
    monkeypatch.setattr("alerts.evaluating.BATCH", 7)
    give_answers(world.home, *[2] * 120)
    taken: list[int] = []

    def work() -> None:
        try:
            while claimed := evaluate_batch(world.home.organization.id):
                taken.append(claimed)
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(taken) == 120
    with world.home.scope():
        assert not Evaluation.objects.filter(done_at=None).exists()
        numbers = list(FollowUp.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, 121))
        told = OutgoingMail.objects.filter(template="follow_up_opened", to_address=world.home.greta.email)
        assert told.count() == 20


def test_a_note_sent_twice_at_once_is_one(world):
    follow_up, entry_id, notes = open_follow_up(world.home), new_id(), []

    def write() -> None:
        try:
            with world.home.scope():
                values = {"text": "@Anton Northwind look", "by": world.home.greta, "at": timezone.now()}
                notes.append(note(follow_up, entry_id=entry_id, **values).pk)
        finally:
            connection.close()

    writers = [Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert notes == [entry_id] * 4
    with world.home.scope():
        assert FollowUpEntry.objects.filter(kind="note").count() == 1
        assert Notification.objects.filter(event="mentioned").count() == 1
