"""Keeping rules: what is refused and how it is said, versions, switching, restoring."""

import pytest

from alerts.models import AlertRule, AlertRuleVersion, NotificationChannel, RuleCheck, Team
from alerts.rules.checking import RuleRefused
from alerts.rules.references import names_of
from alerts.rules.saving import copy_of, restore_version, save_rule, switch_rule
from alerts.rules.versions import changes_between, definition_of
from surveys.models import Survey
from tenancy.models import AuditEntry
from tenancy.owned import new_id
from tests.alerts.answering import TUESDAY, make_survey
from tests.alerts.pages import client_of
from tests.alerts.rules_of import DETRACTOR, SILENCE, THRESHOLD, all_of, make_rule


def problems(rule: AlertRule, ground) -> dict[str, str]:
    with pytest.raises(RuleRefused) as refused:
        save_rule(rule, by=ground.ana, at=TUESDAY)
    assert all(rule.name in str(each) for each in refused.value.problems)
    return {each.field: each.message for each in refused.value.problems}


def test_every_definition_is_kept_with_who_and_when(world):
    with world.home.scope():
        rule = make_rule(world.home)
        rule.conditions = all_of(DETRACTOR, {"kind": "moment_of_truth", "is": True})
        rule.priority = "urgent"
        assert save_rule(rule, by=world.home.ana, at=TUESDAY)
        second, first = rule.versions.all()
        assert (second.number, second.by, second.at) == (2, world.home.ana, TUESDAY)
        assert first.definition["priority"] == "normal"
        changes = changes_between(first.definition, second.definition, {})
        assert [(each.label, each.after) for each in changes] == [
            ("Condition", "customer is a detractor and touchpoint is a moment of truth"),
            ("Priority", "Urgent"),
        ]
        assert AuditEntry.objects.get(verb="alert_rule.changed").details["version"] == 2


def test_the_same_again_makes_no_version(world):
    with world.home.scope():
        rule = make_rule(world.home)
        assert not save_rule(rule, by=world.home.ana, at=TUESDAY)
        assert rule.versions.count() == 1


def test_restoring_makes_a_new_version_that_says_the_old(world):
    with world.home.scope():
        rule = make_rule(world.home)
        first = definition_of(rule)
        rule.conditions = all_of({"kind": "may_contact", "is": True})
        save_rule(rule, by=world.home.ana, at=TUESDAY)
        restore_version(rule, 1, by=world.home.ana, at=TUESDAY)
        assert definition_of(AlertRule.objects.get(pk=rule.pk)) == first
        assert rule.version == 3


def test_rule_from_before_versions_keeps_what_it_said(world):
    with world.home.scope():
        rule = AlertRule.objects.create(name="Old", conditions=all_of(DETRACTOR))
        switch_rule(rule, on=False, by=world.home.ana, at=TUESDAY)
        assert [each.definition["is_active"] for each in rule.versions.all()] == [False, True]


def test_who_saw_an_older_version_is_refused(world):
    with world.home.scope():
        rule = make_rule(world.home)
        stale = AlertRule.objects.get(pk=rule.pk)
        switch_rule(rule, on=False, by=world.home.ana, at=TUESDAY)
        stale.priority = "high"
        with pytest.raises(RuleRefused, match="at version 2 now, not 1"):
            save_rule(stale, by=world.home.anton, at=TUESDAY, seen=1)


def test_all_that_is_wrong_is_said_at_once_with_its_place(world):
    with world.home.scope():
        make_rule(world.home, "Taken")
        wrong = AlertRule(
            name="Taken",
            settle_minutes=90,
            priority="huge",
            conditions=all_of(
                DETRACTOR, {"match": "any", "of": [{"kind": "score", "measure": "nps", "is": "at_most"}]}
            ),
            actions={"tags": [""], "fax": True},
        )
        assert set(problems(wrong, world.home)) == {
            "name",
            "settle_minutes",
            "priority",
            "of[1].of[0].value",
            "actions.fax",
            "actions.tags",
        }


def test_condition_is_counted_as_people_count(world):
    with world.home.scope(), pytest.raises(RuleRefused) as refused:
        group = {"match": "any", "of": [DETRACTOR, {"kind": "words", "words": []}]}
        make_rule(world.home, conditions=all_of(DETRACTOR, group))
    assert [each.condition_number for each in refused.value.problems] == ["2.2"]


@pytest.mark.parametrize(
    ("field", "kind", "words"),
    [
        ("surveys", "survey", "There is no such survey here."),
        ("touchpoints", "touchpoint", "There is no such touchpoint here."),
        ("stages", "stage", "There is no such stage here."),
    ],
)
def test_places_of_others_are_refused(world, field, kind, words):
    with world.other.scope():
        found = {"surveys": make_survey(world.other), "touchpoints": world.other.delivery, "stages": world.other.stage}
    with world.home.scope():
        rule = AlertRule(name="Tried", conditions=all_of({"kind": kind, field: [str(found[field].pk)]}))
        assert problems(rule, world.home) == {f"of[0].{field}": words}


