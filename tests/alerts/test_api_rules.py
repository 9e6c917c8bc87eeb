"""Alert rules by the API: read, made, changed, switched and tried."""

import pytest
from django.utils import timezone

from alerts.models import AlertRule
from tests.alerts.answering import give_answers, make_survey
from tests.alerts.rules_of import DETRACTOR, THRESHOLD, all_of, make_rule
from tests.calling import Api, fields_of


@pytest.fixture
def api(world):
    return Api(world.home)


def test_rule_is_made_read_changed_and_switched(world, api):
    made = api.post("alert-rules", {"name": "By a program", "conditions": all_of(DETRACTOR), "priority": "high"})
    assert made.status_code == 201
    rule = made.json()
    assert (rule["version"], rule["kind"], rule["is_active"], rule["sla_policy"]) == (1, "answer", True, None)
    path = f"alert-rules/{rule['id']}"
    assert api.get(path).json() == rule
    assert [each["name"] for each in api.get("alert-rules").json()["results"]] == ["By a program", "Detractors"]
    changed = api.patch(path, {"version": 1, "actions": {"tags": ["vip"]}}).json()
    assert (changed["version"], changed["actions"], changed["priority"]) == (2, {"tags": ["vip"]}, "high")
    assert api.patch(path, {"version": 1, "name": "Late"}).status_code == 409
    switched = api.post(f"{path}/switch", {"is_active": False}).json()
    assert (switched["is_active"], switched["version"]) == (False, 3)
    with world.home.scope():
        first = AlertRule.objects.get(pk=rule["id"]).versions.get(number=1)
        assert first.by is None
        assert first.by_label


def test_everything_wrong_is_said_with_its_place(world, api):
    with world.other.scope():
        theirs = str(make_survey(world.other).pk)
    wrong = {
        "name": "Detractors",
        "conditions": all_of(DETRACTOR, {"kind": "score", "measure": "nps", "is": "at_most", "value": "six"}),
        "actions": {"fax": 1},
    }
    assert set(fields_of(api.post("alert-rules", wrong))) == {"name", "conditions.of[1].value", "actions.fax"}
    away = {"name": "Away", "conditions": all_of({"kind": "survey", "surveys": [theirs]}), "starts_survey": theirs}
    assert set(fields_of(api.post("alert-rules", away))) == {"conditions.of[0].surveys", "starts_survey"}
    with world.home.scope():
        assert AlertRule.objects.count() == 1


def test_rule_of_another_organization_is_not_there(world, api):
    with world.other.scope():
        theirs = make_rule(world.other)
    for answer in (
        api.get(f"alert-rules/{theirs.pk}"),
        api.patch(f"alert-rules/{theirs.pk}", {"name": "Mine"}),
        api.post(f"alert-rules/{theirs.pk}/switch", {"is_active": False}),
    ):
        assert answer.status_code == 404


def test_back_test_counts_and_goes_on(world, api, monkeypatch):
    monkeypatch.setattr("alerts.rules.back_test.BATCH", 2)
    give_answers(world.home, 3, 2, 9, at=timezone.now())
    tried = api.post("alert-rules/back-test", {"conditions": all_of(DETRACTOR)}).json()
    assert (tried["alerts"], tried["is_done"], tried["go_on"], len(tried["examples"])) == (2, True, "", 2)
    with world.home.scope():
        assert AlertRule.objects.count() == 1
    other = {"kind": "threshold", "conditions": THRESHOLD}
    assert api.post("alert-rules/back-test", other).json()["alerts"] == 0
    assert set(fields_of(api.post("alert-rules/back-test", {**other, "go_on": "made up"}))) == {"go_on"}
    assert set(fields_of(api.post("alert-rules/back-test", {"conditions": {}}))) == {"conditions"}


@pytest.mark.parametrize("value", [1e300, 10**30, -(10**20)])
def test_numbers_no_column_holds_are_refused(api, value):
    worth = all_of({"kind": "customer_value", "is": "at_least", "value": value})
    assert set(fields_of(api.post("alert-rules/back-test", {"conditions": worth}))) == {"conditions.of[0].value"}
