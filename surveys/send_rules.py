"""Send rules: after which milestone a survey asks, how much later, and whom it would not reach."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from customers.models import Customer, Suppression
from journeys.models import MilestoneEvent
from surveys.models import Distribution, Invitation
from surveys.planning import customers_without_consent
from tenancy.audit import Actor, record
from tenancy.models import Organization

LOOK_BACK = timedelta(days=28)
FIELDS = ("milestone_id", "delay_minutes", "fatigue_days", "expires_days", "is_active")


def save_rule(rule: Distribution, *, by: Actor, at: datetime) -> Distribution:
    """Store a new or changed rule. What is planned already keeps its time."""
    is_new = rule._state.adding
    rule.save()
    verb = "send_rule.added" if is_new else "send_rule.changed"
    record(verb, on=rule, by=by, at=at, details={name: str(getattr(rule, name)) for name in FIELDS})
    return rule


def switch_rule(rule: Distribution, *, on: bool, by: Actor, at: datetime) -> None:
    """Switched off, a rule plans nothing and what it planned is not sent."""
    rule.is_active = on
    rule.save(update_fields=["is_active"])
    record("send_rule.switched_on" if on else "send_rule.switched_off", on=rule, by=by, at=at)


@dataclass(frozen=True)
class Reach:
    """Whom a rule would have met in the last 28 days: different customers, and why some would not have been asked.

    Each customer held back is counted once, by the first reason that applies in this order.
    """

    customers: int
    erased: int
    without_address: int
    suppressed: int
    without_consent: int
    resting: int

    @property
    def held_back(self) -> int:
        return self.erased + self.without_address + self.suppressed + self.without_consent + self.resting

    @property
    def sentences(self) -> list[str]:
        """The estimate in words: how many, how many held back, and one line for each reason."""
        if not self.customers:
            return ["Nobody reached this milestone in the last 28 days."]
        reached = f"{_people(self.customers)} reached this milestone in the last 28 days."
        if not self.held_back:
            return [reached, "None of them would have been held back."]
        reasons = (
            (self.without_address, "without an e-mail address"),
            (self.suppressed, "must not be written to"),
            (self.without_consent, "withdrew their consent to be asked"),
            (self.resting, "asked by a survey a short while ago"),
            (self.erased, "erased"),
        )
        said = [f"{count:,} {words}" for count, words in reasons if count]
        return [reached, f"{_people(self.held_back)} would have been held back: {', '.join(said)}."]


def reach_of(rule: Distribution, organization: Organization, *, at: datetime) -> Reach:
    """Two queries; the customers of 28 days are looked at, not the events."""
    events = MilestoneEvent.objects.filter(
        customer=OuterRef("pk"), milestone=rule.milestone_id, occurred_at__gt=at - LOOK_BACK, occurred_at__lte=at
    )
    days = organization.fatigue_days if rule.fatigue_days is None else rule.fatigue_days
    asked = Invitation.objects.filter(
        Q(distribution=None) | ~Q(distribution=rule.pk),
        customer=OuterRef("pk"),
        sent_at__gt=at - timedelta(days=days),
    )
    barred = Suppression.objects.filter(email_key=OuterRef("email_key"), lifted_at=None)
    customers = list(
        Customer.objects.filter(Exists(events))
        .annotate(is_barred=Exists(barred), is_resting=Exists(asked))
        .values_list("pk", "email_key", "erased_at", "is_barred", "is_resting")
    )
    withdrawn = customers_without_consent(pk for pk, *_ in customers)
    counts = dict.fromkeys(("erased", "without_address", "suppressed", "without_consent", "resting"), 0)
    for pk, email_key, erased_at, is_barred, is_resting in customers:
        for name, applies in (
            ("erased", erased_at is not None),
            ("without_address", not email_key),
            ("suppressed", is_barred),
            ("without_consent", pk in withdrawn),
            ("resting", is_resting),
        ):
            if applies:
                counts[name] += 1
                break
    return Reach(customers=len(customers), **counts)


def _people(count: int) -> str:
    return "1 customer" if count == 1 else f"{count:,} customers"
