"""Archiving rules: off for good, out of the list, never deleted, and brought back switched off."""

import pytest
from django.db import IntegrityError, transaction

from alerts.models import AlertRule, FollowUp, Playbook, RuleCheck, Team
from alerts.owners.rules import StillNamed, delete_owner_rule
from alerts.owners.teams import delete_team
from alerts.rules.checking import RuleRefused
from alerts.rules.saving import archive_rule, bring_back_rule, copy_of, restore_version, save_rule, switch_rule
from alerts.rules.versions import changes_between, definition_of
from tenancy.models import AuditEntry
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.pages import client_of
from tests.alerts.rules_of import DETRACTOR, THRESHOLD, all_of, make_rule
from tests.alerts.staffing import owner_rule
from tests.calling import Api, fields_of


def archived(ground, name: str = "Tried", **values) -> AlertRule:
    rule = make_rule(ground, name, **values)
    archive_rule(rule, by=ground.ana, at=TUESDAY)
    return rule


def test_archived_rule_is_off_versioned_and_audited(world):
    with world.home.scope():
        rule = make_rule(world.home, kind="threshold", conditions=THRESHOLD)
        assert archive_rule(rule, by=world.home.ana, at=TUESDAY)
        held = AlertRule.objects.get(pk=rule.pk)
        assert (held.is_archived, held.is_active, held.version) == (True, False, 2)
        assert not RuleCheck.objects.exists()
        after, before = rule.versions.all()
        changes = [(each.label, each.after) for each in changes_between(before.definition, after.definition, {})]
        assert changes == [("Switched on", "No"), ("Archived", "Yes")]
        told = AuditEntry.objects.get(verb="alert_rule.changed").details["changes"]
        assert told == {"is_active": [True, False], "is_archived": [False, True]}
        assert not archive_rule(rule, by=world.home.ana, at=TUESDAY)


def test_versions_from_before_there_were_archives_say_nothing_of_them(world):
    with world.home.scope():
        now = definition_of(make_rule(world.home))
        before = {name: value for name, value in now.items() if name != "is_archived"}
        assert changes_between(before, now, {}) == []


