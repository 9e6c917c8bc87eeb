"""The way out of messages about initiatives: a link of its own, since who never got a survey has no invitation.

The token is signed and names organization and customer, so that nothing is stored and nothing looked up to read it.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from customers.models import Customer, Suppression
from customers.suppression import lift_suppression, suppress
from surveys.unsubscribing import OWN_REASONS
from tenancy.audit import Actor

_signer = Signer(sep=".", salt="alerts.proof.initiatives.leaving")


def way_out(customer: Customer) -> str:
    """The whole address of the page where this customer leaves."""
    token = _signer.sign(f"{customer.organization_id.hex}{customer.pk.hex}")
    return settings.BASE_URL + reverse("leave", args=[token])


def read_way_out(token: str) -> tuple[UUID, UUID] | None:
    """(organization, customer), or None when we did not make this token."""
    try:
        both = _signer.unsign(token)
    except BadSignature:
        return None
    return UUID(both[:32]), UUID(both[32:])


def leave(customer: Customer, *, by: Actor, at: datetime) -> None:
    """No more mail to this customer; again changes nothing. In the organization's scope."""
    if customer.email_key:
        suppress(customer.email_key, reason=Suppression.Reason.UNSUBSCRIBED, by=by, at=at)


def come_back(customer: Customer, *, by: Actor, at: datetime) -> None:
    """Take back what the customer decided; what staff or a mail server decided stays."""
    own = Suppression.objects.filter(email_key=customer.email_key, lifted_at=None, reason__in=OWN_REASONS)
    if customer.email_key and own.exists():
        lift_suppression(customer.email_key, by=by, at=at)


def has_left(customer: Customer) -> bool:
    return Suppression.objects.filter(email_key=customer.email_key, lifted_at=None).exists()
