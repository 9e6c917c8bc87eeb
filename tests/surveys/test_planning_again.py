"""A milestone whose asks could not be planned is planned later: a row, tried again, set aside the third time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journeys.models import MilestoneEvent
from surveys import replanning
from surveys.models import Invitation, UnplannedEvent
from surveys.replanning import CRASHED, LEASE, RETRY_AFTER, plan_due, plan_one, replay
from tenancy.models import AuditEntry
from tests.alerts.pages import client_of
from tests.surveys.asking import an_unplanned_event, deliver, live_survey, send_rule


class Killed(BaseException):
    """The end of a worker process: nothing after it is executed."""


@pytest.fixture
def broken(monkeypatch):
    """Planning raises what this list says, in order; then it works."""
    errors = []
    original = replanning.plan_invitations

    def plan_invitations(events, *, at):
        if errors:
            raise errors.pop(0)
        return original(events, at=at)

    monkeypatch.setattr(replanning, "plan_invitations", plan_invitations)
    return errors


def test_event_whose_planning_failed_is_planned_by_the_sweep(world, broken):
    home = world.home
    broken.append(RuntimeError("no such thing"))
    with home.scope():
        send_rule(home, live_survey(home))
        deliver(home)
        assert MilestoneEvent.objects.count() == 1
        assert not Invitation.objects.exists()
        assert UnplannedEvent.objects.get().last_error == "RuntimeError: no such thing"
        UnplannedEvent.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert plan_due() == 1
    with home.scope():
        assert Invitation.objects.get().status == "planned"
        assert not UnplannedEvent.objects.exists()
    assert plan_due() == 0


def test_third_failure_sets_it_aside_and_a_replay_plans_it(world, broken):
    home = world.home
    with home.scope():
        send_rule(home, live_survey(home))
        broken.extend(RuntimeError(str(number)) for number in range(4))
        deliver(home)
    now = timezone.now()
    for step in range(1, 8):
        plan_one(home.organization.id, at=now + step * RETRY_AFTER)
    with home.scope():
        row = UnplannedEvent.objects.get()
        assert (row.is_quarantined, row.attempts, row.last_error) == (True, 3, "RuntimeError: 3")
        assert not Invitation.objects.exists()
        replay(row, by=home.ana, at=now)
    assert plan_one(home.organization.id, at=now) == 1
    with home.scope():
        assert Invitation.objects.count() == 1
        assert AuditEntry.objects.filter(verb="unplanned_event.replayed").count() == 1


def test_event_that_kills_its_worker_three_times_is_set_aside_and_others_go_on(world, broken):
    home = world.home
    with home.scope():
        send_rule(home, live_survey(home))
        an_unplanned_event(home)
    now, deaths = timezone.now(), 0
    broken.extend([Killed(), Killed(), Killed()])
    for step in range(6):
        try:
            plan_one(home.organization.id, at=now + step * (LEASE + timedelta(seconds=1)))
        except Killed:
            deaths += 1
    assert deaths == 3
    with home.scope():
        row = UnplannedEvent.objects.get()
        assert (row.is_quarantined, row.last_error) == (True, CRASHED)
        an_unplanned_event(home)
    assert plan_one(home.organization.id) == 1
    with home.scope():
        assert UnplannedEvent.objects.get().pk == row.pk


def test_ask_that_exists_already_is_left_alone(world):
    home = world.home
    with home.scope():
        send_rule(home, live_survey(home))
        an_unplanned_event(home)
        before = Invitation.objects.get().pk
    plan_due()
    with home.scope():
        assert Invitation.objects.get().pk == before


def test_another_organization_s_events_are_not_touched(world):
    with world.other.scope():
        an_unplanned_event(world.other)
    assert plan_one(world.home.organization.id) == 0
    with world.other.scope():
        assert UnplannedEvent.objects.count() == 1


def test_ledger_shows_it_and_the_analyst_plans_it_again(world):
    home = world.home
    with home.scope():
        row = an_unplanned_event(home)
        UnplannedEvent.objects.update(is_quarantined=True, attempts=3)
    page = client_of(home.anton).get(home.url("surveys/invitations/")).content.decode()
    assert "OperationalError: lost" in page
    assert "Set aside after 3 attempts" in page
    assert "Plan again" not in client_of(home.greta).get(home.url("surveys/invitations/")).content.decode()
    client_of(home.anton).post(home.url(f"surveys/unplanned/{row.pk}/replay/"))
    assert plan_one(home.organization.id) == 1
    assert "OperationalError: lost" not in client_of(home.anton).get(home.url("surveys/invitations/")).content.decode()


def test_erasing_the_customer_takes_it_along(world):
    home = world.home
    with home.scope():
        an_unplanned_event(home)
        MilestoneEvent.objects.all().delete()
        assert not UnplannedEvent.objects.exists()
