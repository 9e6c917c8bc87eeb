"""Watching a follow-up, naming colleagues in notes, and seeing who else has it open."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from alerts.breaches import note_batch as note_breaches
from alerts.escalation.escalating import escalate_batch
from alerts.following_up import acknowledge, assign, close_loop, contact, resolve
from alerts.joining import add_reasons
from alerts.models import Alert, FollowUp, Notification, Watcher
from alerts.pausing import resume_batch, snooze
from alerts.work.mention_text import in_parts, names_in
from alerts.work.noting import note
from alerts.work.watching import watch
from surveys.responding import edit_response
from tenancy.audit import SYSTEM
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
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


def heard(ground, person: str) -> list[str]:
    """The titles of everything a person was told of follow-up 1, but that it became theirs."""
    with ground.scope():
        rows = Notification.objects.filter(user=getattr(ground, person), follow_up__number=1).exclude(event="assigned")
        return list(rows.exclude(event="opened").order_by("id").values_list("title", flat=True))


def owned(ground, *, watches: bool = False, at=None) -> FollowUp:
    """Greta's, since just now."""
    follow_up = open_follow_up(ground, at=at or timezone.now() - timedelta(hours=2))
    with ground.scope():
        assign(follow_up, owner=ground.greta, by=ground.ana, at=timezone.now())
        if watches:
            watch(follow_up, user=ground.greta, by=ground.greta, at=timezone.now())
    return follow_up


@pytest.mark.parametrize("watches", [False, True])
def test_owners_hear_once_what_colleagues_do_to_theirs(world, watches):
    home, follow_up = world.home, owned(world.home, watches=watches)
    with home.scope():
        note(follow_up, text="They rang me", by=home.anton, at=timezone.now())
        contact(follow_up, way="phone", by=home.greta, at=timezone.now())
        resolve(follow_up, outcome="recovered", root_cause="price", text="Ok", by=home.anton, at=timezone.now())
        close_loop(follow_up, closing="told", text="By phone", by=home.anton, at=timezone.now())
        assign(follow_up, owner=home.anton, text="Mine", by=home.anton, at=timezone.now())
    assert heard(home, "greta") == [
        "Follow-up 1: Note, Anton Northwind",
        "Follow-up 1: Resolved: customer satisfied. Cause: price or invoice, Anton Northwind",
        "Follow-up 1: Loop closed, Anton Northwind",
        "Follow-up 1 is Anton Northwind's now",
    ]
    assert heard(home, "anton") == []


def test_owners_hear_that_a_wait_is_over(world):
    home, follow_up = world.home, owned(world.home)
    with home.scope():
        snooze(follow_up, until=timezone.now() + timedelta(hours=1), by=home.greta, at=timezone.now())
    resume_batch(home.organization.id, at=timezone.now() + timedelta(hours=2))
    assert heard(home, "greta") == ["Follow-up 1: The clock goes on, CXM"]


def test_owner_who_watches_hears_once_that_the_customer_answered_again(world):
    owned(world.home, watches=True)
    give_answers(world.home, 1, at=timezone.now() - timedelta(hours=1), customer=world.home.chiara)
    evaluate(world.home)
    assert len(heard(world.home, "greta")) == 1


def test_watchers_hear_of_broken_promises_and_escalations_and_nobody_twice(world):
    home, follow_up = world.home, owned(world.home, watches=True, at=TUESDAY)
    with home.scope():
        watch(follow_up, user=home.victor, by=home.victor, at=TUESDAY)
        late = follow_up.first_contact_due_at + timedelta(seconds=1)
    note_breaches(home.organization.id, at=late)
    escalate_batch(home.organization.id, at=late)
    titles = heard(home, "victor")
    assert "Follow-up 1: Overdue: first contact, CXM" in titles
    assert len([title for title in heard(home, "greta") if "verdue" in title]) == 1
    with home.scope():
        keys = list(Notification.objects.filter(user=home.victor).values_list("dedupe_key", flat=True))
        assert len(keys) == len(set(keys))


def test_watchers_hear_of_edited_answers_and_new_reasons(world):
    home = world.home
    follow_up = open_follow_up(home, at=timezone.now() - timedelta(hours=2))
    with home.scope():
        watch(follow_up, user=home.victor, by=home.victor, at=timezone.now())
        edited_at = timezone.now() - timedelta(minutes=90)
        edit_response(follow_up.response, score=1, verbatim="", may_contact=True, by=SYSTEM, at=edited_at)
    evaluate(home)
    assert [title for _, title in told(home, "victor")] == [
        "Follow-up 1: Customer changed the score from 3 to 1, Customer"
    ]
    with home.scope():
        alert = Alert.objects.select_related("rule").first()
        add_reasons([(follow_up, alert)], at=timezone.now())
    assert len(told(home, "victor")) == 2


def test_who_has_it_open_has_read_what_was_told_of_it(world):
    owned(world.home)
    client = client_of(world.home.greta)
    client.get(world.home.url("followups/1/"))
    assert "unread" in client.get(world.home.url("notifications/bell/")).content.decode()
    client.post(world.home.url("followups/1/presence/"), {"version": "1"})
    assert "unread" not in client.get(world.home.url("notifications/bell/")).content.decode()


def test_of_two_of_one_name_a_note_says_which(world):
    home, follow_up = world.home, open_follow_up(world.home)
    type(home.anton).objects.filter(pk=home.victor.pk).update(name=home.anton.name)
    refused = do(home, follow_up, "notes", text="@Anton Northwind look")
    assert refused.status_code == 422
    assert "Several people are called Anton Northwind: tick the one you mean" in refused.content.decode()
    assert do(home, follow_up, "notes", text=f"@Anton Northwind ({home.victor.email}) look").status_code == 302
    assert [event for event, _ in told(home, "victor")] == ["mentioned"]
    assert told(home, "anton") == []
    assert do(home, follow_up, "notes", text="@Anton Northwind look", people=[home.anton.pk]).status_code == 302
    assert [event for event, _ in told(home, "anton")] == ["mentioned"]


def test_an_open_page_hears_of_a_note_of_a_colleague(world):
    home, follow_up = world.home, open_follow_up(world.home)
    client, seen = client_of(home.greta), {"version": "1", "notes": "0"}
    assert 'name="notes" value="0"' in page(home)
    address = home.url("followups/1/presence/")
    assert "Somebody changed this" not in client.post(address, seen).content.decode()
    with home.scope():
        note(follow_up, text="They rang", by=home.anton, at=timezone.now())
    assert "Somebody changed this" in client.post(address, seen).content.decode()


def test_what_is_merged_is_given_to_nobody(world):
    follow_up = open_follow_up(world.home)
    other = open_follow_up(world.home, customer=world.home.karim)
    with world.home.scope():
        FollowUp.objects.filter(pk=follow_up.pk).update(state="merged", merged_into=other)
        with pytest.raises(ValueError, match="merged into another"):
            assign(follow_up, owner=world.home.greta, by=world.home.ana, at=timezone.now())
