"""One customer, one open follow-up: further answers are added to it, with all reasons."""

from datetime import timedelta

from django.utils import timezone

from alerts.following_up import assign, close_loop, contact, resolve
from alerts.handling import handling_of
from alerts.history import history_of
from alerts.models import (
    Alert,
    AlertRule,
    FollowUp,
    FollowUpAnswer,
    FollowUpEntry,
    FollowUpPause,
    Notification,
    OwnerRule,
    Playbook,
)
from alerts.pausing import snooze, wait_for_customer
from surveys.models import Response
from surveys.promises import promise_for
from surveys.responding import edit_response
from tenancy.audit import SYSTEM
from tenancy.models import AuditEntry, Membership
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.staffing import add_person, away, make_team


def words_rule(ground, **values) -> AlertRule:
    with ground.scope():
        conditions = {"match": "all", "of": [{"kind": "words", "words": ["lawyer"]}]}
        return AlertRule.objects.create(conditions=conditions, **{"name": "Threats", **values})


def test_further_answer_joins_the_open_follow_up_and_makes_it_more_urgent(world):
    home = world.home
    words_rule(home, priority="urgent", actions={"tags": ["legal"]})
    follow_up = open_follow_up(home)
    with home.scope():
        assign(follow_up, owner=home.greta, by=home.greta, at=timezone.now())
    (further,) = give_answers(home, 1, customer=home.chiara, verbatim="My Lawyer will call", at=TUESDAY + timedelta(1))
    evaluate(home)
    with home.scope():
        held = FollowUp.objects.get()
        assert (held.priority, held.tags, held.owner, held.version) == ("urgent", ["legal"], home.greta, 3)
        assert held.first_contact_due_at == follow_up.first_contact_due_at
        assert FollowUpAnswer.objects.get(follow_up=held).response_id == further.pk
        assert {each.response_id for each in held.reasons.all()} == {follow_up.response_id, further.pk}
        line = FollowUpEntry.objects.get(kind="answer_added")
        assert (line.details["score"], line.details["priority"]) == (1, ["normal", "urgent"])
        assert AuditEntry.objects.filter(verb="follow_up.answer_added", object_id=held.pk).count() == 1
        assert "customer wrote “lawyer”" in Alert.objects.get(rule__name="Threats").reason
        told = Notification.objects.get(event="answer_added")
        assert (told.user, told.title) == (home.greta, "Chiara Conti answered again and gave 1 (Detractor)")
        assert (told.text, told.path) == ("My Lawyer will call", "followups/1/")


def test_answers_of_one_customer_in_one_batch_open_one_follow_up(world):
    give_answers(world.home, 1, 2, 3, customer=world.home.chiara)
    evaluate(world.home)
    with world.home.scope():
        assert FollowUp.objects.get().added_answers.count() == 2
        # Nobody owns it: Greta and Olga, the agents, hear of both.
        assert Notification.objects.filter(event="answer_added").count() == 4
        assert Alert.objects.filter(follow_up=FollowUp.objects.get()).count() == 3


def test_good_answer_is_added_too_and_its_clock_goes_on(world):
    home = world.home
    follow_up = open_follow_up(home)
    with home.scope():
        assign(follow_up, owner=home.greta, by=home.greta, at=TUESDAY)
        snooze(follow_up, until=TUESDAY + timedelta(days=3), by=home.greta, at=TUESDAY + timedelta(hours=1))
    give_answers(home, 10, customer=home.chiara, verbatim="All is well now", at=TUESDAY + timedelta(hours=2))
    evaluate(home)
    with home.scope():
        held = FollowUp.objects.get()
        assert (held.paused_at, held.priority, held.reasons.count()) == (None, "normal", 1)
        assert held.added_answers.get().response.score == 10
        line = FollowUpEntry.objects.get(kind="answer_added")
        assert (line.details["score"], line.details["rules"], line.details["pause_ended"]) == (10, [], "snoozed")
        told = Notification.objects.get(event="answer_added")
        assert (told.user, told.title) == (home.greta, "Chiara Conti answered again and gave 10 (Promoter)")


def test_while_the_owner_is_away_who_stands_in_hears_of_answers_too(world):
    home = world.home
    follow_up = open_follow_up(home)
    with home.scope():
        ben, cleo = add_person(home, "Ben"), add_person(home, "Cleo")
        assign(follow_up, owner=ben, by=home.ana, at=TUESDAY)
        now = timezone.now()
        away(ben, now, delegate=cleo)
        away(cleo, now, delegate=home.anton)
    give_answers(home, 1, customer=home.chiara)
    evaluate(home)
    with home.scope():
        told = set(Notification.objects.filter(event="answer_added").values_list("user__name", flat=True))
        assert told == {"Ben", "Anton Northwind"}


def test_where_the_owner_may_not_act_any_more_the_team_hears_of_answers_or_every_agent(world):
    home = world.home
    follow_up = open_follow_up(home)
    with home.scope():
        ben, cleo = add_person(home, "Ben"), add_person(home, "Cleo")
        assign(follow_up, owner=ben, by=home.ana, at=TUESDAY)
        Membership.objects.filter(user=ben).update(role="viewer")
        for team, told in ((None, {"Cleo", "Greta Northwind", "Olga Both"}), (make_team("Desk", ben, cleo), {"Cleo"})):
            FollowUp.objects.update(team=team)
            Notification.objects.all().delete()
            give_answers(home, 1, customer=home.chiara)
            evaluate(home)
            names = Notification.objects.filter(event="answer_added").values_list("user__name", flat=True)
            assert set(names) == told


