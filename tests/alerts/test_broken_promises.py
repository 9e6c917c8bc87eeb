"""A promise that passes unkept is noted once and shown from then on; escalation steps, not the note, tell of it."""

from datetime import timedelta

from alerts.breaches import note_batch, note_breaches
from alerts.following_up import contact, reopen, resolve
from alerts.models import FollowUp, FollowUpEntry, SlaBreach
from tenancy.models import AuditEntry, OutgoingMail
from tests.alerts.answering import TUESDAY, open_follow_up


def note(ground, at) -> int:
    return note_batch(ground.organization.id, at=at)


def test_first_contact_and_resolution_are_noted_each_once(world):
    follow_up = open_follow_up(world.home)
    assert note(world.home, follow_up.first_contact_due_at - timedelta(seconds=1)) == 0
    for moment, noted in ((follow_up.first_contact_due_at, 1), (follow_up.resolution_due_at, 1)):
        assert note(world.home, moment) == noted
        assert note(world.home, moment) == 0
    with world.home.scope():
        promises = list(SlaBreach.objects.order_by("due_at").values_list("promise", flat=True))
        assert promises == ["first_contact", "resolution"]
        assert FollowUpEntry.objects.filter(kind="breached").count() == 2
        assert AuditEntry.objects.filter(verb="follow_up.promise_broken").count() == 2
        assert set(OutgoingMail.objects.values_list("template", flat=True)) == {"follow_up_opened"}


def test_kept_promise_is_never_noted(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        contact(follow_up, way="phone", by=world.home.greta, at=TUESDAY)
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=world.home.greta, at=TUESDAY)
    assert note(world.home, follow_up.resolution_due_at + timedelta(days=30)) == 0
    assert note_breaches() == 0


def test_resolution_without_contact_ends_the_first_clock_too(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        resolve(follow_up, outcome="no_action", root_cause="other", text="Mended", by=world.home.greta, at=TUESDAY)
    assert note_breaches() == 0
    with world.home.scope():
        assert not FollowUp.objects.overdue(follow_up.resolution_due_at + timedelta(days=1)).exists()


def test_who_nobody_reached_is_promised_a_first_contact_anew(world):
    follow_up, greta = open_follow_up(world.home), world.home.greta
    again = TUESDAY + timedelta(days=14)
    with world.home.scope():
        resolve(follow_up, outcome="unreachable", root_cause="price", text="Rang 3 times", by=greta, at=TUESDAY)
        reopen(follow_up, by=greta, at=again)
        reopened = FollowUp.objects.get()
        assert reopened.first_contact_due_at == follow_up.first_contact_due_at == again + timedelta(days=3)
        assert reopened.first_contact_budget == timedelta(hours=24)
        assert reopened.escalates_at > again
    assert note(world.home, again + timedelta(minutes=1)) == 0


def test_what_is_broken_again_after_reopening_is_noted_again(world):
    follow_up, greta = open_follow_up(world.home), world.home.greta
    late = follow_up.resolution_due_at + timedelta(days=1)
    assert note(world.home, late) == 2
    with world.home.scope():
        contact(follow_up, way="phone", by=greta, at=late)
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=greta, at=late)
        reopen(follow_up, by=greta, at=late)
    assert note(world.home, late + timedelta(minutes=1)) == 0
    # The sweep of all organizations finds it through the door.
    assert note_breaches() == 1
    assert note_breaches() == 0
    with world.home.scope():
        broken = SlaBreach.objects.filter(promise="resolution").order_by("due_at")
        assert [each.due_at for each in broken] == [late - timedelta(days=1), follow_up.resolution_due_at]


def test_promise_that_became_stricter_after_it_was_broken_is_not_noted_twice(world):
    follow_up = open_follow_up(world.home)
    assert note(world.home, follow_up.resolution_due_at) == 2
    with world.home.scope():
        FollowUp.objects.update(resolution_due_at=follow_up.resolution_due_at - timedelta(hours=3))
    assert note(world.home, follow_up.resolution_due_at) == 0
    assert note_breaches() == 0


def test_sweep_finds_what_is_overdue_in_every_organization(world):
    for ground in (world.home, world.other):
        open_follow_up(ground)
    assert note_breaches() == 4
    assert note_breaches() == 0
