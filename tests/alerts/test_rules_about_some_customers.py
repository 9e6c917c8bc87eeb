"""Rules about silence and scores that are narrowed to some customers by what is known of them."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q

from alerts.models import Alert, AlertRule, FollowUp
from alerts.rules.back_test import back_test
from alerts.rules.checking import RuleRefused
from alerts.rules.conditions import condition_of
from alerts.rules.silent import silent_customers
from alerts.rules.who import who_filter
from customers.models import Customer
from metrics.days import day_of
from metrics.reading import Slice, read
from metrics.reading_some import read_some
from surveys.models import Response
from tests.alerts.answering import TUESDAY, give_answers, make_survey
from tests.alerts.rules_of import SILENCE, THRESHOLD, all_of, make_rule
from tests.alerts.test_silence_and_falling_scores import ask, look
from tests.calling import Api, fields_of

DAY = timedelta(days=1)
NORTH = {"kind": "attribute", "name": "region", "is": "equals", "value": "north"}
SOUTH = {**NORTH, "value": "south"}
# What imports, forms and programs bring.
FOUND = [
    "Gold",
    " gold\u00a0",
    "STRASSE",
    "straße",
    "İzmir",
    "3",
    3,
    3.0,
    "3.5",
    -2,
    "1e2",
    "1_000",
    "٣",
    "+4",
    ".5",
    "5.",
    "",
    "  ",
    True,
    "true",
    False,
    None,
    ["gold", 7],
    [],
    [True, "Silver"],
    {"gold": 1},
    "NaN",
    "Infinity",
    "1e999",
    "12 seats",
    10**20,
]
ASKED = [
    *({"is": "equals", "value": value} for value in ("gold", "Strasse", "i̇zmir", "3", 3, True, "7", "", 100, 3.5)),
    {"is": "one_of", "values": ["GOLD", "silver", 4]},
    {"is": "none_of", "values": ["GOLD", "silver", 3]},
    *(
        {"is": comparison, "value": value}
        for comparison in ("at_most", "at_least", "below", "above")
        for value in (3, 0.5)
    ),
]


@pytest.fixture
def ground(world):
    with world.home.scope():
        AlertRule.objects.update(is_active=False)
        Customer.objects.filter(pk=world.home.chiara.pk).update(value=5000, attributes={"region": "North"})
        Customer.objects.filter(pk=world.home.karim.pk).update(value=5000, attributes={"region": "South"})
    return world.home


def test_the_database_holds_what_rules_about_answers_hold(ground):
    with ground.scope():
        Customer.objects.bulk_create(Customer(name=f"C {each}", attributes={"a": each}) for each in FOUND)
        everybody = {each.pk: each.attributes for each in Customer.objects.all()}
        held_any = 0
        for asked in ASKED:
            condition = {"kind": "attribute", "name": "a", **asked}
            holds = condition_of("attribute").holds
            wanted = {
                pk
                for pk, attributes in everybody.items()
                if holds(SimpleNamespace(response=SimpleNamespace(attributes=attributes)), condition)
            }
            within = who_filter({"customers": all_of(condition)}, attributes="attributes", value="value")
            found = set(Customer.objects.filter(within).values_list("pk", flat=True))
            held_any += len(found)
            assert {str(everybody[pk]) for pk in found} == {str(everybody[pk]) for pk in wanted}, asked
        assert held_any > 80


def test_all_any_groups_and_values_combine(ground):
    rich = {"kind": "customer_value", "is": "at_least", "value": 1000}
    for conditions, expected in (
        (all_of(NORTH, rich), {"Chiara Conti"}),
        ({"match": "any", "of": [NORTH, SOUTH]}, {"Chiara Conti", str(ground.karim)}),
        (all_of(rich, {"match": "any", "of": [SOUTH]}), {str(ground.karim)}),
        (all_of({**NORTH, "is": "none_of", "values": ["north"]}, rich), {str(ground.karim)}),
    ):
        within = who_filter({"customers": conditions}, attributes="attributes", value="value")
        with ground.scope():
            assert {str(each) for each in Customer.objects.filter(within)} == expected


def test_silence_of_others_is_nothing_to_the_rule(ground):
    conditions = {**SILENCE, "customers": all_of(NORTH)}
    with ground.scope():
        rule = make_rule(ground, "Silent", at=TUESDAY, kind="silence", conditions=conditions)
        ask(ground, ground.chiara)
        ask(ground, ground.karim)
    look(ground, at=TUESDAY + 31 * DAY)
    with ground.scope():
        follow_up = FollowUp.objects.get()
        assert follow_up.customer == ground.chiara
        told = "a customer worth 1,000 or more whose region is “north” was asked and has not answered for 30 days"
        assert follow_up.reasons.get().reason == f"Silent: {told}"
        assert list(silent_customers(conditions, at=TUESDAY + 31 * DAY)) == [ground.chiara]
        found = back_test(ground.organization, rule, at=TUESDAY + 60 * DAY, seconds=60)
        assert (found.alerts, found.examples) == (1, [str(ground.chiara.pk)])


def of_region(ground, region: str, scores: list[int], *, at) -> None:
    """Answers of customers who were of this region then, and are of none by now."""
    with ground.scope():
        customers = Customer.objects.bulk_create(
            Customer(organization=ground.organization, name=f"{region} {each}", attributes={"region": region})
            for each in range(len(scores))
        )
    for score in sorted(set(scores)):
        for _ in range(scores.count(score)):
            give_answers(ground, score, at=at, customer=customers.pop())
    with ground.scope():
        Customer.objects.filter(name__startswith=region).update(attributes={})


def test_a_fall_among_some_is_told_though_the_whole_rises(ground):
    for region, before, now in (("North", [10] * 34, [2] * 34), ("South", [2] * 60, [10] * 60)):
        of_region(ground, region, before, at=TUESDAY)
        of_region(ground, region, now, at=TUESDAY + 7 * DAY)
    with ground.scope():
        whole = {**THRESHOLD, "of": "organization"}
        rules = {
            name: make_rule(ground, name, kind="threshold", conditions=conditions)
            for name, conditions in (
                ("All", whole),
                ("North", {**whole, "customers": all_of(NORTH)}),
                ("North by survey", {**whole, "of": "survey", "customers": all_of(NORTH)}),
                ("North by touchpoint", {**THRESHOLD, "customers": all_of(NORTH)}),
                ("South", {**whole, "customers": all_of(SOUTH)}),
                # 34 answers of the North are too few for this, however many there are in all.
                ("Too few", {**whole, "answers": 35, "customers": all_of(NORTH)}),
            )
        }
    look(ground, at=TUESDAY + 7 * DAY)
    with ground.scope():
        fired = {each.rule.name: each.reason for each in Alert.objects.select_related("rule")}
        assert set(fired) == {"North", "North by survey", "North by touchpoint"}
        assert fired["North"] == (
            "North: the 7-day NPS of all answers, among customers whose region is “north”, is −100 (n = 34), "
            "200 less than in the 7 days before"
        )
        for name, rule in rules.items():
            found = back_test(ground.organization, rule, at=TUESDAY + 8 * DAY, seconds=60)
            assert bool(found.alerts) is (name in fired), name


def test_answers_read_one_by_one_say_what_the_days_say(ground):
    give_answers(ground, 10, 9, 3, at=TUESDAY, verbatim="Late")
    give_answers(ground, 0, 7, at=TUESDAY + 13 * timedelta(hours=1) + 30 * timedelta(minutes=1))
    give_answers(ground, 5, at=TUESDAY + 14 * timedelta(hours=1), touchpoint=ground.support)
    give_answers(ground, 8, at=TUESDAY + 3 * DAY, touchpoint=None, channel="api")
    zone = ZoneInfo(ground.organization.time_zone)
    first, last = day_of(TUESDAY, zone), day_of(TUESDAY + 3 * DAY, zone)
    with ground.scope():
        survey = make_survey(ground)
        everybody = Q(pk__in=Response.objects.values("pk"))
        for wanted in (
            Slice("nps", 11),
            Slice("nps", 11, survey_id=survey.pk),
            Slice("nps", 11, touchpoint_id=ground.delivery.pk, channel="link"),
            Slice("csat", 5),
        ):
            assert read_some(wanted, everybody, first=first, last=last, zone=zone) == read(
                wanted, first=first, last=last
            )


def test_surveys_that_ask_not_everybody_are_left_out_of_the_whole(ground, monkeypatch):
    monkeypatch.setattr(
        "metrics.reading._surveys_apart", ["SELECT id FROM surveys_survey WHERE organization_id = %(organization)s"]
    )
    give_answers(ground, 10, at=TUESDAY)
    zone, day = ZoneInfo(ground.organization.time_zone), TUESDAY.date()
    with ground.scope():
        survey = make_survey(ground)
        assert read_some(Slice("nps", 11), Q(), first=day, last=day, zone=zone).whole.n == 0
        assert read_some(Slice("nps", 11, survey_id=survey.pk), Q(), first=day, last=day, zone=zone).whole.n == 1


@pytest.mark.parametrize(
    ("customers", "field"),
    [
        ([], "customers.conditions"),
        ({"match": "all", "of": []}, "customers.of"),
        (all_of({"kind": "words", "words": ["late"]}), "customers.of[0].kind"),
        (all_of({**NORTH, "value": None}), "customers.of[0].value"),
        (all_of(NORTH, {"kind": "customer_value", "is": "above", "value": "much"}), "customers.of[1].value"),
    ],
)
def test_what_says_nothing_of_customers_is_refused_with_its_place(ground, customers, field):
    for kind, conditions in (("silence", SILENCE), ("threshold", THRESHOLD)):
        with ground.scope(), pytest.raises(RuleRefused) as refused:
            make_rule(ground, kind=kind, conditions={**conditions, "customers": customers})
        assert [each.field for each in refused.value.problems] == [field]
        asked = {"kind": kind, "conditions": {**conditions, "customers": customers}}
        assert set(fields_of(Api(ground).post("alert-rules/back-test", asked))) == {f"conditions.{field}"}
