"""People are told once, as they chose, and not in their quiet hours."""

from datetime import UTC, datetime, time, timedelta

import pytest

from alerts.models import Notification, NotificationChoice, QuietHours
from alerts.notifying.events import EVENTS
from alerts.notifying.floods import SINGLES
from alerts.notifying.gathering import write_batch, write_due
from alerts.notifying.people import Telling, tell, tell_all
from tenancy.models import Membership, OutgoingMail
from tests.alerts.answering import TUESDAY, open_follow_up

BERLIN_NIGHT = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)  # 23:30


def told(ground, *people, event="mentioned", key="k", at=TUESDAY, **values):
    with ground.scope():
        return tell([ground.people[name] for name in people], event, title="Look here", key=key, at=at, **values)


def choose(ground, person, event="mentioned", **values):
    with ground.scope():
        NotificationChoice.objects.create(user=ground.people[person], event=event, **values)


def quiet(ground, person, start=time(22), until=time(7)):
    with ground.scope():
        QuietHours.objects.create(user=ground.people[person], quiet_from=start, quiet_until=until)


def mails_to(ground, person, template="notification"):
    return list(OutgoingMail.objects.filter(to_address=ground.people[person].email, template=template))


def test_each_is_told_once_in_the_product_and_by_mail(world):
    assert len(told(world.home, "greta", "ana", "greta")) == 2
    assert told(world.home, "greta") == []
    with world.home.scope():
        row = Notification.objects.get(user=world.home.greta)
        assert (row.is_shown, row.mail_due_at, row.mailed_at) == (True, None, TUESDAY)
        (mail,) = mails_to(world.home, "greta")
        assert (mail.context["title"], mail.due_at) == ("Look here", TUESDAY)


def test_choice_decides_about_mail_and_product(world):
    choose(world.home, "greta", mail="off")
    choose(world.home, "ana", in_app=False)
    choose(world.home, "anton", mail="off", in_app=False)
    told(world.home, "greta", "ana", "anton")
    with world.home.scope():
        assert mails_to(world.home, "greta") == []
        assert Notification.objects.get(user=world.home.greta).is_shown
        assert len(mails_to(world.home, "ana")) == 1
        assert not Notification.objects.get(user=world.home.ana).is_shown
        assert not Notification.objects.filter(user=world.home.anton).exists()


def test_hourly_is_gathered_into_one_mail_at_the_hour(world):
    choose(world.home, "greta", mail="hourly")
    follow_up = open_follow_up(world.home)
    for number in range(3):
        at = TUESDAY + timedelta(minutes=7 * number, seconds=5)
        told(world.home, "greta", key=f"k{number}", at=at, text="why", follow_up=follow_up)
    with world.home.scope():
        dues = set(Notification.objects.filter(event="mentioned").values_list("mail_due_at", flat=True))
        assert dues == {TUESDAY + timedelta(hours=1)}
        assert mails_to(world.home, "greta") == []
        first = Notification.objects.filter(event="mentioned").earliest("at")
        first.read_at = TUESDAY
        first.save()
    hour = TUESDAY + timedelta(hours=1)
    assert write_batch(world.home.organization.id, at=hour - timedelta(seconds=1)) == 0
    assert write_batch(world.home.organization.id, at=hour) == 3
    assert write_batch(world.home.organization.id, at=hour) == 0
    with world.home.scope():
        (mail,) = mails_to(world.home, "greta", "notifications")
        assert mail.context["count"] == 2  # what was read meanwhile is not written
        assert mail.context["customer_ids"] == [str(world.home.chiara.pk)]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (BERLIN_NIGHT, datetime(2026, 3, 11, 6, 0, tzinfo=UTC)),
        # Clocks go forward in the night of 29 March and back in that of 25 October.
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 10, 6, 0, tzinfo=UTC), None),
        (datetime(2026, 3, 10, 20, 59, 59, tzinfo=UTC), None),
    ],
)
def test_quiet_hours_hold_mail_back_until_they_end(world, at, until):
    quiet(world.home, "greta")
    told(world.home, "greta", at=at)
    with world.home.scope():
        row = Notification.objects.get()
        assert (row.is_shown, row.mail_due_at) == (True, until)
        assert len(mails_to(world.home, "greta")) == (until is None)


