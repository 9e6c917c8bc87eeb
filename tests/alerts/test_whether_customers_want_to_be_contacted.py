"""The newest thing a customer said about being contacted decides, wherever they said it."""

from datetime import timedelta

import pytest

from alerts.following_up import reply
from alerts.models import FollowUp, FollowUpAnswer
from alerts.replying import ContactRefused, contact_permission
from alerts.willing import newest_words
from customers.models import Consent
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up

DAY = timedelta(days=1)


def may_write(ground, follow_up: FollowUp) -> bool:
    with ground.scope():
        return contact_permission(FollowUp.objects.get(pk=follow_up.pk)).may_write


def answer_again(ground, *, score: int = 2, **values) -> None:
    give_answers(ground, score, customer=ground.chiara, at=TUESDAY + DAY, **values)
    evaluate(ground)


def test_a_no_in_a_further_answer_stands_above_the_yes_of_the_first(world):
    follow_up = open_follow_up(world.home, may_contact=True)
    answer_again(world.home, may_contact=False)
    with world.home.scope():
        assert FollowUpAnswer.objects.count() == 1
        with pytest.raises(ContactRefused, match="does not want"):
            reply(follow_up, subject="News", text="Hello", by=world.home.greta, at=TUESDAY + 2 * DAY)


def test_a_no_beside_a_good_score_that_opened_nothing_counts_too(world):
    follow_up = open_follow_up(world.home, may_contact=True)
    answer_again(world.home, score=10, may_contact=False)
    assert not may_write(world.home, follow_up)


def test_a_yes_in_a_further_answer_allows_what_the_first_did_not(world):
    follow_up = open_follow_up(world.home, may_contact=None)
    assert not may_write(world.home, follow_up)
    answer_again(world.home, may_contact=True)
    assert may_write(world.home, follow_up)


def test_an_answer_that_says_nothing_leaves_what_was_said(world):
    follow_up = open_follow_up(world.home, may_contact=True)
    answer_again(world.home, may_contact=None)
    assert may_write(world.home, follow_up)


@pytest.mark.parametrize(("days", "is_given", "may"), [(2, False, False), (-2, False, True), (2, True, True)])
def test_a_decision_counts_by_its_moment(world, days, is_given, may):
    follow_up = open_follow_up(world.home, may_contact=not is_given or None)
    with world.home.scope():
        Consent.objects.create(
            customer=world.home.chiara, purpose="contact", is_given=is_given, at=TUESDAY + days * DAY, source="test"
        )
    assert may_write(world.home, follow_up) is may


def test_nobody_elses_words_count(world):
    open_follow_up(world.home, may_contact=True)
    with world.home.scope():
        assert set(newest_words([world.home.chiara.pk, world.home.karim.pk])) == {world.home.chiara.pk}
