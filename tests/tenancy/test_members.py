"""Members: roles change, people leave, and an admin always stays."""

import threading

import pytest
from django.db import connections
from django.urls import reverse

from tenancy.members import LastAdmin, change_role, remove_member
from tenancy.models import AuditEntry, Membership
from tenancy.roles import Role
from tenancy.scope import organization_scope
from tests.world import make_world


def membership_of(ground, person) -> Membership:
    with ground.scope():
        return Membership.objects.select_related("user").get(user=person)


def test_admin_changes_a_role_and_it_holds_at_once(client, world):
    victor = membership_of(world.home, world.home.victor)
    client.force_login(world.home.ana)
    url = reverse("membership_role", kwargs={"org": "northwind", "pk": victor.pk})
    assert client.post(url, {"role": "analyst"}).status_code == 302
    with world.home.scope():
        entry = AuditEntry.objects.get(verb="membership.role_changed")
        assert (entry.details, entry.actor_id, entry.ip_address) == (
            {"changed": {"role": ["viewer", "analyst"]}},
            world.home.ana.pk,
            "127.0.0.1",
        )
    client.force_login(world.home.victor)
    assert client.get(world.home.url("settings/exports/")).status_code == 200


def test_removed_member_is_out_with_the_next_click(client, world):
    client.force_login(world.home.greta)
    assert client.get(world.home.url("customers/")).status_code == 200
    with world.home.scope():
        remove_member(membership_of(world.home, world.home.greta), by=world.home.ana)
    assert client.get(world.home.url("customers/")).status_code == 404


def test_role_nobody_knows_is_refused(client, world):
    victor = membership_of(world.home, world.home.victor)
    client.force_login(world.home.ana)
    client.post(reverse("membership_role", kwargs={"org": "northwind", "pk": victor.pk}), {"role": "owner"})
    assert membership_of(world.home, world.home.victor).role == Role.VIEWER


@pytest.mark.parametrize("deed", ["role", "removal"])
def test_last_admin_stays(client, world, deed):
    ana = membership_of(world.home, world.home.ana)
    client.force_login(world.home.ana)
    answer = client.post(
        reverse(f"membership_{deed}", kwargs={"org": "northwind", "pk": ana.pk}), {"role": "viewer"}, follow=True
    )
    assert "An organization needs an admin" in answer.content.decode()
    assert membership_of(world.home, world.home.ana).role == Role.ADMIN


def test_admin_may_step_down_when_there_is_another(world):
    with world.home.scope():
        change_role(membership_of(world.home, world.home.greta), role=Role.ADMIN, by=world.home.ana)
        change_role(membership_of(world.home, world.home.ana), role=Role.VIEWER, by=world.home.ana)
        with pytest.raises(LastAdmin):
            remove_member(membership_of(world.home, world.home.greta), by=world.home.greta)


def test_admin_who_leaves_is_sent_home(client, world):
    with world.home.scope():
        change_role(membership_of(world.home, world.home.greta), role=Role.ADMIN, by=world.home.ana)
    ana = membership_of(world.home, world.home.ana)
    client.force_login(world.home.ana)
    answer = client.post(reverse("membership_removal", kwargs={"org": "northwind", "pk": ana.pk}))
    assert answer.url == "/"


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_step_down_at_the_same_moment_do_not_both_go():
    world = make_world()
    home = world.home.organization.id
    with world.home.scope():
        change_role(membership_of(world.home, world.home.greta), role=Role.ADMIN, by=world.home.ana)
    ready, outcomes = threading.Barrier(2), []

    def step_down(person):
        try:
            with organization_scope(home):
                membership = Membership.objects.get(user=person)
                ready.wait(timeout=20)
                change_role(membership, role=Role.VIEWER, by=person)
            outcomes.append("went")
        except LastAdmin:
            outcomes.append("stays")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=step_down, args=[who]) for who in (world.home.ana, world.home.greta)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["stays", "went"]


def test_page_of_members_costs_few_queries(client, world, django_assert_max_num_queries):
    client.force_login(world.home.ana)
    client.get(world.home.url("settings/members/"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("settings_members", kwargs={"org": "northwind"}))
    assert "Greta Northwind" in page.content.decode()
    assert "Greta Eastwood" not in page.content.decode()
