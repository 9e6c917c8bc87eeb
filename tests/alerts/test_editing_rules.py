"""The editor of rules: every kind of condition there and back, rows without script, errors beside their fields."""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from alerts.models import AlertRule, NotificationChannel, OwnerRule, Playbook, Team
from alerts.rules.conditions import CONDITIONS
from alerts.rules.editor.choices import Choices
from alerts.rules.editor.kinds import ROWS
from alerts.rules.editor.starting import STARTS
from alerts.rules.matching import check_conditions, sentence_of
from alerts.rules.saving import save_rule
from alerts.rules.sentences import rule_sentence
from alerts.rules.versions import definition_of
from customers.models import Customer
from surveys.models import Response
from tests.alerts.answering import TUESDAY, give_answers, make_survey
from tests.alerts.pages import client_of
from tests.alerts.rules_of import DETRACTOR, SILENCE, THRESHOLD, all_of, make_rule

WHOM = {
    "match": "any",
    "of": [
        {"kind": "attribute", "name": "region", "is": "one_of", "values": ["North", "West"]},
        all_of(
            {"kind": "attribute", "name": "seats", "is": "at_least", "value": 20},
            {"kind": "customer_value", "is": "above", "value": 5000},
        ),
    ],
}


class Fields(HTMLParser):
    """What a browser would send of the form as it stands."""

    def __init__(self, html: str):
        super().__init__()
        self.found, self._select = QueryDict(mutable=True), ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        name = values.get("name", "")
        if tag == "select":
            self._select = name
            self._first = True
        elif tag == "option" and self._select:
            if self._first or "selected" in values:
                self.found[self._select] = values.get("value", "")
            self._first = False
        elif tag == "input" and name and (values.get("type") not in ("checkbox", "radio") or "checked" in values):
            self.found.appendlist(name, values.get("value", "on" if values.get("type") == "checkbox" else ""))


def fields_of(answer) -> dict[str, str | list[str]]:
    html = answer.content.decode()
    start = html.index('id="rule-editor"')
    found = Fields(html[start : html.index("</form>", start)]).found
    return {name: values if len(values) > 1 else values[0] for name, values in found.lists()}


def every_condition(ground) -> dict[str, dict]:
    survey = str(make_survey(ground).pk)
    return {
        "score": {"kind": "score", "measure": "csat", "is": "below", "value": 2.5},
        "group": {"kind": "group", "groups": ["passive", "detractor"], "measure": "nps"},
        "score_change": {"kind": "score_change", "direction": "fell", "points": 3},
        "group_change": {"kind": "group_change", "from": "promoter", "to": "detractor"},
        "repeated_detractor": {"kind": "repeated_detractor", "days": 90},
        "words": {"kind": "words", "words": ["never again", "Anwalt", "متأخر"]},
        "no_words": {"kind": "no_words", "words": ["test", "please ignore"]},
        "answer": {
            "kind": "answer",
            "surveys": [survey],
            "question": "verbatim",
            "is": "says",
            "words": ["late", "slow"],
        },
        "may_contact": {"kind": "may_contact", "is": False},
        "survey": {"kind": "survey", "surveys": [survey]},
        "touchpoint": {"kind": "touchpoint", "touchpoints": [str(ground.delivery.pk), str(ground.support.pk)]},
        "stage": {"kind": "stage", "stages": [str(ground.stage.pk)]},
        "moment_of_truth": {"kind": "moment_of_truth", "is": True},
        "channel": {"kind": "channel", "channels": ["email", "api"]},
        "language": {"kind": "language", "languages": ["de", "en-GB"]},
        "customer_value": {"kind": "customer_value", "is": "at_least", "value": 1000},
        "attribute": {"kind": "attribute", "name": "plan", "is": "one_of", "values": ["Gold", "Silver"]},
    }


