"""Calls and other contacts with their outcome: reaching the customer counts, trying does not."""

import pytest
from django.utils import timezone

from alerts.following_up import contact
from alerts.models import FollowUp, FollowUpEntry
from alerts.pausing import wait_for_customer
from alerts.states import IllegalMove
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
