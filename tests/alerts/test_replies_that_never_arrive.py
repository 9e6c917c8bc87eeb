"""A reply that was given up is no contact: the follow-up says so, its owner hears of it, and it can be sent again."""

from datetime import timedelta

from django.utils import timezone

from alerts.following_up import assign, close_loop, contact, reply, resolve
from alerts.models import FollowUp, FollowUpEntry, Notification
from alerts.pausing import wait_for_customer
from customers.models import Customer
from tenancy.models import OutgoingMail
from tenancy.outbox import MAX_REFUSALS, send_batch
from tests.alerts.access import a_mail_given_up
from tests.alerts.answering import TUESDAY, open_follow_up
from tests.alerts.letters import customer_writes
from tests.alerts.pages import client_of, do, queue

HOUR = timedelta(hours=1)


def replied(ground, **values) -> tuple[FollowUp, FollowUpEntry]:
    """Greta's follow-up with a reply that waits to be sent."""
    follow_up = open_follow_up(ground, **values)
    with ground.scope():
        assign(follow_up, owner=ground.greta, by=ground.anton, at=TUESDAY)
        entry = reply(follow_up, subject="News", text="It is mended.", by=ground.greta, at=TUESDAY + HOUR)
    return follow_up, entry


def refused(ground, mail_server) -> None:
    """All mail goes out but that to Chiara, whose server knows her no more."""
    mail_server.refuse(ground.chiara.email, "550 5.1.1 No such mailbox")
    for _ in range(MAX_REFUSALS):
        send_batch(ground.organization.id, at=timezone.now() + timedelta(days=9))


def now(ground, follow_up: FollowUp) -> FollowUp:
    with ground.scope():
        return FollowUp.objects.get(pk=follow_up.pk)


def told(ground, event: str) -> set[str]:
    with ground.scope():
        return {row.user.email for row in Notification.objects.filter(event=event).select_related("user")}


def test_contact_counts_no_more_and_the_owner_hears_of_it(world, mail_server):
    follow_up, _ = replied(world.home)
    refused(world.home, mail_server)
    after = now(world.home, follow_up)
    assert (after.state, after.first_contacted_at) == ("acknowledged", None)
    assert after.escalates_at is not None
    assert told(world.home, "reply_failed") == {world.home.greta.email}
    with world.home.scope():
        assert "No such mailbox" in Notification.objects.get(event="reply_failed").text
    html = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "could not be delivered: it counts as no contact" in html
    assert "No such mailbox" in html
    assert "Send it again" in html


def test_a_call_beside_it_stays_a_contact(world, mail_server):
    follow_up, _ = replied(world.home)
    with world.home.scope():
        contact(follow_up, way="phone", by=world.home.greta, at=TUESDAY + 2 * HOUR)
    refused(world.home, mail_server)
    after = now(world.home, follow_up)
    assert (after.state, after.first_contacted_at) == ("contacted", TUESDAY + 2 * HOUR)


def test_a_customer_who_wrote_waits_again(world, mail_server, settings):
    settings.INBOUND_MAIL_DOMAIN = "reply.northwind.example"
    follow_up = open_follow_up(world.home, at=timezone.now() - HOUR)
    customer_writes(world.home, follow_up)
    with world.home.scope():
        wrote_at = FollowUp.objects.get().customer_wrote_at
        reply(follow_up, subject="News", text="It is mended.", by=world.home.greta, at=timezone.now())
        assert FollowUp.objects.get().customer_wrote_at is None
    refused(world.home, mail_server)
    assert now(world.home, follow_up).customer_wrote_at == wrote_at


def test_nobody_goes_on_waiting_for_who_never_heard_from_us(world, mail_server):
    follow_up, _ = replied(world.home)
    with world.home.scope():
        wait_for_customer(follow_up, by=world.home.greta, at=TUESDAY + HOUR)
    refused(world.home, mail_server)
    after = now(world.home, follow_up)
    assert (after.state, after.first_contacted_at, after.paused_at) == ("acknowledged", None, None)
    assert after.escalates_at is not None


def test_resolved_one_needs_another_contact_before_it_is_closed_as_told(world, mail_server):
    follow_up, _ = replied(world.home)
    with world.home.scope():
        resolve(follow_up, outcome="explained", root_cause="price", text="Done", by=world.home.greta, at=TUESDAY + HOUR)
    refused(world.home, mail_server)
    after = now(world.home, follow_up)
    assert (after.state, after.first_contacted_at) == ("resolved", None)


def test_closed_one_stays_closed_and_says_it(world, mail_server):
    follow_up, _ = replied(world.home)
    with world.home.scope():
        resolve(follow_up, outcome="explained", root_cause="price", text="Done", by=world.home.greta, at=TUESDAY + HOUR)
        close_loop(follow_up, closing="told", text="By mail", by=world.home.greta, at=TUESDAY + HOUR)
    refused(world.home, mail_server)
    assert now(world.home, follow_up).state == "closed"
    assert told(world.home, "reply_failed") == {world.home.greta.email}


def test_it_is_sent_again_to_the_address_the_customer_has_by_now(world, mail_server):
    follow_up, entry = replied(world.home)
    refused(world.home, mail_server)
    with world.home.scope():
        Customer.objects.filter(pk=world.home.chiara.pk).update(
            email="chiara@new.example", email_key="chiara@new.example"
        )
    seen = now(world.home, follow_up).version
    deed = f"replies/{entry.pk}/resending"
    assert do(world.home, follow_up, deed, version=seen).status_code == 302
    assert now(world.home, follow_up).state == "contacted"
    send_batch(world.home.organization.id, at=timezone.now() + HOUR)
    assert "It is mended." in mail_server.wait_for("chiara@new.example").text
    assert do(world.home, follow_up, deed, version=seen + 1).status_code == 422


def test_admins_are_told_once_an_hour_in_the_product_alone(world, mail_server):
    with world.home.scope():
        OutgoingMail.objects.all().delete()
    replied(world.home)
    refused(world.home, mail_server)
    assert told(world.home, "mail_given_up") == {world.home.ana.email}
    with world.home.scope():
        assert not OutgoingMail.objects.filter(context__label="A mail could not be sent").exists()
    html = queue(world.home, "anton").content.decode()
    assert "1 mail could not be sent." in html
    assert "could not be sent" not in queue(world.home, "greta").content.decode()


def test_all_are_sent_again_at_once_and_replies_count_as_contacts_again(world, mail_server):
    follow_up, _ = replied(world.home)
    refused(world.home, mail_server)
    with world.home.scope():
        a_mail_given_up(world.home)
    client = client_of(world.home.anton)
    page = client.get(world.home.url("followups/set-aside/")).content.decode()
    assert "Mails that could not be sent (2)" in page
    assert "Send all again" in page
    assert client.post(world.home.url("followups/set-aside/mails/")).status_code == 302
    assert now(world.home, follow_up).state == "contacted"
    with world.home.scope():
        assert not OutgoingMail.objects.filter(state="failed").exists()


def test_unreachable_server_is_said_on_the_queue(world):
    open_follow_up(world.home)
    with world.home.scope():
        OutgoingMail.objects.update(last_error="The mail server could not be reached: refused")
    assert "the mail server cannot be reached" in queue(world.home, "ana").content.decode()
    page = client_of(world.home.anton).get(world.home.url("followups/set-aside/")).content.decode()
    assert "The mail server cannot be reached." in page