MORE = [
    {"kind": "score_change", "direction": "rose", "points": 2, "measure": "csat"},
    {"kind": "group_change", "from": "promoter", "to": "passive", "measure": "nps"},
    {"kind": "group", "groups": ["passive"]},
    {"kind": "attribute", "name": "region", "is": "equals", "value": "North"},
    {"kind": "attribute", "name": "seats", "is": "at_least", "value": 20},
    {"kind": "attribute", "name": "plan", "is": "none_of", "values": ["Trial", "Free"]},
]


def test_every_kind_has_a_row():
    assert set(ROWS) == set(CONDITIONS)


@pytest.mark.parametrize("kind", sorted(CONDITIONS))
def test_condition_goes_through_the_form_and_comes_back_the_same(world, kind):
    with world.home.scope():
        condition = every_condition(world.home)[kind]
        rule = make_rule(world.home, conditions=all_of(condition))
    client = client_of(world.home.ana)
    address = world.home.url(f"settings/rules/{rule.pk}/")
    sent = fields_of(client.get(address))
    assert client.post(address, sent).status_code == 302
    with world.home.scope():
        again = AlertRule.objects.get(pk=rule.pk)
        assert definition_of(again) == definition_of(rule)
        assert again.version == 1
        check_conditions(again.conditions, rule="Tried")
        assert sentence_of(again.conditions, {})


def test_groups_questions_and_all_they_do_come_back_the_same(world):
    with world.home.scope():
        survey = make_survey(world.home)
        answers = [
            {"kind": "answer", "surveys": [str(survey.pk)], "question": "score", "is": "at_most", "value": 4},
            {"kind": "answer", "surveys": [str(survey.pk)], "question": "contact", "is": "yes"},
        ]
        conditions = {"match": "any", "of": [DETRACTOR, {"match": "all", "of": [*answers, *MORE]}]}
        playbook = Playbook.objects.create(name="Call")
        rule = make_rule(
            world.home,
            conditions=conditions,
            playbook=playbook,
            starts_survey=survey,
            settle_minutes=5,
            priority="low",
            holdout_percent=10,
            actions={"tags": ["vip", "late"], "people": [str(world.home.greta.pk)], "survey_after_hours": 24},
        )
        before = definition_of(rule)
    client = client_of(world.home.ana)
    address = world.home.url(f"settings/rules/{rule.pk}/")
    assert client.post(address, fields_of(client.get(address))).status_code == 302
    with world.home.scope():
        assert definition_of(AlertRule.objects.get(pk=rule.pk)) == before


def test_deeper_nesting_is_kept_as_it_is(world):
    deep = {"match": "any", "of": [{"match": "all", "of": [DETRACTOR, {"kind": "may_contact", "is": True}]}]}
    with world.home.scope():
        rule = make_rule(world.home, conditions=all_of(DETRACTOR, deep))
    client = client_of(world.home.ana)
    address = world.home.url(f"settings/rules/{rule.pk}/")
    page = client.get(address)
    assert "customer asked to be contacted" in page.content.decode()
    assert client.post(address, fields_of(page)).status_code == 302
    with world.home.scope():
        assert AlertRule.objects.get(pk=rule.pk).conditions == all_of(DETRACTOR, deep)


@pytest.mark.parametrize(
    ("kind", "conditions"),
    [
        ("silence", SILENCE),
        ("threshold", THRESHOLD),
        ("silence", {**SILENCE, "customers": WHOM}),
        ("threshold", {**THRESHOLD, "customers": WHOM}),
    ],
)
def test_rules_that_look_by_themselves_come_back_the_same(world, kind, conditions):
    with world.home.scope():
        rule = make_rule(world.home, kind=kind, conditions=conditions)
    client = client_of(world.home.ana)
    address = world.home.url(f"settings/rules/{rule.pk}/")
    assert client.post(address, fields_of(client.get(address))).status_code == 302
    with world.home.scope():
        assert AlertRule.objects.get(pk=rule.pk).version == 1


