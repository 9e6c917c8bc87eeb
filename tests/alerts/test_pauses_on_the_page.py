"""Snoozing and waiting from the page and by the API: what is offered, what is refused, where it stands then."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from alerts.following_up import contact
from alerts.models import FollowUp
from alerts.pausing import snooze, wait_for_customer
from alerts.work.snoozing import snooze_offers
from tests.alerts.answering import open_follow_up
from tests.alerts.pages import client_of, do, queue
from tests.calling import Api, fields_of

BERLIN = ZoneInfo("Europe/Berlin")


def page(ground, follow_up) -> str:
    return client_of(ground.greta).get(ground.url(f"followups/{follow_up.number}/")).content.decode()


def numbers(ground, view: str) -> list[int]:
    return [row.number for row in queue(ground, query=f"?view={view}").context["page"]]


@pytest.mark.parametrize(
    ("at", "tomorrow", "next_week"),
    [
        # A Tuesday; a Friday, after which the week ends; a Sunday, whose next week is tomorrow.
        ("2026-03-10T10:00", "2026-03-11T09:00", "2026-03-16T09:00"),
        ("2026-03-13T10:00", "2026-03-16T09:00", "2026-03-16T09:00"),
        ("2026-03-15T10:00", "2026-03-16T09:00", "2026-03-16T09:00"),
        # Clocks change on 29 March; the morning stays nine o'clock.
        ("2026-03-27T10:00", "2026-03-30T09:00", "2026-03-30T09:00"),
    ],
)
def test_mornings_are_the_start_of_work(world, at, tomorrow, next_week):
    moment = datetime.fromisoformat(at).replace(tzinfo=BERLIN)
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        offers = snooze_offers(follow_up, at=moment)
    assert [f"{offer.moment.astimezone(BERLIN):%Y-%m-%dT%H:%M}" for offer in offers] == [tomorrow, next_week]


def test_no_moment_is_offered_that_the_policy_does_not_allow(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        follow_up.sla_policy.longest_pause_days = 2
        at = datetime(2026, 3, 10, 10, 0, tzinfo=BERLIN)
        assert [offer.key for offer in snooze_offers(follow_up, at=at)] == ["tomorrow"]


def test_snoozed_leaves_what_is_to_do_and_says_until_when(world):
    follow_up = open_follow_up(world.home)
    assert numbers(world.home, "unassigned") == [1]
    assert do(world.home, follow_up, "snooze", choice="tomorrow").status_code == 302
    assert (numbers(world.home, "unassigned"), numbers(world.home, "snoozed")) == ([], [1])
    assert "Snoozed until" in queue(world.home, query="?view=snoozed").content.decode()
    html = page(world.home, follow_up)
    assert "The clock goes on by itself" in html
    assert 'id="snooze"' not in html


def test_own_moment_is_read_in_the_organizations_zone(world):
    follow_up = open_follow_up(world.home)
    wall = (timezone.now().astimezone(BERLIN) + timedelta(days=3)).replace(hour=7, minute=30, second=0, microsecond=0)
    do(world.home, follow_up, "snooze", choice="own", own=f"{wall:%Y-%m-%dT%H:%M}")
    with world.home.scope():
        assert FollowUp.objects.get().resumes_at == wall


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("", "Choose a day and a time."),
        ("tomorrow", "Choose a day and a time."),
        ("9999-12-31T23:59", "At the latest"),
        ("0001-01-01T00:00", "Choose a"),
        ("2020-01-01T09:00", "still to come"),
    ],
)
def test_own_moment_that_cannot_be_is_refused_at_its_field(world, own, words):
    follow_up = open_follow_up(world.home)
    answer = do(world.home, follow_up, "snooze", choice="own", own=own)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with world.home.scope():
        assert FollowUp.objects.get().paused_at is None


def test_waiting_for_the_customer_and_going_on(world):
    follow_up = open_follow_up(world.home)
    told = page(world.home, follow_up)
    assert "Contact the customer first: reply, or log a contact." in told
    assert f"followups/{follow_up.number}/waiting/" not in told
    refused = do(world.home, follow_up, "waiting")
    assert refused.status_code == 422
    assert "Contact the customer first" in refused.content.decode()
    assert do(world.home, follow_up, "contact", way="phone", outcome="reached").status_code == 302
    assert "Contact the customer first" not in page(world.home, follow_up)
    assert do(world.home, follow_up, "waiting", version=2).status_code == 302
    assert numbers(world.home, "waiting") == [1]
    assert "Waiting for the customer since" in page(world.home, follow_up)
    assert do(world.home, follow_up, "waiting", version=3).status_code == 422
    assert do(world.home, follow_up, "resumption", version=3).status_code == 302
    assert (numbers(world.home, "waiting"), numbers(world.home, "unassigned")) == ([], [1])


def test_pausing_on_top_of_a_colleagues_change_is_a_conflict(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        snooze(follow_up, until=timezone.now() + timedelta(days=1), by=world.home.anton, at=timezone.now())
    answer = do(world.home, follow_up, "waiting")
    assert answer.status_code == 409
    assert "You saw version 1; it is at version 2 now" in answer.content.decode()


def test_history_says_since_when_and_until(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        contact(follow_up, way="phone", by=world.home.greta, at=timezone.now())
        wait_for_customer(follow_up, by=world.home.greta, at=timezone.now())
    assert "Waiting for the customer until <time" in page(world.home, follow_up)


def test_clocks_stand_still_and_go_on_by_the_api(world):
    follow_up, api = open_follow_up(world.home), Api(world.home)
    path = f"follow-ups/{follow_up.id}"
    until = (timezone.now() + timedelta(days=2)).isoformat()
    told = api.post(f"{path}/snooze", {"version": 1, "until": until}).json()
    assert (told["pause_reason"], told["next_due_at"]) == ("snoozed", None)
    assert [row["number"] for row in api.get("follow-ups", view="snoozed").json()["results"]] == [1]
    assert api.post(f"{path}/resumption", {"version": 2}).json()["pause_reason"] == ""
    refused = api.post(f"{path}/waiting", {"version": 3})
    assert fields_of(refused) == {"": "invalid"}
    assert "Contact the customer first" in refused.content.decode()
    assert api.post(f"{path}/contact", {"version": 3, "way": "phone"}).status_code == 200
    assert api.post(f"{path}/waiting", {"version": 4}).json()["pause_reason"] == "customer"
    assert fields_of(api.post(f"{path}/snooze", {"version": 5, "until": until})) == {"": "invalid"}
    assert fields_of(api.post(f"{path}/snooze", {"version": 5})) == {"until": "required"}
