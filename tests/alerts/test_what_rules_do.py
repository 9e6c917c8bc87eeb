"""What a rule does beside opening a follow-up: people, places outside, another survey, and nobody for the holdout."""

import pytest

from alerts.joining import open_by_customer
from alerts.models import Alert, AlertRule, Delivery, FollowUp, Notification, NotificationChannel, Team, TeamMember
from alerts.notifying.message import message_of
from alerts.opening import open_follow_ups
from alerts.promising import promised_contact
from alerts.rules.holding_out import is_held_out
from surveys.models import Invitation, Response, Survey
from tenancy.owned import new_id
from tests.alerts.answering import TUESDAY, evaluate, give_answers, make_survey
from tests.alerts.rules_of import DETRACTOR, all_of, make_rule


@pytest.fixture
def ground(world):
    with world.home.scope():
        AlertRule.objects.update(is_active=False)
        make_survey(world.home)
    return world.home


def channel(**values) -> NotificationChannel:
    return NotificationChannel.objects.create(kind="webhook", name="Ours", secret="x", **values)


def test_people_and_teams_are_told_once(ground):
    with ground.scope():
        team = Team.objects.create(name="Depot")
        for user in (ground.greta, ground.anton):
            TeamMember.objects.create(team=team, user=user)
        actions = {"people": [str(ground.greta.pk)], "teams": [str(team.pk)]}
        make_rule(ground, "Angry", opens_follow_up=False, actions=actions)
    give_answers(ground, 3, verbatim="Late")
    evaluate(ground)
    with ground.scope():
        told = Notification.objects.filter(event="rule_fired")
        assert {each.user for each in told} == {ground.greta, ground.anton}
        assert told[0].title.startswith("Angry: NPS 3")
        assert told[0].path == f"responses/{Response.objects.get().pk}/"
        open_follow_ups([Response.objects.get().pk], at=TUESDAY)
        assert Notification.objects.filter(event="rule_fired").count() == 2


def test_many_at_once_are_told_in_one(ground):
    with ground.scope():
        make_rule(ground, "Angry", actions={"people": [str(ground.anton.pk)]})
    give_answers(ground, *[3] * 7, verbatim="Late")
    evaluate(ground)
    with ground.scope():
        (told,) = Notification.objects.filter(event="rule_fired")
        assert told.title == "“Angry” fired 7 times"


def test_place_outside_is_told_and_not_twice(ground):
    with ground.scope():
        ours = channel(events=[])
        everything = NotificationChannel.objects.create(
            kind="webhook", name="All", secret="x", events=["follow_up.opened"]
        )
        make_rule(ground, "Angry", actions={"channels": [str(ours.pk), str(everything.pk)]})
    give_answers(ground, 3, verbatim="Late")
    evaluate(ground)
    with ground.scope():
        assert set(Delivery.objects.values_list("channel__name", "event")) == {
            ("Ours", "rule.fired"),
            ("All", "follow_up.opened"),
        }
        facts = Delivery.objects.get(event="rule.fired").facts
    message = message_of(id="1", event="rule.fired", at="", count=1, facts=facts)
    assert message.title == "“Angry” fired"
    assert dict(message.fields)["Score"] == "3 (Detractor)"
    assert message.link.endswith("/followups/1/")
    assert "customer_ids" not in message.data


def test_flood_outside_is_one_message(ground):
    with ground.scope():
        make_rule(ground, "Angry", opens_follow_up=False, actions={"channels": [str(channel(events=[]).pk)]})
    give_answers(ground, *[3] * 25, verbatim="Late")
    evaluate(ground)
    with ground.scope():
        (delivery,) = Delivery.objects.all()
    message = message_of(id="1", event="rule.fired", at="", count=delivery.count, facts=delivery.facts)
    assert message.title == "“Angry” fired 25 times"


def test_survey_is_started_through_the_ledger(ground):
    with ground.scope():
        survey = Survey.objects.get()
        rule = make_rule(ground, "Ask more", starts_survey=survey, actions={"survey_after_hours": 48})
    give_answers(ground, 3, 3, verbatim="Late")
    evaluate(ground)
    with ground.scope():
        asked = Invitation.objects.get(customer=ground.chiara)
        assert (asked.status, asked.reason_details) == ("planned", {"wanted_by": f"the rule “{rule.name}”"})
        assert Invitation.objects.exclude(pk=asked.pk).get().reason == "no_address"
        open_follow_ups(list(Response.objects.values_list("pk", flat=True)), at=TUESDAY)
        assert Invitation.objects.count() == 2


def held_out_and_not(rule) -> list[bool]:
    return [is_held_out(rule, str(new_id())) for _ in range(2000)]


def test_holdout_is_a_share_and_always_the_same(ground):
    with ground.scope():
        rule = make_rule(ground, priority="low", holdout_percent=20)
    drawn = held_out_and_not(rule)
    assert 300 < sum(drawn) < 500
    subject = str(new_id())
    assert len({is_held_out(rule, subject) for _ in range(5)}) == 1
    rule.holdout_percent = 0
    assert not any(held_out_and_not(rule))


def test_held_out_answer_is_noted_and_nothing_is_done(ground):
    with ground.scope():
        survey = Survey.objects.get()
        told = {"people": [str(ground.greta.pk)], "tags": ["held"]}
        make_rule(ground, priority="low", holdout_percent=50, actions=told, starts_survey=survey)
    responses = give_answers(ground, *[3] * 12, verbatim="Late")
    evaluate(ground)
    with ground.scope():
        held = list(Alert.objects.filter(is_held_out=True))
        assert 0 < len(held) < 12
        assert FollowUp.objects.count() == 12 - len(held)
        assert all(alert.follow_up is None for alert in held)
        left_alone = next(each for each in responses if each.pk == held[0].response_id)
        assert promised_contact(left_alone) is None
        assert not Invitation.objects.filter(customer=left_alone.customer).exists()


def test_another_rule_still_opens_one_for_who_is_held_out(ground):
    with ground.scope():
        make_rule(ground, "Low", priority="low", holdout_percent=50, actions={"tags": ["low"]})
        make_rule(ground, "High", priority="high", conditions=all_of(DETRACTOR, {"kind": "may_contact", "is": True}))
    give_answers(ground, *[3] * 12, verbatim="Late")
    evaluate(ground)
    with ground.scope():
        assert FollowUp.objects.count() == 12
        held = Alert.objects.filter(is_held_out=True)
        assert not held.exclude(follow_up=None).exists()
        assert not FollowUp.objects.filter(response__in=held.values("response"), tags__contains=["low"]).exists()


def test_statements_do_not_grow_with_the_answers(ground, django_assert_max_num_queries):
    with ground.scope():
        actions = {"people": [str(ground.anton.pk)], "channels": [str(channel(events=[]).pk)]}
        make_rule(ground, starts_survey=Survey.objects.get(), actions=actions)
    responses = give_answers(ground, *[3] * 30, verbatim="Late")
    with ground.scope(), django_assert_max_num_queries(60):
        open_follow_ups([each.pk for each in responses], at=TUESDAY)
    with ground.scope():
        assert len(open_by_customer(each.customer_id for each in responses)) == 30
