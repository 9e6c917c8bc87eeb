"""When a promised time runs out, the owner, the lead and the admins hear of it in turn, each step once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from alerts.breaches import note_batch
from alerts.escalation.escalating import escalate_batch, escalate_due
from alerts.following_up import assign, close_loop, contact, reopen, resolve
from alerts.history import history_of
from alerts.models import (
    Delivery,
    Escalation,
    EscalationStep,
    FollowUp,
    FollowUpEntry,
    Notification,
    NotificationChannel,
    NotificationChoice,
    SlaPolicy,
)
from alerts.notifying.events import EVENTS
from alerts.pausing import resume, snooze, wait_for_customer
from tenancy.models import AuditEntry, Membership
from tenancy.organizations import change_organization
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.staffing import add_person, away, make_team, owner_rule

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
# 24 working hours of 8 a day from Tuesday ten: 75 % is Thursday twelve, all of it Friday ten.
THREE_QUARTERS = TUESDAY + 2 * DAY + 2 * HOUR


@pytest.fixture
def home(world):
    return world.home


def escalate(ground, at) -> int:
    return escalate_batch(ground.organization.id, at=at)


def taken(ground) -> list[tuple]:
    with ground.scope():
        rows = Escalation.objects.order_by("escalated_at", "promise", "percent")
        return [(row.promise, row.percent, row.tells, sorted(row.told)) for row in rows]


def titles_of(ground) -> list[str]:
    with ground.scope():
        return [line.title for line in history_of(FollowUp.objects.get()) if line.title.startswith("Told")]


def test_owner_lead_and_admins_hear_at_their_share_and_once(home):
    follow_up = open_follow_up(home)
    with home.scope():
        ben = add_person(home, "Ben")
        make_team("Desk", home.greta, lead=ben)
        assign(follow_up, owner=home.greta, by=home.greta, at=TUESDAY)
        follow_up.refresh_from_db()
    assert follow_up.escalates_at == THREE_QUARTERS
    assert escalate(home, THREE_QUARTERS - SECOND) == 0
    for _ in range(2):
        escalate(home, THREE_QUARTERS)
    assert taken(home) == [("first_contact", 75, "owner", ["Greta Northwind"])]
    for _ in range(2):
        escalate(home, follow_up.first_contact_due_at)
    assert ("first_contact", 100, "lead", ["Ben"]) in taken(home)
    assert "Told Ben (lead) by mail and in the product: first contact, 100 % used" in titles_of(home)
    for _ in range(2):
        escalate(home, follow_up.resolution_due_at + 30 * DAY)
    assert len(taken(home)) == 6
    with home.scope():
        assert FollowUp.objects.get().escalates_at is None
        assert AuditEntry.objects.filter(verb="follow_up.escalated").count() == 6


def test_unowned_tells_all_who_care_and_without_a_lead_the_admins_are_told(home, world):
    follow_up = open_follow_up(home)
    escalate(home, THREE_QUARTERS)
    escalate(home, follow_up.first_contact_due_at)
    assert taken(home) == [
        ("first_contact", 75, "owner", ["Greta Northwind", "Olga Both"]),
        ("first_contact", 100, "lead", ["Ana Northwind"]),
    ]


def test_lead_who_owns_it_hears_of_it_together_with_the_admins(home):
    follow_up = open_follow_up(home)
    with home.scope():
        make_team("Desk", home.greta, lead=home.greta)
        assign(follow_up, owner=home.greta, by=home.greta, at=TUESDAY)
    escalate(home, follow_up.first_contact_due_at)
    assert ("first_contact", 100, "lead", ["Ana Northwind", "Greta Northwind"]) in taken(home)


def test_who_stands_in_for_an_absent_owner_hears_of_it_too(home):
    follow_up = open_follow_up(home)
    with home.scope():
        assign(follow_up, owner=home.greta, by=home.greta, at=TUESDAY)
        away(home.greta, TUESDAY, days=10, delegate=home.anton)
    escalate(home, THREE_QUARTERS)
    assert taken(home)[0][3] == ["Anton Northwind", "Greta Northwind"]


def test_who_stands_in_along_the_chain_hears_of_what_an_absent_lead_or_person_is_told(home):
    follow_up = open_follow_up(home)
    with home.scope():
        ben, cleo = add_person(home, "Ben"), add_person(home, "Cleo")
        assign(follow_up, owner=home.greta, by=home.greta, at=TUESDAY)
        FollowUp.objects.update(team=make_team("Desk", home.greta, lead=ben), escalates_at=TUESDAY)
        away(ben, TUESDAY, days=10, delegate=cleo)
        away(cleo, TUESDAY, days=10, delegate=home.anton)
        policy = SlaPolicy.objects.get(name="Standard")
        policy.escalation_steps.all().delete()
        for percent, tells, person in ((50, "lead", None), (60, "person", cleo)):
            EscalationStep.objects.create(
                sla_policy=policy, promise="first_contact", percent=percent, tells=tells, person=person
            )
    escalate(home, THREE_QUARTERS)
    assert [row[3] for row in taken(home)] == [["Anton Northwind", "Ben"], ["Anton Northwind", "Cleo"]]


def test_history_names_the_places_outside_and_what_became_of_the_message(home):
    open_follow_up(home)
    with home.scope():
        NotificationChannel.objects.create(kind="webhook", name="Desk", events=[EVENTS["escalated"].outside])
    escalate(home, THREE_QUARTERS)
    for state in ("waiting", "delivered"):
        with home.scope():
            line = next(each for each in history_of(FollowUp.objects.get()) if each.title.startswith("Told"))
            assert line.body == f"Places outside: “Desk” ({state})"
            Delivery.objects.update(state="delivered")
    with home.scope():
        Delivery.objects.all().delete()
        assert any(line.body == "Places outside: “Desk”" for line in history_of(FollowUp.objects.get()))


def test_person_who_left_and_all_who_switched_it_off_are_replaced_by_admins(home):
    follow_up = open_follow_up(home)
    with home.scope():
        ben = add_person(home, "Ben")
        policy = SlaPolicy.objects.get(name="Standard")
        policy.escalation_steps.all().delete()
        EscalationStep.objects.create(
            sla_policy=policy, promise="first_contact", percent=50, tells="person", person=ben
        )
        EscalationStep.objects.create(sla_policy=policy, promise="first_contact", percent=60, tells="owner")
        Membership.objects.filter(user=ben).delete()
        assign(follow_up, owner=home.greta, by=home.greta, at=TUESDAY)
        NotificationChoice.objects.create(user=home.greta, event="escalated", mail="off", in_app=False)
        FollowUp.objects.update(escalates_at=TUESDAY)
    escalate(home, follow_up.first_contact_due_at)
    assert [row[3] for row in taken(home)] == [["Ana Northwind"]] * 2


def test_steps_due_together_are_told_once_a_person_with_the_strongest(home):
    follow_up = open_follow_up(home)
    with home.scope():
        assign(follow_up, owner=home.ana, by=home.ana, at=TUESDAY)
    escalate(home, follow_up.resolution_due_at + 30 * DAY)
    assert len(taken(home)) == 6
    with home.scope():
        told = Notification.objects.filter(event__in=["escalated", "promise_broken"], user=home.ana)
        assert [each.text[:5] for each in told] == ["200 %"]


def test_contact_ends_the_steps_of_the_first_promise_and_resolution_ends_all(home):
    follow_up = open_follow_up(home)
    with home.scope():
        contact(follow_up, way="phone", by=home.greta, at=TUESDAY)
    assert follow_up.escalates_at > follow_up.first_contact_due_at
    escalate(home, follow_up.first_contact_due_at)
    assert taken(home) == []
    with home.scope():
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=home.greta, at=TUESDAY + DAY)
    assert follow_up.escalates_at is None


def test_clock_that_stands_still_escalates_nothing_and_goes_on_where_it_was(home):
    follow_up = open_follow_up(home)
    with home.scope():
        snooze(follow_up, until=TUESDAY + 12 * DAY, by=home.greta, at=TUESDAY + DAY)
        assert follow_up.escalates_at is None
        resume(follow_up, by=home.greta, at=TUESDAY + 8 * DAY)
    assert follow_up.escalates_at == THREE_QUARTERS + 7 * DAY


def test_answer_of_the_customer_sets_a_clock_that_waited_going_again(home):
    follow_up = open_follow_up(home)
    with home.scope():
        contact(follow_up, way="phone", by=home.greta, at=TUESDAY + HOUR)
        wait_for_customer(follow_up, by=home.greta, at=TUESDAY + HOUR)
        assert follow_up.escalates_at is None
    give_answers(home, 1, at=TUESDAY + DAY, customer=home.chiara)
    evaluate(home)
    with home.scope():
        row = FollowUp.objects.get()
        assert row.paused_at is None
        assert row.escalates_at is not None


def test_pause_after_a_broken_promise_holds_the_later_steps_back(home):
    follow_up = open_follow_up(home)
    due_at = follow_up.first_contact_due_at
    escalate(home, due_at)
    with home.scope():
        before = FollowUp.objects.get().escalates_at
        snooze(follow_up, until=due_at + 7 * DAY, by=home.greta, at=due_at)
        resume(follow_up, by=home.greta, at=due_at + 7 * DAY)
    # Resolution was due before the steps at 200 %; both stood still for a week.
    assert follow_up.escalates_at == before + 7 * DAY


def test_reopened_promise_is_escalated_anew(home):
    follow_up = open_follow_up(home)
    late = follow_up.resolution_due_at + 30 * DAY
    escalate(home, late)
    with home.scope():
        contact(follow_up, way="phone", by=home.greta, at=late)
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=home.greta, at=late)
        close_loop(follow_up, closing="told", text="They know", by=home.greta, at=late)
        reopen(follow_up, text="Broke again", by=home.greta, at=late)
    escalate(home, follow_up.resolution_due_at)
    with home.scope():
        told = Notification.objects.filter(event="promise_broken", user=home.ana, title__startswith="Resolution")
        assert told.get().follow_up_id == follow_up.pk
        assert FollowUpEntry.objects.filter(kind="escalated", details__promise="resolution").count() == 5


def test_broken_promise_is_told_by_steps_alone(home):
    follow_up = open_follow_up(home)
    with home.scope():
        Notification.objects.all().delete()
    note_batch(home.organization.id, at=follow_up.first_contact_due_at)
    with home.scope():
        assert not Notification.objects.exists()


def test_sweep_killed_before_its_commit_is_done_whole_by_the_next(home):
    follow_up = open_follow_up(home)

    class Killed(Exception):
        pass

    with pytest.raises(Killed), transaction.atomic():
        escalate(home, follow_up.first_contact_due_at)
        raise Killed
    assert taken(home) == []
    escalate(home, follow_up.first_contact_due_at)
    assert len(taken(home)) == 2


def test_door_finds_what_is_due_in_every_organization(world):
    for ground in (world.home, world.other):
        open_follow_up(ground)
    assert escalate_due() == 2
    assert escalate_due() == 0


def test_a_hundred_cost_as_many_statements_as_one(home, django_assert_max_num_queries):
    with home.scope():
        owner_rule("round_robin", team=make_team("Desk", *(add_person(home, name) for name in ("Ben", "Cleo"))))
    give_answers(home, *[1] * 100)
    evaluate(home)
    with home.scope():
        latest = FollowUp.objects.order_by("-first_contact_due_at").first().first_contact_due_at
    with django_assert_max_num_queries(40):
        assert escalate(home, latest) == 100
    with home.scope():
        assert Escalation.objects.count() == 200


def test_another_time_zone_moves_the_steps_that_are_to_come(home):
    open_follow_up(home, at=TUESDAY)
    with home.scope():
        FollowUp.objects.update(escalates_at=THREE_QUARTERS)
        change_organization(home.organization, values={"time_zone": "America/New_York"}, by=home.ana)
    escalate(home, timezone.now())
    with home.scope():
        assert FollowUp.objects.get().escalates_at != THREE_QUARTERS
