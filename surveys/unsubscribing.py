"""Leaving: a customer does not want to be asked by this organization any more, and may deliberately come back."""

from datetime import datetime

from customers.emails import normalise_email
from customers.models import Customer, Suppression
from customers.suppression import lift_suppression, suppress
from surveys.models import Invitation
from tenancy.audit import Actor

# What a customer can take back. A list kept by staff, and mail that came back, are not theirs to decide.
OWN_REASONS = (Suppression.Reason.UNSUBSCRIBED, Suppression.Reason.COMPLAINED)


def unsubscribe(invitation: Invitation, customer: Customer, *, by: Actor, at: datetime) -> bool:
    """No mail to the address that was written to, nor to the one the customer has now; False when that was so.

    Runs in the organization's scope.
    """
    reason = Suppression.Reason.UNSUBSCRIBED
    return sum(suppress(key, reason=reason, by=by, at=at) for key in _addresses(invitation, customer)) > 0


def resubscribe(invitation: Invitation, customer: Customer, *, by: Actor, at: datetime) -> bool:
    """Take back what the customer decided before; False when there was nothing to take back."""
    keys = _addresses(invitation, customer)
    own = Suppression.objects.filter(email_key__in=keys, lifted_at=None, reason__in=OWN_REASONS)
    return sum(lift_suppression(key, by=by, at=at) for key in own.values_list("email_key", flat=True)) > 0


def is_unsubscribed(invitation: Invitation, customer: Customer) -> bool:
    """Whether any of the customer's addresses is suppressed, for whatever reason."""
    keys = _addresses(invitation, customer)
    return Suppression.objects.filter(email_key__in=keys, lifted_at=None).exists()


def _addresses(invitation: Invitation, customer: Customer) -> list[str]:
    keys = {customer.email_key} if customer.email_key else set()
    if invitation.to_address:
        keys.add(normalise_email(invitation.to_address))
    return sorted(keys)
