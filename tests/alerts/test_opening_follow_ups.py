"""A detractor opens a follow-up, once, with its clock, its history and a mail to staff."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from alerts.models import Alert, AlertRule, Evaluation, FollowUp, FollowUpEntry, Notification, Playbook
from alerts.promising import promised_contact
from alerts.work.watching import watch
from surveys.models import Response
from surveys.responding import edit_response
from tenancy.audit import SYSTEM
from tenancy.models import AuditEntry, OutgoingMail
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.staffing import owner_rule

DETRACTORS = {"match": "all", "of": [{"kind": "group", "groups": ["detractor"]}]}


def test_detractor_opens_follow_up_due_in_24_business_hours_and_5_business_days(world):
    follow_up = open_follow_up(world.home, score=3, verbatim="Broken on arrival")
    # 09-17 in Berlin: seven hours left on Tuesday, eight on Wednesday and Thursday, one on Friday.
    assert follow_up.first_contact_due_at == datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    assert follow_up.resolution_due_at == datetime(2026, 3, 17, 9, 0, tzinfo=UTC)
    assert (follow_up.state, follow_up.number, follow_up.customer) == ("open", 1, world.home.chiara)


def test_promise_keeps_local_time_when_clocks_change(world):
    friday = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)  # summer time begins on the Sunday after
    follow_up = open_follow_up(world.home, at=friday)
    assert follow_up.resolution_due_at == datetime(2026, 4, 3, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("score", [7, 8, 9, 10])
def test_others_open_nothing(world, score):
    give_answers(world.home, score)
    assert evaluate(world.home) == 1
    with world.home.scope():
        assert not FollowUp.objects.exists()
        assert not Alert.objects.exists()
        assert not Evaluation.objects.filter(done_at=None).exists()


def test_imported_answers_open_nothing_unless_asked_to(world):
    give_answers(world.home, 0, raise_alerts=False)
    assert evaluate(world.home) == 0
    with world.home.scope():
        assert not Evaluation.objects.exists()


def test_same_answer_evaluated_again_opens_nothing_new(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        Evaluation.objects.update(done_at=None, due_at=TUESDAY, attempts=0)
    assert evaluate(world.home) == 1
    with world.home.scope():
        assert [each.pk for each in FollowUp.objects.all()] == [follow_up.pk]
        assert Alert.objects.count() == 1
        assert FollowUpEntry.objects.count() == 1
        assert OutgoingMail.objects.filter(template="follow_up_opened").count() == 2


def test_two_rules_raise_two_alerts_and_one_follow_up_with_the_stricter_promise(world):
    with world.home.scope():
        strict = world.home.organization.sla_policies.create(name="VIP", first_contact_hours=2, resolution_days=1)
        AlertRule.objects.create(name="Everything bad, at once", sla_policy=strict, conditions=DETRACTORS)
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        assert Alert.objects.count() == 2
        assert FollowUp.objects.count() == 1
    assert follow_up.first_contact_due_at == TUESDAY + timedelta(hours=2)


def test_strictest_promise_goes_by_the_moments_it_comes_to_and_the_thanks_say_the_same(world):
    """Thirty hours around the clock are over sooner than twenty-four working hours; the resolution is another's."""
    home = world.home
    with home.scope():
        policies = home.organization.sla_policies
        policies.update(resolution_days=2)
        day_and_night = policies.create(
            name="Day and night", first_contact_hours=30, resolution_days=9, is_wall_clock=True
        )
        AlertRule.objects.create(name="Around the clock", sla_policy=day_and_night, conditions=DETRACTORS)
    now = timezone.now()
    follow_up = open_follow_up(home, at=now)
    assert follow_up.sla_policy_id == day_and_night.pk
    assert follow_up.first_contact_due_at == follow_up.response.created_at + timedelta(hours=30)
    assert timedelta(0) < follow_up.resolution_due_at - now < timedelta(days=7)
    # Its steps count in the time of the policy that was chosen.
    assert follow_up.resolution_budget == follow_up.resolution_due_at - follow_up.response.created_at
    with home.scope():
        FollowUp.objects.update(customer=None)
        assert promised_contact(follow_up.response).contact_by == follow_up.first_contact_due_at


def test_what_any_of_several_rules_names_is_kept_the_most_urgent_first_then_the_oldest(world):
    home = world.home
    with home.scope():
        first, second = (Playbook.objects.create(name=name) for name in ("First", "Second"))
        owner_rule("person", "Everything to Greta", person=home.greta)
        to_anton = owner_rule("person", "These to Anton", person=home.anton)
        AlertRule.objects.create(name="Low", conditions=DETRACTORS, priority="low", playbook=second)
        AlertRule.objects.create(name="High", conditions=DETRACTORS, priority="high", playbook=first)
        AlertRule.objects.create(
            name="High too", conditions=DETRACTORS, priority="high", playbook=second, owner_rule=to_anton
        )
        AlertRule.objects.create(
            name="Only raises", conditions=DETRACTORS, opens_follow_up=False, priority="urgent", playbook=second
        )
        AlertRule.objects.create(name="Urgent", conditions=DETRACTORS, priority="urgent")
    follow_up = open_follow_up(home)
    with home.scope():
        assert (follow_up.priority, follow_up.alert.rule.name) == ("urgent", "Urgent")
        assert (follow_up.playbook, follow_up.owner) == (first, home.anton)


