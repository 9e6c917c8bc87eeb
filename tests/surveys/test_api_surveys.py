"""Surveys and invitations by the API."""

from uuid import uuid4

import pytest
from django.utils import timezone

from surveys.models import Invitation
from surveys.survey_templates import TEMPLATES
from surveys.versions import create_survey, pause
from tests.calling import Api, fields_of
from tests.surveys.listening import make_live_survey


@pytest.fixture
def survey(world):
    with world.home.scope():
        return make_live_survey(world.home)


@pytest.fixture
def api(world):
    return Api(world.home)


def test_a_survey_says_its_scale_question_and_version(world, api, survey):
    told = api.get(f"surveys/{survey.id}").json()
    assert (told["measure"], told["lowest_score"], told["highest_score"], told["version"]) == ("nps", 0, 10, 1)
    assert "?" in told["question"]
    assert told["languages"][0] == "en"
    assert told["touchpoint"] == str(world.home.delivery.id)


def test_a_survey_that_was_never_live_asks_nothing_yet(world, api, survey):
    with world.home.scope():
        create_survey(template=TEMPLATES["touchpoint_csat"], name="Draft", by=world.home.ana)
    (told,) = api.get("surveys", state="draft").json()["results"]
    assert (told["name"], told["version"], told["question"], told["highest_score"]) == ("Draft", None, None, 5)
    assert [row["name"] for row in api.get("surveys", state="live").json()["results"]] == ["After delivery"]


def test_a_customer_is_asked_now(world, api, survey):
    body = {"survey": str(survey.id), "customer": {"external_id": "C-1"}, "idempotency_key": "after-call-7"}
    first, second = api.post("invitations", body), api.post("invitations", body)
    assert (first.status_code, second.status_code) == (201, 200)
    told = first.json()
    assert told == second.json()
    assert (told["status"], told["reason"], told["customer"]) == ("planned", "planned", str(world.home.chiara.id))
    assert "wanted it" in told["reason_text"]
    with world.home.scope():
        assert Invitation.objects.count() == 1
    other = api.post("invitations", {**body, "customer": {"external_id": "C-2"}})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert api.get(f"invitations/{told['id']}").json() == told


def test_invitations_are_listed_by_filters(world, api, survey):
    for customer in ("C-1", "C-2"):
        api.post("invitations", {"survey": str(survey.id), "customer": {"external_id": customer}})

    def count(**query):
        return len(api.get("invitations", **query).json()["results"])

    assert (count(), count(status="planned"), count(status="sent")) == (2, 2, 0)
    assert (count(customer=str(world.home.karim.id)), count(survey=str(uuid4()))) == (1, 0)


def test_nobody_is_asked_by_a_paused_survey(world, api, survey):
    with world.home.scope():
        pause(survey, by=world.home.ana, at=timezone.now())
    answer = api.post("invitations", {"survey": str(survey.id), "customer": {"external_id": "C-1"}})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_live")


def test_an_ask_by_an_unknown_survey_is_refused(world, api):
    with world.other.scope():
        other = make_live_survey(world.other)
    answer = api.post("invitations", {"survey": str(other.id), "customer": {"external_id": "C-1"}})
    assert fields_of(answer) == {"survey": "unknown"}


def test_surveys_and_invitations_of_another_organization_are_not_found(world, api, survey):
    invitation = api.post("invitations", {"survey": str(survey.id), "customer": {"external_id": "C-1"}}).json()
    other = Api(world.other)
    assert other.get(f"surveys/{survey.id}").status_code == 404
    assert other.get(f"invitations/{invitation['id']}").status_code == 404
    assert other.get("surveys").json()["results"] == other.get("invitations").json()["results"] == []
