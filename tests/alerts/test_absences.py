"""Everybody says when they are away and who stands in; what is open is handed over on request."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.following_up import assign
from alerts.models import Absence, BulkDeed, FollowUp, TeamMember
from alerts.owners.absences import plan_hand_over
from alerts.work.bulk.working import start
from tenancy.models import AuditEntry
from tests.alerts.access import an_absence
from tests.alerts.answering import evaluate, give_answers, open_follow_up
from tests.alerts.pages import client_of
from tests.alerts.staffing import add_person, make_team, owner_rule

LATER = {"starts_at": "2099-07-01T09:00", "ends_at": "2099-07-10T17:00"}


@pytest.fixture
def home(world):
    return world.home


def post(ground, path: str = "new/", person: str = "greta", **values):
    return client_of(getattr(ground, person)).post(ground.url(f"absences/{path}"), values)


def test_own_absence_is_kept_in_the_organizations_zone(home):
    values = {**LATER, "delegate": home.anton.pk, "note": "Summer"}
    answer = client_of(home.greta).post(home.url("absences/new/"), {"person": home.greta.pk, **values})
    assert answer.status_code == 302
    with home.scope():
        row = Absence.objects.get()
        # Nine in Berlin in summer is seven in UTC.
        assert (row.user, row.delegate, row.starts_at.hour) == (home.greta, home.anton, 7)
        assert AuditEntry.objects.filter(verb="absence.created").exists()
    shown = client_of(home.victor).get(home.url("absences/")).content.decode()
    assert "Greta Northwind" in shown
    assert "New absence" not in shown


def test_only_admins_say_when_others_are_away(home):
    def of_greta(person):
        return client_of(person).post(home.url("absences/new/"), {"person": home.greta.pk, **LATER}).status_code

    assert of_greta(home.anton) == 422
    assert of_greta(home.ana) == 302


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ends_at": "2099-06-01T09:00"}, "The absence must end after it starts."),
        ({"starts_at": "2020-07-01T09:00", "ends_at": "2020-07-02T09:00"}, "This is over already"),
        ({"delegate": "greta"}, "Choose somebody else to stand in."),
        ({"delegate": "victor"}, "Select a valid choice"),
        ({"starts_at": "soon"}, "Enter a valid date/time."),
    ],
)
def test_absence_that_cannot_be_comes_back(home, values, said):
    values = {name: getattr(home, value).pk if name == "delegate" else value for name, value in values.items()}
    filled = {"person": home.greta.pk, **LATER, **values}
    answer = client_of(home.greta).post(home.url("absences/new/"), filled)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_being_back_ends_it_and_what_has_not_begun_is_taken_back(home):
    now = timezone.now()
    with home.scope():
        begun = an_absence(home)
        later = Absence.objects.create(
            user=home.greta, starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=12)
        )
    for row in (begun, later):
        assert post(home, f"{row.pk}/end/").status_code == 302
    with home.scope():
        assert [row.pk for row in Absence.objects.all()] == [begun.pk]
        assert Absence.objects.get().ends_at <= timezone.now()


def test_what_is_open_is_handed_over_after_a_look_with_its_reason_in_the_history(home):
    follow_up = open_follow_up(home)
    with home.scope():
        ben = add_person(home, "Ben")
        assign(follow_up, owner=home.greta, by=home.greta, at=timezone.now())
        row = an_absence(home)
        row.delegate = ben
        row.save()
    greta = client_of(home.greta)
    assert "Hand over 1 open" in greta.get(home.url("absences/")).content.decode()
    plan = greta.post(home.url(f"absences/{row.pk}/handover/"), follow=True)
    html = plan.content.decode()
    assert "Hand over what Greta Northwind has open" in html
    assert "Goes to Ben" in html
    assert "Snooze" not in html
    with home.scope():
        assert FollowUp.objects.get().owner == home.greta
    assert greta.post(f"{plan.request['PATH_INFO']}start/").status_code == 302
    with home.scope():
        follow_up = FollowUp.objects.get()
        assert follow_up.owner == ben
        line = follow_up.entries.filter(kind="assigned").last()
        assert (line.text[:30], line.by) == ("Greta Northwind is away until ", home.greta)
    assert greta.post(f"{plan.request['PATH_INFO']}undoing/").status_code == 302
    with home.scope():
        assert FollowUp.objects.get().owner == home.greta


def hand_over(home, row):
    plan = post(home, f"{row.pk}/handover/")
    client_of(home.greta).post(f"{plan.url}start/")


def test_without_a_delegate_the_rules_and_the_fallback_decide(home, world):
    follow_up = open_follow_up(home)
    with home.scope():
        assign(follow_up, owner=home.greta, by=home.greta, at=timezone.now())
        row = an_absence(home)
    hand_over(home, row)
    with home.scope():
        assert FollowUp.objects.get().owner == world.olga


def test_handing_over_keeps_whose_turn_it_is_and_costs_few_statements(home, django_assert_max_num_queries):
    give_answers(home, *[1] * 9)
    evaluate(home)
    with home.scope():
        FollowUp.objects.update(owner=home.greta)
        ben, cleo, dana = (add_person(home, name) for name in ("Ben", "Cleo", "Dana"))
        owner_rule("round_robin", team=make_team("Desk", ben, cleo, dana))
        row = an_absence(home)
        deed = plan_hand_over(row, by=home.greta)
        with django_assert_max_num_queries(9 * 25 + 40):
            start(deed, at=timezone.now())
        assert Counter(FollowUp.objects.values_list("owner__name", flat=True)) == {"Ben": 3, "Cleo": 3, "Dana": 3}
        FollowUp.objects.filter(number=1).update(owner=home.greta)
        start(plan_hand_over(row, by=home.greta), at=timezone.now())
        assert FollowUp.objects.get(number=1).owner == ben
        turns = TeamMember.objects.order_by("last_chosen_at").values_list("user__name", flat=True)
        assert list(turns) == ["Cleo", "Dana", "Ben"]


def test_nothing_open_is_said_rather_than_planned(home):
    with home.scope():
        row = an_absence(home)
    answer = client_of(home.greta).post(home.url(f"absences/{row.pk}/handover/"), follow=True)
    assert "Choose at least one follow-up." in answer.content.decode()
    with home.scope():
        assert not BulkDeed.objects.exists()
