"""Every candidate ask is an invitation with a reason, also one that nobody will get."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Consent, Customer
from surveys.models import Invitation, Survey
from surveys.planning import ask_customer, plan_invitations, wake_paused
from surveys.reasons import reason_text
from tests.surveys.asking import deliver, invitation_for, live_survey, send_rule


@pytest.fixture
def home(world):
    with world.home.scope():
        yield world.home


def test_milestone_plans_an_ask_after_the_delay_of_the_rule(home):
    survey = live_survey(home)
    rule = send_rule(home, survey, delay_minutes=120)
    deliver(home)
    invitation = invitation_for(home.chiara)
    event = invitation.milestone_event
    assert invitation.status == "planned"
    assert invitation.due_at == event.occurred_at + timedelta(hours=2)
    assert invitation.idempotency_key == f"distribution:{rule.id}:event:{event.id}"
    assert invitation.touchpoint == home.delivery
    assert reason_text(invitation.reason, invitation.reason_details) == "Will be asked 2 hours after “Order delivered”."


def test_planning_the_same_event_again_changes_nothing(home):
    send_rule(home, live_survey(home))
    deliver(home)
    event = invitation_for(home.chiara).milestone_event
    plan_invitations([event], at=timezone.now())
    assert Invitation.objects.count() == 1


def test_each_survey_with_a_rule_for_the_milestone_plans_its_own_ask(home):
    for _ in range(2):
        send_rule(home, live_survey(home))
    deliver(home)
    assert Invitation.objects.filter(customer=home.chiara).count() == 2


@pytest.mark.parametrize("state, invitations", [("draft", 0), ("live", 1), ("paused", 1), ("closed", 0)])
def test_only_a_live_or_paused_survey_plans(home, state, invitations):
    survey = live_survey(home)
    send_rule(home, survey)
    Survey.objects.update(state=state)
    deliver(home)
    assert Invitation.objects.count() == invitations


def test_rule_that_is_off_plans_nothing(home):
    send_rule(home, live_survey(home), is_active=False)
    deliver(home)
    assert Invitation.objects.count() == 0


def test_event_reported_too_late_is_dropped_with_the_reason(home):
    send_rule(home, live_survey(home), delay_minutes=60)
    deliver(home, ago=timedelta(days=8))
    invitation = invitation_for(home.chiara)
    assert (invitation.status, invitation.reason) == ("dropped", "too_old")
    assert "7 days before" in reason_text(invitation.reason, invitation.reason_details)


def test_old_event_is_planned_while_the_time_to_ask_is_still_to_come(home):
    send_rule(home, live_survey(home), delay_minutes=14 * 24 * 60)
    deliver(home, ago=timedelta(days=8))
    assert invitation_for(home.chiara).status == "planned"


def test_customer_without_address_is_dropped_with_the_reason(home):
    send_rule(home, live_survey(home))
    nobody = Customer.objects.create(name="Nobody", external_id="C-0")
    deliver(home, nobody)
    assert (invitation_for(nobody).status, invitation_for(nobody).reason) == ("dropped", "no_address")


def test_newest_decision_about_consent_counts(home):
    send_rule(home, live_survey(home))
    now = timezone.now()
    for customer, decisions in ((home.chiara, [True, False]), (home.karim, [False, True])):
        for age, is_given in enumerate(decisions):
            Consent.objects.create(
                customer=customer, purpose="survey", is_given=is_given, source="test", at=now - timedelta(days=9 - age)
            )
        deliver(home, customer)
    assert invitation_for(home.chiara).reason == "consent_withdrawn"
    assert invitation_for(home.karim).status == "planned"


def test_rules_of_another_organization_plan_nothing_here(world):
    with world.other.scope():
        send_rule(world.other, live_survey(world.other))
    with world.home.scope():
        deliver(world.home)
        assert Invitation.objects.count() == 0


def test_thousand_events_are_planned_with_a_handful_of_queries(home, django_assert_max_num_queries):
    from journeys.recording import Reached, record_milestones

    send_rule(home, live_survey(home))
    facts = [Reached(home.chiara, home.delivered, timezone.now(), f"bulk-{number}") for number in range(1000)]
    with django_assert_max_num_queries(24):
        record_milestones(facts, by=home.ana, source="import")
    assert Invitation.objects.count() == 1000


def test_wish_of_staff_is_one_ask_however_often_the_form_is_sent(home):
    survey = live_survey(home)
    for _ in range(2):
        ask_customer(survey=survey, customer=home.chiara, key="form-1", by=home.anton, at=timezone.now())
    invitation = invitation_for(home.chiara)
    assert "because Anton Northwind wanted it" in reason_text(invitation.reason, invitation.reason_details)


def test_survey_that_goes_on_wakes_what_its_pause_held_back(home):
    survey = live_survey(home)
    send_rule(home, survey)
    deliver(home)
    now = timezone.now()
    Invitation.objects.update(status="deferred", reason="survey_paused", due_at=now + timedelta(hours=1))
    assert wake_paused(survey, at=now) == 1
    assert invitation_for(home.chiara).due_at == now
