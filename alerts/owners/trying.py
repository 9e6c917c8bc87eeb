"""Trying the owner rules: who would get a follow-up about this customer now, and why. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.models import OwnerRule
from alerts.owners.finding import Choice, Subject, find_owner
from alerts.owners.staff import Staff
from customers.finding import find_customers
from customers.models import Customer
from journeys.models import Touchpoint

MOST_FOUND = 6


@dataclass(frozen=True)
class Try:
    """`found` are customers that fit the words; with exactly one of them, or one chosen, there is a `choice`."""

    words: str
    touchpoint: str
    touchpoints: list[tuple[str, str]]
    found: list[Customer]
    customer: Customer | None = None
    choice: Choice | None = None

    @classmethod
    def of(cls, query: Mapping[str, str], rules: Sequence[OwnerRule], *, at: datetime) -> "Try":
        words, chosen = query.get("q", "").strip()[:200], _key(query.get("customer", ""))
        places = [(str(each.pk), each.name) for each in Touchpoint.objects.order_by("name")]
        place = _key(query.get("touchpoint", ""))
        shown = str(place) if place and str(place) in dict(places) else ""
        found = list(Customer.objects.filter(pk=chosen)) if chosen else []
        if not found and words:
            found = list(find_customers(words=words)[:MOST_FOUND])
        if len(found) != 1:
            return cls(words, shown, places, found)
        subject = Subject(found[0].attributes, UUID(shown) if shown else None)
        choice = find_owner([rule for rule in rules if rule.is_active], subject, Staff.now(at=at))
        return cls(words, shown, places, [], found[0], choice)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