def test_good_answers_before_or_of_others_are_added_nowhere(world):
    home = world.home
    give_answers(home, 9, 10, customer=home.chiara)
    evaluate(home)
    open_follow_up(home, at=TUESDAY + timedelta(hours=1), customer=home.chiara)
    give_answers(home, 9, customer=home.karim)
    give_answers(home, 9, customer=None)
    evaluate(home)
    with home.scope():
        assert not FollowUpAnswer.objects.exists()


def test_joining_gives_what_was_missing_and_changes_nothing_that_is_there(world):
    home = world.home
    with home.scope():
        to_anton = OwnerRule.objects.create(kind="person", name="To Anton", person=home.anton, position=0)
        OwnerRule.objects.update(is_active=False)
        book, other = (Playbook.objects.create(name=name) for name in ("Threats", "Other"))
        book.steps.create(position=1, text="Ring the lawyer", doer="owner")
        tags = [f"tag {each}" for each in range(15)]
    words_rule(home, owner_rule=to_anton, playbook=book, actions={"tags": [f"legal {each}" for each in range(15)]})
    open_follow_up(home)
    with home.scope():
        FollowUp.objects.update(tags=tags)
        OwnerRule.objects.update(is_active=True)
    give_answers(home, 1, customer=home.chiara, verbatim="My lawyer", at=TUESDAY + timedelta(1))
    evaluate(home)
    with home.scope():
        held = FollowUp.objects.get()
        assert (held.owner, held.playbook, len(held.tags)) == (home.anton, book, 20)
        assert held.steps.get().text == "Ring the lawyer"
        assert FollowUpEntry.objects.get(kind="changed").details["playbook"] == "Threats"
        assert Notification.objects.filter(event="assigned", user=home.anton).count() == 1
        AlertRule.objects.update(playbook=other)
    give_answers(home, 1, customer=home.chiara, verbatim="My lawyer again", at=TUESDAY + timedelta(2))
    evaluate(home)
    with home.scope():
        assert FollowUp.objects.get().playbook == book


def test_closed_follow_up_takes_no_answers(world):
    home, now = world.home, timezone.now()
    follow_up = open_follow_up(home)
    with home.scope():
        contact(follow_up, way="phone", by=home.greta, at=now)
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=home.greta, at=now)
        close_loop(follow_up, closing="told", text="It is mended", by=home.greta, at=now)
    give_answers(home, 1, customer=home.chiara)
    evaluate(home)
    with home.scope():
        assert FollowUp.objects.count() == 2
        assert not FollowUpAnswer.objects.exists()


def test_rule_that_opens_none_raises_its_alert_only(world):
    words_rule(world.home, opens_follow_up=False)
    give_answers(world.home, 9, verbatim="my lawyer loves it")
    evaluate(world.home)
    with world.home.scope():
        assert Alert.objects.get().follow_up is None
        assert not FollowUp.objects.exists()


def test_edited_answer_updates_its_alert(world):
    home = world.home
    follow_up = open_follow_up(home, score=4)
    later = TUESDAY + timedelta(hours=1)
    with home.scope():
        held = Response.objects.get(pk=follow_up.response_id)
        edit_response(held, score=1, verbatim="Worse", may_contact=True, by=SYSTEM, at=later)
    evaluate(home)
    with home.scope():
        alert = Alert.objects.get()
    assert alert.reason == "Detractors: NPS 1 (detractor); customer is a detractor"
    assert alert.updated_at == later


def test_further_answer_lets_the_clock_go_on(world):
    home = world.home
    follow_up = open_follow_up(home)
    with home.scope():
        contact(follow_up, way="phone", by=home.greta, at=TUESDAY + timedelta(hours=1))
        wait_for_customer(follow_up, by=home.greta, at=TUESDAY + timedelta(hours=1))
        due_at = follow_up.resolution_due_at
    give_answers(home, 1, customer=home.chiara, verbatim="Still nothing", at=TUESDAY + timedelta(hours=2))
    evaluate(home)
    with home.scope():
        held = FollowUp.objects.get()
        assert (held.paused_at, held.pause_reason, held.resumes_at) == (None, "", None)
        assert held.resolution_due_at > due_at
        assert not FollowUpPause.objects.filter(resumed_at__isnull=True).exists()
        assert FollowUpEntry.objects.get(kind="answer_added").details["pause_ended"] == "customer"


def test_words_of_a_further_answer_stand_in_the_history(world, django_assert_max_num_queries):
    follow_up = open_follow_up(world.home)
    for days, words in ((1, "Nobody called"), (2, "Still nobody called")):
        give_answers(world.home, 2, customer=world.home.chiara, verbatim=words, at=TUESDAY + timedelta(days))
        evaluate(world.home)
    with world.home.scope(), django_assert_max_num_queries(3):
        lines = history_of(FollowUp.objects.get(pk=follow_up.pk))
        assert [line.body for line in lines if "answered again" in line.title] == [
            "Still nobody called",
            "Nobody called",
        ]


def test_dashboard_shows_what_is_done_about_a_further_answer(world):
    follow_up = open_follow_up(world.home)
    (further,) = give_answers(world.home, 1, customer=world.home.chiara, at=TUESDAY + timedelta(1))
    evaluate(world.home)
    with world.home.scope():
        handling = handling_of([follow_up.response_id, further.pk])
        assert handling[further.pk] == handling[follow_up.response_id]
        assert handling_of([further.pk])[further.pk].href == "/o/northwind/followups/1/"


def test_further_answer_is_promised_what_the_open_follow_up_promises(world):
    home, now = world.home, timezone.now()
    follow_up = open_follow_up(home, at=now)
    (further,) = give_answers(home, 3, customer=home.chiara, at=now)
    with home.scope():
        assert promise_for(further).contact_by == follow_up.first_contact_due_at
        contact(follow_up, way="phone", by=home.greta, at=now)
        assert promise_for(further) is None
