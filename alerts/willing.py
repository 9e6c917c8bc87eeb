"""Whether customers want to be contacted: the newest thing they said about it, in an answer or as a decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce

from customers.models import Consent
from surveys.models import Response


@dataclass(frozen=True)
class Word:
    """What a customer said, and when."""

    at: datetime
    is_willing: bool


def newest_words(customers: Iterable[UUID]) -> dict[UUID, Word]:
    """By customer, for those who said anything; two queries for any number. Said at the same moment, a no holds."""
    ids = list(customers)
    decisions = Consent.objects.filter(customer__in=ids, purpose=Consent.Purpose.CONTACT)
    said = decisions.order_by("customer_id", "-at", "is_given", "-id").distinct("customer_id")
    words = {each.customer_id: Word(each.at, each.is_given) for each in said}
    answers = Response.objects.filter(customer__in=ids, may_contact__isnull=False)
    answers = answers.annotate(said_at=Coalesce("edited_at", "responded_at"))
    newest = answers.order_by("customer_id", "-said_at", "may_contact").distinct("customer_id")
    for customer, at, may_contact in newest.values_list("customer_id", "said_at", "may_contact"):
        held = words.get(customer)
        if held is None or at > held.at or (at == held.at and not may_contact):
            words[customer] = Word(at, may_contact)
    return words
