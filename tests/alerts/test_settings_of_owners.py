"""Admins set up who gets what opens, try it with a customer, and say how much each person may have."""

import re

import pytest
from django.utils import timezone

from alerts.models import AlertRule, FollowUp, OwnerRule, StaffSettings, Team, TeamMember
from tenancy.models import AuditEntry
from tests.alerts.access import a_membership
from tests.alerts.answering import open_follow_up
from tests.alerts.pages import client_of
from tests.alerts.staffing import add_person, away, make_team, owner_rule


@pytest.fixture
def home(world):
    return world.home


def post(ground, path: str, **values):
    return client_of(ground.ana).post(ground.url(f"settings/{path}"), values)


def page(ground, path: str) -> str:
    answer = client_of(ground.ana).get(ground.url(f"settings/{path}"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_rule_of_each_kind_is_made_and_says_in_words_what_it_does(home):
    with home.scope():
        north, place = make_team("North", home.greta), home.delivery
    made = {
        "person": {"person": home.anton.pk},
        "attribute": {"attribute": "account_manager"},
        "by_region": {"attribute": "region", f"team_{north.pk}": "north, DE"},
        "by_touchpoint": {f"place_{place.pk}": north.pk},
        "round_robin": {"team": north.pk},
        "least_load": {"team": ""},
    }
    for kind, values in made.items():
        assert post(home, f"owners/new/{kind}/", name=f"By {kind}", **values).status_code == 302, kind
    with home.scope():
        assert list(OwnerRule.objects.values_list("kind", "position")) == list(zip(made, range(6), strict=True))
        assert AuditEntry.objects.filter(verb="owner_rule.created").count() == 6
    shown = page(home, "owners/")
    for words in (
        "Goes to Anton Northwind.",
        "stands in the customer&#x27;s “account_manager”",
        "“region”: North (DE, north).",
        "North (Parcel handed over).",
        "Goes to the members of North in turn.",
        "Goes to whoever has the fewest open follow-ups.",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("person", {"name": "", "person": "x"}, "This field is required."),
        ("person", {"name": "A", "person": "11111111-1111-4111-8111-111111111111"}, "Select a valid choice"),
        ("by_region", {"name": "A", "attribute": "region"}, "Name at least one team."),
        ("round_robin", {"name": "A"}, "This field is required."),
        ("person", {"name": "taken", "person": ""}, "This name is taken."),
    ],
)
def test_incomplete_rule_comes_back_with_what_is_missing(home, kind, values, said):
    with home.scope():
        owner_rule("person", "Taken", person=home.anton)
    answer = post(home, f"owners/new/{kind}/", **values)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with home.scope():
        assert OwnerRule.objects.count() == 1


def test_one_region_cannot_belong_to_two_teams(home):
    with home.scope():
        north, south = make_team("North"), make_team("South")
    values = {f"team_{north.pk}": "de, fr", f"team_{south.pk}": "FR"}
    answer = post(home, "owners/new/by_region/", name="By region", attribute="region", **values)
    assert answer.status_code == 422
    assert "“FR” is given to two teams." in answer.content.decode()


def test_order_is_changed_and_rules_are_switched(home):
    with home.scope():
        first, second = (owner_rule("person", name, person=home.anton) for name in ("First", "Second"))
    post(home, f"owners/{second.pk}/place/", to="up")
    post(home, f"owners/{second.pk}/place/", to="up")
    post(home, f"owners/{first.pk}/switch/")
    with home.scope():
        assert list(OwnerRule.objects.values_list("name", "is_active")) == [("Second", True), ("First", False)]
        assert AuditEntry.objects.filter(verb="owner_rule.moved").count() == 1
    assert "nothing stays without an owner" in page(home, "owners/")


def test_trying_says_who_would_get_it_and_why_and_changes_nothing(home):
    with home.scope():
        owner_rule("attribute", "Account manager", attribute="account_manager")
        desk = make_team("Desk", home.anton)
        owner_rule("round_robin", "In turn", team=desk)
    shown = page(home, "owners/?q=Chiara")
    assert "<strong>Anton Northwind</strong> would get a follow-up about" in shown
    assert "by the rule “In turn” (team Desk)" in shown
    assert "“Account manager” gives nobody: The customer has no “account_manager”." in shown
    with home.scope():
        assert TeamMember.objects.get(team=desk).last_chosen_at is None
        assert not FollowUp.objects.exists()
    several = page(home, "owners/?q=northwind.example")
    assert "Which one?" in several
    assert "Eastwood" not in several
    assert "No customer matches “nobody at all”." in page(home, "owners/?q=nobody+at+all")


def test_team_keeps_the_turn_of_who_stays(home):
    assert post(home, "teams/new/", name="Desk", lead=home.anton.pk, members=[home.greta.pk]).status_code == 302
    with home.scope():
        desk = Team.objects.get()
        TeamMember.objects.update(last_chosen_at="2026-03-10T09:00Z")
    post(home, f"teams/{desk.pk}/", name="Front desk", lead="", members=[home.greta.pk, home.ana.pk])
    with home.scope():
        desk.refresh_from_db()
        assert (desk.name, desk.lead) == ("Front desk", None)
        assert TeamMember.objects.get(user=home.greta).last_chosen_at is not None
        assert TeamMember.objects.count() == 2
    shown = page(home, "teams/")
    assert "Front desk" in shown
    assert post(home, "teams/new/", name="FRONT DESK").status_code == 422


def test_viewers_and_strangers_cannot_be_members(home, world):
    for stranger in (home.victor, world.other.greta):
        answer = post(home, "teams/new/", name="Desk", members=[stranger.pk])
        assert answer.status_code == 422


def test_team_that_rules_name_is_kept_and_another_is_deleted(home):
    with home.scope():
        named, free = make_team("Named", home.greta), make_team("Free", home.greta)
        owner_rule("by_region", "By region", attribute="region", teams={"north": str(named.pk)})
    follow_up = open_follow_up(home)
    with home.scope():
        FollowUp.objects.filter(pk=follow_up.pk).update(team=free, owner=home.greta)
    post(home, f"teams/{free.pk}/removal/")
    refused = client_of(home.ana).post(home.url(f"settings/teams/{named.pk}/removal/"), follow=True)
    assert "Owner rules still name this team: By region." in refused.content.decode()
    with home.scope():
        assert [team.name for team in Team.objects.all()] == ["Named"]
        row = FollowUp.objects.get()
        assert (row.team, row.owner) == (None, home.greta)


def test_limits_of_a_person_are_kept_once(home):
    with home.scope():
        member = a_membership(home)
    for _ in range(2):
        assert post(home, f"teams/people/{member.pk}/", most_open="12").status_code == 302
    with home.scope():
        assert StaffSettings.objects.get().most_open == 12
        assert AuditEntry.objects.filter(verb="staff_settings.changed").count() == 1
    assert post(home, f"teams/people/{member.pk}/", most_open="-1").status_code == 422


def test_team_that_an_alert_rule_tells_is_kept(home):
    with home.scope():
        told = make_team("Told")
        AlertRule.objects.update(name="Detractors", actions={"teams": [str(told.pk)]})
    refused = client_of(home.ana).post(home.url(f"settings/teams/{told.pk}/removal/"), follow=True)
    assert "Alert rules still tell this team: Detractors." in refused.content.decode()
    with home.scope():
        assert Team.objects.filter(pk=told.pk).exists()


def test_owner_rule_is_deleted_unless_an_alert_rule_names_it(home):
    with home.scope():
        free, named = (owner_rule("person", name, person=home.anton) for name in ("Free", "Named"))
        AlertRule.objects.update(owner_rule=named)
    assert "Delete this owner rule" in page(home, f"owners/{free.pk}/")
    assert post(home, f"owners/{free.pk}/removal/").status_code == 302
    refused = client_of(home.ana).post(home.url(f"settings/owners/{named.pk}/removal/"), follow=True)
    assert "Alert rules still name this owner rule: Detractors." in refused.content.decode()
    with home.scope():
        assert list(OwnerRule.objects.all()) == [named]
        assert AuditEntry.objects.filter(verb="owner_rule.deleted").count() == 1


def test_choice_of_an_owner_by_hand_says_who_has_how_much_and_who_is_away(home):
    open_follow_up(home)
    with home.scope():
        ben, cleo = add_person(home, "Ben"), add_person(home, "Cleo")
        FollowUp.objects.update(owner=ben)
        StaffSettings.objects.create(user=ben, most_open=1)
        away(cleo, timezone.now(), delegate=ben)
    html = client_of(home.greta).get(home.url("followups/1/")).content.decode()
    assert "Ben: 1 open, full" in html
    assert re.search(r"Cleo: 0 open, away until \w+ \d+ \w+ \(Ben stands in\)", html)
    assert "Greta Northwind: 0 open<" in html
