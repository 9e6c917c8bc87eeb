"""Forgetting a customer: their person goes, the counts stay."""

from datetime import datetime

from django.db import transaction

from customers.models import Customer
from customers.signals import customer_erased
from tenancy.audit import Actor, record
from tenancy.models import OutgoingMail, User

ERASED_NAME = "Erased customer"


def erase_customer(customer: Customer, *, by: Actor | User, at: datetime) -> None:
    """Take every personal detail of this customer out of the organization, on all floors, or nothing at all.

    A suppression of their address stays: it is what keeps us from writing to them again. Erasing twice changes nothing.
    """
    with transaction.atomic():
        held = Customer.objects.select_for_update().get(pk=customer.pk)
        if held.erased_at is not None:
            return
        customer_erased.send(sender=Customer, customer=held, by=by, at=at)
        if held.email:
            OutgoingMail.objects.filter(to_address__in={held.email, held.email_key}).delete()
        held.name, held.email, held.email_key, held.phone = ERASED_NAME, "", None, ""
        held.external_id, held.language, held.value, held.attributes = None, "", None, {}
        held.erased_at = at
        held.save()
        held.consents.all().delete()
        record("customer.erased", on=held, by=by, at=at)
