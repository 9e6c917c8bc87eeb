"""What Slack, Teams and signed webhooks are sent, and how their addresses are kept."""

import json
import time

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from alerts.models import NotificationChannel
from alerts.notifying.channels import kinds
from alerts.notifying.channels.webhook import new_secret
from alerts.notifying.keeping import add_channel, switch_off
from alerts.notifying.message import message_of
from alerts.notifying.sealing import Unreadable, seal, unseal
from tenancy.models import AuditEntry
from tenancy.outgoing import Refused

FACTS = {
    "number": 7,
    "url": "https://cxm.example/o/northwind/followups/7/",
    "customer": "Chiara <!channel> & [Conti](https://evil.example)",
    "customer_ids": ["0190"],
    "score": 2,
    "group": "detractor",
    "survey": "After delivery",
    "touchpoint": "",
    "verbatim": "Too late\n*and* broken " + "x" * 3000,
    "may_contact": True,
    "first_contact_due": "Tuesday, 16:30",
    "resolution_due": "Friday, 16:30",
}


def request_of(kind: str, facts=FACTS, count: int = 1, **sealed: str):
    message = message_of(
        id="0190-7", event="follow_up.opened", at="2026-03-10T09:00:00+00:00", count=count, facts=facts
    )
    request = kinds()[kind].request(message, sealed={"address": "https://x.example/", **sealed}, at=int(time.time()))
    return request, json.loads(request.body)


def test_every_file_is_a_kind():
    assert set(kinds()) == {"email", "in_app", "slack", "teams", "webhook"}


def test_slack_gets_blocks_within_its_limits_and_customers_call_nobody():
    request, body = request_of("slack")
    assert [block["type"] for block in body["blocks"]] == ["header", "section", "section", "actions"]
    assert "<!channel>" not in json.dumps(body["blocks"][1:]) + body["text"]
    assert "&lt;!channel&gt; &amp;" in body["text"]
    quote = body["blocks"][1]["text"]["text"]
    assert quote.startswith(">Too late\n>*and* broken") and len(quote) < 400
    assert body["blocks"][3]["elements"][0]["url"] == FACTS["url"]
    assert all(field["text"].split("\n")[1] for field in body["blocks"][2]["fields"])
    assert request.headers == {"Content-Type": "application/json"}


def test_teams_gets_a_message_with_one_card_and_no_foreign_links():
    _, body = request_of("teams")
    assert body["type"] == "message"
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert "\\[Conti\\]\\(https://evil.example\\)" in card["body"][0]["text"]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open the follow-up", "url": FACTS["url"]}]


def test_signature_of_a_webhook_is_what_the_standard_asks():
    secret = new_secret()
    request, body = request_of("webhook", secret=secret)
    assert Webhook(secret).verify(request.body, request.headers) == body
    assert (body["type"], body["data"]["number"], request.headers["webhook-id"]) == ("follow_up.opened", 7, "0190-7")
    assert "customer_ids" not in body["data"]
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(request.body + b" ", request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(request.body, request.headers)


@pytest.mark.parametrize("kind", ["slack", "teams", "webhook"])
def test_summary_says_how_many_and_which(kind):
    facts = {"numbers": [[21, 60]], "url": "https://cxm.example/o/northwind/followups/"}
    _, body = request_of(kind, facts, 40, secret=new_secret())
    assert "40" in json.dumps(body) and "60" in json.dumps(body)


def test_sealed_values_open_with_the_key_or_an_earlier_one_only(settings):
    sealed = seal({"url": "https://hooks.example/secret"})
    assert "hooks" not in sealed
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 40, [settings.SECRET_KEY]
    assert unseal(sealed) == {"url": "https://hooks.example/secret"}
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_database_holds_no_address_and_the_audit_log_neither(world):
    with world.home.scope():
        channel = add_channel(
            kind="slack", name="Care", address="https://hooks.slack.com/services/T0/B0/s3cret", events=[],
            by=world.home.ana, at=timezone.now(),
        )  # fmt: skip
        switch_off(channel, by=world.home.ana, at=timezone.now())
        row = NotificationChannel.objects.values().get()
        entries = AuditEntry.objects.filter(verb__startswith="notification_channel.")
        assert "s3cret" not in f"{row} {list(entries.values())}"
        assert (row["shown"], row["is_active"], entries.count()) == ("hooks.slack.com", False, 2)


@pytest.mark.parametrize(
    "url", ["http://hooks.slack.com/x", "https://evil-hooks.slack.com.example/", "https://evilhooks.slack.com/"]
)
def test_slack_is_told_at_addresses_of_slack_only(world, url):
    with world.home.scope(), pytest.raises(Refused):
        add_channel(kind="slack", name="Care", address=url, events=[], by=world.home.ana, at=timezone.now())
