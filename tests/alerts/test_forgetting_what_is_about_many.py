"""Erasing one customer takes them out of what is about many, and leaves the others in it."""

from datetime import timedelta

from django.utils import timezone

from alerts.models import FollowUp, Notification, NotificationChoice, SavedView
from alerts.notifying.gathering import write_batch
from alerts.notifying.people import tell
from alerts.notifying.without import without
from customers.erasure import erase_customer
from tenancy.models import OutgoingMail
from tests.alerts.answering import open_follow_up

HOUR = timedelta(hours=1)


def gathered(ground) -> OutgoingMail:
    """A mail of the hour to Greta about Chiara and Karim, not sent yet."""
    first, second = open_follow_up(ground), open_follow_up(ground, customer=ground.karim)
    with ground.scope():
        NotificationChoice.objects.create(user=ground.greta, event="mentioned", mail="hourly")
        for each in (first, second):
            follow_up = FollowUp.objects.select_related("customer").get(pk=each.pk)
            title = f"Ben named you at {follow_up.customer}"
            tell([ground.greta], "mentioned", title=title, follow_up=follow_up, key=str(each.pk), at=timezone.now())
    write_batch(ground.organization.id, at=timezone.now() + 2 * HOUR)
    with ground.scope():
        return OutgoingMail.objects.get(template="notifications")


def erase(ground) -> None:
    with ground.scope():
        erase_customer(ground.chiara, by=ground.ana, at=timezone.now())


def test_mail_that_waits_is_written_again_without_the_one(world):
    mail = gathered(world.home)
    assert "Chiara" in str(mail.context) and mail.context["count"] == 2
    erase(world.home)
    with world.home.scope():
        mail.refresh_from_db()
    assert "Chiara" not in str(mail.context) and str(world.home.chiara.pk) not in str(mail.context)
    assert mail.context["count"] == 1
    assert [each["title"] for each in mail.context["groups"][0]["listed"]] == [f"Ben named you at {world.home.karim}"]
    assert mail.context["title"] == f"Ben named you at {world.home.karim}"


def test_mail_that_was_sent_goes_whole(world):
    mail = gathered(world.home)
    with world.home.scope():
        OutgoingMail.objects.filter(pk=mail.pk).update(state="sent")
    erase(world.home)
    with world.home.scope():
        assert not OutgoingMail.objects.filter(pk=mail.pk).exists()


def test_a_summary_about_others_too_stays_under_the_bell(world):
    with world.home.scope():
        about = {"customer_ids": [str(world.home.chiara.pk), str(world.home.karim.pk)]}
        tell([world.home.greta], "mentioned", title="9 more", context=about, key="many", at=timezone.now())
    erase(world.home)
    with world.home.scope():
        row = Notification.objects.get(title="9 more")
        assert row.context["customer_ids"] == [str(world.home.karim.pk)]


def test_views_look_for_them_no_more(world):
    queries = ("q=Chiara+Conti&view=all", "q=conti&view=all", "q=chiara%40northwind.example", "q=parcel&view=all")
    with world.home.scope():
        for number, query in enumerate(queries):
            SavedView.objects.create(name=str(number), query=query)
    erase(world.home)
    with world.home.scope():
        left = list(SavedView.objects.order_by("name").values_list("query", flat=True))
    assert left == ["view=all", "view=all", "", "q=parcel&view=all"]


def test_a_digest_counts_one_less():
    listed = [{"customer": "A", "customer_ids": ["a"]}, {"customer": "B", "customer_ids": ["b"]}]
    context = {"count": 30, "listed": listed, "customer_ids": ["a", "b"]}
    assert without(context, "a") == {"count": 29, "listed": listed[1:], "customer_ids": ["b"]}
    assert without({"customer_ids": ["a"]}, "a") is None
