"""What breaks while an answer is evaluated is tried again, alone, and set aside the third time, where people see it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts import evaluating
from alerts.evaluating import LEASE, RETRY_AFTER, evaluate_batch, replay
from alerts.models import Evaluation, FollowUp
from tenancy.models import AuditEntry
from tests.alerts.answering import TUESDAY, evaluate, give_answers


class Killed(BaseException):
    """The end of a worker process: nothing after it is executed."""


@pytest.fixture
def poisoned(monkeypatch):
    """Evaluating an answer in this set breaks with the exception it stands for."""
    poison = {}
    original = evaluating.open_follow_ups

    def open_follow_ups(response_ids, *, at):
        for response_id in response_ids:
            if response_id in poison:
                raise poison[response_id]
        return original(response_ids, at=at)

    monkeypatch.setattr(evaluating, "open_follow_ups", open_follow_ups)
    return poison


def test_one_bad_answer_does_not_hold_up_its_neighbours(world, poisoned):
    responses = give_answers(world.home, 1, 2, 3, 4, 5)
    poisoned[responses[2].pk] = RuntimeError("no such thing")
    now = timezone.now() + timedelta(seconds=1)
    for step in range(12):
        evaluate_batch(world.home.organization.id, at=now + step * RETRY_AFTER)
    with world.home.scope():
        assert FollowUp.objects.count() == 4
        bad = Evaluation.objects.get(done_at=None)
    assert (bad.response_id, bad.is_quarantined, bad.attempts) == (responses[2].pk, True, 3)
    assert bad.last_error == "RuntimeError: no such thing"


def test_answer_that_kills_its_worker_three_times_is_set_aside(world, poisoned):
    good, bad, other = give_answers(world.home, 0, 1, 2)
    poisoned[bad.pk] = Killed()
    now, deaths = timezone.now() + timedelta(seconds=1), 0
    for step in range(12):
        try:
            evaluate_batch(world.home.organization.id, at=now + step * LEASE)
        except Killed:
            deaths += 1
    assert deaths == 3
    with world.home.scope():
        row = Evaluation.objects.get(response=bad)
        assert (row.is_quarantined, row.last_error) == (True, evaluating.CRASHED)
        assert set(FollowUp.objects.values_list("response_id", flat=True)) == {good.pk, other.pk}


def test_replay_gives_three_more_attempts(world, poisoned):
    (bad,) = give_answers(world.home, 1)
    poisoned[bad.pk] = RuntimeError("not yet")
    now = timezone.now() + timedelta(seconds=1)
    for step in range(4):
        evaluate_batch(world.home.organization.id, at=now + step * RETRY_AFTER)
    poisoned.clear()
    with world.home.scope():
        row = Evaluation.objects.get()
        assert row.is_quarantined
        replay(row, by=world.home.ana, at=timezone.now())
    evaluate(world.home)
    with world.home.scope():
        assert FollowUp.objects.get().response_id == bad.pk
        assert AuditEntry.objects.filter(verb="evaluation.replayed").count() == 1


def test_attempt_is_committed_before_the_work_and_its_lease_keeps_others_away(world, poisoned):
    (bad,) = give_answers(world.home, 1)
    poisoned[bad.pk] = Killed()
    now = timezone.now() + timedelta(seconds=1)
    with pytest.raises(Killed):
        evaluate_batch(world.home.organization.id, at=now)
    with world.home.scope():
        row = Evaluation.objects.get()
    assert (row.attempts, row.due_at, row.done_at) == (1, now + LEASE, None)
    assert evaluate_batch(world.home.organization.id, at=now + LEASE / 2) == 0


def test_sweep_serves_every_organization(world):
    for ground in (world.home, world.other):
        give_answers(ground, 3)
        with ground.scope():
            Evaluation.objects.update(due_at=TUESDAY)
    assert evaluating.evaluate_due() == 2
    for ground in (world.home, world.other):
        with ground.scope():
            assert FollowUp.objects.get().customer == ground.chiara
