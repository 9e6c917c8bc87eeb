"""Mail comes in by a provider's webhook or over SMTP, and an answer from the mailbox page reaches the history."""

import base64
import json
import smtplib
import urllib.error
import urllib.parse
import urllib.request

import pytest
from django.test import Client

from alerts.correspondence.addresses import reply_address
from alerts.correspondence.listening import MailListener
from alerts.following_up import reply
from alerts.models import InboundMail
from alerts.pausing import wait_for_customer
from cxm.embedded.mailbox.messages import Messages
from cxm.embedded.mailbox.serving import PageServer
from cxm.embedded.ports import free_port
from tenancy.outbox import send_batch
from tests.alerts.answering import TUESDAY, open_follow_up
from tests.alerts.letters import DOMAIN, letter, read_all, received

SECRET = "cxm:a-secret-of-some-length"


@pytest.fixture(autouse=True)
def inbound(settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN
    settings.INBOUND_MAIL_PROVIDERS = ["postmark", "sendgrid"]
    settings.ANYMAIL_WEBHOOK_SECRET = [SECRET]


def call(provider: str, secret: str = SECRET, **request):
    basic = base64.b64encode(secret.encode()).decode()
    return Client().post(f"/inbound-mail/{provider}/", headers={"Authorization": f"Basic {basic}"}, **request)


def postmark(address: str, **values) -> dict:
    """As Postmark documents it."""
    body = {
        "FromName": "Chiara Conti",
        "MessageStream": "inbound",
        "From": "chiara@northwind.example",
        "FromFull": {"Email": "chiara@northwind.example", "Name": "Chiara Conti", "MailboxHash": ""},
        "ToFull": [{"Email": address, "Name": "", "MailboxHash": ""}],
        "OriginalRecipient": address,
        "Subject": "Re: Sorry",
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "TextBody": "It is still broken.\n\n> Dear Chiara",
        "HtmlBody": "",
        "Headers": [
            {"Name": "Message-ID", "Value": "<one@mail.example>"},
            {"Name": "Return-Path", "Value": "<chiara@northwind.example>"},
        ],
        "Attachments": [
            {"Name": "a.png", "Content": base64.b64encode(b"\x89PNG").decode(), "ContentType": "image/png"}
        ],
    }
    return {"data": json.dumps(body | values), "content_type": "application/json"}


@pytest.mark.django_db
def test_a_provider_hands_a_mail_on(world):
    follow_up = open_follow_up(world.home)
    for _ in range(2):
        assert call("postmark", **postmark(reply_address(follow_up))).status_code == 200
    read_all(world.home)
    with world.home.scope():
        (line,) = received(follow_up)
        assert line.text == "It is still broken." and line.attachments.get().file_name == "a.png"


@pytest.mark.django_db
def test_a_provider_that_posts_a_form_does_too(world):
    follow_up = open_follow_up(world.home)
    address = reply_address(follow_up)
    form = {
        "headers": "From: Chiara <chiara@northwind.example>\nMessage-ID: <two@mail.example>\nSubject: Re: Sorry",
        "from": "Chiara <chiara@northwind.example>",
        "to": address,
        "subject": "Re: Sorry",
        "text": "Still broken",
        "attachments": "0",
        "attachment-info": "{}",
        "envelope": json.dumps({"to": [address], "from": "chiara@northwind.example"}),
        "charsets": json.dumps({"to": "UTF-8", "subject": "UTF-8", "from": "UTF-8", "text": "utf-8"}),
    }
    assert call("sendgrid", data=form).status_code == 200
    read_all(world.home)
    with world.home.scope():
        assert [line.text for line in received(follow_up)] == ["Still broken"]


@pytest.mark.django_db
def test_who_does_not_know_the_secret_is_refused(world):
    request = postmark(reply_address(open_follow_up(world.home)))
    assert call("postmark", "cxm:guessed", **request).status_code == 400
    assert Client().post("/inbound-mail/postmark/", **request).status_code == 400
    with world.home.scope():
        assert not InboundMail.objects.exists()


@pytest.mark.django_db
def test_a_provider_that_is_not_configured_is_not_there(world):
    request = postmark(reply_address(open_follow_up(world.home)))
    for provider in ("mailgun", "mandrill", "nothing"):
        assert call(provider, **request).status_code == 404
    assert Client().get("/inbound-mail/postmark/").status_code == 405


@pytest.mark.django_db
def test_a_body_is_bounded_and_mail_for_nobody_is_no_failure(world):
    assert call("postmark", **postmark("nobody@" + DOMAIN)).status_code == 200
    assert call("postmark", data="x" * 50_000_001, content_type="application/json").status_code == 413
    strange = call("postmark", "cxm:guessed", data="x" * 15_000_001, content_type="application/json")
    assert strange.status_code == 413
    large = postmark(reply_address(open_follow_up(world.home)), TextBody="a" * 4_000_000)
    assert call("postmark", **large).status_code == 200


@pytest.mark.django_db
def test_of_a_mail_that_is_too_large_the_words_stay_and_the_names_of_what_was_left_out(world):
    follow_up = open_follow_up(world.home)
    large = {"Name": "film.mp4", "Content": base64.b64encode(b"x" * 9_000_000).decode(), "ContentType": "video/mp4"}
    small = {"Name": "a.png", "Content": base64.b64encode(b"\x89PNG").decode(), "ContentType": "image/png"}
    request = postmark(reply_address(follow_up), Attachments=[large, small])
    assert call("postmark", **request).status_code == 200
    read_all(world.home)
    with world.home.scope():
        (line,) = received(follow_up)
        assert line.text == "It is still broken."
        assert line.details["left_out"] == ["film.mp4 (too large)"]
        assert line.attachments.get().file_name == "a.png"


@pytest.mark.django_db
def test_endless_words_are_kept_by_their_beginning(world):
    follow_up = open_follow_up(world.home)
    request = postmark(reply_address(follow_up), TextBody="It is broken. " * 900_000, Attachments=[])
    assert call("postmark", **request).status_code == 200
    read_all(world.home)
    with world.home.scope():
        (line,) = received(follow_up)
        assert line.text.startswith("It is broken. It is broken.") and line.details["is_cut"]


@pytest.fixture
def listener():
    listener = MailListener(hostname="127.0.0.1", port=free_port())
    listener.start()
    yield listener
    listener.stop()


@pytest.mark.django_db(transaction=True)
def test_over_smtp_only_our_addresses_are_taken(world, listener):
    address = reply_address(open_follow_up(world.home))
    with smtplib.SMTP("127.0.0.1", listener.port, timeout=20) as server:
        server.send_message(letter("Hello"), "chiara@northwind.example", [address.upper()])
        for wrong in (f"nobody@{DOMAIN}", address.replace(DOMAIN, "elsewhere.example")):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
                server.send_message(letter("Hello"), "chiara@northwind.example", [wrong])
            assert refusal.value.recipients[wrong][0] == 550
        with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPSenderRefused)) as large:
            server.sendmail("chiara@northwind.example", [address], b"x" * 10_000_001)
        assert large.value.smtp_code == 552
    with world.home.scope():
        assert InboundMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_from_the_mailbox_page_reaches_the_history_and_the_clock_goes_on(world, mail_server, listener):
    home, follow_up = world.home, open_follow_up(world.home)
    with home.scope():
        reply(follow_up, subject="Your parcel", text="A new one is on its way.", by=home.greta, at=TUESDAY)
        wait_for_customer(follow_up, by=home.greta, at=TUESDAY)
    send_batch(home.organization.id)
    ours = mail_server.wait_for(home.chiara.email)
    pages = PageServer(Messages(mail_server.messages.directory), port=0, reply_port=listener.port)
    pages.start()
    page = f"http://localhost:{pages.port}/messages/{ours.id}"
    try:
        assert "Reply as chiara@northwind.example" in urllib.request.urlopen(page, timeout=10).read().decode()
        data = urllib.parse.urlencode({"text": "It came, thank you. شكرا"}).encode()
        answered = urllib.request.urlopen(f"{page}/reply", data, timeout=20).read().decode()
        assert "Your reply was handed in." in answered
        strange = urllib.request.Request(f"{page}/reply", data, {"Origin": "http://evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(strange, timeout=10)
    finally:
        pages.stop()
    read_all(home)
    with home.scope():
        (line,) = received(follow_up)
        follow_up.refresh_from_db()
        assert line.text == "It came, thank you. شكرا" and "A new one is on its way." in line.details["quoted"]
        assert not line.details["is_other_sender"] and follow_up.paused_at is None
