"""Channels and deliveries by the API: what was sent where, never an address, and sending again."""

import json

from django.utils import timezone

from alerts.models import Delivery
from alerts.notifying.keeping import add_channel
from tenancy.models import AuditEntry
from tests.alerts.access import a_delivery_given_up
from tests.calling import Api


def test_channels_are_told_without_their_addresses(world):
    with world.home.scope():
        channel = add_channel(
            kind="slack", name="Care", address="https://hooks.slack.com/services/T0/B0/s3cret",
            events=["follow_up.opened"], by=world.home.ana, at=timezone.now(),
        )  # fmt: skip
    api = Api(world.home, "channels:read")
    listed = api.get("channels").json()["results"]
    one = api.get(f"channels/{channel.pk}").json()
    assert listed == [one]
    assert (one["kind"], one["name"], one["shown"], one["events"]) == (
        "slack",
        "Care",
        "hooks.slack.com",
        ["follow_up.opened"],
    )
    assert "s3cret" not in json.dumps(one) and "secret" not in one


def test_deliveries_are_filtered_by_channel_and_state(world):
    with world.home.scope():
        row = a_delivery_given_up(world.home)
        Delivery.objects.create(
            channel=row.channel, event="test", facts={}, dedupe_key="other", state="delivered",
            created_at=timezone.now(), due_at=timezone.now(),
        )  # fmt: skip
    api = Api(world.home, "channels:read")
    assert len(api.get("deliveries", channel=str(row.channel_id)).json()["results"]) == 2
    (found,) = api.get("deliveries", state="given_up").json()["results"]
    assert found["id"] == str(row.pk)
    assert (found["attempts"], found["response_status"], found["last_error"]) == (
        8,
        500,
        "The other side answered 500.",
    )
    assert api.get("deliveries", state="lost").status_code == 400
    assert Api(world.other, "channels:read").get("deliveries").json()["results"] == []


def test_given_up_delivery_is_sent_again_and_the_log_says_by_which_key(world):
    with world.home.scope():
        row = a_delivery_given_up(world.home)
    api = Api(world.home, "channels:write")
    reply = api.post(f"deliveries/{row.pk}/replay")
    assert (reply.status_code, reply.json()["state"], reply.json()["attempts"]) == (200, "due", 0)
    with world.home.scope():
        assert AuditEntry.objects.get(verb="delivery.replayed").actor_kind == "api_key"
    assert api.post(f"deliveries/{row.pk}/replay").json()["state"] == "due"
    assert Api(world.home, "channels:read").post(f"deliveries/{row.pk}/replay").status_code == 403
