"""“You said, we did”: to those who raised it and may be written to, each once, with a way out."""

from datetime import time, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from alerts.forgetting import forget
from alerts.models import InitiativeMessage, InitiativeRecipient
from alerts.proof.initiatives import messages
from alerts.proof.initiatives.fate import fate_of
from alerts.proof.initiatives.leaving import way_out
from alerts.proof.initiatives.messages import STARTING_TEXT, NotADraft, is_unfinished, let_go, preview
from alerts.proof.initiatives.sending import send_batch
from customers.models import Consent, Customer, Suppression
from customers.suppression import suppress
from surveys.models import Invitation
from tenancy.models import Organization, OutgoingMail
from tenancy.outbox import send_batch as send_mail
from tests.alerts.answering import TUESDAY, make_survey, open_follow_up
from tests.alerts.mending import a_message
from tests.alerts.pages import client_of
from tests.surveys.listening import make_invitation

LONG_AGO = timezone.now() - timedelta(days=200)


def a_customer(ground, name: str, *, was_asked: bool = True, **values) -> Customer:
    address = f"{name.lower()}@customers.example"
    with ground.scope():
        customer = Customer.objects.create(name=name, **{"email": address, "email_key": address, **values})
        if was_asked:
            make_invitation(ground, make_survey(ground), customer=customer, at=LONG_AGO)
    return customer


def raised_by(ground, *customers: Customer):
    follow_ups = [open_follow_up(ground, customer=each) for each in customers]
    with ground.scope():
        return a_message(ground, follow_ups=follow_ups)


def reasons(ground, message) -> dict[str, str]:
    with ground.scope():
        rows = InitiativeRecipient.objects.filter(message=message).select_related("customer")
        return {row.customer.name: "sent" if row.is_sent else row.why_not for row in rows}


def test_each_who_raised_it_gets_one_mail_with_a_way_out(world, mailoutbox):
    home = world.home
    message = raised_by(home, a_customer(home, "Bea"), a_customer(home, "Cem"))
    with home.scope():
        assert let_go(message, by=home.ana, at=timezone.now()) == 2
    mailoutbox.clear()
    assert send_batch(home.organization.id) == 2
    assert send_batch(home.organization.id) == 0
    send_mail(home.organization.id)
    mails = {mail.to[0]: mail for mail in mailoutbox if mail.subject == "You said, we did"}
    assert sorted(mails) == ["bea@customers.example", "cem@customers.example"]
    mail = mails["bea@customers.example"]
    assert mail.body.startswith("Hello Bea,")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail.body.split("Unsubscribe: ")[1].split()[0]
    assert link in mail.extra_headers["List-Unsubscribe"]
    assert Client().post("/leave/" + link.split("/leave/")[1]).status_code == 200
    with home.scope():
        message.refresh_from_db()
        assert (message.state, message.due_at) == ("sent", None)
        assert preview(message, home.organization, at=timezone.now()).left_out[0][0].startswith("They")
    assert reasons(home, message) == {"Bea": "sent", "Cem": "sent"}


def test_who_may_not_be_written_to_is_left_out_with_the_reason(world):
    home = world.home
    people = {name: a_customer(home, name) for name in ("Suppressed", "Withdrawn", "Unwilling", "Asked", "Fine")}
    people["Nowhere"] = a_customer(home, "Nowhere", email="", email_key=None, was_asked=False)
    people["Stranger"] = a_customer(home, "Stranger", was_asked=False)
    message = raised_by(home, *people.values())
    now = timezone.now()
    with home.scope():
        suppress(people["Suppressed"].email_key, reason="unsubscribed", by=home.ana, at=now)
        for name, purpose in (("Withdrawn", "survey"), ("Unwilling", "contact")):
            Consent.objects.create(customer=people[name], purpose=purpose, is_given=False, source="phone", at=now)
        Invitation.objects.filter(customer=people["Asked"]).update(sent_at=now - timedelta(days=3))
        seen = preview(message, home.organization, at=now)
        let_go(message, by=home.ana, at=now)
    send_batch(home.organization.id)
    found = reasons(home, message)
    assert found == {
        "Suppressed": "They unsubscribed.",
        "Withdrawn": "They have withdrawn their consent to be asked.",
        "Unwilling": "They do not want to be contacted.",
        "Asked": "They were asked within the last 30 days, in which they are left in peace.",
        "Nowhere": "There is no e-mail address.",
        "Stranger": "sent",  # the mail has a way out of its own
        "Fine": "sent",
    }
    # What was shown before is what became of it.
    assert sorted(each.name for each in seen.reached) == ["Fine", "Stranger"]
    assert dict(seen.left_out) == {why: 1 for why in found.values() if why != "sent"}


