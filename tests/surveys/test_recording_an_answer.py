"""An answer is stored whole, once, and told to the floors above."""

from datetime import timedelta

import pytest
from django.dispatch import receiver

from surveys.models import Answer, Response
from surveys.responding import (
    EditedTooLate,
    Given,
    clean_verbatim,
    edit_response,
    record_responses,
    verbatim_of,
)
from surveys.signals import response_completed
from tenancy.audit import SYSTEM
from tenancy.models import AuditEntry
from tests.surveys.listening import NOON, instrument_of, make_invitation, make_live_survey
from tests.surveys.recording import record_response


@pytest.fixture
def told():
    """What response_completed said."""
    heard = []

    @receiver(response_completed)
    def listen(**facts):
        heard.append(facts)

    yield heard
    response_completed.disconnect(listen)


def answer(ground, survey, **values):
    values = {"score": 3, "by": SYSTEM, "at": NOON, "submission_key": "k-1", "channel": "email", **values}
    return record_response(survey=survey, version=instrument_of(survey), customer=ground.chiara, **values)


def test_answer_is_stored_with_its_rows_and_its_audit_line(world, told):
    with world.home.scope():
        survey = make_live_survey(world.home)
        told.clear()
        response, is_new = answer(world.home, survey, verbatim=" Late.\r\nAgain. ", may_contact=True, language="en")
        assert is_new
        stored = Response.objects.get()
        assert (stored.id, stored.score, stored.group, stored.measure) == (response.id, 3, "detractor", "nps")
        assert (stored.responded_at, stored.has_verbatim, stored.may_contact) == (NOON, True, True)
        assert stored.touchpoint is None
        answers = {each.kind: (each.number, each.text) for each in Answer.objects.all()}
        assert answers == {"score": (3, ""), "verbatim": (None, "Late.\nAgain."), "contact": (1, "")}
        line = AuditEntry.objects.get(verb="response.recorded")
        assert (line.object_id, line.details, line.at) == (response.id, {"score": 3, "channel": "email"}, NOON)
    (facts,) = told
    assert facts["responses"] == [response] and facts["is_new"] and facts["raise_alerts"]
    assert {str(day) for day in facts["days"]} == {"2026-03-10"}


def test_day_to_recount_is_a_day_of_the_organization(world, told):
    with world.home.scope():  # Berlin
        survey = make_live_survey(world.home)
        answer(world.home, survey, at=NOON.replace(hour=23, minute=30))
    assert {str(day) for day in told[-1]["days"]} == {"2026-03-11"}


def test_same_submission_again_is_the_same_response(world, told):
    with world.home.scope():
        survey = make_live_survey(world.home)
        first, _ = answer(world.home, survey)
        again, is_new = answer(world.home, survey, score=9)
        assert (again.id, again.score, is_new) == (first.id, 3, False)
        assert Answer.objects.count() == 1
        assert AuditEntry.objects.filter(verb="response.recorded").count() == 1
    assert len([facts for facts in told if facts["is_new"]]) == 1


def test_invitation_is_answered_once_whatever_the_key(world):
    with world.home.scope():
        survey = make_live_survey(world.home)
        invitation = make_invitation(world.home, survey)
        first, _ = answer(world.home, survey, invitation=invitation)
        again, is_new = answer(world.home, survey, invitation=invitation, submission_key="k-2")
        assert (again.id, is_new) == (first.id, False)


def test_attributes_are_frozen_as_they_were(world):
    with world.home.scope():
        world.home.chiara.attributes = {"plan": "gold"}
        survey = make_live_survey(world.home)
        response, _ = answer(world.home, survey)
        world.home.chiara.attributes = {"plan": "free"}
        world.home.chiara.save()
        response.refresh_from_db()
        assert response.attributes == {"plan": "gold"}


@pytest.mark.parametrize(
    ("template", "wrong"),
    [("touchpoint_nps", 11), ("touchpoint_csat", 0), ("touchpoint_ces", 8), ("touchpoint_ces", "")],
)
def test_score_beside_the_scale_is_refused(world, template, wrong):
    with world.home.scope():
        survey = make_live_survey(world.home, template)
        with pytest.raises(ValueError, match="whole number"):
            answer(world.home, survey, score=wrong)
        assert not Response.objects.exists()


def test_failing_receiver_does_not_cost_the_answer(world):
    @receiver(response_completed)
    def fail(**facts):
        raise RuntimeError("a bug upstairs")

    try:
        with world.home.scope():
            answer(world.home, make_live_survey(world.home))
        with world.home.scope():
            assert Response.objects.count() == 1
    finally:
        response_completed.disconnect(fail)


def test_batch_costs_two_statements_and_one_signal(world, told, django_assert_max_num_queries):
    with world.home.scope():
        survey = make_live_survey(world.home)
        instrument = instrument_of(survey)
        given = [Given(n % 11, NOON - timedelta(days=n), f"import:{n}", "import", verbatim="ok") for n in range(200)]
        told.clear()
        with django_assert_max_num_queries(12):  # the statement, and what receivers write once
            stored = record_responses(given, survey=survey, version=instrument, by=SYSTEM, at=NOON, is_audited=False)
        assert all(is_new for _, is_new in stored)
        assert [response.score for response, _ in stored] == [n % 11 for n in range(200)]
    assert len(told) == 1 and len(told[0]["days"]) == 200


def test_edit_changes_the_answer_and_says_so_without_the_words(world, told):
    with world.home.scope():
        survey = make_live_survey(world.home)
        response, _ = answer(world.home, survey)
        told.clear()
        later = NOON + timedelta(hours=23)
        assert edit_response(response, score=9, verbatim="All well", may_contact=False, by=SYSTEM, at=later)
        response.refresh_from_db()
        assert (response.score, response.group, response.has_verbatim) == (9, "promoter", True)
        assert (response.responded_at, response.edited_at, response.may_contact) == (NOON, later, False)
        assert verbatim_of(response) == "All well"
        line = AuditEntry.objects.get(verb="response.edited")
        assert line.details == {"changes": {"score": [3, 9], "may_contact": [None, False]}, "is_reworded": True}
        assert "All well" not in str(line.details)
    (facts,) = told
    assert not facts["is_new"] and {str(day) for day in facts["days"]} == {"2026-03-10"}


def test_edit_that_changes_nothing_leaves_no_trace(world, told):
    with world.home.scope():
        response, _ = answer(world.home, make_live_survey(world.home), verbatim="Late")
        told.clear()
        assert not edit_response(response, score="3", verbatim=" Late ", may_contact=None, by=SYSTEM, at=NOON)
        assert not AuditEntry.objects.filter(verb="response.edited").exists()
    assert not told


def test_edit_after_a_day_is_too_late(world):
    with world.home.scope():
        response, _ = answer(world.home, make_live_survey(world.home))
        with pytest.raises(EditedTooLate):
            edit_response(
                response, score=9, verbatim="", may_contact=None, by=SYSTEM, at=NOON + timedelta(hours=24, seconds=1)
            )


def test_verbatim_is_stored_without_what_the_database_cannot_hold():
    assert clean_verbatim("a\x00b\x07c\r\nd\te ") == "abc\nd\te"