def test_numbers_count_each_organization_from_one_without_gaps(world):
    give_answers(world.home, *[1] * 30, at=TUESDAY)
    give_answers(world.other, 1, 2)
    for ground in (world.home, world.other):
        evaluate(ground)
    give_answers(world.home, 5, 9, 6)
    evaluate(world.home)
    with world.home.scope():
        assert list(FollowUp.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 33))
    with world.other.scope():
        assert list(FollowUp.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_batch_costs_few_statements(world, django_assert_max_num_queries):
    give_answers(world.home, *[0] * 150)
    with django_assert_max_num_queries(48):
        assert evaluate(world.home) == 150
    with world.home.scope():
        assert FollowUp.objects.count() == 150


def test_opening_is_audited_and_told_to_every_agent(world):
    follow_up = open_follow_up(world.home, verbatim="<b>Never</b> again")
    with world.home.scope():
        entry = AuditEntry.objects.get(verb="follow_up.opened")
        assert (entry.object_id, entry.actor_kind) == (follow_up.pk, "system")
        mails = {mail.to_address: mail.context for mail in OutgoingMail.objects.filter(template="follow_up_opened")}
    assert set(mails) == {world.home.greta.email, world.olga.email}
    facts = mails[world.olga.email]
    assert (facts["number"], facts["score"], facts["verbatim"]) == (1, 3, "<b>Never</b> again")
    assert facts["url"].endswith("/o/northwind/followups/1/")
    assert "10:00 (CET)" in facts["first_contact_due"]


def test_analysts_and_admins_are_told_where_there_is_no_agent(world):
    with world.home.scope():
        world.home.organization.memberships.filter(role="agent").delete()
    open_follow_up(world.home)
    with world.home.scope():
        told = set(OutgoingMail.objects.values_list("to_address", flat=True))
    assert told == {world.home.anton.email, world.home.ana.email}


def test_promoter_who_becomes_a_detractor_within_a_day_opens_a_follow_up(world):
    (response,) = give_answers(world.home, 9)
    evaluate(world.home)
    later = TUESDAY + timedelta(hours=3)
    edit(world.home, response, score=2, at=later)
    evaluate(world.home)
    with world.home.scope():
        follow_up = FollowUp.objects.get()
    # The promise counts from the edit.
    assert follow_up.first_contact_due_at == datetime(2026, 3, 13, 12, 0, tzinfo=UTC)


def test_detractor_who_becomes_a_promoter_keeps_the_follow_up_with_a_line_of_history(world):
    follow_up = open_follow_up(world.home, score=2)
    later = TUESDAY + timedelta(hours=1)
    edit(world.home, follow_up.response, score=9, at=later)
    for _ in range(2):
        evaluate(world.home)
        with world.home.scope():
            Evaluation.objects.update(done_at=None, due_at=TUESDAY, attempts=0)
    with world.home.scope():
        assert FollowUp.objects.get().state == "open"
        line = FollowUpEntry.objects.get(kind="answer_edited")
        assert (line.at, line.details["score"], line.details["before"]["score"]) == (later, 9, 2)
        assert line.by_label == "Customer"


def test_comment_that_follows_a_score_is_told_to_the_owner_and_to_watchers_once(world):
    home = world.home
    with home.scope():
        owner_rule("person", "Everything to Greta", person=home.greta)
    follow_up = open_follow_up(home, score=1)
    with home.scope():
        watch(follow_up, user=home.anton, by=home.anton, at=TUESDAY)
        held = Response.objects.get(pk=follow_up.response_id)
        later = TUESDAY + timedelta(minutes=3)
        edit_response(held, score=1, verbatim="It burned", may_contact=True, by=SYSTEM, at=later)
    for _ in range(2):
        evaluate(home)
        with home.scope():
            Evaluation.objects.update(done_at=None, due_at=TUESDAY, attempts=0)
    with home.scope():
        told = Notification.objects.get(event="answer_added")
        assert (told.user, told.text) == (home.greta, "It burned")
        assert told.title == "Chiara Conti changed an answer: it is 1 (Detractor)"
        assert Notification.objects.get(event="watched_changed").user == home.anton


def test_rule_that_is_off_keeps_the_reason_it_fired_for(world):
    home = world.home
    with home.scope():
        AlertRule.objects.update(
            conditions={"match": "all", "of": [{"kind": "words", "words": ["lawyer"]}]}, settle_minutes=0
        )
    follow_up = open_follow_up(home, verbatim="My lawyer will call")
    with home.scope():
        reason = Alert.objects.get().reason
        assert "lawyer" in reason
        AlertRule.objects.update(is_active=False)
    edit(home, follow_up.response, score=4, at=TUESDAY + timedelta(hours=1))
    evaluate(home)
    with home.scope():
        assert Alert.objects.get().reason == reason


def test_answer_of_an_unknown_customer_opens_a_follow_up_too(world):
    assert open_follow_up(world.home, customer=None).customer is None


def edit(ground, response, *, score, at):
    with ground.scope():
        held = Response.objects.get(pk=response.pk)
        edit_response(held, score=score, verbatim="", may_contact=True, by=SYSTEM, at=at)
