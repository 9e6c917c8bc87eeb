"""Who leaves, or may not act any more, owns nothing that is open: it goes to others, with a line that says why."""

import pytest
from django.utils import timezone

from alerts.following_up import assign, resolve
from alerts.models import BulkDeed, FollowUp
from alerts.work.bulk.working import bulk_batch
from tenancy.members import change_role, remove_member
from tenancy.models import Membership
from tenancy.roles import Role
from tests.alerts.answering import evaluate, give_answers
from tests.alerts.staffing import add_person, owner_rule


@pytest.fixture
def home(world):
    """Ben has two open and one that is resolved."""
    home = world.home
    give_answers(home, 1, 2, 3)
    evaluate(home)
    with home.scope():
        home.ben = add_person(home, "Ben")
        rows = list(FollowUp.objects.order_by("number"))
        for each in rows:
            assign(each, owner=home.ben, by=home.ana, at=timezone.now())
        resolve(rows[2], outcome="recovered", root_cause="price", text="Mended", by=home.ben, at=timezone.now())
    return home


def owners(home) -> list:
    with home.scope():
        return [each.owner for each in FollowUp.objects.select_related("owner").order_by("number")]


def goes(home, *, role: Role | None) -> None:
    with home.scope():
        membership = Membership.objects.get(user=home.ben)
        if role is None:
            remove_member(membership, by=home.ana)
        else:
            change_role(membership, role=role, by=home.ana)


def hand_over(home) -> int:
    return bulk_batch(home.organization.pk, at=timezone.now())


@pytest.mark.parametrize("role", [None, Role.VIEWER])
def test_what_they_had_open_goes_along_the_owner_rules(home, role):
    with home.scope():
        owner_rule("person", person=home.anton)
    goes(home, role=role)
    hand_over(home)
    assert owners(home)[:2] == [home.anton, home.anton]
    with home.scope():
        line = FollowUp.objects.get(number=1).entries.filter(kind="assigned").last()
        assert (line.text, line.by_label) == ("Ben does not work on follow-ups any more", "CXM")
        assert BulkDeed.objects.get().done_at


def test_where_no_rule_gives_anybody_the_least_loaded_agents_share_it(home, world):
    goes(home, role=None)
    hand_over(home)
    assert set(owners(home)[:2]) == {home.greta, world.olga}


def test_who_stays_an_agent_or_becomes_more_keeps_all(home):
    goes(home, role=Role.ANALYST)
    with home.scope():
        assert not BulkDeed.objects.exists()
    assert hand_over(home) == 0
    assert owners(home) == [home.ben] * 3


def test_what_somebody_else_took_meanwhile_stays_theirs(home):
    goes(home, role=None)
    with home.scope():
        assign(FollowUp.objects.get(number=1), owner=home.anton, text="I take it", by=home.anton, at=timezone.now())
    hand_over(home)
    assert owners(home)[0] == home.anton
    with home.scope():
        assert BulkDeed.objects.get().rows[0]["why"] == "Somebody else owns it by now."
