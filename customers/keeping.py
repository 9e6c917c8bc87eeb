"""Adding a customer and changing what is known of one, field by field."""

from typing import Any

from django.db import IntegrityError, transaction

from customers.emails import normalise_email
from customers.models import Customer
from tenancy.audit import Actor, record
from tenancy.models import User


class TakenByAnother(ValueError):
    """The address or external id belongs to another customer. `field` says which."""

    def __init__(self, field: str, customer: Customer | None):
        super().__init__(f"Another customer has this {'address' if field == 'email' else 'external id'}.")
        self.field, self.customer = field, customer


class Nameless(ValueError):
    """A customer has a name, an address or an external id."""


def add_customer(values: dict[str, Any], *, by: Actor | User) -> tuple[Customer, bool]:
    """A new customer with these values, and True; or the one that says the same already, and False.

    Raises TakenByAnother when somebody else has the address or the external id, ValueError for a wrong address.
    """
    wanted = _stored(values)
    customer = _holder(wanted)
    if customer is not None and all(getattr(customer, name) == value for name, value in wanted.items()):
        return customer, False
    customer = Customer(**wanted)
    _store(customer, wanted, None)
    record("customer.created", on=customer, by=by)
    return customer, True


def change_customer(customer: Customer, values: dict[str, Any], *, by: Actor | User) -> bool:
    """Set what is given; False when nothing is different. Raises as `add_customer` does."""
    wanted = _stored(values)
    changed = sorted(name for name, value in wanted.items() if getattr(customer, name) != value)
    if not changed:
        return False
    for name in changed:
        setattr(customer, name, wanted[name])
    _store(customer, wanted, [*changed, "updated_at"])
    record("customer.changed", on=customer, by=by, details={"fields": [n for n in changed if n != "email_key"]})
    return True


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """The values as their columns hold them."""
    wanted = dict(values)
    if "external_id" in wanted:
        wanted["external_id"] = (wanted["external_id"] or "").strip() or None
    if "email" in wanted:
        wanted["email"] = wanted["email"].strip()
        wanted["email_key"] = normalise_email(wanted["email"]) if wanted["email"] else None
    return wanted


def _store(customer: Customer, wanted: dict[str, Any], fields: list[str] | None) -> None:
    if not (customer.name or customer.email_key or customer.external_id):
        raise Nameless("Give a name, an e-mail address or an external id.")
    try:
        with transaction.atomic():
            customer.save(update_fields=fields, force_insert=fields is None)
    except IntegrityError:
        for field, column in (("external_id", "external_id"), ("email", "email_key")):
            others = Customer.objects.filter(**{column: wanted.get(column)}).exclude(pk=customer.pk)
            if wanted.get(column) and (other := others.first()):
                raise TakenByAnother(field, other)
        raise


def _holder(wanted: dict[str, Any]) -> Customer | None:
    """Who has the address or the external id already."""
    for column in ("external_id", "email_key"):
        if wanted.get(column) and (found := Customer.objects.filter(**{column: wanted[column]}).first()):
            return found
    return None
