"""A follow-up that opens gets its owner by the organization's rules, and somebody in any case."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from alerts.following_up import assign
from alerts.models import AlertRule, Calendar, Evaluation, FollowUp, Notification, OwnerRule, StaffSettings, TeamMember
from tenancy.models import AuditEntry, Membership, OutgoingMail
from tenancy.roles import Role
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.staffing import add_person, away, make_team, owner_rule

NOW = datetime.now(UTC)
STRANGERS = ["", "nobody@northwind.example", "ana@eastwood.example", "victor@northwind.example"]


@pytest.fixture
def home(world):
    return world.home


def owner_of(ground, **values):
    """Whose a detractor's follow-up becomes."""
    return open_follow_up(ground, **values).owner


def line_of(ground) -> dict:
    with ground.scope():
        return FollowUp.objects.order_by("number").last().entries.get(kind="assigned").details


def test_without_owner_rules_nobody_owns_and_every_agent_is_told(home):
    assert owner_of(home) is None
    with home.scope():
        assert OutgoingMail.objects.filter(template="follow_up_opened").count() == 2


def test_named_person_owns_and_history_and_audit_say_by_which_rule(home):
    with home.scope():
        owner_rule("person", "Everything to Anton", person=home.anton)
    assert owner_of(home) == home.anton
    assert line_of(home)["rule"] == "Everything to Anton"
    with home.scope():
        assert AuditEntry.objects.get(verb="follow_up.assigned").details["to_person"] == "Anton Northwind"


def test_account_manager_is_found_by_address_in_any_case(home):
    with home.scope():
        owner_rule("attribute", attribute="account_manager")
        home.chiara.attributes = {"account_manager": f" {home.anton.email.upper()} "}
        home.chiara.save()
    assert owner_of(home) == home.anton


@pytest.mark.parametrize(
    "address", ["", "nobody@northwind.example", "ana@eastwood.example", "victor@northwind.example"]
)
def test_address_of_nobody_who_may_work_here_leaves_it_to_the_next_rule(home, address):
    with home.scope():
        owner_rule("attribute", attribute="account_manager")
        owner_rule("person", "Then Anton", person=home.anton)
        home.chiara.attributes = {"account_manager": address}
        home.chiara.save()
    assert owner_of(home) == home.anton
    assert line_of(home)["rule"] == "Then Anton"


def test_region_gives_the_team_and_its_least_loaded_member(home):
    with home.scope():
        north = make_team("North", home.greta, home.anton)
        south = make_team("South", home.ana)
        owner_rule("by_region", attribute="region", teams={"North": str(north.pk), "South": str(south.pk)})
        home.chiara.attributes, home.karim.attributes = {"region": " north"}, {"region": "SOUTH"}
        home.chiara.save()
        home.karim.save()
    first = open_follow_up(home)
    assert (first.team_id, first.owner) == (north.pk, home.greta)
    give_answers(home, 2, customer=None)
    second = open_follow_up(home, customer=home.karim)
    assert (second.team_id, second.owner) == (south.pk, home.ana)


def test_touchpoint_gives_its_team(home, world):
    with home.scope():
        carriers = make_team("Carriers", home.anton)
        owner_rule("by_touchpoint", teams={str(home.delivery.pk): str(carriers.pk)})
    assert open_follow_up(home).team_id == carriers.pk
    # No team is named for the support call: the fallback takes it, and no team has it.
    other = open_follow_up(home, touchpoint=home.support, customer=home.karim)
    assert other.team_id is None
    assert other.owner in (home.greta, world.olga)


def test_round_robin_is_fair_within_and_across_batches(home):
    with home.scope():
        people = [add_person(home, name) for name in ("Ben", "Cleo", "Dana")]
        owner_rule("round_robin", team=make_team("Desk", *people))
    for _ in range(2):
        give_answers(home, *[1] * 5)
        evaluate(home)
    with home.scope():
        owners = list(FollowUp.objects.order_by("number").values_list("owner__name", flat=True))
        assert owners == (["Ben", "Cleo", "Dana"] * 4)[:10]
        assert TeamMember.objects.filter(last_chosen_at=None).count() == 0


