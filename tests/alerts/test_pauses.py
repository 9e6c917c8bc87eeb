"""A clock that stands still keeps the working time that was left, never stands longer than allowed, and goes on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.clocks import clock_calendar
from alerts.following_up import contact, reopen, resolve
from alerts.models import Calendar, FollowUp, FollowUpPause, SlaPolicy
from alerts.pausing import resume, resume_batch, snooze, wait_for_customer
from alerts.sla import business_time_between, due_after_pause
from alerts.work.snoozing import snooze_offers
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.calendars import calendars, moments

lengths = st.integers(0, 20 * 1440).map(lambda minutes: timedelta(minutes=minutes))
DAY = timedelta(days=1)


@given(moments, lengths, lengths, calendars)
def test_time_left_is_what_it_was_when_the_pause_began(paused_at, until_due, pause, calendar):
    due_at, resumed_at = paused_at + until_due, paused_at + pause
    after = due_after_pause(due_at, paused_at=paused_at, resumed_at=resumed_at, calendar=calendar)
    assert after >= due_at
    if until_due:
        left = business_time_between(paused_at, due_at, calendar)
        assert business_time_between(resumed_at, after, calendar) == left


@given(moments, lengths, calendars)
def test_pause_mends_no_promise_that_was_late(paused_at, late, calendar):
    due_at = paused_at - late
    resumed_at = paused_at + DAY
    assert due_after_pause(due_at, paused_at=paused_at, resumed_at=resumed_at, calendar=calendar) == due_at


def test_resumed_clock_has_the_time_that_was_left(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        calendar = clock_calendar(follow_up.sla_policy, follow_up.organization)
        left = business_time_between(TUESDAY, follow_up.resolution_due_at, calendar)
        contact(follow_up, way="phone", by=world.home.greta, at=TUESDAY)
        wait_for_customer(follow_up, by=world.home.greta, at=TUESDAY)
        resume(follow_up, by=world.home.greta, at=TUESDAY + 3 * DAY)
        follow_up.refresh_from_db()
        assert business_time_between(TUESDAY + 3 * DAY, follow_up.resolution_due_at, calendar) == left
        assert FollowUpPause.objects.get().resumed_at == TUESDAY + 3 * DAY
        assert {"paused", "resumed"} <= set(follow_up.entries.values_list("kind", flat=True))
        with pytest.raises(ValueError, match="running already"):
            resume(follow_up, by=world.home.greta, at=TUESDAY + 4 * DAY)


def test_no_pause_is_longer_than_the_policy_allows(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        snooze(follow_up, until=TUESDAY + 100 * DAY, by=world.home.greta, at=TUESDAY)
    assert follow_up.resumes_at == TUESDAY + 14 * DAY
    assert resume_batch(world.home.organization.id, at=TUESDAY + 14 * DAY - timedelta(seconds=1)) == 0
    assert resume_batch(world.home.organization.id, at=TUESDAY + 15 * DAY) == 1
    assert resume_batch(world.home.organization.id, at=TUESDAY + 15 * DAY) == 0
    with world.home.scope():
        assert FollowUpPause.objects.get().resumed_at == TUESDAY + 14 * DAY


def test_all_pauses_together_are_no_longer_than_the_policy_allows(world):
    follow_up, greta = open_follow_up(world.home), world.home.greta
    with world.home.scope():
        snooze(follow_up, until=TUESDAY + 10 * DAY, by=greta, at=TUESDAY)
        resume(follow_up, by=greta, at=TUESDAY + 10 * DAY)
        assert [offer.key for offer in snooze_offers(follow_up, at=TUESDAY + 13 * DAY)] == ["tomorrow"]
        snooze(follow_up, until=TUESDAY + 30 * DAY, by=greta, at=TUESDAY + 11 * DAY)
        assert follow_up.resumes_at == TUESDAY + 15 * DAY
        resume(follow_up, by=greta, at=TUESDAY + 15 * DAY)
        with pytest.raises(ValueError, match="stood still for 14 days in all"):
            snooze(follow_up, until=TUESDAY + 30 * DAY, by=greta, at=TUESDAY + 16 * DAY)


def test_clock_that_cannot_go_on_holds_up_no_other(world):
    give_answers(world.home, 1, 2)
    evaluate(world.home)
    later = TUESDAY + 3 * DAY
    with world.home.scope():
        broken, whole = FollowUp.objects.order_by("number")
        for each in (broken, whole):
            snooze(each, until=TUESDAY + DAY, by=world.home.greta, at=TUESDAY)
        SlaPolicy.objects.create(name="Broken", calendar=Calendar.objects.create(name="Nowhere", time_zone="Nowhere"))
        FollowUp.objects.filter(pk=broken.pk).update(sla_policy=SlaPolicy.objects.get(name="Broken"))
    assert resume_batch(world.home.organization.id, at=later) == 2
    with world.home.scope():
        assert FollowUp.objects.get(pk=whole.pk).paused_at is None
        assert FollowUp.objects.get(pk=broken.pk).resumes_at == later + timedelta(minutes=5)


@pytest.mark.parametrize("way", ["contact", "resolve"])
def test_a_deed_for_the_customer_ends_the_pause(world, way):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        contact(follow_up, way="phone", by=world.home.greta, at=TUESDAY)
        wait_for_customer(follow_up, by=world.home.greta, at=TUESDAY)
        if way == "contact":
            contact(follow_up, way="phone", by=world.home.greta, at=TUESDAY + DAY)
        else:
            resolve(
                follow_up, outcome="no_action", root_cause="other", text="Sorted", by=world.home.greta, at=TUESDAY + DAY
            )
        follow_up.refresh_from_db()
        assert follow_up.paused_at is None
        assert not FollowUpPause.objects.filter(resumed_at__isnull=True).exists()


def test_nobody_waits_for_a_customer_who_was_told_nothing(world):
    follow_up, greta = open_follow_up(world.home), world.home.greta
    with world.home.scope():
        contact(follow_up, way="phone", outcome="no_answer", by=greta, at=TUESDAY)
        with pytest.raises(ValueError, match="Contact the customer first"):
            wait_for_customer(follow_up, by=greta, at=TUESDAY)
        assert FollowUp.objects.get().paused_at is None
        assert not FollowUpPause.objects.exists()
        contact(follow_up, way="phone", by=greta, at=TUESDAY + DAY)
        wait_for_customer(follow_up, by=greta, at=TUESDAY + DAY)
        assert FollowUp.objects.get().pause_reason == "customer"
        # Open again, it was contacted all the same.
        resolve(follow_up, outcome="no_action", root_cause="other", text="Sorted", by=greta, at=TUESDAY + 2 * DAY)
        reopen(follow_up, by=greta, at=TUESDAY + 3 * DAY)
        wait_for_customer(follow_up, by=greta, at=TUESDAY + 3 * DAY)
