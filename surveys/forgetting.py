"""Forgetting a customer: that they were asked stays in the counts, where the mail went does not."""

from customers.models import Customer
from surveys.models import Invitation

Status = Invitation.Status
# Mail servers like to repeat the address in their answers.
TELLING = ("error",)


def forget_invitations(customer: Customer) -> None:
    """Take the address out of every ask of this customer, and drop those that are still to come."""
    asks = Invitation.objects.filter(customer=customer)
    asks.filter(status__in=[Status.PLANNED, Status.DEFERRED]).update(status=Status.DROPPED, reason="erased")
    asks.update(to_address="", last_error="", provisional_score=None, provisional_at=None)
    for ask in asks.filter(reason_details__has_any_keys=list(TELLING)):
        ask.reason_details = {name: value for name, value in ask.reason_details.items() if name not in TELLING}
        ask.save(update_fields=["reason_details"])
