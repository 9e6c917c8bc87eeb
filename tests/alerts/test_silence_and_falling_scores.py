"""Rules that look by themselves: customers who fell silent, and scores that fall further than chance explains."""

from datetime import timedelta

import pytest

from alerts.models import Alert, AlertRule, FollowUp, Notification, RuleCheck
from alerts.rules.looking import check_one, look_soon
from alerts.rules.saving import save_rule, switch_rule
from alerts.rules.silent import silent_customers
from customers.models import Customer
from metrics.signals import scores_refreshed
from surveys.models import Invitation, Response
from tenancy.background import due_organizations
from tenancy.owned import new_id
from tests.alerts.answering import TUESDAY, give_answers, make_survey, open_follow_up
from tests.alerts.rules_of import SILENCE, THRESHOLD, make_rule
from tests.alerts.staffing import make_team, owner_rule

DAY = timedelta(days=1)


@pytest.fixture
def ground(world):
    with world.home.scope():
        AlertRule.objects.update(is_active=False)
        Customer.objects.filter(pk=world.home.chiara.pk).update(value=5000)
        Customer.objects.filter(pk=world.home.karim.pk).update(value=10)
        world.home.chiara.refresh_from_db()
    return world.home


def ask(ground, customer, *, at=TUESDAY, status="sent") -> Invitation:
    return Invitation.objects.create(
        survey=make_survey(ground),
        customer=customer,
        idempotency_key=str(new_id()),
        status=status,
        due_at=at,
        sent_at=at if status == "sent" else None,
    )


def look(ground, *, at) -> None:
    """Let every rule look at `at`, whenever it would."""
    with ground.scope():
        RuleCheck.objects.update(due_at=at)
    while check_one(ground.organization.pk, at=at):
        with ground.scope():
            if not RuleCheck.objects.filter(due_at__lte=at).exists():
                break


def silent(ground, *, at) -> list[Customer]:
    with ground.scope():
        return list(silent_customers(SILENCE, at=at))


def test_silence_begins_with_the_first_mail_after_the_last_answer(ground):
    with ground.scope():
        ask(ground, ground.karim)
    assert silent(ground, at=TUESDAY + 60 * DAY) == []  # of little value
    with ground.scope():
        ask(ground, ground.chiara, status="dropped")
    assert silent(ground, at=TUESDAY + 60 * DAY) == []  # was not asked
    with ground.scope():
        ask(ground, ground.chiara, at=TUESDAY)
        ask(ground, ground.chiara, at=TUESDAY + 20 * DAY)
    assert silent(ground, at=TUESDAY + 29 * DAY) == []
    (found,) = silent(ground, at=TUESDAY + 30 * DAY)
    assert (found, found.silent_since) == (ground.chiara, TUESDAY)
    give_answers(ground, 9, at=TUESDAY + 10 * DAY, customer=ground.chiara)
    assert silent(ground, at=TUESDAY + 49 * DAY) == []
    (found,) = silent(ground, at=TUESDAY + 50 * DAY)
    assert found.silent_since == TUESDAY + 20 * DAY


def test_silence_opens_one_follow_up_and_fires_once_until_they_answer(ground):
    with ground.scope():
        make_rule(
            ground, "Silent", at=TUESDAY, kind="silence", conditions=SILENCE, actions={"people": [str(ground.anton.pk)]}
        )
        ask(ground, ground.chiara)
    for day in (29, 31, 32, 90):
        look(ground, at=TUESDAY + day * DAY)
    with ground.scope():
        follow_up = FollowUp.objects.get()
        assert (follow_up.customer, follow_up.response, follow_up.opened_at) == (
            ground.chiara,
            None,
            TUESDAY + 31 * DAY,
        )
        alert = follow_up.reasons.get()
        assert alert.reason == "Silent: a customer worth 1,000 or more was asked and has not answered for 30 days"
        assert alert.rule_version == 1
        assert Notification.objects.get(event="rule_fired").follow_up == follow_up
    give_answers(ground, 9, at=TUESDAY + 91 * DAY, customer=ground.chiara)
    with ground.scope():
        ask(ground, ground.chiara, at=TUESDAY + 92 * DAY)
    look(ground, at=TUESDAY + 130 * DAY)
    with ground.scope():
        assert Alert.objects.count() == 2


def test_silence_of_who_has_an_open_follow_up_becomes_its_reason(ground):
    with ground.scope():
        AlertRule.objects.filter(name="Detractors").update(is_active=True)
    follow_up = open_follow_up(ground, customer=ground.chiara)
    with ground.scope():
        actions = {"tags": ["silent"]}
        make_rule(ground, "Silent", at=TUESDAY, kind="silence", conditions=SILENCE, priority="urgent", actions=actions)
        ask(ground, ground.chiara, at=TUESDAY + DAY)
    look(ground, at=TUESDAY + 40 * DAY)
    with ground.scope():
        follow_up = FollowUp.objects.get()
        assert (follow_up.priority, follow_up.tags, follow_up.version) == ("urgent", ["silent"], 2)
        assert follow_up.reasons.count() == 2
        assert follow_up.entries.get(kind="changed").details["rule"] == "Silent"


