"""Adding channels, changing them, switching them off and on, taking them away, and trying them."""

from datetime import datetime
from typing import Any

from alerts.models import Delivery, NotificationChannel
from alerts.notifying.channels import kinds
from alerts.notifying.channels.webhook import new_secret
from alerts.notifying.queueing import SWEEP, TEST
from alerts.notifying.sealing import Unreadable, seal, unseal
from tenancy.audit import Actor, record
from tenancy.background import nudge
from tenancy.models import User
from tenancy.owned import new_id


def add_channel(
    *, kind: str, name: str, address: str, events: list[str], by: Actor | User, at: datetime, secret: str = ""
) -> NotificationChannel:
    """A new channel; one that signs gets a secret where none is given. Raises Refused for an address it cannot have."""
    channel = kinds()[kind]
    shown, values = channel.shown(address), {"address": address}
    if channel.has_secret:
        values["secret"] = secret or new_secret()
    added = NotificationChannel.objects.create(kind=kind, name=name, secret=seal(values), shown=shown, events=events)
    record(
        "notification_channel.added", on=added, by=by, at=at, details={"kind": kind, "where": shown, "events": events}
    )
    return added


def change_channel(
    channel: NotificationChannel, *, name: str, address: str, events: list[str], by: Actor | User, at: datetime
) -> None:
    """Store the new values; an empty address keeps the one there is. Raises Refused for one it cannot have."""
    before = {"name": channel.name, "where": channel.shown, "events": channel.events}
    if address:
        channel.shown = kinds()[channel.kind].shown(address)
        channel.secret = seal({**_sealed(channel), "address": address})
    channel.name, channel.events = name, events
    channel.save(update_fields=["name", "events", "shown", "secret"])
    after = {"name": channel.name, "where": channel.shown, "events": channel.events}
    changed: dict[str, Any] = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if changed or address:
        details = {"changed": changed, "address": "replaced" if address else ""}
        record("notification_channel.changed", on=channel, by=by, at=at, details=details)


def renew_secret(channel: NotificationChannel, *, by: Actor | User, at: datetime) -> str:
    """A new secret, returned this once; messages are signed with it from now on."""
    secret = new_secret()
    channel.secret = seal({**_sealed(channel), "secret": secret})
    channel.save(update_fields=["secret"])
    record("notification_channel.secret_renewed", on=channel, by=by, at=at)
    return secret


def secret_of(channel: NotificationChannel) -> str:
    """For showing it once, when the channel is new; empty where nothing is signed."""
    return _sealed(channel).get("secret", "")


def switch_off(channel: NotificationChannel, *, by: Actor | User, at: datetime) -> None:
    """It is told nothing any more; what still waits for it is given up by the sweep."""
    if NotificationChannel.objects.filter(pk=channel.pk, is_active=True).update(is_active=False):
        record("notification_channel.switched_off", on=channel, by=by, at=at)


def switch_on(channel: NotificationChannel, *, by: Actor | User, at: datetime) -> None:
    if NotificationChannel.objects.filter(pk=channel.pk, is_active=False).update(is_active=True):
        record("notification_channel.switched_on", on=channel, by=by, at=at)


def delete_channel(channel: NotificationChannel, *, by: Actor | User, at: datetime) -> None:
    """The channel, its address and everything that was sent to it or waits for it."""
    record("notification_channel.deleted", on=channel, by=by, at=at, details={"where": channel.shown})
    channel.delete()


def send_test(channel: NotificationChannel, *, organization_url: str, by: Actor | User, at: datetime) -> Delivery:
    """Queue a test message; what becomes of it stands in the delivery."""
    delivery = Delivery.objects.create(
        channel=channel,
        event=TEST,
        facts={
            "title": "Test message",
            "text": f"It works: “{channel.name}” is told what you chose from now on.",
            "url": organization_url,
        },
        dedupe_key=f"{TEST}:{new_id()}",
        created_at=at,
        due_at=at,
    )
    record("notification_channel.tested", on=channel, by=by, at=at)
    nudge(SWEEP)
    return delivery


def _sealed(channel: NotificationChannel) -> dict[str, str]:
    """What is sealed; nothing of it where the key is gone, so that a new address mends the channel."""
    try:
        return unseal(channel.secret)
    except Unreadable:
        return {"secret": new_secret()} if kinds()[channel.kind].has_secret else {}