@pytest.mark.parametrize("kind", ["silence", "threshold"])
def test_rules_that_look_by_themselves_are_narrowed_row_by_row(world, kind):
    client = client_of(world.home.ana)
    address = world.home.url(f"settings/rules/new/?start={kind}")
    page = client.get(address)
    assert "Segment or attribute of the customer" in page.content.decode()
    assert "Words the customer wrote" not in page.content.decode()
    field = "asks-days" if kind == "silence" else "asks-below"
    sent = fields_of(page) | {field: "x", "kind-to-add": "attribute", "edit": "add"}
    added = client.post(address, sent)
    assert "field-error" not in added.content.decode()
    sent = fields_of(added)
    assert sent[field] == "x"
    sent |= {field: "30" if kind == "silence" else "-20", "c1-name": "region", "c1-comparison": "at_least"}
    refused = client.post(address, sent | {"c1-value": "North"})
    assert refused.status_code == 422
    assert "Enter a number." in refused.content.decode()
    assert client.post(address, sent | {"c1-comparison": "equals", "c1-value": "North"}).status_code == 302
    with world.home.scope():
        rule = AlertRule.objects.get(kind=kind)
        region = {"kind": "attribute", "name": "region", "is": "equals", "value": "North"}
        assert rule.conditions["customers"] == all_of(region)
        assert "whose region is “North”" in rule_sentence(rule, {})


@pytest.mark.parametrize("start", sorted(set(STARTS) - {"blank"}))
def test_every_start_can_be_saved_as_it_is(world, start):
    client = client_of(world.home.ana)
    address = world.home.url(f"settings/rules/new/?start={start}")
    page = client.get(address)
    assert page.status_code == 200
    assert client.post(address, fields_of(page)).status_code == 302
    with world.home.scope():
        rule = AlertRule.objects.get(name=STARTS[start].name)
        assert rule.versions.get().by == world.home.ana
        assert rule_sentence(rule, {})


def test_rows_are_added_and_removed_without_script_and_nothing_typed_is_lost(world):
    client = client_of(world.home.ana)
    address = world.home.url("settings/rules/new/?start=blank")
    sent = fields_of(client.get(address))
    sent["name"], sent["kind-to-add"], sent["edit"] = "Typed", "score", "add"
    sent = fields_of(client.post(address, sent))
    sent["c1-value"], sent["edit"] = "six", "group"
    sent = fields_of(client.post(address, sent))
    sent["c2-kind"], sent["edit"] = "words", "add:c2"
    page = client.post(address, sent)
    assert page.status_code == 200
    assert "field-error" not in page.content.decode()
    sent = fields_of(page)
    assert (sent["name"], sent["c1-value"], sent["c2-match"]) == ("Typed", "six", "any")
    sent["c3-phrases"] = "late, slow"
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Enter a number." in refused.content.decode()
    sent["c1-value"] = "6"
    assert client.post(address, sent).status_code == 302
    with world.home.scope():
        rule = AlertRule.objects.get(name="Typed")
        score = {"kind": "score", "measure": "nps", "is": "at_most", "value": 6}
        words = {"match": "any", "of": [{"kind": "words", "words": ["late", "slow"]}]}
        assert rule.conditions == all_of(score, words)
    sent["edit"] = "remove:c1"
    assert "c1-value" not in fields_of(client.post(address, sent))


def test_what_the_check_refuses_stands_beside_its_row(world):
    client = client_of(world.home.ana)
    address = world.home.url("settings/rules/new/?start=turned")
    sent = fields_of(client.get(address))
    sent["kind-to-add"], sent["edit"] = "repeated_detractor", "add"
    sent = fields_of(client.post(address, sent))
    sent["c2-days"], sent["name"] = "9999", "Detractors"
    page = client.post(address, sent)
    html = page.content.decode()
    assert page.status_code == 422
    assert "Give a whole number from 1 to 730" in html
    assert "Another rule has this name." in html
    with world.home.scope():
        assert AlertRule.objects.count() == 1


