"""A score waits some minutes for its comment before the rule fires; what has nothing to wait for does not."""

from datetime import timedelta

import pytest

from alerts.models import AlertRule, Evaluation, FollowUp
from surveys.models import Response
from surveys.responding import edit_response
from tenancy.audit import SYSTEM
from tests.alerts.answering import TUESDAY, evaluate, give_answers

MINUTE = timedelta(minutes=1)


def answer(ground, score: int, **values) -> Response:
    """An answer of TUESDAY whose row is due then."""
    (response,) = give_answers(ground, score, **values)
    with ground.scope():
        Evaluation.objects.filter(response=response).update(due_at=TUESDAY)
    return response


def test_score_without_a_comment_waits_and_waiting_is_no_attempt(world):
    answer(world.home, 5)
    evaluate(world.home, at=TUESDAY + MINUTE)
    with world.home.scope():
        row = Evaluation.objects.get()
        assert (row.due_at, row.attempts, row.done_at) == (TUESDAY + 15 * MINUTE, 0, None)
        assert not FollowUp.objects.exists()
    assert evaluate(world.home, at=TUESDAY + 14 * MINUTE) == 0
    assert evaluate(world.home, at=TUESDAY + 15 * MINUTE) == 1
    with world.home.scope():
        assert FollowUp.objects.count() == 1


def test_answer_from_another_system_is_whole_and_does_not_wait(world):
    answer(world.home, 5, channel="api")
    assert evaluate(world.home, at=TUESDAY + MINUTE) == 1
    with world.home.scope():
        assert FollowUp.objects.count() == 1


def test_comment_ends_the_waiting(world):
    response = answer(world.home, 5)
    evaluate(world.home, at=TUESDAY + MINUTE)
    with world.home.scope():
        held = Response.objects.get(pk=response.pk)
        edit_response(held, score=5, verbatim="Two weeks late", may_contact=True, by=SYSTEM, at=TUESDAY + 2 * MINUTE)
        Evaluation.objects.update(due_at=TUESDAY)
    evaluate(world.home, at=TUESDAY + 3 * MINUTE)
    with world.home.scope():
        assert FollowUp.objects.get().response.has_verbatim


@pytest.mark.parametrize(("score", "verbatim"), [(2, ""), (0, ""), (6, "Late"), (9, "")])
def test_what_has_nothing_to_wait_for_is_done_at_once(world, score, verbatim):
    answer(world.home, score, verbatim=verbatim)
    evaluate(world.home, at=TUESDAY + MINUTE)
    with world.home.scope():
        assert Evaluation.objects.get().done_at == TUESDAY + MINUTE
        assert FollowUp.objects.exists() == (score < 9)


def test_rule_without_a_window_does_not_wait(world):
    with world.home.scope():
        AlertRule.objects.update(settle_minutes=0)
    answer(world.home, 5)
    evaluate(world.home, at=TUESDAY + MINUTE)
    with world.home.scope():
        assert FollowUp.objects.count() == 1