def test_least_load_levels_what_people_have(home):
    with home.scope():
        ben, cleo = add_person(home, "Ben"), add_person(home, "Cleo")
        owner_rule("person", "First to Ben", person=ben)
    give_answers(home, *[1] * 3)
    evaluate(home)
    with home.scope():
        OwnerRule.objects.all().delete()
        owner_rule("least_load", team=make_team("Desk", ben, cleo))
    give_answers(home, *[1] * 5)
    evaluate(home)
    with home.scope():
        assert Counter(FollowUp.objects.values_list("owner__name", flat=True)) == {"Ben": 4, "Cleo": 4}


def test_absence_hands_on_along_the_delegates_and_says_so(home):
    with home.scope():
        ben, cleo = add_person(home, "Ben"), add_person(home, "Cleo")
        owner_rule("person", "Always Ben", person=ben)
        away(ben, NOW, delegate=home.anton)
        away(home.anton, NOW, delegate=cleo)
    assert owner_of(home, at=NOW) == cleo
    because = line_of(home)["because"]
    assert because.startswith("Ben is away until ")
    assert because.endswith("so Cleo")


def test_delegates_that_point_at_one_another_end_the_rule(home):
    with home.scope():
        ben, cleo = add_person(home, "Ben"), add_person(home, "Cleo")
        owner_rule("person", "Ben or Cleo", person=ben)
        owner_rule("person", "Else Anton", person=home.anton)
        away(ben, NOW, delegate=cleo)
        away(cleo, NOW, delegate=ben)
    assert owner_of(home, at=NOW) == home.anton


def test_absence_that_is_over_or_still_to_come_changes_nothing(home):
    with home.scope():
        ben = add_person(home, "Ben")
        owner_rule("person", person=ben)
        away(ben, NOW - timedelta(days=30))
        away(ben, NOW + timedelta(days=30))
    assert owner_of(home, at=NOW) == ben


def test_nobody_gets_more_than_they_may_have_open(home):
    with home.scope():
        ben = add_person(home, "Ben")
        StaffSettings.objects.create(user=ben, most_open=2)
        owner_rule("person", "Ben first", person=ben)
        owner_rule("person", "Else Anton", person=home.anton)
    give_answers(home, *[1] * 4)
    evaluate(home)
    with home.scope():
        assert Counter(FollowUp.objects.values_list("owner__name", flat=True)) == {"Ben": 2, "Anton Northwind": 2}


def test_a_member_at_work_is_preferred_to_one_who_comes_later(home):
    night = {str(day): [["00:00", "06:00"]] for day in range(1, 8)}
    with home.scope():
        ben, cleo = add_person(home, "Ben"), add_person(home, "Cleo")
        owner_rule("least_load", team=make_team("Desk", ben, cleo))
        calendar = Calendar.objects.create(name="Nights", working_hours=night)
        StaffSettings.objects.create(user=ben, calendar=calendar)
    # Eleven in the morning: Cleo, in office hours, is at work and the night shift is not.
    give_answers(home, 1, 1)
    with home.scope():
        Evaluation.objects.update(due_at=TUESDAY)
    evaluate(home, at=TUESDAY + timedelta(hours=1))
    with home.scope():
        assert set(FollowUp.objects.values_list("owner__name", flat=True)) == {"Cleo"}


@pytest.mark.parametrize("kind", ["round_robin", "least_load"])
def test_outside_working_hours_all_who_come_on_the_same_next_day_take_turns(home, kind):
    """At night the one who begins at seven would get all that comes in, if the hour decided."""
    saturday = TUESDAY + timedelta(days=4)

    def hours(begin: str) -> dict:
        return {str(day): [[begin, "17:00"]] for day in range(1, 6)}

    with home.scope():
        people = [add_person(home, name) for name in ("Ben", "Cleo", "Dana")]
        for person, calendar in zip(people[:2], ("07:00", "09:00"), strict=True):
            own = Calendar.objects.create(name=calendar, working_hours=hours(calendar))
            StaffSettings.objects.create(user=person, calendar=own)
        off = Calendar.objects.create(name="Off", working_hours={"4": [["09:00", "17:00"]]})
        StaffSettings.objects.create(user=people[2], calendar=off)
        owner_rule(kind, team=make_team("Desk", *people))
    give_answers(home, *[1] * 6, at=saturday)
    with home.scope():
        Evaluation.objects.update(due_at=saturday)
    evaluate(home, at=saturday + timedelta(hours=1))
    with home.scope():
        owned = Counter(FollowUp.objects.values_list("owner__name", flat=True))
        assert owned == {"Ben": 3, "Cleo": 3}