def test_who_saw_an_older_version_loses_nothing(world):
    with world.home.scope():
        rule = make_rule(world.home)
    client = client_of(world.home.ana)
    address = world.home.url(f"settings/rules/{rule.pk}/")
    sent = fields_of(client.get(address))
    with world.home.scope():
        rule.priority = "high"
        save_rule(rule, by=world.home.anton, at=TUESDAY)
    sent["name"] = "Mine"
    page = client.post(address, sent)
    assert page.status_code == 422
    assert "Somebody changed this rule meanwhile" in page.content.decode()
    assert fields_of(page)["name"] == "Mine"


@pytest.mark.parametrize(
    "shape", ["", "null", "[[[[", '[["x1","score"]]', '[["c1","nothing"]]', '[["c1","score"],["c1","score"]]', "9" * 9]
)
def test_broken_shape_breaks_nothing(world, shape):
    client = client_of(world.home.ana)
    page = client.post(world.home.url("settings/rules/new/"), {"name": "X", "shape": shape})
    assert page.status_code == 422


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_list_says_when_rules_fire_and_what_they_do(world):
    with world.home.scope():
        actions = {"people": [str(world.home.greta.pk)]}
        make_rule(world.home, "Silent", kind="silence", conditions=SILENCE, actions=actions)
    client, address = client_of(world.home.ana), world.home.url("settings/rules/")
    html = client.get(address).content.decode()
    assert "A customer worth 1,000 or more was asked and has not answered for 30 days" in html
    assert "tells Greta Northwind" in html
    few = queries_of(client, address)
    with world.home.scope():
        for number in range(8):
            make_rule(world.home, f"Rule {number}", actions=actions)
    assert queries_of(client, address) == few


def test_switch_versions_and_restore_by_page(world):
    with world.home.scope():
        rule = make_rule(world.home)
    client = client_of(world.home.ana)
    path = world.home.url(f"settings/rules/{rule.pk}/")
    assert client.post(f"{path}switch/", {"on": "no"}).status_code == 302
    html = client.get(f"{path}versions/").content.decode()
    assert re.search(r"Switched on</dt><dd><del[^>]*>Yes</del> → No", html)
    assert client.post(f"{path}versions/1/restoration/").status_code == 302
    assert client.post(f"{path}versions/9/restoration/").status_code == 404
    with world.home.scope():
        rule.refresh_from_db()
        assert (rule.is_active, rule.version) == (True, 3)


def test_copy_starts_switched_off(world):
    with world.home.scope():
        rule = make_rule(world.home)
    client = client_of(world.home.ana)
    address = world.home.url(f"settings/rules/new/?copy={rule.pk}")
    sent = fields_of(client.get(address))
    assert (sent["name"], "is_active" in sent) == ("Tried (copy)", False)
    assert client.post(address, sent).status_code == 302
    with world.other.scope():
        theirs = make_rule(world.other)
    assert client.get(world.home.url(f"settings/rules/new/?copy={theirs.pk}")).status_code == 404
    assert client.get(world.home.url("settings/rules/new/?copy=nothing")).status_code == 404


def test_editor_asks_the_same_questions_for_any_number_of_conditions(world):
    give_answers(world.home, 3)
    with world.home.scope():
        conditions = every_condition(world.home).values()
        few = make_rule(world.home, "Few", conditions=all_of(*conditions))
        many = make_rule(world.home, "Many", conditions=all_of(*conditions, *conditions))
    client = client_of(world.home.ana)
    paths = [world.home.url(f"settings/rules/{rule.pk}/") for rule in (few, many)]
    client.get(paths[0])
    assert queries_of(client, paths[0]) == queries_of(client, paths[1])


def test_what_is_off_by_now_stays_chosen_and_says_so(world):
    home = world.home
    with home.scope():
        channel = NotificationChannel.objects.create(kind="slack", name="Desk", is_active=False)
        playbook = Playbook.objects.create(name="Late parcel", is_active=False)
        owner_rule = OwnerRule.objects.create(
            kind="person", name="To Ana", person=home.ana, position=0, is_active=False
        )
        off = {"playbook": playbook, "owner_rule": owner_rule, "actions": {"channels": [str(channel.pk)]}}
        rule = make_rule(home, **off)
        before = definition_of(rule)
        gone = Playbook.objects.create(name="Not chosen", is_active=False)
    client, path = client_of(home.ana), home.url(f"settings/rules/{rule.pk}/")
    page = client.get(path)
    html = page.content.decode()
    assert "Desk (off)" in html
    assert "Late parcel (off)" in html
    assert gone.name not in html
    assert client.post(path, fields_of(page) | {"name": "Renamed"}).status_code == 302
    with home.scope():
        assert definition_of(AlertRule.objects.get(pk=rule.pk)) == before | {"name": "Renamed"}


