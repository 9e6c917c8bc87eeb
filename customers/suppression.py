"""Addresses an organization must not write to: put on the list, looked up, and taken off it deliberately."""

from datetime import datetime

from customers.models import Suppression
from tenancy.audit import Actor, record
from tenancy.models import User


def suppress(email_key: str, *, reason: str, by: Actor | User, at: datetime) -> bool:
    """Do not write to this address any more; False when that was so already. Runs in the organization's scope."""
    _, is_new = Suppression.objects.get_or_create(
        email_key=email_key, lifted_at=None, defaults={"reason": reason, "at": at}
    )
    if is_new:
        record("address.suppressed", by=by, at=at, details={"reason": reason})
    return is_new


def lift_suppression(email_key: str, *, by: Actor | User, at: datetime) -> bool:
    """Write to this address again, because somebody deliberately wants it; False when it was not suppressed."""
    lifted = Suppression.objects.filter(email_key=email_key, lifted_at=None).update(lifted_at=at)
    if lifted:
        record("address.released", by=by, at=at)
    return bool(lifted)


def is_suppressed(email_key: str) -> bool:
    return Suppression.objects.filter(email_key=email_key, lifted_at=None).exists()


def suppressions_of(email_keys: set[str]) -> dict[str, str]:
    """Of these addresses those that are suppressed, with the reason."""
    found = Suppression.objects.filter(email_key__in=email_keys, lifted_at=None)
    return dict(found.values_list("email_key", "reason"))
