"""Whoever has to do a step hears when it is due: once, not when nothing is left to do, nor while clocks stand still."""

from datetime import timedelta

import pytest

from alerts.following_up import assign, close_loop, contact, resolve
from alerts.models import FollowUpStep, Notification
from alerts.pausing import resume, snooze
from alerts.playbooks.reminding import remind_batch
from alerts.playbooks.saving import Step, save_playbook
from alerts.playbooks.starting import choose_playbook, mark_step
from tests.alerts.answering import TUESDAY, open_follow_up
from tests.alerts.pages import client_of
from tests.alerts.staffing import away

pytestmark = pytest.mark.django_db

IN_THREE_HOURS, NEXT_WEEK = TUESDAY + timedelta(hours=3), TUESDAY + timedelta(days=7)


@pytest.fixture
def follow_up(world):
    """With a step for whoever owns it, and one for Anton, both due after two hours; Greta owns it."""
    with world.home.scope():
        steps = [
            Step("Look into it", due_hours=2),
            Step("Tell Anton", doer="person", person=world.home.anton, due_hours=2),
        ]
        playbook = save_playbook(None, name="Late parcel", steps=steps, by=world.home.ana)
    opened = open_follow_up(world.home, at=TUESDAY)
    with world.home.scope():
        assign(opened, owner=world.home.greta, by=world.home.ana, at=TUESDAY)
        choose_playbook(opened, playbook=playbook, by=world.home.ana, at=TUESDAY)
    return opened


def remind(world, at):
    return remind_batch(world.home.organization.id, at=at)


def told(world):
    with world.home.scope():
        rows = Notification.objects.filter(event="step_due").order_by("user__email")
        return [(each.user, each.title) for each in rows.select_related("user")]


def test_each_doer_is_told_once(world, follow_up, django_assert_max_num_queries):
    assert remind(world, TUESDAY) == 0
    with django_assert_max_num_queries(30):
        assert remind(world, IN_THREE_HOURS) == 2
    assert remind(world, NEXT_WEEK) == 0
    number = follow_up.number
    assert told(world) == [
        (world.home.anton, f"Due now for #{number}: Tell Anton"),
        (world.home.greta, f"Due now for #{number}: Look into it"),
    ]


def test_who_stands_in_for_a_doer_who_is_away_is_told_too(world, follow_up):
    with world.home.scope():
        away(world.home.greta, TUESDAY, delegate=world.home.ana)
    remind(world, IN_THREE_HOURS)
    assert {user for user, title in told(world) if "Look into it" in title} == {world.home.greta, world.home.ana}


def test_what_is_done_or_closed_tells_nobody_and_what_is_only_resolved_still_does(world, follow_up):
    with world.home.scope():
        step = FollowUpStep.objects.get(follow_up=follow_up, text="Look into it")
        mark_step(follow_up, step=step, is_done=True, by=world.home.greta, at=TUESDAY + timedelta(hours=1))
        contact(follow_up, way="phone", by=world.home.greta, at=TUESDAY + timedelta(hours=1))
        resolve(follow_up, outcome="recovered", root_cause="price", text="Done", by=world.home.greta, at=IN_THREE_HOURS)
    remind(world, IN_THREE_HOURS)
    assert told(world) == [(world.home.anton, f"Due now for #{follow_up.number}: Tell Anton")]
    with world.home.scope():
        Notification.objects.all().delete()
        FollowUpStep.objects.filter(follow_up=follow_up).update(tells_at=NEXT_WEEK, done_at=None)
        close_loop(follow_up, closing="told", text="They know", by=world.home.greta, at=IN_THREE_HOURS)
    remind(world, NEXT_WEEK)
    assert told(world) == []


def test_a_step_of_the_owner_goes_with_the_follow_up(world, follow_up):
    with world.home.scope():
        assign(follow_up, owner=world.home.ana, text="On holiday", by=world.home.greta, at=TUESDAY)
    html = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    checklist = html[html.index('id="checklist"') : html.index("Choose another playbook")]
    assert "Ana Northwind" in checklist and "Greta Northwind" not in checklist
    remind(world, IN_THREE_HOURS)
    assert [user for user, _ in told(world)] == [world.home.ana, world.home.anton]


def test_steps_chosen_while_the_clock_stands_still_have_their_time_once_it_goes_on(world, follow_up):
    with world.home.scope():
        playbook = save_playbook(None, name="Other", steps=[Step("Ring them", due_hours=2)], by=world.home.ana)
        snooze(follow_up, until=TUESDAY + timedelta(days=2), by=world.home.greta, at=TUESDAY)
        day = TUESDAY + timedelta(days=1)
        choose_playbook(follow_up, playbook=playbook, by=world.home.greta, at=day)
        resume(follow_up, by=world.home.greta, at=day + timedelta(hours=1))
        assert FollowUpStep.objects.get(text="Ring them").due_at == day + timedelta(hours=3)


def test_steps_wait_while_the_clock_stands_still(world, follow_up):
    with world.home.scope():
        before = FollowUpStep.objects.filter(follow_up=follow_up).first().due_at
        snooze(follow_up, until=TUESDAY + timedelta(days=2), by=world.home.greta, at=TUESDAY)
    remind(world, IN_THREE_HOURS)
    assert told(world) == []
    with world.home.scope():
        resume(follow_up, by=world.home.greta, at=TUESDAY + timedelta(days=1))
        assert FollowUpStep.objects.filter(follow_up=follow_up).first().due_at == before + timedelta(days=1)
    remind(world, TUESDAY + timedelta(days=1, minutes=1))
    assert told(world) == []
    remind(world, NEXT_WEEK)
    assert len(told(world)) == 2
