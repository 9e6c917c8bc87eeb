"""Each kind of condition holds for the answers it means and for no others."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from alerts.models import AlertRule
from alerts.rules.facts import Facts
from alerts.rules.matching import RuleError, check_conditions, is_raised_by, sentence_of
from journeys.models import Touchpoint
from surveys.models import Response
from tenancy.owned import new_id
from tests.alerts.answering import TUESDAY

SURVEY, TOUCHPOINT, STAGE, OTHER = (new_id() for _ in range(4))


def facts(*, value=None, verbatim="", last=(None, None), last_points=11, bad_at=None, **values) -> Facts:
    """A German detractor of 3 under NPS at a moment of truth, unless said otherwise."""
    values = {
        "measure": "nps",
        "score": 3,
        "group": "detractor",
        "channel": "email",
        "language": "de-AT",
        "may_contact": True,
        "responded_at": TUESDAY,
        "survey_id": SURVEY,
        **values,
    }
    response = Response(touchpoint=Touchpoint(id=TOUCHPOINT, stage_id=STAGE, is_moment_of_truth=True), **values)
    response._state.fields_cache["customer"] = SimpleNamespace(value=value) if value is not None else None
    response._state.fields_cache["survey"] = SimpleNamespace(points=11)
    return Facts(
        response, verbatim, last_score=last[0], last_points=last_points, last_group=last[1], last_detractor_at=bad_at
    )


def holds(of, found: Facts, match="all") -> bool:
    conditions = {"match": match, "of": of if isinstance(of, list) else [of]}
    check_conditions(conditions, rule="Tried")
    return is_raised_by(AlertRule(name="Tried", conditions=conditions), found)


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        ("at_most", 3, True),
        ("at_most", 2, False),
        ("at_least", 3, True),
        ("below", 3, False),
        ("above", 2, True),
        ("equals", 3, True),
        ("equals", 4, False),
    ],
)
def test_score_of_a_named_measure(comparison, value, expected):
    condition = {"kind": "score", "measure": "nps", "is": comparison, "value": value}
    assert holds(condition, facts()) is expected
    assert not holds(condition, facts(measure="csat"))


def test_group_of_any_or_a_named_measure():
    assert holds({"kind": "group", "groups": ["detractor", "passive"]}, facts())
    assert not holds({"kind": "group", "groups": ["promoter"]}, facts())
    assert not holds({"kind": "group", "groups": ["detractor"], "measure": "ces"}, facts())


def test_change_against_the_last_answer():
    fell = {"kind": "score_change", "direction": "fell", "points": 4}
    assert holds(fell, facts(last=(7, "passive")))
    assert not holds(fell, facts(last=(6, "detractor")))
    assert not holds(fell, facts())
    assert holds({"kind": "score_change", "direction": "rose", "points": 2}, facts(last=(1, "detractor")))
    lost = {"kind": "group_change", "from": "promoter", "to": "detractor"}
    assert holds(lost, facts(last=(9, "promoter")))
    assert not holds(lost, facts(last=(8, "passive")))


def test_change_under_a_named_measure_alone():
    fell = {"kind": "score_change", "direction": "fell", "points": 4}
    lost = {"kind": "group_change", "from": "promoter", "to": "detractor"}
    for condition, last in ((fell, (7, "passive")), (lost, (9, "promoter"))):
        assert holds({**condition, "measure": "nps"}, facts(last=last))
        assert not holds({**condition, "measure": "csat"}, facts(last=last))
        with pytest.raises(RuleError):
            holds({**condition, "measure": "clv"}, facts(last=last))
    sentences = [sentence_of({"match": "all", "of": [{**each, "measure": "csat"}]}, {}) for each in (fell, lost)]
    assert sentences == [
        "CSAT score fell by 4 points or more since the last answer",
        "customer went from satisfied to dissatisfied of CSAT",
    ]


def test_points_of_another_scale_are_other_points():
    fell = {"kind": "score_change", "direction": "fell", "points": 4}
    assert not holds(fell, facts(last=(7, "passive"), last_points=7))


def test_detractor_again_within_days():
    again = {"kind": "repeated_detractor", "days": 30}
    assert holds(again, facts(bad_at=TUESDAY - timedelta(days=30)))
    assert not holds(again, facts(bad_at=TUESDAY - timedelta(days=31)))
    assert not holds(again, facts())
    assert not holds(again, facts(group="passive", bad_at=TUESDAY))


@pytest.mark.parametrize(
    ("phrase", "verbatim", "expected"),
    [
        ("late", "It was LATE!", True),
        ("late", "Plates were fine", False),
        ("never again", "Never,\nagain.", True),
        ("never again", "never ever again", False),
        ("perdu", "colis PERDÙ", True),
        ("Größe", "falsche GROSSE", True),
        ("größe", "FALSCHE GRÖSSE", True),
        ("cafe", "Le café", True),
        ("iade", "İADE istiyorum", True),
        ("متأخر", "الطلب مُتَأَخِّر جدا", True),
        ("متأخر", "الطلب متاخر", True),
        ("تأخير", "بعد تأخـــير طويل", True),
        ("خر", "الطلب متأخر", False),
        ("देर", "बहुत देर हुई", True),
        ("遅い", "配送が遅いです", True),
        ("straße", "STRASSE", True),
        ("опоздал", "Курьер ОПОЗДАЛ", True),
        ("late", "", False),
    ],
)
def test_words_and_phrases_in_any_language(phrase, verbatim, expected):
    assert holds({"kind": "words", "words": ["nothing of it", phrase]}, facts(verbatim=verbatim)) is expected


def test_where_the_answer_came_from():
    for kind, field, right in (
        ("survey", "surveys", SURVEY),
        ("touchpoint", "touchpoints", TOUCHPOINT),
        ("stage", "stages", STAGE),
    ):
        assert holds({"kind": kind, field: [str(OTHER), str(right)]}, facts())
        assert not holds({"kind": kind, field: [str(OTHER)]}, facts())
    assert holds({"kind": "moment_of_truth", "is": True}, facts())
    assert not holds({"kind": "moment_of_truth", "is": False}, facts())
    assert holds({"kind": "channel", "channels": ["link", "email"]}, facts())
    assert not holds({"kind": "channel", "channels": ["link"]}, facts())
    assert holds({"kind": "language", "languages": ["DE"]}, facts())
    assert not holds({"kind": "language", "languages": ["d", "en"]}, facts())


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"name": "plan", "is": "equals", "value": "gold"}, True),
        ({"name": "plan", "is": "equals", "value": "silver"}, False),
        ({"name": "plan", "is": "one_of", "values": ["Silver", "Gold"]}, True),
        ({"name": "seats", "is": "at_least", "value": 12}, True),
        ({"name": "seats", "is": "below", "value": 12}, False),
        ({"name": "plan", "is": "at_least", "value": 1}, False),
        ({"name": "vip", "is": "equals", "value": True}, True),
        ({"name": "none", "is": "equals", "value": "None"}, False),
        ({"name": "absent", "is": "at_most", "value": 1}, False),
    ],
)
def test_attribute_as_it_was_when_they_answered(condition, expected):
    found = facts(attributes={"plan": "Gold", "seats": "12", "vip": True, "none": None})
    assert holds({"kind": "attribute", **condition}, found) is expected


def test_customer_value_and_wish_to_be_contacted():
    rich = {"kind": "customer_value", "is": "at_least", "value": 1000}
    assert holds(rich, facts(value=Decimal("1000.00")))
    assert not holds(rich, facts(value=Decimal("999.99")))
    assert not holds(rich, facts())
    assert holds({"kind": "may_contact", "is": True}, facts())
    assert not holds({"kind": "may_contact", "is": False}, facts(may_contact=None))


def test_all_and_any_nest():
    yes, no = {"kind": "may_contact", "is": True}, {"kind": "may_contact", "is": False}
    assert holds([yes, {"match": "any", "of": [no, yes]}], facts())
    assert not holds([yes, {"match": "any", "of": [no, no]}], facts())
    assert holds([no, {"match": "all", "of": [yes, yes]}], facts(), match="any")
    assert not holds([no, {"match": "all", "of": [yes, no]}], facts(), match="any")


@pytest.mark.parametrize(
    ("of", "where"),
    [
        ([], "of"),
        ([{"kind": "weather"}], "of[0].kind"),
        ([{"kind": ["group"]}], "of[0].kind"),
        (["group"], "of[0]"),
        ([{"kind": "may_contact", "is": True}, {"kind": "may_contact", "is": 1}], "of[1].is"),
        ([{"match": "any", "of": [{"kind": "score", "measure": "x"}]}], "of[0].of[0].measure"),
        ([{"kind": "score", "measure": "nps", "is": "at_most", "value": "3"}], "of[0].value"),
        ([{"kind": "score", "measure": "nps", "is": "at_most", "value": 11}], "of[0].value"),
        ([{"kind": "score", "measure": "csat", "is": "below", "value": 0}], "of[0].value"),
        ([{"kind": "group", "groups": ["angry"]}], "of[0].groups"),
        ([{"kind": "group", "groups": ["passive"], "more": 1}], "of[0].more"),
        ([{"kind": "words", "words": ["!"]}], "of[0].words"),
        ([{"kind": "survey", "surveys": ["x"]}], "of[0].surveys"),
        ([{"kind": "attribute", "name": "", "is": "equals"}], "of[0].name"),
        ([{"kind": "repeated_detractor", "days": 0}], "of[0].days"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(of, where):
    with pytest.raises(RuleError) as caught:
        check_conditions({"match": "all", "of": of}, rule="Lost parcels")
    assert caught.value.field == where
    assert "Lost parcels" in str(caught.value)


def test_rule_in_plain_words():
    conditions = {
        "match": "all",
        "of": [
            {"kind": "group", "groups": ["detractor"]},
            {
                "match": "any",
                "of": [{"kind": "words", "words": ["lost", "broken"]}, {"kind": "survey", "surveys": ["1"]}],
            },
        ],
    }
    assert sentence_of(conditions, {"1": "After delivery"}) == (
        "customer is a detractor and (customer wrote “lost” or “broken” or survey is “After delivery”)"
    )


@pytest.mark.parametrize(
    ("parameters", "values", "expected"),
    [
        ({"question": "score", "is": "at_most", "value": 3}, {}, True),
        ({"question": "score", "is": "at_most", "value": 2}, {}, False),
        ({"question": "verbatim", "is": "given"}, {"verbatim": "Late"}, True),
        ({"question": "verbatim", "is": "not_given"}, {"verbatim": "Late"}, False),
        ({"question": "verbatim", "is": "says", "words": ["late", "slow"]}, {"verbatim": "Far too LATE."}, True),
        ({"question": "verbatim", "is": "says", "words": ["slow"]}, {"verbatim": "Far too late"}, False),
        ({"question": "contact", "is": "yes"}, {}, True),
        ({"question": "contact", "is": "no"}, {"may_contact": False}, True),
        ({"question": "contact", "is": "not_given"}, {"may_contact": None}, True),
        ({"question": "contact", "is": "no"}, {"may_contact": None}, False),
    ],
)
def test_answer_to_a_given_question(parameters, values, expected):
    condition = {"kind": "answer", "surveys": [str(SURVEY)], **parameters}
    assert holds(condition, facts(**values)) is expected
    assert not holds({**condition, "surveys": [str(OTHER)]}, facts(**values))
    assert "After delivery" in sentence_of({"match": "all", "of": [condition]}, {str(SURVEY): "After delivery"})


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"question": "taste", "is": "given"}, "question"),
        ({"question": "contact", "is": "at_most"}, "is"),
        ({"question": "score", "is": "at_most", "value": 11}, "value"),
        ({"question": "verbatim", "is": "says", "words": ["!!"]}, "words"),
        ({"question": "verbatim", "is": "says"}, "words"),
    ],
)
def test_question_that_cannot_be_asked_about_names_its_field(parameters, field):
    condition = {"kind": "answer", "surveys": [str(SURVEY)], **parameters}
    with pytest.raises(RuleError) as error:
        check_conditions({"match": "all", "of": [condition]}, rule="Tried")
    assert error.value.field == f"of[0].{field}"


@pytest.mark.parametrize(("verbatim", "expected"), [("It is a test", False), ("Late", True), ("", True)])
def test_words_that_were_not_written(verbatim, expected):
    assert holds({"kind": "no_words", "words": ["test", "please ignore"]}, facts(verbatim=verbatim)) is expected


@pytest.mark.parametrize(("attributes", "expected"), [({"plan": "gold"}, False), ({"plan": "Free"}, True), ({}, True)])
def test_attribute_that_is_none_of_some(attributes, expected):
    condition = {"kind": "attribute", "name": "plan", "is": "none_of", "values": ["Gold", "Silver"]}
    assert holds(condition, facts(attributes=attributes)) is expected


def test_groups_are_called_as_their_measure_calls_them():
    said = {
        measure: sentence_of({"match": "all", "of": [{"kind": "group", "groups": ["detractor"], **measured}]}, {})
        for measure, measured in (("", {}), ("nps", {"measure": "nps"}), ("csat", {"measure": "csat"}))
    }
    assert said == {
        "": "customer is a detractor",
        "nps": "customer is a detractor of NPS",
        "csat": "CSAT answer is dissatisfied",
    }