def test_another_initiative_writes_only_after_the_days_of_peace(world):
    home = world.home
    bea = a_customer(home, "Bea")
    first = raised_by(home, bea)
    with home.scope():
        let_go(first, by=home.ana, at=timezone.now())
    send_batch(home.organization.id)
    with home.scope():
        second = a_message(home, follow_ups=list(bea.follow_ups.all()))
        soon = preview(second, home.organization, at=timezone.now())
        later = preview(second, home.organization, at=timezone.now() + timedelta(days=31))
    assert (soon.reached_count, later.reached_count) == (0, 1)


def test_quiet_hours_put_the_message_off(world):
    home = world.home
    message = raised_by(home, a_customer(home, "Bea"))
    with home.scope():
        Organization.objects.filter(pk=home.organization.pk).update(quiet_from=time(20), quiet_until=time(8))
        let_go(message, by=home.ana, at=TUESDAY)
    night = TUESDAY.replace(hour=22)
    assert send_batch(home.organization.id, at=night) == 0
    with home.scope():
        message.refresh_from_db()
        assert message.due_at == TUESDAY.replace(hour=7) + timedelta(days=1)


def test_what_was_let_go_cannot_be_changed_or_let_go_again(world):
    home = world.home
    message = raised_by(home, a_customer(home, "Bea"))
    with home.scope():
        let_go(message, by=home.ana, at=timezone.now())
        with pytest.raises(NotADraft):
            let_go(message, by=home.ana, at=timezone.now())
    address = home.url(f"loop/messages/{message.pk}/")
    assert client_of(home.ana).post(address + "removal/").status_code == 302
    with home.scope():
        assert InitiativeMessage.objects.filter(pk=message.pk).exists()


def test_nobody_raised_it_yet(world):
    home = world.home
    with home.scope():
        message = a_message(home)
        with pytest.raises(ValueError, match="link follow-ups first"):
            let_go(message, by=home.ana, at=timezone.now())


def test_pages_preview_and_tell_what_became_of_it(world):
    home = world.home
    message = raised_by(
        home, a_customer(home, "Bea"), a_customer(home, "Dan", email="", email_key=None, was_asked=False)
    )
    client, address = client_of(home.anton), home.url(f"loop/messages/{message.pk}/")
    page = client.get(address).content.decode()
    assert "Send to 1 customer" in page
    assert "There is no e-mail address." in page
    assert client.post(address + "edit/", {"subject": "", "text": "x"}).status_code == 422
    assert client.post(address + "edit/", {"subject": "New", "text": "Other words"}).status_code == 302
    said = client.post(address + "sending/", follow=True).text
    assert "On its way to 1 customer." in said
    send_batch(home.organization.id)
    assert "Everybody it was meant for" in client.get(address).content.decode()
    assert "On its way" in client.get(address + "recipients/").text
    send_mail(home.organization.id)
    listed = client.get(address + "recipients/").content.decode()
    assert "Written to" in listed and "Dan" in listed


def test_erased_customer_leaves_no_mail_behind(world):
    home = world.home
    bea = a_customer(home, "Bea")
    message = raised_by(home, bea)
    with home.scope():
        let_go(message, by=home.ana, at=timezone.now())
    send_batch(home.organization.id)
    with home.scope():
        assert OutgoingMail.objects.filter(template="initiative_message").count() == 1
        forget(bea)
        assert not OutgoingMail.objects.filter(template="initiative_message").exists()


