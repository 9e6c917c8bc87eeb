"""Admins set promised times and working hours, and see what they mean before they save."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from alerts.models import FollowUp, SlaPolicy
from alerts.notices import moment_words
from tenancy.models import AuditEntry, Organization
from tests.alerts.answering import open_follow_up
from tests.alerts.pages import client_of

WEEK = {
    "monday": "9-12:30, 13.30–17",
    "tuesday": "09:00-17:00",
    "wednesday": "09:00 to 17:00",
    "thursday": "",
    "friday": "",
    "saturday": "",
    "sunday": "",
}
PROMISES = {"first_contact_hours": "4", "resolution_days": "2"}


def post(ground, **values):
    return client_of(ground.ana).post(ground.url("settings/sla/"), {**PROMISES, **WEEK, **values})


def stored(ground) -> tuple[SlaPolicy, dict]:
    with ground.scope():
        return SlaPolicy.objects.get(name="Standard"), Organization.objects.get(pk=ground.organization.pk).working_hours


def test_saved_times_hold_for_follow_ups_from_now_on(world):
    before = open_follow_up(world.home)
    assert post(world.home).status_code == 302
    policy, hours = stored(world.home)
    assert (policy.first_contact_hours, policy.resolution_days) == (4, 2)
    assert hours["1"] == [["09:00", "12:30"], ["13:30", "17:00"]]
    assert (hours["3"], hours["4"]) == ([["09:00", "17:00"]], [])
    with world.home.scope():
        before.refresh_from_db()
        assert AuditEntry.objects.get(verb="sla_policy.changed").details["first_contact_hours"] == 4
    after = open_follow_up(world.home)
    assert after.first_contact_due_at < before.first_contact_due_at


def test_preview_says_what_it_means_and_saves_nothing(world):
    answer = post(world.home, preview="1")
    assert "An answer that comes in now is due for first contact by" in answer.content.decode()
    assert 'value="4"' in answer.content.decode()
    assert stored(world.home)[0].first_contact_hours == 24


def test_example_and_words_go_by_the_clock_of_the_policy(world):
    home = world.home
    with home.scope():
        SlaPolicy.objects.filter(name="Standard").update(is_wall_clock=True)
    before = timezone.now()
    html = post(home, preview="1").content.decode()
    assert "counts every hour of every day" in html
    assert "First contact within (hours)" in html
    zone = ZoneInfo(home.organization.time_zone)
    said = {moment_words(moment + timedelta(hours=4), zone) for moment in (before, timezone.now())}
    assert any(words in html for words in said)


def test_new_working_hours_move_the_steps_of_what_is_open(world):
    follow_up = open_follow_up(world.home)
    before = timezone.now()
    post(world.home)
    with world.home.scope():
        assert before <= FollowUp.objects.get(pk=follow_up.pk).escalates_at <= timezone.now()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"monday": "17:00-09:00"}, "must be after its start"),
        ({"monday": "9 to five"}, "must be a time from 00:00 to 24:00"),
        ({"monday": "09:00"}, "must have a start and an end"),
        ({"monday": "9-13, 12-17"}, "must not be before the end of the span before"),
        ({"first_contact_hours": "0"}, "greater than or equal to 1"),
        ({"resolution_days": "0"}, "greater than or equal to 1"),
        (dict.fromkeys(WEEK, ""), "needs at least one day"),
    ],
)
def test_hours_that_cannot_be_kept_come_back_with_the_rule(world, values, said):
    answer = post(world.home, **values)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert stored(world.home)[0].first_contact_hours == 24