def test_what_rules_do_is_refused_where_it_is_not_ours(world):
    with world.other.scope():
        team = Team.objects.create(name="Theirs")
        channel = NotificationChannel.objects.create(kind="webhook", name="Theirs")
    with world.home.scope():
        rule = AlertRule(name="Tried", conditions=all_of(DETRACTOR), playbook_id=new_id(), starts_survey_id=new_id())
        told = [str(world.home.greta.pk), str(world.other.greta.pk)]
        rule.actions = {"teams": [str(team.pk)], "channels": [str(channel.pk)], "people": told}
        assert problems(rule, world.home) == {
            "playbook": "There is no such playbook here.",
            "starts_survey": "There is no such survey here.",
            "actions.teams": "There is no such team here.",
            "actions.channels": "There is no such place outside here.",
            "actions.people": "There is no such person here.",
        }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"opens_follow_up": False}, "opens_follow_up"),
        ({"holdout_percent": 10}, "holdout_percent"),
        ({"holdout_percent": 60, "priority": "low"}, "holdout_percent"),
        ({"kind": "silence", "conditions": {**SILENCE, "days": 0}}, "days"),
        ({"kind": "silence", "conditions": {"days": 5, "value": "much"}}, "value"),
        ({"kind": "silence", "conditions": {"days": 5, "colour": "red"}}, "colour"),
        ({"kind": "threshold", "conditions": {**THRESHOLD, "below": 300}}, "below"),
        ({"kind": "threshold", "conditions": {**THRESHOLD, "recovers": 5}}, "recovers"),
        ({"kind": "threshold", "conditions": {**THRESHOLD, "answers": 10}}, "answers"),
        ({"kind": "threshold", "conditions": {**THRESHOLD, "instrument": "clv"}}, "instrument"),
        ({"kind": "threshold", "conditions": {**THRESHOLD, "of": "organization", "places": ["x"]}}, "places"),
        ({"kind": "threshold", "conditions": THRESHOLD, "priority": "low", "holdout_percent": 5}, "holdout_percent"),
        ({"kind": "rumour", "conditions": {}}, "kind"),
        ({"actions": {"tags": ["vip"], "people": []}, "opens_follow_up": False}, "opens_follow_up"),
    ],
)
def test_what_makes_no_sense_is_refused(world, values, field):
    with world.home.scope():
        rule = AlertRule(**{"name": "Tried", "conditions": all_of(DETRACTOR), **values})
        assert field in problems(rule, world.home)


def test_closed_survey_cannot_be_started(world):
    with world.home.scope():
        survey = make_survey(world.home)
        Survey.objects.filter(pk=survey.pk).update(state="closed")
        rule = AlertRule(name="Tried", conditions=all_of(DETRACTOR), starts_survey=survey)
        assert problems(rule, world.home) == {"starts_survey": "This survey is closed."}


def test_rules_that_look_by_themselves_are_scheduled_while_they_are_on(world):
    with world.home.scope():
        rule = make_rule(world.home, kind="threshold", conditions=THRESHOLD)
        RuleCheck.objects.update(fallen={"x": {}}, due_at=TUESDAY)
        rule.priority = "high"
        save_rule(rule, by=world.home.ana, at=TUESDAY)
        assert RuleCheck.objects.get().fallen == {"x": {}}
        rule.conditions = {**THRESHOLD, "below": 0}
        save_rule(rule, by=world.home.ana, at=TUESDAY)
        assert RuleCheck.objects.get().fallen == {}
        switch_rule(rule, on=False, by=world.home.ana, at=TUESDAY)
        assert not RuleCheck.objects.exists()


def test_who_switches_what_somebody_changed_meanwhile_overwrites_nothing(world):
    with world.home.scope():
        rule = make_rule(world.home)
        stale = AlertRule.objects.get(pk=rule.pk)
        rule.priority = "high"
        save_rule(rule, by=world.home.ana, at=TUESDAY)
        with pytest.raises(RuleRefused, match="at version 2 now, not 1"):
            switch_rule(stale, on=False, by=world.home.anton, at=TUESDAY)
    page = client_of(world.home.ana)
    for seen, is_on in ((1, True), (2, False)):
        page.post(world.home.url(f"settings/rules/{rule.pk}/switch/"), {"on": "no", "version": seen})
        with world.home.scope():
            held = AlertRule.objects.get(pk=rule.pk)
            assert (held.is_active, held.priority) == (is_on, "high")


def test_rule_that_points_at_what_is_gone_can_be_switched_off_and_not_on(world):
    with world.home.scope():
        team = Team.objects.create(name="Gone")
        rule = make_rule(world.home, actions={"teams": [str(team.pk)]})
        team.delete()
        assert switch_rule(rule, on=False, by=world.home.ana, at=TUESDAY)
        with pytest.raises(RuleRefused, match="no such team"):
            switch_rule(rule, on=True, by=world.home.ana, at=TUESDAY)


def test_copy_is_off_and_named_apart(world):
    with world.home.scope():
        rule = make_rule(world.home)
        copied = copy_of(rule)
        save_rule(copied, by=world.home.ana, at=TUESDAY)
        assert (copied.name, copied.is_active, copied.conditions) == ("Tried (copy)", False, rule.conditions)


def test_names_cost_one_query_a_table(world, django_assert_max_num_queries):
    with world.home.scope():
        survey = make_survey(world.home)
        conditions = all_of({"kind": "survey", "surveys": [str(survey.pk)]})
        rules = [make_rule(world.home, f"Rule {each}", conditions=conditions) for each in range(3)]
        with django_assert_max_num_queries(1):
            assert names_of(map(definition_of, rules)) == {str(survey.pk): "After delivery"}


def test_furnished_rule_has_its_version(world):
    with world.home.scope():
        assert AlertRuleVersion.objects.get().rule.name == "Detractors"
