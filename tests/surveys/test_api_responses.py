"""Adding and reading answers by the API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from alerts.models import Evaluation
from metrics.models import DirtyDay
from surveys.models import Answer, Response
from surveys.versions import pause
from tenancy.models import AuditEntry
from tests.calling import Api, fields_of
from tests.surveys.listening import make_live_survey

ABSENT = str(uuid4())


@pytest.fixture
def survey(world):
    with world.home.scope():
        return make_live_survey(world.home)


@pytest.fixture
def api(world):
    return Api(world.home)


def test_an_answer_is_stored_with_words_and_customer_and_goes_the_way_of_every_answer(world, api, survey):
    body = {
        "survey": str(survey.id),
        "score": 3,
        "customer": {"external_id": "C-1"},
        "verbatim": "Late, and broken.",
        "may_contact": True,
        "language": "en",
    }
    answer = api.post("responses", body)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["score"], told["group"], told["verbatim"]) == (3, "detractor", "Late, and broken.")
    assert told["customer"] == str(world.home.chiara.id)
    assert told["touchpoint"] == str(world.home.delivery.id)
    with world.home.scope():
        response = Response.objects.get(pk=told["id"])
        assert (response.channel, response.may_contact) == ("api", True)
        assert Answer.objects.filter(response=response).count() == 3
        assert Evaluation.objects.filter(response=response).exists()
        assert DirtyDay.objects.exists()
        entry = AuditEntry.objects.get(verb="response.recorded")
        assert (entry.actor_kind, entry.actor_id) == ("api_key", api.key.pk)
    assert api.get(f"responses/{told['id']}").json() == told


def test_an_answer_of_nobody_is_an_answer(api, survey):
    assert api.post("responses", {"survey": str(survey.id), "score": 10}).json()["customer"] is None


def test_an_unknown_customer_is_created(world, api, survey):
    told = api.post(
        "responses", {"survey": str(survey.id), "score": 9, "customer": {"email": "New@Shop.example", "name": "Nina"}}
    ).json()
    customer = api.get(f"customers/{told['customer']}").json()
    assert (customer["email"], customer["name"]) == ("New@Shop.example", "Nina")


def test_the_same_key_twice_is_one_answer(world, api, survey):
    body = {"survey": str(survey.id), "score": 9, "verbatim": "Good", "idempotency_key": "till-7/1"}
    first, second = api.post("responses", body), api.post("responses", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    other = api.post("responses", {**body, "score": 2})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    with world.home.scope():
        assert Response.objects.count() == 1


def test_old_answers_open_no_follow_up_when_told_so(world, api, survey):
    body = {"survey": str(survey.id), "score": 0, "responded_at": "2025-03-01T09:00:00+01:00", "raise_alerts": False}
    assert api.post("responses", body).json()["responded_at"] == "2025-03-01T08:00:00Z"
    with world.home.scope():
        assert not Evaluation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"score": 11}, "score", "max_value"),
        ({"score": None}, "score", "null"),
        ({"score": 4.5}, "score", "invalid"),
        ({"score": 10**30}, "score", "max_value"),
        ({"survey": ABSENT}, "survey", "unknown"),
        ({"survey": "7"}, "survey", "invalid"),
        ({"touchpoint": ABSENT}, "touchpoint", "unknown"),
        ({"customer": {"id": ABSENT}}, "customer.id", "unknown"),
        ({"customer": {}}, "customer", "missing"),
        ({"customer": {"email": "nowhere"}}, "customer.email", "invalid"),
        ({"customer": {"phone": "1"}}, "customer.phone", "unknown"),
        ({"responded_at": "2026-01-01T09:00:00"}, "responded_at", "naive"),
        ({"responded_at": "1969-01-01T09:00:00Z"}, "responded_at", "early"),
        ({"responded_at": "0001-01-01T00:00:00+14:00"}, "responded_at", "invalid"),
        ({"verbatim": "x" * 5001}, "verbatim", "max_length"),
        ({"verbatim": 5}, "verbatim", "invalid"),
        ({"colour": "red"}, "colour", "unknown"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(api, survey, changes, field, code):
    assert fields_of(api.post("responses", {"survey": str(survey.id), "score": 5, **changes})) == {field: code}


def test_an_answer_from_the_future_is_refused(api, survey):
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    body = {"survey": str(survey.id), "score": 5, "responded_at": later}
    assert fields_of(api.post("responses", body)) == {"responded_at": "future"}


def test_a_score_must_be_on_the_scale_of_its_survey(world, api):
    with world.home.scope():
        csat = make_live_survey(world.home, template="touchpoint_csat", name="CSAT")
    assert fields_of(api.post("responses", {"survey": str(csat.id), "score": 0})) == {"score": "off_scale"}
    assert api.post("responses", {"survey": str(csat.id), "score": 5}).json()["group"] == "promoter"


def test_a_paused_survey_takes_no_answers(world, api, survey):
    with world.home.scope():
        pause(survey, by=world.home.ana, at=timezone.now())
    assert fields_of(api.post("responses", {"survey": str(survey.id), "score": 5})) == {"survey": "not_live"}


def test_a_survey_and_a_customer_of_another_organization_are_unknown(world, api, survey):
    with world.other.scope():
        other = make_live_survey(world.other)
    assert fields_of(api.post("responses", {"survey": str(other.id), "score": 5})) == {"survey": "unknown"}
    body = {"survey": str(survey.id), "score": 5, "customer": {"id": str(world.other.chiara.id)}}
    assert fields_of(api.post("responses", body)) == {"customer.id": "unknown"}


def test_a_batch_says_of_each_answer_what_became_of_it(world, api, survey):
    good = {"survey": str(survey.id), "score": 8, "idempotency_key": "a", "customer": {"external_id": "C-9"}}
    wrong = [{"survey": str(survey.id), "score": 70}, {**good, "survey": ABSENT}, "no object"]
    answer = api.post("responses/batch", {"responses": [good, *wrong, {**good}, {**good, "score": 1}]})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["created"], told["unchanged"], told["refused"]) == (1, 1, 4)
    states = [(item["status"], [(e["field"], e["code"]) for e in item["errors"]]) for item in told["results"]]
    assert states == [
        ("created", []),
        ("refused", [("score", "max_value")]),
        ("refused", [("survey", "unknown")]),
        ("refused", [("", "invalid")]),
        ("unchanged", []),
        ("refused", [("idempotency_key", "reused")]),
    ]
    assert told["results"][0]["id"] == told["results"][4]["id"]
    with world.home.scope():
        assert Response.objects.count() == 1


def test_a_thousand_answers_are_one_call_of_few_statements(world, api, survey, django_assert_max_num_queries):
    batch = [
        {"survey": str(survey.id), "score": n % 11, "customer": {"external_id": f"B-{n}"}, "verbatim": f"Words {n}"}
        for n in range(1000)
    ]
    with django_assert_max_num_queries(30):
        told = api.post("responses/batch", {"responses": batch}).json()
    assert told["created"] == 1000
    refused = api.post("responses/batch", {"responses": [*batch, batch[0]]})
    assert fields_of(refused) == {"responses": "invalid"}


def test_a_batch_told_again_changes_nothing_and_stays_cheap(world, api, survey, django_assert_max_num_queries):
    batch = [{"survey": str(survey.id), "score": n % 11, "idempotency_key": f"k{n}"} for n in range(200)]
    first = api.post("responses/batch", {"responses": batch}).json()
    with django_assert_max_num_queries(25):
        second = api.post("responses/batch", {"responses": batch}).json()
    assert (second["created"], second["unchanged"]) == (0, 200)
    assert [item["id"] for item in first["results"]] == [item["id"] for item in second["results"]]


def test_answers_are_listed_by_filters(world, api, survey):
    for score, customer in ((2, "C-1"), (9, "C-2"), (10, "C-2")):
        api.post("responses", {"survey": str(survey.id), "score": score, "customer": {"external_id": customer}})

    def scores(**query):
        return [row["score"] for row in api.get("responses", **query).json()["results"]]

    assert scores() == [10, 9, 2]
    assert scores(group="detractor") == [2]
    assert scores(customer=str(world.home.karim.id)) == [10, 9]
    assert scores(survey=ABSENT) == []
    assert scores(responded_before="2020-01-01T00:00:00Z") == []
    assert scores(has_verbatim="true") == []
    assert fields_of(api.get("responses", colour="red")) == {"colour": "unknown"}
    assert fields_of(api.get("responses", page_size=0)) == {"page_size": "min_value"}
    assert api.get(f"responses/{ABSENT}").status_code == 404
