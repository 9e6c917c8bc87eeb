"""Whatever the other side does, every kind of channel tells it in its own form, and the row says what came of it."""

import json

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from alerts.models import Delivery, NotificationChannel
from alerts.notifying.channels.webhook import new_secret
from alerts.notifying.deliveries import send_batch
from alerts.notifying.sealing import seal
from tenancy import outgoing
from tests.alerts.answering import open_follow_up
from tests.services.misbehaving import answers, drips, keeps_silent, outside, resets

KINDS = ["slack", "teams", "webhook"]
SECRET = new_secret()
HUGE = b"x" * 3_000_000


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch):
    settings.OUTGOING_PRIVATE_TARGETS = True
    monkeypatch.setattr(outgoing, "DEADLINE_SECONDS", 1.0)
    monkeypatch.setattr(outgoing, "READ_SECONDS", 0.6)


def tell(ground, kind, url) -> Delivery:
    """The delivery of one follow-up that opened, tried once. The address is sealed by hand: hosts are checked when a
    channel is added."""
    with ground.scope():
        secret = seal({"address": url, "secret": SECRET})
        NotificationChannel.objects.create(kind=kind, name=kind, secret=secret, events=["follow_up.opened"])
    open_follow_up(ground, verbatim="Late <again>")
    send_batch(ground.organization.id, at=timezone.now())
    with ground.scope():
        return Delivery.objects.get()


def parts(request: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
    return {name.lower(): value for name, value in lines}, body


@pytest.mark.parametrize(("kind", "status"), [("slack", "200 OK"), ("teams", "202 Accepted"), ("webhook", "204 None")])
def test_each_kind_speaks_its_own_form(world, kind, status):
    with outside(answers(status, b"" if kind != "slack" else b"ok")) as server:
        row = tell(world.home, kind, server.url)
    headers, body = parts(server.requests[0])
    said = json.loads(body)
    assert (row.state, row.attempts) == ("delivered", 1)
    assert headers["content-type"] == "application/json"
    if kind == "slack":
        assert said["blocks"][0]["text"]["text"] == "Follow-up #1 opened: Chiara Conti"
        assert said["blocks"][1]["text"]["text"] == ">Late &lt;again&gt;"
    elif kind == "teams":
        assert said["attachments"][0]["content"]["body"][0]["text"].endswith("opened: Chiara Conti")
    else:
        assert Webhook(SECRET).verify(body, headers)["data"]["number"] == 1
        assert headers["webhook-id"] == str(row.pk)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("script", "state", "error"),
    [
        (answers("500 Broken", b"oops"), "due", "The other side answered 500."),
        (answers("404 Not Found", b"no_service"), "due", "The other side answered 404."),
        (answers("429 Slow down", b"", "Retry-After: 60"), "due", "The other side answered 429."),
        (answers("302 Found", b"", "Location: http://127.0.0.1:1/inside"), "due", "The other side answered 302."),
        (answers("200 OK", HUGE), "delivered", ""),
        (resets, "due", "Connection"),
        (keeps_silent, "due", ""),
        (drips(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n", every=0.05), "due", "No reply within 1 seconds"),
    ],
)
def test_what_came_of_it_is_kept_and_bounded(world, kind, script, state, error):
    with outside(script) as server:
        row = tell(world.home, kind, server.url)
    assert len(server.requests) == 1
    assert row.state == state and error in row.last_error
    assert bool(row.last_error) == (state == "due")
    assert len(row.response_text) <= 500 and row.attempts == 1
