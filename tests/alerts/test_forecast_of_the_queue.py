"""The queue says how many follow-ups will break a promise today, and leads to them."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from alerts.models import FollowUp
from alerts.pausing import snooze
from alerts.queue_page import day_of
from tests.alerts.answering import evaluate, give_answers
from tests.alerts.pages import queue


def counted(ground, at: datetime) -> int:
    with ground.scope():
        day = day_of(ground.organization, at)
        return FollowUp.objects.count_views(user=ground.greta, at=at, day=day)["breaching"]


def test_only_promises_that_run_and_end_today_are_counted(world):
    home = world.home
    # Eleven at night in Berlin: today ends in an hour, while in UTC it has two more.
    now = datetime(2026, 7, 1, 21, tzinfo=UTC)
    give_answers(home, *[1] * 6)
    evaluate(home)
    times = [
        # first contact, resolution
        (timedelta(minutes=30), timedelta(days=2)),
        (timedelta(hours=-3), timedelta(minutes=50)),
        (timedelta(minutes=61), timedelta(days=2)),
        (timedelta(hours=-3), timedelta(days=2)),
        (timedelta(minutes=30), timedelta(days=2)),
        (timedelta(minutes=30), timedelta(minutes=40)),
    ]
    with home.scope():
        rows = list(FollowUp.objects.order_by("number"))
        for row, (contact, resolution) in zip(rows, times, strict=True):
            FollowUp.objects.filter(pk=row.pk).update(
                first_contact_due_at=now + contact, resolution_due_at=now + resolution
            )
        snooze(rows[4], until=now + timedelta(days=1), by=home.greta, at=now)
        FollowUp.objects.filter(pk=rows[5].pk).update(resolved_at=now)
    assert counted(home, now) == 2
    assert counted(world.other, now) == 0


def test_the_page_names_the_number_and_the_link_lists_them(world):
    home, now = world.home, timezone.now()
    assert "will breach today" not in queue(home).content.decode()
    give_answers(home, 1, 1)
    evaluate(home)
    end = day_of(home.organization, now)[1]
    soon = min(now + timedelta(minutes=5), end - timedelta(seconds=1))
    with home.scope():
        first = FollowUp.objects.get(number=1)
        FollowUp.objects.filter(pk=first.pk).update(first_contact_due_at=soon)
        FollowUp.objects.filter(number=2).update(first_contact_due_at=end + timedelta(hours=5))
    shown = queue(home).content.decode()
    assert "1 will breach today" in shown
    assert "view=breaching" in shown
    listed = queue(home, query="?view=breaching").content.decode()
    assert 'id="followup-row-1"' in listed
    assert 'id="followup-row-2"' not in listed