def test_what_it_opened_stays_and_nothing_new_opens(world):
    home = world.home
    follow_up = open_follow_up(home, customer=home.chiara)
    with home.scope():
        rule = AlertRule.objects.get()
        archive_rule(rule, by=home.ana, at=TUESDAY)
    give_answers(home, 1, customer=home.karim)
    evaluate(home)
    with home.scope():
        assert [each.pk for each in FollowUp.objects.all()] == [follow_up.pk]
        assert follow_up.reasons.get().rule == rule
    html = client_of(home.greta).get(home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "Detractors" in html


def test_archived_rule_takes_no_change_until_it_is_back(world):
    home = world.home
    with home.scope():
        rule = archived(home)
        with pytest.raises(RuleRefused, match="bring it back first"):
            switch_rule(AlertRule.objects.get(pk=rule.pk), on=True, by=home.ana, at=TUESDAY)
        with pytest.raises(RuleRefused, match="bring it back first"):
            restore_version(AlertRule.objects.get(pk=rule.pk), 1, by=home.ana, at=TUESDAY)
        rule.priority = "high"
        with pytest.raises(RuleRefused, match="bring it back first"):
            save_rule(rule, by=home.ana, at=TUESDAY)
        rule.refresh_from_db()
        assert bring_back_rule(rule, by=home.ana, at=TUESDAY)
        assert (rule.is_archived, rule.is_active, rule.version) == (False, False, 3)
        # Version 2 was archived: what it said comes back, not that.
        switch_rule(rule, on=True, by=home.ana, at=TUESDAY)
        restore_version(rule, 2, by=home.ana, at=TUESDAY)
        held = AlertRule.objects.get(pk=rule.pk)
        assert (held.is_archived, held.is_active) == (False, False)


def test_the_database_lets_no_archived_rule_be_on(world):
    with world.home.scope():
        rule = archived(world.home)
        with pytest.raises(IntegrityError, match="alert_rule_archived_is_off"), transaction.atomic():
            AlertRule.objects.filter(pk=rule.pk).update(is_active=True)


def test_who_saw_an_older_version_archives_nothing(world):
    with world.home.scope():
        rule = make_rule(world.home)
        stale = AlertRule.objects.get(pk=rule.pk)
        switch_rule(rule, on=False, by=world.home.ana, at=TUESDAY)
        with pytest.raises(RuleRefused, match="at version 2 now, not 1"):
            archive_rule(stale, by=world.home.anton, at=TUESDAY)


def test_rule_that_points_at_what_is_gone_can_be_archived_and_brought_back(world):
    home = world.home
    with home.scope():
        team = Team.objects.create(name="Gone")
        rule = archived(home, actions={"teams": [str(team.pk)]})
        delete_team(team, by=home.ana)
        assert bring_back_rule(rule, by=home.ana, at=TUESDAY)
        with pytest.raises(RuleRefused, match="no such team"):
            switch_rule(rule, on=True, by=home.ana, at=TUESDAY)


def test_owner_rule_that_only_archived_rules_name_says_so(world):
    with world.home.scope():
        named = owner_rule("person", person=world.home.greta)
        archived(world.home, owner_rule=named)
        with pytest.raises(StillNamed, match=r"Tried \(archived\)"):
            delete_owner_rule(named, by=world.home.ana)


def test_its_name_is_taken_and_its_copy_is_a_live_rule(world):
    with world.home.scope():
        rule = archived(world.home)
        with pytest.raises(RuleRefused, match="An archived rule has this name"):
            make_rule(world.home)
        copied = copy_of(rule)
        save_rule(copied, by=world.home.ana, at=TUESDAY)
        assert not copied.is_archived


def test_page_archives_folds_away_and_brings_back(world):
    home = world.home
    with home.scope():
        playbook = Playbook.objects.create(name="Late parcel", is_active=False)
        rule = make_rule(home, playbook=playbook)
    client, path = client_of(home.ana), home.url(f"settings/rules/{rule.pk}/")
    assert "Late parcel (off)" in client.get(path).content.decode()
    assert client.post(f"{path}archival/", {"version": 1}).status_code == 302
    listed = client.get(home.url("settings/rules/")).content.decode()
    assert "Archived (1)" in listed
    assert listed.index("Archived (1)") < listed.index(f"settings/rules/{rule.pk}/") < listed.index("Bring back")
    page = client.get(path).content.decode()
    assert "This rule is archived" in page
    assert "rule-editor" not in page
    assert "Restore" not in client.get(f"{path}versions/").content.decode()
    assert client.post(path, {"name": "Other", "version": 2}).status_code == 302
    with home.scope():
        assert AlertRule.objects.get(pk=rule.pk).name == "Tried"
    client.post(f"{path}archival/", {"back": "yes", "version": 1})
    with home.scope():
        assert AlertRule.objects.get(pk=rule.pk).is_archived  # they had seen another version
    client.post(f"{path}archival/", {"back": "yes", "version": 2})
    with home.scope():
        held = AlertRule.objects.get(pk=rule.pk)
        assert (held.is_archived, held.is_active, held.version) == (False, False, 3)
    assert "Archived (" not in client.get(home.url("settings/rules/")).content.decode()


def test_api_archives_and_brings_back(world):
    home, api = world.home, Api(world.home)
    made = api.post("alert-rules", {"name": "By a program", "conditions": all_of(DETRACTOR)}).json()
    path = f"alert-rules/{made['id']}"
    gone = api.post(f"{path}/archival", {"is_archived": True}).json()
    assert (gone["is_archived"], gone["is_active"], gone["version"]) == (True, False, 2)
    assert [each["name"] for each in api.get("alert-rules").json()["results"]] == ["Detractors"]
    assert [each["name"] for each in api.get("alert-rules?is_archived=true").json()["results"]] == ["By a program"]
    assert set(fields_of(api.patch(path, {"priority": "high"}))) == {"is_archived"}
    assert set(fields_of(api.post(f"{path}/switch", {"is_active": True}))) == {"is_archived"}
    assert api.send("DELETE", path, None).status_code == 405
    back = api.post(f"{path}/archival", {"is_archived": False}).json()
    assert (back["is_archived"], back["is_active"], back["version"]) == (False, False, 3)
    with world.other.scope():
        theirs = make_rule(world.other)
    assert api.post(f"alert-rules/{theirs.pk}/archival", {"is_archived": True}).status_code == 404
    with home.scope():
        assert AlertRule.objects.filter(is_archived=True).count() == 0
