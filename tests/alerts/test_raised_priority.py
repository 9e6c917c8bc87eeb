"""Who raises a priority promises the times of it: from now on, where they are sooner, and the history says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.escalation.escalating import escalate_batch
from alerts.following_up import contact
from alerts.history import history_of
from alerts.models import AlertRule, FollowUp, SlaPolicy
from alerts.pausing import resume, snooze
from alerts.work.bulk import working
from alerts.work.marking import prioritize
from surveys.responding import edit_response
from tenancy.audit import SYSTEM
from tenancy.models import AuditEntry
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.pages import client_of

HOUR = timedelta(hours=1)
LATER = TUESDAY + HOUR


@pytest.fixture
def follow_up(world):
    """With 24 working hours and five days; urgent are four hours and one day."""
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        SlaPolicy.objects.filter(priority="urgent").delete()
        SlaPolicy.objects.create(name="At once", priority="urgent", first_contact_hours=4, resolution_days=1)
        yield follow_up


def raised(world, follow_up, *, to="urgent", at=LATER) -> FollowUp:
    prioritize(follow_up, priority=to, by=world.home.greta, at=at)
    return FollowUp.objects.select_related("sla_policy").get()


def test_times_of_the_priority_hold_from_now_on_and_the_history_says_so(world, follow_up):
    found = raised(world, follow_up)
    assert (found.sla_policy.name, found.first_contact_budget) == ("At once", timedelta(hours=4))
    assert (found.first_contact_due_at, found.resolution_due_at) == (LATER + 4 * HOUR, LATER + timedelta(days=1))
    title = "Priority changed from normal to urgent; the times of “At once” hold where they are sooner"
    assert title in [line.title for line in history_of(found)]


def test_what_is_sooner_already_kept_or_broken_stays(world, follow_up):
    soon = follow_up.resolution_due_at - HOUR
    contact(follow_up, way="phone", by=world.home.greta, at=LATER)
    before = FollowUp.objects.get()
    found = raised(world, follow_up, at=soon)
    assert (found.first_contact_due_at, found.resolution_due_at) == (
        before.first_contact_due_at,
        before.resolution_due_at,
    )
    assert found.sla_policy_id == before.sla_policy_id


def test_lowering_it_or_a_priority_without_a_policy_promises_nothing_new(world, follow_up):
    SlaPolicy.objects.exclude(pk=follow_up.sla_policy_id).delete()
    for to in ("urgent", "low"):
        assert raised(world, follow_up, to=to).first_contact_due_at == follow_up.first_contact_due_at


def test_clock_that_stands_still_goes_on_with_all_of_the_new_time(world, follow_up):
    snooze(follow_up, until=TUESDAY + timedelta(days=2), by=world.home.greta, at=LATER)
    raised(world, follow_up, at=LATER + timedelta(days=1))
    resume(follow_up, by=world.home.greta, at=TUESDAY + timedelta(days=2))
    assert FollowUp.objects.get().first_contact_due_at == TUESDAY + timedelta(days=2) + 4 * HOUR


def test_what_was_done_to_many_is_taken_back_whole(world, follow_up):
    before = FollowUp.objects.get()
    deed = working.prepare([(follow_up.number, before.version)], by=world.home.greta)
    deed.deed, deed.values = "priority", {"priority": "urgent"}
    deed.save()
    working.start(deed, at=LATER)
    assert FollowUp.objects.get().first_contact_due_at != before.first_contact_due_at
    deed.refresh_from_db()
    working.undo(deed, by=world.home.greta, at=LATER)
    found = FollowUp.objects.get()
    names = ("priority", "sla_policy_id", "first_contact_due_at", "resolution_due_at", "resolution_budget")
    assert [getattr(found, name) for name in names] == [getattr(before, name) for name in names]


def test_steps_of_the_new_time_are_taken(world, follow_up):
    raised(world, follow_up)
    SlaPolicy.objects.get(name="At once").escalation_steps.create(promise="first_contact", percent=100, tells="admin")
    FollowUp.objects.update(escalates_at=LATER)
    escalate_batch(world.home.organization.pk, at=LATER + 4 * HOUR)
    assert FollowUp.objects.get().escalations.get().due_at == LATER + 4 * HOUR


def test_form_says_so(world, follow_up):
    page = client_of(world.home.greta).get(world.home.url("followups/1/")).content.decode()
    assert "Raised, it is promised the times of that priority from now on" in page


def test_a_further_alert_that_is_more_urgent_promises_its_times_too(world):
    home, now = world.home, timezone.now()
    before = open_follow_up(home, at=now)
    with home.scope():
        SlaPolicy.objects.filter(priority="urgent").delete()
        at_once = SlaPolicy.objects.create(name="At once", priority="urgent", first_contact_hours=4, resolution_days=1)
        conditions = {"match": "all", "of": [{"kind": "words", "words": ["lawyer"]}]}
        AlertRule.objects.create(name="Threats", priority="urgent", conditions=conditions)
    give_answers(home, 1, customer=before.customer, verbatim="My lawyer will call", at=now)
    evaluate(home)
    with home.scope():
        found = FollowUp.objects.select_related("sla_policy").get()
        assert (found.priority, found.sla_policy, found.version) == ("urgent", at_once, 2)
        assert found.first_contact_due_at < before.first_contact_due_at
        assert found.resolution_due_at < before.resolution_due_at
        assert found.first_contact_budget == timedelta(hours=4)
        title = "The customer answered again: score 1; the times of “At once” hold where they are sooner"
        assert title in [line.title for line in history_of(found)]


def test_so_does_an_alert_that_an_edit_of_the_answer_raises_and_the_history_says_why(world):
    home, now = world.home, timezone.now()
    before = open_follow_up(home, score=6, at=now)
    with home.scope():
        SlaPolicy.objects.filter(priority="urgent").delete()
        SlaPolicy.objects.create(name="At once", priority="urgent", first_contact_hours=4, resolution_days=1)
        conditions = {"match": "all", "of": [{"kind": "words", "words": ["lawyer"]}]}
        AlertRule.objects.create(name="Threats", priority="urgent", conditions=conditions)
        edit_response(before.response, score=6, verbatim="My lawyer will call", may_contact=True, by=SYSTEM, at=now)
    evaluate(home)
    with home.scope():
        found = FollowUp.objects.get()
        assert (found.priority, found.version) == ("urgent", before.version + 1)
        assert found.first_contact_due_at < before.first_contact_due_at
        titles = [line.title for line in history_of(found)]
        assert any("lawyer" in title and "the times of “At once” hold" in title for title in titles)
        assert AuditEntry.objects.filter(verb="follow_up.reason_added", object_id=found.pk).count() == 1
    evaluate(home, at=now + timedelta(hours=1))
    with home.scope():
        assert FollowUp.objects.get().version == before.version + 1
