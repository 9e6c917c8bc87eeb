"""Calls and other contacts with their outcome: reaching the customer counts, trying does not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from alerts.breaches import note_batch
from alerts.following_up import contact
from alerts.models import FollowUp, FollowUpEntry, SlaBreach, Team
from alerts.pausing import wait_for_customer
from alerts.states import IllegalMove
from customers.models import Customer
from tests.alerts.access import a_follow_up
from tests.alerts.answering import open_follow_up
from tests.alerts.pages import client_of, do
from tests.calling import Api, fields_of


@pytest.mark.parametrize("outcome", ["left_message", "no_answer", "wrong_number"])
def test_attempt_is_kept_and_stops_no_clock(world, outcome):
    follow_up = open_follow_up(world.home)
    assert do(world.home, follow_up, "contact", way="phone", outcome=outcome).status_code == 302
    with world.home.scope():
        follow_up = FollowUp.objects.get()
        assert (follow_up.state, follow_up.first_contacted_at, follow_up.version) == ("open", None, 2)
        entry = follow_up.entries.get(kind=FollowUpEntry.Kind.ATTEMPT)
        assert (entry.details["way"], entry.details["outcome"]) == ("phone", outcome)


def test_reaching_the_customer_after_attempts_is_the_first_contact(world):
    follow_up = open_follow_up(world.home)
    do(world.home, follow_up, "contact", way="phone", outcome="no_answer")
    do(world.home, follow_up, "contact", version=2, way="phone", outcome="reached", text="Apologised")
    with world.home.scope():
        follow_up = FollowUp.objects.get()
        assert follow_up.state == "contacted"
        assert follow_up.first_contacted_at
    html = client_of(world.home.greta).get(world.home.url("followups/1/")).content.decode()
    assert "Tried to get in touch. Phone: no answer" in html
    assert "Contacted: phone" in html


def test_something_else_says_what(world):
    follow_up = open_follow_up(world.home)
    assert do(world.home, follow_up, "contact", way="phone", outcome="other").status_code == 422
    assert do(world.home, follow_up, "contact", way="phone", outcome="other", text="Calls back").status_code == 302


def test_attempt_lets_a_clock_stand_still_and_a_contact_does_not(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        contact(follow_up, way="mail", by=world.home.greta, at=timezone.now())
        wait_for_customer(follow_up, by=world.home.greta, at=timezone.now())
        contact(follow_up, way="phone", outcome="no_answer", by=world.home.greta, at=timezone.now())
        assert follow_up.paused_at
        contact(follow_up, way="phone", by=world.home.greta, at=timezone.now())
        assert follow_up.paused_at is None


def test_nobody_tries_where_the_loop_is_closed(world):
    with world.home.scope():
        follow_up = a_follow_up(world.home)
        FollowUp.objects.update(state="closed")
        with pytest.raises(IllegalMove):
            contact(follow_up, way="phone", outcome="no_answer", by=world.home.greta, at=timezone.now())
        assert not FollowUpEntry.objects.filter(kind=FollowUpEntry.Kind.ATTEMPT).exists()


def test_attempts_by_the_api(world):
    follow_up, api = open_follow_up(world.home), Api(world.home)
    path = f"follow-ups/{follow_up.id}/contact"
    told = api.post(path, {"version": 1, "way": "phone", "outcome": "left_message"}).json()
    assert (told["state"], told["first_contacted_at"], told["version"]) == ("open", None, 2)
    assert fields_of(api.post(path, {"version": 2, "way": "phone", "outcome": "maybe"})) == {
        "outcome": "invalid_choice"
    }
    assert api.post(path, {"version": 2, "way": "phone"}).json()["state"] == "contacted"


def wall(moment) -> str:
    """As the browser's field says it, in Berlin."""
    return f"{moment.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%dT%H:%M}"


def test_a_call_that_is_written_down_late_counts_from_when_it_was(world):
    opened_at = timezone.now() - timedelta(days=9)
    follow_up = open_follow_up(world.home, at=opened_at)
    with world.home.scope():
        FollowUp.objects.update(opened_at=opened_at, first_contact_due_at=opened_at + timedelta(days=2))
    note_batch(world.home.organization.id, at=timezone.now())
    called_at = opened_at + timedelta(days=1)
    values = {"way": "phone", "outcome": "reached", "happened_at": wall(called_at)}
    assert do(world.home, follow_up, "contact", **values).status_code == 302
    with world.home.scope():
        row = FollowUp.objects.get()
        assert abs(row.first_contacted_at - called_at) < timedelta(minutes=1)
        assert not SlaBreach.objects.filter(promise="first_contact").exists()
        entry = row.entries.get(details__has_key="happened_at")
        assert datetime.fromisoformat(entry.details["happened_at"]) == row.first_contacted_at
        assert timezone.now() - entry.at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "This is still to come."), (-30, "That was before the follow-up opened.")],
)
def test_a_call_is_neither_to_come_nor_older_than_its_follow_up(world, days, words):
    follow_up = open_follow_up(world.home)
    values = {"way": "phone", "outcome": "reached", "happened_at": wall(timezone.now() + timedelta(days=days))}
    refused = do(world.home, follow_up, "contact", **values)
    assert refused.status_code == 422 and words in refused.content.decode()
    assert do(world.home, follow_up, "contact", **values | {"happened_at": "soon"}).status_code == 422


def test_team_and_language_stand_on_the_page(world):
    follow_up = open_follow_up(world.home, customer=world.home.karim)
    with world.home.scope():
        Customer.objects.filter(pk=world.home.karim.pk).update(language="ar")
        FollowUp.objects.update(team=Team.objects.create(name="Night shift"))
    html = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "<dt>Language</dt><dd>Arabic</dd>" in html
    assert "Night shift" in html