def test_own_owner_rule_of_the_alert_rule_comes_first(home):
    with home.scope():
        owner_rule("person", "Everything to Anton", person=home.anton)
        special = owner_rule("person", "This to Ana", person=home.ana)
        AlertRule.objects.update(owner_rule=special)
    assert owner_of(home) == home.ana


def test_rules_that_give_nobody_fall_back_to_the_least_loaded_agent_then_analyst_then_admin(home, world):
    with home.scope():
        owner_rule("attribute", attribute="account_manager")
        StaffSettings.objects.create(user=world.olga, most_open=1)
        StaffSettings.objects.create(user=home.greta, most_open=1)
        StaffSettings.objects.create(user=home.anton, most_open=1)
        StaffSettings.objects.create(user=home.ana, most_open=0)
    give_answers(home, *[1] * 5)
    evaluate(home)
    with home.scope():
        owners = Counter(FollowUp.objects.values_list("owner__name", flat=True))
    assert owners == {"Olga Both": 1, "Greta Northwind": 1, "Anton Northwind": 1, "Ana Northwind": 2}
    assert line_of(home)["rule"] == ""


def test_who_became_a_viewer_or_left_is_passed_over(home):
    with home.scope():
        ben = add_person(home, "Ben")
        owner_rule("person", "Always Ben", person=ben)
        owner_rule("person", "Else Anton", person=home.anton)
        Membership.objects.filter(user=ben).update(role=Role.VIEWER)
    assert owner_of(home) == home.anton


def test_switched_off_rule_is_not_asked(home):
    with home.scope():
        owner_rule("person", person=home.anton, is_active=False)
    assert owner_of(home) is None


def test_rules_of_another_organization_choose_nobody_here(world):
    with world.other.scope():
        owner_rule("person", person=world.other.anton)
    assert owner_of(world.home) is None


def test_two_hundred_cost_as_many_statements_as_two(home, django_assert_max_num_queries):
    with home.scope():
        people = [add_person(home, name) for name in ("Ben", "Cleo", "Dana")]
        north = make_team("North", *people)
        owner_rule("attribute", attribute="account_manager")
        owner_rule("by_region", attribute="region", teams={"north": str(north.pk)})
        owner_rule("by_touchpoint", teams={})
        owner_rule("round_robin", team=north)
    give_answers(home, *[1] * 200)
    with django_assert_max_num_queries(64):
        assert evaluate(home) == 200
    with home.scope():
        assert sorted(Counter(FollowUp.objects.values_list("owner__name", flat=True)).values()) == [66, 67, 67]


def test_owner_is_told_with_the_customers_words_and_nobody_else(home):
    with home.scope():
        owner_rule("person", person=home.anton)
    open_follow_up(home, verbatim="Broken on arrival")
    with home.scope():
        (mail,) = OutgoingMail.objects.all()
        assert (mail.to_address, mail.context["verbatim"]) == (home.anton.email, "Broken on arrival")
        assert Notification.objects.get().event == "assigned"


def test_who_is_given_it_by_hand_is_told_why_and_who_takes_it_is_not(home):
    follow_up = open_follow_up(home)
    with home.scope():
        Notification.objects.all().delete()
        assign(follow_up, owner=home.greta, by=home.greta, at=TUESDAY)
        assert not Notification.objects.exists()
        assign(follow_up, owner=home.anton, text="Speaks Italian", by=home.greta, at=TUESDAY)
        told = Notification.objects.get()
        assert (told.user, told.text) == (home.anton, "Greta Northwind: Speaks Italian")
