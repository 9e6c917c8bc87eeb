"""Watching a follow-up, naming colleagues in notes, and seeing who else has it open."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from alerts.following_up import acknowledge, assign
from alerts.models import FollowUp, Notification, Watcher
from alerts.work.mention_text import in_parts, names_in
from alerts.work.watching import watch
from tests.alerts.answering import evaluate, give_answers, open_follow_up
from tests.alerts.pages import client_of, do
from tests.calling import Api, fields_of


def told(ground, person: str) -> list[tuple[str, str]]:
    with ground.scope():
        rows = Notification.objects.filter(user=getattr(ground, person), event__in=["mentioned", "watched_changed"])
        return [(row.event, row.title) for row in rows.order_by("id")]


def page(ground, person: str = "greta") -> str:
    return client_of(getattr(ground, person)).get(ground.url("followups/1/")).content.decode()


def test_watchers_hear_of_changes_of_others_and_not_of_their_own(world):
    follow_up = open_follow_up(world.home)
    for person in ("greta", "victor"):
        assert do(world.home, follow_up, "watching", person).status_code == 302
    do(world.home, follow_up, "acknowledgement")
    assert told(world.home, "victor") == [("watched_changed", "Follow-up 1: Acknowledged, Greta Northwind")]
    assert told(world.home, "greta") == []
    assert "Watched by" in page(world.home)


def test_who_stops_watching_hears_nothing_more(world):
    follow_up = open_follow_up(world.home)
    do(world.home, follow_up, "watching", "victor")
    do(world.home, follow_up, "unwatching", "victor")
    do(world.home, follow_up, "acknowledgement")
    assert told(world.home, "victor") == []


def test_watchers_hear_that_the_customer_answered_again(world):
    follow_up = open_follow_up(world.home, at=timezone.now() - timedelta(hours=2))
    with world.home.scope():
        watch(follow_up, user=world.home.victor, by=world.home.victor, at=timezone.now())
    give_answers(world.home, 1, at=timezone.now() - timedelta(hours=1), customer=world.home.chiara)
    evaluate(world.home)
    assert [title for _, title in told(world.home, "victor")] == [
        "Follow-up 1: The customer answered again: score 1, CXM"
    ]


def test_new_owner_who_watches_is_not_told_twice(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        watch(follow_up, user=world.home.greta, by=world.home.greta, at=timezone.now())
        assign(follow_up, owner=world.home.greta, by=world.home.ana, at=timezone.now())
    assert told(world.home, "greta") == []


def test_who_is_named_in_a_note_is_told_and_watches(world):
    follow_up = open_follow_up(world.home)
    text = "@Anton Northwind please call. <b>Not bold</b>"
    assert do(world.home, follow_up, "notes", text=text).status_code == 302
    assert told(world.home, "anton") == [("mentioned", "Greta Northwind mentioned you in follow-up 1")]
    html = page(world.home)
    assert '<b class="mention">@Anton Northwind</b> please call. &lt;b&gt;Not bold&lt;/b&gt;' in html
    with world.home.scope():
        assert [row.user for row in Watcher.objects.all()] == [world.home.anton]


def test_people_are_ticked_where_there_is_no_script(world):
    follow_up = open_follow_up(world.home)
    do(world.home, follow_up, "notes", text="Please look", people=[world.home.anton.pk, world.home.greta.pk])
    assert [event for event, _ in told(world.home, "anton")] == ["mentioned"]
    assert told(world.home, "greta") == []  # one's own name tells nobody


def test_nobody_of_another_organization_can_be_named(world):
    follow_up = open_follow_up(world.home)
    stranger = world.other.ana
    assert do(world.home, follow_up, "notes", text="Look", people=[stranger.pk]).status_code == 422
    do(world.home, follow_up, "notes", text=f"@{stranger} look")
    with world.home.scope():
        assert not Notification.objects.filter(user=stranger).exists()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Ana", {"ana"}),
        ("@ana, look", {"ana"}),
        ("@Ana Maria look", {"ana maria"}),
        ("(@Ana)", {"ana"}),
        ("mail@Ana", set()),
        ("@Anabel", set()),
        ("@@Ana", set()),
        ("@كريم", {"كريم"}),
        ("Ana", set()),
    ],
)
def test_names_after_an_at_sign(text, names):
    people = {"ana", "ana maria", "كريم"}
    assert names_in(text, people) == names
    assert "".join(part for part, _ in in_parts(text, people)) == text


def test_page_says_who_else_has_it_open(world):
    open_follow_up(world.home)
    cache.clear()
    assert "viewing" not in page(world.home, "anton")
    html = page(world.home)
    assert "Anton Northwind</bdi> is viewing" in html
    answer = client_of(world.home.greta).post(world.home.url("followups/1/presence/"), {"version": 1})
    assert "is viewing" in answer.content.decode()


def test_poll_says_that_somebody_changed_it(world):
    follow_up = open_follow_up(world.home)
    client, address = client_of(world.home.greta), world.home.url("followups/1/presence/")
    assert "Somebody changed this" not in client.post(address, {"version": 1}).content.decode()
    with world.home.scope():
        acknowledge(follow_up, by=world.home.anton, at=timezone.now())
    html = client.post(address, {"version": 1}).content.decode()
    assert "Somebody changed this" in html
    assert 'value="1"' in html
    assert client.post(address, {"version": "x"}).status_code == 200


def test_without_redis_nobody_is_seen_and_nothing_fails(world, settings):
    open_follow_up(world.home)
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    assert "viewing" not in page(world.home)
    assert client_of(world.home.greta).post(world.home.url("followups/1/presence/"), {"version": 1}).status_code == 200


def test_priority_and_tags_are_changed_from_the_page(world):
    follow_up = open_follow_up(world.home)
    do(world.home, follow_up, "priority", priority="urgent")
    do(world.home, follow_up, "tags", version=2, tags=" vip ,depot  4, vip")
    do(world.home, follow_up, "tags", version=3, tags="vip")
    with world.home.scope():
        row = FollowUp.objects.get()
        assert (row.priority, row.tags) == ("urgent", ["vip"])
    html = page(world.home)
    for words in ("Priority changed from normal to urgent", "Tags added vip, depot 4", "Tags removed depot 4"):
        assert words in html
    assert do(world.home, follow_up, "tags", version=4, tags="x" * 41).status_code == 422
    assert do(world.home, follow_up, "priority", version=4, priority="urgent").status_code == 422


def test_watching_and_mentions_by_the_api(world):
    follow_up, api = open_follow_up(world.home), Api(world.home)
    path = f"follow-ups/{follow_up.id}"
    told_of = api.post(f"{path}/watchers", {"person": world.home.anton.email.upper()}).json()
    assert [person["name"] for person in told_of] == ["Anton Northwind"]
    assert api.post(f"{path}/notes", {"text": "Look", "mentions": [world.home.greta.email]}).status_code == 201
    assert [event for event, _ in told(world.home, "greta")] == ["mentioned"]
    assert [event for event, _ in told(world.home, "anton")] == ["watched_changed"]
    assert api.post(f"{path}/watchers", {"person": world.home.anton.email, "watches": False}).status_code == 200
    assert [person["name"] for person in api.get(f"{path}/watchers").json()] == ["Greta Northwind"]
    stranger = {"person": world.other.ana.email}
    assert fields_of(api.post(f"{path}/watchers", stranger)) == {"person": "unknown"}
    assert api.post(f"{path}/priority", {"version": 1, "priority": "low"}).json()["priority"] == "low"
    assert api.post(f"{path}/tags", {"version": 2, "add": ["vip"]}).json()["tags"] == ["vip"]
    assert [row["number"] for row in api.get("follow-ups", tag="vip", priority="low").json()["results"]] == [1]
    assert api.get("follow-ups", tag="other").json()["results"] == []
