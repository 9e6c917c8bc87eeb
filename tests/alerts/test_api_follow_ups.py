"""Follow-ups by the API: the queue, and every move of the loop."""

from uuid import uuid4

import pytest

from alerts.models import FollowUp
from tenancy.models import AuditEntry
from tests.alerts.answering import open_follow_up
from tests.calling import Api, fields_of


@pytest.fixture
def api(world):
    return Api(world.home)


@pytest.fixture
def follow_up(world):
    return open_follow_up(world.home)


def test_the_loop_is_walked_by_the_api(world, api, follow_up):
    path = f"follow-ups/{follow_up.id}"
    told = api.get(path).json()
    assert (told["state"], told["version"], told["score"], told["owner"]) == ("open", 1, 3, None)
    told = api.post(f"{path}/owner", {"version": 1, "owner": world.home.greta.email.upper()}).json()
    assert told["owner"] == {"id": str(world.home.greta.id), "name": "Greta Northwind", "email": world.home.greta.email}
    assert api.post(f"{path}/acknowledgement", {"version": 2}).json()["state"] == "acknowledged"
    told = api.post(f"{path}/contact", {"version": 3, "way": "phone", "text": "Apologised"}).json()
    assert (told["state"], bool(told["first_contacted_at"])) == ("contacted", True)
    resolved = {"version": 4, "outcome": "recovered", "root_cause": "delivery.late", "text": "Sent again"}
    told = api.post(f"{path}/resolution", resolved).json()
    assert (told["state"], told["outcome"], told["next_due_at"]) == ("resolved", "recovered", None)
    told = api.post(f"{path}/closure", {"version": 5, "text": "They have it"}).json()
    assert (told["state"], told["closing"]) == ("closed", "told")
    told = api.post(f"{path}/reopening", {"version": 6, "text": "Happened again"}).json()
    assert (told["state"], told["version"], told["outcome"]) == ("open", 7, "")
    assert api.post(f"{path}/notes", {"text": "Told the depot"}).status_code == 201
    history = api.get(f"{path}/entries").json()["results"]
    assert [entry["text"] for entry in history if entry["text"]] == [
        "Told the depot",
        "Happened again",
        "They have it",
        "Sent again",
        "Apologised",
    ]
    assert {entry["by"] for entry in history} == {"CXM", str(api.key)}  # we opened it, the key did the rest
    with world.home.scope():
        assert AuditEntry.objects.filter(verb="follow_up.closed", actor_kind="api_key", actor_id=api.key.pk).exists()


def test_a_stale_version_is_a_conflict_with_both_versions_and_what_happened(api, follow_up):
    path = f"follow-ups/{follow_up.id}"
    api.post(f"{path}/acknowledgement", {"version": 1})
    answer = api.post(f"{path}/contact", {"version": 1, "way": "phone"})
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    problem = answer.json()
    assert (problem["code"], problem["seen"], problem["current"]) == ("stale_version", 1, 2)
    assert (problem["follow_up"]["state"], problem["follow_up"]["version"]) == ("acknowledged", 2)
    assert [change["to_state"] for change in problem["changes"]] == ["acknowledged"]


def test_a_move_that_is_not_allowed_is_a_conflict_and_changes_nothing(world, api, follow_up):
    answer = api.post(f"follow-ups/{follow_up.id}/closure", {"version": 1, "text": "They know"})
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "illegal_move", "open")
    with world.home.scope():
        assert FollowUp.objects.get(pk=follow_up.pk).version == 1


def test_the_loop_is_not_closed_before_the_customer_was_told(api, follow_up):
    path = f"follow-ups/{follow_up.id}"
    api.post(f"{path}/resolution", {"version": 1, "outcome": "explained", "root_cause": "price", "text": "So it is"})
    answer = api.post(f"{path}/closure", {"version": 2, "text": "They know"})
    assert answer.status_code == 409
    assert "Tell the customer first" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("deed", "body", "field"),
    [
        ("acknowledgement", {}, "version"),
        ("acknowledgement", {"version": 0}, "version"),
        ("acknowledgement", {"version": 2**40}, "version"),
        ("contact", {"version": 1, "way": "pigeon"}, "way"),
        ("resolution", {"version": 1, "outcome": "recovered", "text": "Done"}, "root_cause"),
        ("resolution", {"version": 1, "outcome": "unreachable", "root_cause": "other"}, "text"),
        ("resolution", {"version": 1, "outcome": "lost", "root_cause": "weather", "text": "Rain"}, ""),
        ("closure", {"version": 1, "closing": "maybe", "text": "They know"}, "closing"),
        ("closure", {"version": 1}, "text"),
        ("owner", {"version": 1, "owner": "nobody@northwind.example"}, "owner"),
        ("owner", {"version": 1, "owner": "ana@eastwood.example"}, "owner"),
        ("owner", {"version": 1, "owner": "victor@northwind.example"}, ""),
        ("notes", {"text": " "}, "text"),
        ("notes", {"text": "x", "version": 1}, "version"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(api, follow_up, deed, body, field):
    assert list(fields_of(api.post(f"follow-ups/{follow_up.id}/{deed}", body))) == [field]


def test_the_queue_is_read_by_view_state_and_customer(world, api, follow_up):
    def numbers(**query):
        answer = api.get("follow-ups", **query)
        assert answer.status_code == 200, answer.content
        return [row["number"] for row in answer.json()["results"]]

    one = [follow_up.number]
    assert numbers() == numbers(view="overdue") == numbers(view="unassigned") == numbers(state="open") == one
    assert numbers(view="closed") == numbers(view="waiting") == numbers(view="due_today") == []
    assert (numbers(customer=str(world.home.chiara.id)), numbers(customer=str(world.home.karim.id))) == (one, [])
    assert fields_of(api.get("follow-ups", view="mine")) == {"view": "invalid_choice"}


def test_a_follow_up_of_another_organization_is_not_found(world, follow_up):
    other = Api(world.other)
    for path in (f"follow-ups/{follow_up.id}", f"follow-ups/{follow_up.id}/entries"):
        assert other.get(path).status_code == 404
    assert other.post(f"follow-ups/{follow_up.id}/acknowledgement", {"version": 1}).status_code == 404
    assert other.get(f"follow-ups/{uuid4()}").status_code == 404
