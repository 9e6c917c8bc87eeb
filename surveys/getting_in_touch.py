"""A customer who was let down asks to be called or written to."""

from datetime import datetime

from customers.models import Customer
from surveys.models import Response
from surveys.responding import edit_response
from tenancy.audit import Actor, record


def ask_to_be_contacted(response: Response, *, phone: str, verbatim: str, by: Actor, at: datetime) -> None:
    """Note the consent on the answer, and the number on the customer; raises EditedTooLate after the edit window."""
    edit_response(response, score=response.score, verbatim=verbatim, may_contact=True, by=by, at=at)
    customer = response.customer
    if phone and customer is not None and customer.phone != phone:
        Customer.objects.filter(pk=customer.pk).update(phone=phone, updated_at=at)
        record("customer.phone_given", on=customer, by=by, at=at)


def clean_phone(text: str) -> str:
    """The number as typed, without what no number has; empty when it has fewer than five digits."""
    kept = "".join(c for c in text if c.isdigit() or c in "+-/() .").strip()[:40]
    return kept if sum(c.isdigit() for c in kept) >= 5 else ""
