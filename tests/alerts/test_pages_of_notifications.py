"""The bell, the list behind it, and the page on which everybody chooses what they are told."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from alerts.models import Notification, NotificationChoice, QuietHours
from alerts.notifying.events import EVENTS
from alerts.notifying.people import Telling, tell, tell_all
from tenancy.models import AuditEntry
from tests.alerts.answering import open_follow_up

NOW = timezone.now()


@pytest.fixture
def greta(client, world):
    client.force_login(world.home.greta)
    return client


def tell_greta(world, count=1, **values):
    with world.home.scope():
        tellings = [
            Telling([world.home.greta], "mentioned", f"Thing {number}", f"k{number}", **values)
            for number in range(count)
        ]
        return tell_all(tellings, at=NOW)


def test_bell_counts_what_is_unread_for_this_person_only(greta, world):
    tell_greta(world, 3)
    with world.home.scope():
        tell([world.home.ana], "mentioned", title="For Ana", key="a", at=NOW)
    page = greta.get(world.home.url("followups/")).content.decode()
    assert '<span class="badge">3<span class="sr-only"> unread</span></span>' in page
    bell = greta.get(world.home.url("notifications/bell/")).content.decode()
    assert bell.strip().startswith("<a") and ">3<" in bell


def test_bell_counts_no_further_than_ninety_nine(greta, world):
    with world.home.scope():
        Notification.objects.bulk_create(
            Notification(
                organization=world.home.organization, user=world.home.greta, event="mentioned", title="x",
                dedupe_key=str(number), at=NOW,
            )
            for number in range(120)
        )  # fmt: skip
    assert ">99+<" in greta.get(world.home.url("notifications/bell/")).content.decode()


def test_list_is_newest_first_and_shows_what_is_unread(greta, world):
    follow_up = open_follow_up(world.home)
    tell_greta(world, 2, follow_up=follow_up, text="<b>Broken</b>")
    with world.home.scope():
        Notification.objects.filter(dedupe_key="k0").update(read_at=NOW, at=NOW - timedelta(hours=1))
    page = greta.get(world.home.url("notifications/")).content.decode()
    assert page.index("Thing 1") < page.index("Thing 0")
    assert "&lt;b&gt;Broken" in page and "<b>Broken" not in page
    unread = greta.get(world.home.url("notifications/?view=unread")).content.decode()
    assert "Thing 1" in unread and "Thing 0" not in unread
    part = greta.get(world.home.url("notifications/"), headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="notifications"')


def test_looking_marks_nothing_and_opening_does(greta, world):
    follow_up = open_follow_up(world.home)
    (row,) = tell_greta(world, follow_up=follow_up)
    greta.get(world.home.url("notifications/"))
    with world.home.scope():
        assert Notification.objects.get(pk=row.pk).read_at is None
    assert greta.get(world.home.url(f"notifications/{row.pk}/opening/")).status_code == 405
    reply = greta.post(world.home.url(f"notifications/{row.pk}/opening/"))
    assert reply.url == world.home.url("followups/1/")
    with world.home.scope():
        assert Notification.objects.get(pk=row.pk).read_at


def test_all_are_marked_read_at_once(greta, world):
    tell_greta(world, 3)
    with world.home.scope():
        tell([world.home.ana], "mentioned", title="For Ana", key="a", at=NOW)
    greta.post(world.home.url("notifications/reading/"))
    with world.home.scope():
        assert list(Notification.objects.filter(read_at=None).values_list("title", flat=True)) == ["For Ana"]


def test_list_costs_the_same_for_any_number(greta, world, django_assert_max_num_queries):
    with world.home.scope():
        Notification.objects.bulk_create(
            Notification(
                organization=world.home.organization, user=world.home.greta, event="mentioned", title="x",
                dedupe_key=str(number), at=NOW,
            )
            for number in range(80)
        )  # fmt: skip
    with django_assert_max_num_queries(21):
        page = greta.get(world.home.url("notifications/"))
    assert "1–50 of 80" in page.content.decode()


def fields(**changed):
    values = {f"mail_{key}": event.default_mail_way.value for key, event in EVENTS.items()}
    values |= {f"in_app_{key}": "on" for key in EVENTS}
    values |= changed
    return {name: value for name, value in values.items() if value is not None}


def test_choices_are_kept_and_the_audit_log_says_so(greta, world):
    greta.post(
        world.home.url("notifications/choices/"),
        fields(mail_opened="off", in_app_mentioned=None, has_quiet_hours="on", quiet_from="22:00", quiet_until="06:30"),
    )
    with world.home.scope():
        kept = NotificationChoice.objects.filter(user=world.home.greta)
        assert set(kept.values_list("event", "mail", "in_app")) == {
            ("opened", "off", True),
            ("mentioned", "instant", False),
        }
        hours = QuietHours.objects.get(user=world.home.greta)
        assert (hours.quiet_from, hours.quiet_until) == (time(22), time(6, 30))
        assert AuditEntry.objects.filter(verb="notification_choices.changed").count() == 1
    page = greta.get(world.home.url("notifications/choices/")).content.decode()
    assert 'value="22:00"' in page
    greta.post(world.home.url("notifications/choices/"), fields(mail_opened="off", in_app_mentioned=None))
    with world.home.scope():
        assert not QuietHours.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"has_quiet_hours": "on", "quiet_from": "22:00", "quiet_until": "22:00"}, "The end must differ"),
        ({"has_quiet_hours": "on", "quiet_from": "", "quiet_until": "22:00"}, "Say a time such as"),
        ({"mail_opened": "daily"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_kept(greta, world, changed, said):
    reply = greta.post(world.home.url("notifications/choices/"), fields(mail_mentioned="off", **changed))
    assert reply.status_code == 422
    assert said in reply.content.decode()
    with world.home.scope():
        assert not NotificationChoice.objects.exists()


def test_each_role_sees_what_it_may_be_told(client, world):
    for person, sees in (("victor", False), ("ana", True)):
        client.force_login(world.home.people[person])
        page = client.get(world.home.url("notifications/choices/")).content.decode()
        assert ("A place outside could not be told" in page) == sees