def test_copy_of_a_rule_keeps_what_is_off(world):
    home = world.home
    with home.scope():
        rule = make_rule(home, playbook=Playbook.objects.create(name="Late parcel", is_active=False))
    client, path = client_of(home.ana), home.url("settings/rules/new/")
    page = client.get(f"{path}?copy={rule.pk}")
    assert client.post(path, fields_of(page)).status_code == 302
    with home.scope():
        assert AlertRule.objects.exclude(pk=rule.pk).get(name__endswith="(copy)").playbook == rule.playbook


ATTRIBUTE = {"kind": "attribute", "name": "plan", "is": "equals", "value": "Gold"}


def test_names_of_attributes_are_offered_where_one_is_asked_for(world, monkeypatch):
    home = world.home
    with world.other.scope():
        Customer.objects.create(name="Theirs", attributes={"their secret": 1})
    with home.scope():
        Customer.objects.bulk_create(Customer(name=f"C {each}", attributes={"region": "North"}) for each in range(3))
        Customer.objects.create(name="Rich", attributes={"Plan": "Gold", "<b>": "x"})
        asking, other = make_rule(home, "Asking", conditions=all_of(ATTRIBUTE)), make_rule(home, "Other")
    client = client_of(home.ana)
    html = client.get(home.url(f"settings/rules/{asking.pk}/")).content.decode()
    offered = re.findall(
        r'<option value="([^"]*)"></option>', html[html.index("<datalist") : html.index("</datalist>")]
    )
    assert offered == ["&lt;b&gt;", "Plan", "region"]
    assert 'list="attribute-names"' in html
    assert "datalist" not in client.get(home.url(f"settings/rules/{other.pk}/")).content.decode()
    monkeypatch.setattr("alerts.rules.editor.choices.NAMES_OFFERED", 1)
    with home.scope():
        assert Choices().attribute_names == ["region"]
    give_answers(home, 3, customer=None)
    with home.scope():
        Customer.objects.all().update(attributes={})
        Response.objects.update(attributes={"tier": "A"})
        assert Choices().attribute_names == ["tier"]


def test_offering_names_looks_at_a_bounded_number_of_rows(world, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("alerts.rules.editor.choices.ROWS_SEEN", 2)
    with world.home.scope():
        for name in ("old", "newer", "newest"):
            Customer.objects.create(name=name, attributes={name: 1})
        with django_assert_num_queries(2):
            assert Choices().attribute_names == ["newer", "newest"]


def test_editor_warns_of_what_is_archived_off_or_gone(world):
    home = world.home
    with home.scope():
        playbook, team = Playbook.objects.create(name="Late parcel"), Team.objects.create(name="Carriers")
        owners = OwnerRule.objects.create(kind="person", name="To Ana", person=home.ana, position=0)
        rule = make_rule(home, playbook=playbook, owner_rule=owners, actions={"teams": [str(team.pk)]})
    client, path = client_of(home.ana), home.url(f"settings/rules/{rule.pk}/")
    assert "notice-warn" not in client.get(path).content.decode()
    with home.scope():
        Playbook.objects.update(is_active=False)
        OwnerRule.objects.update(is_active=False)
        team.delete()
    html = client.get(path).content.decode()
    assert "The playbook “Late parcel” is archived" in html
    assert "The owner rule “To Ana” is switched off" in html
    assert html.count("This rule names a team that is gone") == 1
    sent = fields_of(client.get(path))
    assert client.post(path, sent).status_code == 302
    assert "that is gone" not in client.get(path).content.decode()
