"""Admins edit the list of root causes; what was resolved keeps its cause whatever becomes of the list."""

import pytest

from alerts.models import FollowUp, RootCause
from alerts.proof.causes.editing import add_cause, archive_cause
from alerts.root_causes import names_of_causes, root_causes
from tests.alerts.closing import closed_follow_up
from tests.alerts.pages import client_of


def post(ground, path: str = "", **values):
    return client_of(ground.ana).post(ground.url(f"settings/root-causes/{path}"), values)


def a_cause(ground, key: str = "delivery.late") -> RootCause:
    with ground.scope():
        root_causes()
        return RootCause.objects.get(key=key)


def names(ground) -> list[str]:
    with ground.scope():
        return [cause.name for cause in root_causes()]


def test_new_cause_gets_a_key_of_its_own_and_stands_last(world):
    home = world.home
    parent = a_cause(home, "delivery")
    assert post(home, name="Wrong door", parent=str(parent.pk)).status_code == 302
    with home.scope():
        assert RootCause.objects.get(name="Wrong door").key == "delivery.wrong-door"
        assert add_cause(name="Zürich Büro", parent=None, by=home.ana).key == "zurich-buro"
        assert add_cause(name="عربي", parent=None, by=home.ana).key == "cause"
        assert add_cause(name="Zurich Buro", parent=None, by=home.ana).key == "zurich-buro-2"
        with pytest.raises(ValueError, match="two levels"):
            add_cause(name="Deeper", parent=RootCause.objects.get(name="Wrong door"), by=home.ana)
    assert names(home)[-1] == "Zurich Buro"


def test_name_that_its_level_has_already_is_refused(world):
    home = world.home
    parent = a_cause(home, "delivery")
    answer = post(home, name="Too late", parent=str(parent.pk))
    assert answer.status_code == 422
    assert "This name is taken on this level." in answer.content.decode()
    assert post(home, name="Too late", parent="").status_code == 302


def test_renamed_cause_keeps_what_was_resolved_with_it(world):
    home = world.home
    follow_up = closed_follow_up(home)
    cause = a_cause(home, "price")
    assert post(home, f"{cause.pk}/rename/", name="Money").status_code == 302
    with home.scope():
        assert names_of_causes()[FollowUp.objects.get(pk=follow_up.pk).root_cause] == "Money"


def test_moving_changes_the_order_and_stops_at_the_ends(world):
    home = world.home
    cause = a_cause(home, "delivery")
    post(home, f"{cause.pk}/move/", direction="up")
    assert names(home)[0] == "Delivery or installation"
    post(home, f"{cause.pk}/move/", direction="up")
    assert names(home)[0] == "Delivery or installation"


def test_archived_cause_is_offered_no_more_with_what_is_beneath_it(world):
    home = world.home
    cause = a_cause(home, "delivery")
    post(home, f"{cause.pk}/archive/")
    assert "Too late" not in names(home)
    page = client_of(home.ana).get(home.url("settings/root-causes/")).content.decode()
    assert "Offered no more" in page
    post(home, f"{a_cause(home).pk}/archive/", again="1")
    assert {"Delivery or installation", "Too late"} <= set(names(home))
    assert "Damaged" not in names(home)


def test_one_cause_must_be_left(world):
    home = world.home
    with home.scope():
        *others, last = [cause for cause in root_causes() if not cause.parent_id]
        for cause in others:
            archive_cause(cause, is_archived=True, by=home.ana)
        with pytest.raises(ValueError, match="One root cause must be left"):
            archive_cause(last, is_archived=True, by=home.ana)


def test_others_causes_are_not_there(world):
    theirs = a_cause(world.other)
    assert post(world.home, f"{theirs.pk}/rename/", name="Ours").status_code == 404