def test_draft_is_written_from_the_page(world):
    home = world.home
    with home.scope():
        message = a_message(home)
    client = client_of(home.anton)
    address = home.url(f"loop/initiatives/{message.initiative_id}/messages/new/")
    assert "You said:" in client.get(address).content.decode()
    assert client.post(address, {"subject": "News", "text": "We did."}).status_code == 302


def test_way_out_suppresses_and_leads_back_and_is_nobody_elses(world):
    home = world.home
    bea = a_customer(home, "Bea", was_asked=False)
    address = way_out(bea).removeprefix(settings.BASE_URL)
    client = Client()
    assert "Bea" not in client.get(address).text  # whom the mail was forwarded to learns no name
    assert suppressed(home, bea) == 0  # mail scanners follow every link
    assert client.post(address, {"on_page": "1"}).status_code == 303
    assert client.post(address).status_code == 200
    assert suppressed(home, bea) == 1
    assert client.post(address + "return/").status_code == 303
    assert suppressed(home, bea) == 0
    forged = address.replace(bea.pk.hex, home.chiara.pk.hex)
    assert client.post(forged).status_code == 404


def test_a_block_by_staff_is_not_the_customers_to_lift(world):
    home = world.home
    bea = a_customer(home, "Bea")
    with home.scope():
        suppress(bea.email_key, reason="manual", by=home.ana, at=timezone.now())
    Client().post(way_out(bea).removeprefix(settings.BASE_URL) + "return/")
    assert suppressed(home, bea) == 1


def suppressed(ground, customer: Customer) -> int:
    with ground.scope():
        return Suppression.objects.filter(email_key=customer.email_key, lifted_at=None).count()


def test_mail_that_failed_is_not_called_written_to(world):
    home = world.home
    message = raised_by(home, a_customer(home, "Bea"), a_customer(home, "Cem"))
    with home.scope():
        let_go(message, by=home.ana, at=timezone.now())
    send_batch(home.organization.id)
    with home.scope():
        first, second = OutgoingMail.objects.filter(template="initiative_message").order_by("to_address")
        OutgoingMail.objects.filter(pk=first.pk).update(state="failed")
        found = fate_of(message)
        assert (found.handed_over, found.waiting, found.failed, found.title) == (0, 1, 1, "Being sent")
        OutgoingMail.objects.filter(pk=second.pk).update(state="sent")
        found = fate_of(message)
        assert (found.handed_over, found.waiting, found.failed, found.title) == (1, 0, 1, "Sent")
    client, address = client_of(home.anton), home.url(f"loop/messages/{message.pk}/")
    assert "Could not be sent" in client.get(address).text
    assert "Could not be sent" in client.get(address + "recipients/").text


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        (STARTING_TEXT, True),
        ("You said: late\nWe did:\n\nThanks", True),
        ("You said:\nparcels came late\nWe did:\na second tour", False),
        ("You said: late\nWe did: a second tour", False),
        ("We mended it.", False),
    ],
)
def test_what_waits_for_words_is_not_sent(world, text, is_open):
    home = world.home
    assert is_unfinished(text) is is_open
    message = raised_by(home, a_customer(home, "Bea"))
    posted = {"subject": "News", "text": text}
    answer = client_of(home.anton).post(home.url(f"loop/messages/{message.pk}/edit/"), posted)
    assert answer.status_code == (422 if is_open else 302)
    with home.scope():
        message.text = text
        message.save()
        if is_open:
            with pytest.raises(ValueError, match="Write behind"):
                let_go(message, by=home.ana, at=timezone.now())
        else:
            assert let_go(message, by=home.ana, at=timezone.now()) == 1


def test_preview_of_many_holds_few_at_once_and_counts_all(world, monkeypatch):
    monkeypatch.setattr(messages, "AT_ONCE", 2)
    monkeypatch.setattr(messages, "LISTED", 3)
    home = world.home
    nowhere = a_customer(home, "Nowhere", email="", email_key=None, was_asked=False)
    message = raised_by(home, *(a_customer(home, name) for name in ("Bea", "Cem", "Dan", "Eve")), nowhere)
    with home.scope():
        found = preview(message, home.organization, at=timezone.now())
    assert (found.reached_count, len(found.reached), found.more_count, found.left_out_count) == (4, 3, 1, 1)