def test_hour_that_strikes_in_quiet_hours_waits_for_their_end(world):
    quiet(world.home, "greta")
    choose(world.home, "greta", mail="hourly")
    told(world.home, "greta", at=datetime(2026, 3, 10, 20, 30, tzinfo=UTC))
    with world.home.scope():
        assert Notification.objects.get().mail_due_at == datetime(2026, 3, 11, 6, 0, tzinfo=UTC)


def test_only_members_whose_role_may_see_it_are_told(world):
    assert len(told(world.home, "ana", "anton", "greta", "victor", event="delivery_given_up")) == 1
    with world.home.scope():
        assert tell([world.other.ana], "mentioned", title="x", key="x", at=TUESDAY) == []
        world.home.anton.is_active = False
        world.home.anton.save()
    assert told(world.home, "anton") == []


def test_who_left_meanwhile_gets_no_mail(world):
    choose(world.home, "greta", mail="hourly")
    told(world.home, "greta")
    with world.home.scope():
        Membership.objects.filter(user=world.home.greta).delete()
    assert write_batch(world.home.organization.id, at=TUESDAY + timedelta(hours=1)) == 1
    with world.home.scope():
        assert mails_to(world.home, "greta", "notifications") == []


def test_flood_becomes_one_summary_with_a_count_and_the_numbers(world):
    follow_ups = [open_follow_up(world.home, customer=None) for _ in range(3)]
    for number in range(SINGLES + 9):
        told(world.home, "greta", key=f"k{number}", follow_up=follow_ups[number % 3])
    told(world.home, "greta", event="customer_wrote")
    with world.home.scope():
        assert len(mails_to(world.home, "greta")) == SINGLES + 1
        assert Notification.objects.filter(user=world.home.greta, event="mentioned", is_shown=True).count() == SINGLES
    soon = TUESDAY + timedelta(minutes=1)
    assert write_batch(world.home.organization.id, at=soon) == 9
    with world.home.scope():
        summary = Notification.objects.get(user=world.home.greta, dedupe_key__startswith="summary:")
        assert summary.title == "9 more: Notes that mention you"
        assert summary.text == "Follow-ups 1 to 3"
        assert summary.is_shown
        mail = mails_to(world.home, "greta")[-1]
        assert (mail.context["title"], len(mail.context["lines"])) == (summary.title, 9)
    told(world.home, "greta", key="later", at=TUESDAY + timedelta(minutes=11))
    with world.home.scope():
        assert len(mails_to(world.home, "greta")) == SINGLES + 3


def test_flood_of_somebody_without_mail_is_gathered_in_the_product(world):
    choose(world.home, "greta", mail="off")
    for number in range(SINGLES + 5):
        told(world.home, "greta", key=f"k{number}")
    write_batch(world.home.organization.id, at=TUESDAY + timedelta(minutes=1))
    with world.home.scope():
        assert Notification.objects.filter(is_shown=True).count() == SINGLES + 1
        assert not OutgoingMail.objects.exists()


def test_four_statements_for_any_number_of_people_and_things(world, django_assert_num_queries):
    people = [world.home.people[name] for name in world.home.people]
    tellings = [Telling(people, "mentioned", f"Thing {number}", f"k{number}") for number in range(30)]
    with world.home.scope(), django_assert_num_queries(4):
        assert len(tell_all(tellings, at=TUESDAY)) == 30 * len(people)


def test_sweep_writes_for_every_organization(world):
    for ground in (world.home, world.other):
        choose(ground, "greta", mail="hourly")
        told(ground, "greta")
    assert write_due() == 2
    for ground in (world.home, world.other):
        with ground.scope():
            assert len(mails_to(ground, "greta", "notifications")) == 1


def test_every_event_has_words():
    assert all(event.label and event.explanation.endswith(".") for event in EVENTS.values())
    assert set(EVENTS) == {
        "opened", "assigned", "answer_added", "customer_wrote", "mentioned", "watched_changed", "escalated",
        "promise_broken", "threshold", "rule_fired", "delivery_given_up", "step_due", "initiative",
        "given",
        "resolved",
        "closed",
        "reopened",
        "mail_held",
        "reply_failed",
        "mail_given_up",
        "owned_changed",
    }  # fmt: skip
