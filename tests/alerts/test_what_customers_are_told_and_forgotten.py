"""The promise on the page of thanks, the customer's timeline, and what an erasure takes along."""

from django.utils import timezone

from alerts.breaches import note_batch
from alerts.following_up import add_note, assign, close_loop, reply, resolve
from alerts.models import Alert, AlertRule, FollowUp, FollowUpEntry, Notification
from customers.erasure import erase_customer
from customers.models import Customer
from journeys.timeline import timeline_of
from surveys.promises import promise_for
from tenancy.models import OutgoingMail
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up


def test_thanks_promise_what_the_follow_up_promises(world):
    (response,) = give_answers(world.home, 3)
    with world.home.scope():
        promise = promise_for(response)
    evaluate(world.home)
    with world.home.scope():
        assert promise.contact_by == FollowUp.objects.get().first_contact_due_at


def test_nothing_is_promised_that_nobody_will_keep(world):
    for values in ({"score": 9}, {"score": 3, "may_contact": False}):
        (response,) = give_answers(world.home, values.pop("score"), **values)
        with world.home.scope():
            assert promise_for(response) is None
    (response,) = give_answers(world.home, 3)
    with world.home.scope():
        AlertRule.objects.update(is_active=False)
        assert promise_for(response) is None


def test_timeline_shows_opening_broken_promise_and_closed_loop(world):
    follow_up = open_follow_up(world.home)
    note_batch(world.home.organization.id, at=follow_up.first_contact_due_at)
    with world.home.scope():
        assign(follow_up, owner=world.home.greta, by=world.home.greta, at=TUESDAY)
        resolve(
            follow_up, outcome="unreachable", root_cause="other", text="Rang", by=world.home.greta, at=timezone.now()
        )
        close_loop(follow_up, closing="impossible", text="Moved away", by=world.home.greta, at=timezone.now())
        items = {item.kind: item for item in timeline_of(Customer.objects.get(pk=world.home.chiara.pk))}
        assert items["follow_up"].href == "/o/northwind/followups/1/"
        assert "Greta" in items["follow_up"].detail
        assert items["promise_broken"].title == "Promise not kept: first contact"
        assert items["loop_closed"].detail == "Could not be reached"
        assert not [item for item in timeline_of(world.home.karim) if item.kind == "follow_up"]


def test_erased_customer_leaves_counts_but_no_words(world):
    follow_up = open_follow_up(world.home, verbatim="I am Chiara Conti")
    open_follow_up(world.home, customer=world.home.karim)
    with world.home.scope():
        reply(follow_up, subject="Dear Chiara", text="Dear Chiara Conti", by=world.home.greta, at=TUESDAY)
        add_note(follow_up, text="Chiara prefers mornings", by=world.home.greta, at=TUESDAY)
        erase_customer(world.home.chiara, by=world.home.ana, at=timezone.now())
        everything = " ".join(
            f"{entry.text} {entry.details}" for entry in FollowUpEntry.objects.filter(follow_up=follow_up)
        )
        everything += " ".join(Alert.objects.filter(customer=world.home.chiara).values_list("reason", flat=True))
        everything += " ".join(f"{mail.context} {mail.to_address}" for mail in OutgoingMail.objects.all())
        everything += " ".join(f"{row.title} {row.text}" for row in Notification.objects.all())
        assert "Chiara" not in everything
        assert "chiara@" not in everything
        assert FollowUp.objects.count() == 2
        assert OutgoingMail.objects.filter(template="follow_up_opened").count() == 2  # of Karim
        assert Notification.objects.count() == 2
