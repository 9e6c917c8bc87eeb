"""A bad answer after closing always reaches somebody, and a second try is asked about again, once."""

import pytest

from alerts.following_up import assign, reopen
from alerts.models import FollowUp, Notification, Recovery
from surveys.models import Response
from surveys.responding import Given, record_responses
from tenancy.audit import SYSTEM
from tests.alerts.answering import TUESDAY, evaluate, open_follow_up
from tests.alerts.closing import (
    DAY,
    HOUR,
    answer_again,
    ask,
    asked_again,
    close,
    closed_follow_up,
    recovery_of,
    sent,
    switch_on,
)
from tests.surveys.listening import instrument_of

WEEK = TUESDAY + 8 * DAY


@pytest.fixture
def home(world):
    switch_on(world.home)
    return world.home


def asked(ground, follow_up, *, at=WEEK):
    ask(ground, at=at)
    return sent(ground, follow_up, at=at)


def told(ground) -> list[str]:
    with ground.scope():
        rows = Notification.objects.filter(event="answer_added").select_related("user")
        return sorted({str(each.user) for each in rows})


def test_owner_hears_of_it_where_it_is_open_already(home):
    follow_up = closed_follow_up(home)
    invitation = asked(home, follow_up)
    with home.scope():
        reopen(follow_up, by=home.greta, at=WEEK)
        assign(follow_up, owner=home.greta, by=home.ana, at=WEEK)
    answer_again(home, invitation, 2, at=WEEK + DAY)
    assert told(home) == [str(home.greta)]


def test_late_answer_about_an_earlier_closing_reopens_the_later_one(home):
    follow_up = closed_follow_up(home)
    invitation = asked(home, follow_up)
    with home.scope():
        reopen(follow_up, by=home.greta, at=WEEK)
    close(home, follow_up, at=WEEK + HOUR)
    answer_again(home, invitation, 1, at=WEEK + DAY)
    with home.scope():
        assert FollowUp.objects.get().state == "open"
    assert told(home)


def test_answer_about_a_duplicate_reaches_the_one_that_stays(home):
    follow_up = closed_follow_up(home)
    invitation = asked(home, follow_up)
    stays = close(home, open_follow_up(home, customer=home.karim), at=TUESDAY + HOUR)
    with home.scope():
        FollowUp.objects.filter(pk=follow_up.pk).update(state="merged", merged_into=stays)
    answer_again(home, invitation, 1, at=WEEK + DAY)
    with home.scope():
        stays.refresh_from_db()
        assert stays.state == "open"
        assert stays.entries.filter(details__recovery__isnull=False).count() == 1


def test_worse_without_being_a_detractor_tells_the_owner_and_reopens_nothing(home):
    follow_up = open_follow_up(home)
    with home.scope():
        Response.objects.filter(pk=follow_up.response_id).update(score=10, group="promoter")
        assign(follow_up, owner=home.greta, by=home.ana, at=TUESDAY)
        follow_up = FollowUp.objects.get()
    close(home, follow_up, at=TUESDAY + HOUR)
    answer_again(home, asked(home, follow_up), 7, at=WEEK + DAY)
    with home.scope():
        assert (FollowUp.objects.get().state, recovery_of(home, follow_up).result) == ("closed", "worse")
    assert told(home) == [str(home.greta)]


@pytest.mark.parametrize(("wish", "people"), [(True, 1), (None, 0), (False, 0)])
def test_who_asks_for_a_call_reaches_the_owner(home, wish, people):
    follow_up = closed_follow_up(home)
    with home.scope():
        assign(follow_up, owner=home.greta, by=home.ana, at=TUESDAY + DAY)
    invitation = asked(home, follow_up)
    with home.scope():
        values = {"score": 9, "responded_at": WEEK + DAY, "submission_key": "again", "channel": "email"}
        given = Given(**values, invitation=invitation, customer=invitation.customer, may_contact=wish)
        survey = invitation.survey
        record_responses([given], survey=survey, version=instrument_of(survey), by=SYSTEM, at=WEEK + DAY)
    evaluate(home)
    assert len(told(home)) == people


def test_second_try_is_asked_about_again_and_a_third_is_not(home):
    follow_up = asked_again(home, 0)
    first = TUESDAY + 10 * DAY
    results = []
    for number in range(2):
        closed_at = first + number * 10 * DAY
        close(home, follow_up, at=closed_at)
        ask(home, at=closed_at + 8 * DAY)
        with home.scope():
            recovery = Recovery.objects.get(closed_at=closed_at)
            results.append(recovery.result)
            reopen(follow_up, by=home.greta, at=closed_at + 8 * DAY) if number else None
        if not number:
            with home.scope():
                invitation = recovery.invitation
                type(invitation).objects.filter(pk=invitation.pk).update(status="sent", sent_at=closed_at + 8 * DAY)
                invitation.refresh_from_db()
            answer_again(home, invitation, 1, at=closed_at + 9 * DAY)
    assert results == ["", "not_asked"]


def test_reopening_takes_back_an_ask_whose_mail_waits(home):
    follow_up = closed_follow_up(home)
    ask(home, at=WEEK)
    with home.scope():
        reopen(follow_up, by=home.greta, at=WEEK)
    recovery = recovery_of(home, follow_up)
    assert (recovery.result, recovery.due_at, recovery.invitation.status) == ("not_asked", None, "dropped")
    assert recovery.invitation.reason == "withdrawn"


def test_reopening_leaves_an_ask_that_is_on_its_way(home):
    follow_up = closed_follow_up(home)
    asked(home, follow_up)
    with home.scope():
        reopen(follow_up, by=home.greta, at=WEEK)
    assert recovery_of(home, follow_up).result == ""
