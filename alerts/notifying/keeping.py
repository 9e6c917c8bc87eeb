"""Adding channels and switching them off."""

from datetime import datetime

from alerts.models import NotificationChannel
from alerts.notifying.channels import kinds
from alerts.notifying.channels.webhook import new_secret
from alerts.notifying.sealing import seal
from tenancy.audit import Actor, record
from tenancy.models import User
from tenancy.outgoing import Refused, checked_url


def add_channel(
    *, kind: str, name: str, url: str, events: list[str], by: Actor | User, at: datetime, secret: str = ""
) -> NotificationChannel:
    """A new channel; one that signs gets a secret where none is given. Raises Refused for an address it cannot have."""
    channel = kinds()[kind]
    host = checked_url(url).host or ""
    if channel.hosts and not any(host == each or host.endswith(f".{each}") for each in channel.hosts):
        raise Refused(f"This is no address of {channel.label}")
    values = {"url": url}
    if channel.has_secret:
        values["secret"] = secret or new_secret()
    added = NotificationChannel.objects.create(kind=kind, name=name, secret=seal(values), shown=host, events=events)
    record("notification_channel.added", on=added, by=by, at=at, details={"kind": kind, "host": host})
    return added


def switch_off(channel: NotificationChannel, *, by: Actor | User, at: datetime) -> None:
    """It is told nothing any more; what still waits for it is given up by the sweep."""
    if NotificationChannel.objects.filter(pk=channel.pk, is_active=True).update(is_active=False):
        record("notification_channel.switched_off", on=channel, by=by, at=at)