def test_many_who_are_silent_are_taken_in_batches(ground, monkeypatch):
    monkeypatch.setattr("alerts.rules.silent.BATCH", 3)
    with ground.scope():
        make_rule(ground, "Silent", at=TUESDAY, kind="silence", conditions=SILENCE)
        customers = [Customer.objects.create(name=f"Silent {each}", value=2000 + each) for each in range(7)]
        for each in customers:
            ask(ground, each)
    look(ground, at=TUESDAY + 40 * DAY)
    with ground.scope():
        assert Alert.objects.count() == 7
        assert Alert.objects.order_by("follow_up__number").first().customer == customers[-1]  # the dearest


def fired_on(rule) -> set[Customer]:
    return {each.customer for each in rule.alerts.select_related("customer")}


def test_who_is_silent_when_the_rule_is_switched_on_is_no_news(ground):
    with ground.scope():
        silent_before = Customer.objects.create(name="Silent before", value=9000)
        ask(ground, silent_before, at=TUESDAY - 60 * DAY)
        ask(ground, ground.chiara, at=TUESDAY - 20 * DAY)
        rule = make_rule(ground, "Silent", at=TUESDAY, kind="silence", conditions=SILENCE)
    for day in (0, 5, 9):
        look(ground, at=TUESDAY + day * DAY)
        with ground.scope():
            assert fired_on(rule) == set()
    look(ground, at=TUESDAY + 10 * DAY)
    with ground.scope():
        assert fired_on(rule) == {ground.chiara}


def test_what_became_silent_while_the_rule_was_off_or_asked_for_less_is_no_news(ground):
    with ground.scope():
        ask(ground, ground.chiara, at=TUESDAY)
        rule = make_rule(ground, "Silent", at=TUESDAY, kind="silence", conditions=SILENCE)
        switch_rule(rule, on=False, by=ground.ana, at=TUESDAY + 20 * DAY)
        switch_rule(rule, on=True, by=ground.ana, at=TUESDAY + 40 * DAY)
    look(ground, at=TUESDAY + 41 * DAY)
    with ground.scope():
        late = Customer.objects.create(name="Late", value=2000)
        ask(ground, late, at=TUESDAY + 25 * DAY)
        rule.conditions = {**SILENCE, "days": 10}
        save_rule(rule, by=ground.ana, at=TUESDAY + 42 * DAY)
    look(ground, at=TUESDAY + 43 * DAY)
    with ground.scope():
        assert fired_on(rule) == set()
        rule.name = "Silent again"
        ask(ground, later := Customer.objects.create(name="Later", value=2000), at=TUESDAY + 35 * DAY)
        save_rule(rule, by=ground.ana, at=TUESDAY + 46 * DAY)  # another name changes nothing
    look(ground, at=TUESDAY + 46 * DAY)
    with ground.scope():
        assert fired_on(rule) == {later}


def test_a_full_batch_is_followed_by_those_after_it_only(ground, monkeypatch):
    monkeypatch.setattr("alerts.rules.silent.BATCH", 2)
    with ground.scope():
        rule = make_rule(ground, "Silent", at=TUESDAY, kind="silence", conditions=SILENCE)
        for each in range(5):
            ask(ground, Customer.objects.create(name=f"Silent {each}", value=2000), at=TUESDAY + each * DAY)
        RuleCheck.objects.update(due_at=TUESDAY + 60 * DAY)
    for day in (31, 33, 60):
        check_one(ground.organization.pk, at=TUESDAY + 60 * DAY)
        with ground.scope():
            assert RuleCheck.objects.get().looked_until == TUESDAY + day * DAY
    with ground.scope():
        assert rule.alerts.count() == 5


def week(ground, *scores: int, at, touchpoint=None) -> None:
    give_answers(ground, *scores, at=at, touchpoint=touchpoint or ground.delivery)


GOOD, BAD = [10] * 30 + [8] * 10, [2] * 30 + [8] * 10


def test_score_that_falls_fires_once_and_again_only_after_it_recovered(ground):
    with ground.scope():
        rule = make_rule(
            ground,
            "Falls",
            kind="threshold",
            conditions=THRESHOLD,
            opens_follow_up=False,
            actions={"people": [str(ground.anton.pk)]},
        )
    week(ground, *GOOD, at=TUESDAY)
    look(ground, at=TUESDAY + DAY)
    week(ground, *BAD, at=TUESDAY + 7 * DAY)
    for hours in (1, 2, 30):
        look(ground, at=TUESDAY + 7 * DAY + timedelta(hours=hours))
    with ground.scope():
        alert = Alert.objects.get()
        assert alert.subject == f"threshold:{ground.delivery.pk}:2026-03-17"
        assert "the 7-day NPS of “Parcel handed over” is −75 (n = 40), 150 less" in alert.reason
        told = Notification.objects.get(event="threshold")
        assert (told.title, told.path) == (alert.reason, f"?touchpoint={ground.delivery.pk}")
        assert set(rule.checks.get().fallen) == {str(ground.delivery.pk)}
        assert not FollowUp.objects.exists()
    week(ground, *GOOD, at=TUESDAY + 16 * DAY)
    look(ground, at=TUESDAY + 16 * DAY)
    with ground.scope():
        assert rule.checks.get().fallen == {}
    week(ground, *BAD, at=TUESDAY + 23 * DAY)
    look(ground, at=TUESDAY + 23 * DAY)
    with ground.scope():
        assert Alert.objects.count() == 2


def test_fall_at_a_touchpoint_goes_to_the_team_of_it(ground):
    with ground.scope():
        team = make_team("Carriers", ground.anton)
        owner_rule("by_touchpoint", teams={str(ground.delivery.pk): str(team.pk)})
        make_rule(ground, "Falls", kind="threshold", conditions=THRESHOLD)
    week(ground, *GOOD, at=TUESDAY)
    week(ground, *BAD, at=TUESDAY + 7 * DAY)
    look(ground, at=TUESDAY + 7 * DAY)
    with ground.scope():
        follow_up = FollowUp.objects.get()
        assert (follow_up.owner, follow_up.team) == (ground.anton, team)


def test_fall_opens_a_follow_up_about_nobody_in_particular(ground):
    with ground.scope():
        make_rule(ground, "Falls", kind="threshold", conditions={**THRESHOLD, "of": "survey"})
    week(ground, *GOOD, at=TUESDAY)
    week(ground, *BAD, at=TUESDAY + 7 * DAY)
    look(ground, at=TUESDAY + 7 * DAY)
    with ground.scope():
        follow_up = FollowUp.objects.get()
        assert (follow_up.customer, follow_up.response, follow_up.whom) == (None, None, "Several customers")
        assert "“After delivery”" in follow_up.alert.reason


@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        (GOOD, [2] * 20, "too few now"),
        ([10] * 20, BAD, "too few before"),
        (BAD, BAD, "no change"),
        ([8] * 20 + [2] * 20, [8] * 18 + [2] * 22, "within noise"),
        (GOOD, [10] * 25 + [8] * 15, "still above"),
    ],
)
def test_what_chance_may_explain_is_never_told(ground, before, now, why):
    with ground.scope():
        make_rule(ground, "Falls", kind="threshold", conditions={**THRESHOLD, "of": "organization"})
    week(ground, *before, at=TUESDAY)
    week(ground, *now, at=TUESDAY + 7 * DAY)
    look(ground, at=TUESDAY + 7 * DAY)
    with ground.scope():
        assert not Alert.objects.exists(), why


def test_only_the_named_places_are_looked_at(ground):
    conditions = {**THRESHOLD, "places": [str(ground.support.pk)]}
    with ground.scope():
        make_rule(ground, "Falls", kind="threshold", conditions=conditions)
    week(ground, *GOOD, at=TUESDAY)
    week(ground, *BAD, at=TUESDAY + 7 * DAY)
    look(ground, at=TUESDAY + 7 * DAY)
    with ground.scope():
        assert not Alert.objects.exists()


def test_refreshed_scores_bring_the_look_forward(ground):
    with ground.scope():
        rule = make_rule(ground, "Falls", kind="threshold", conditions=THRESHOLD)
        make_rule(ground, "Silent", at=TUESDAY, kind="silence", conditions=SILENCE)
        RuleCheck.objects.update(due_at=TUESDAY + DAY, checked_at=TUESDAY)
        look_soon(at=TUESDAY + timedelta(minutes=1))
        assert set(RuleCheck.objects.values_list("due_at", flat=True)) == {TUESDAY + DAY}
        look_soon(at=TUESDAY + timedelta(minutes=6))
        assert rule.checks.get().due_at == TUESDAY + timedelta(minutes=6)
        assert RuleCheck.objects.exclude(rule=rule).get().due_at == TUESDAY + DAY
        scores_refreshed.send_robust(sender=None, days=set())
    assert ground.organization.pk in due_organizations("door_due_rule_checks")


def test_rule_that_cannot_look_shows_why_and_is_tried_later(ground):
    with ground.scope():
        rule = make_rule(ground, "Falls", kind="threshold", conditions=THRESHOLD)
        AlertRule.objects.filter(pk=rule.pk).update(conditions={"instrument": "gone"})
    look(ground, at=TUESDAY)
    with ground.scope():
        check = rule.checks.get()
        assert (check.attempts, check.due_at) == (1, TUESDAY + timedelta(minutes=5))
        assert "KeyError" in check.last_error


def test_a_batch_of_the_silent_costs_constant_statements(ground, django_assert_max_num_queries):
    with ground.scope():
        make_rule(ground, "Silent", at=TUESDAY, kind="silence", conditions=SILENCE)
        for each in range(20):
            ask(ground, Customer.objects.create(name=f"Silent {each}", value=2000))
        RuleCheck.objects.update(due_at=TUESDAY)
    with django_assert_max_num_queries(50):
        check_one(ground.organization.pk, at=TUESDAY + 40 * DAY)
    with ground.scope():
        assert FollowUp.objects.count() == 20
        assert Response.objects.count() == 0
