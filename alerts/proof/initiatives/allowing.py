"""Which customers a message about an initiative does not go to, and why, in words. The same rules for the preview and
for the moment of sending."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from alerts.models import InitiativeMessage, InitiativeRecipient
from alerts.willing import newest_words
from customers.models import Customer
from customers.suppression import suppressions_of
from surveys.planning import customers_without_consent
from surveys.reasons import SUPPRESSIONS
from surveys.reserving import last_asks
from tenancy.models import Organization


def why_not(
    customers: Sequence[Customer], message: InitiativeMessage, organization: Organization, *, at: datetime
) -> dict[UUID, str]:
    """By customer the reason, for those who are left out. Five queries for any number."""
    ids = [each.pk for each in customers]
    barred = suppressions_of({each.email_key for each in customers if each.email_key})
    withdrawn = customers_without_consent(ids)
    unwilling = {customer for customer, word in newest_words(ids).items() if not word.is_willing}
    rested_since = at - timedelta(days=organization.fatigue_days)
    asked = {pk for pk, last in last_asks(ids, at=at).items() if last.at > rested_since}
    written_to = _written_to(ids, message, since=rested_since)
    days = "1 day" if organization.fatigue_days == 1 else f"{organization.fatigue_days} days"
    reasons = {}
    for each in customers:
        if why := _first_of(
            (each.erased_at is not None, "They were erased."),
            (not each.email_key, "There is no e-mail address."),
            ((each.email_key or "") in barred, SUPPRESSIONS.get(barred.get(each.email_key or "", ""), "Suppressed.")),
            (each.pk in withdrawn, "They have withdrawn their consent to be asked."),
            (each.pk in unwilling, "They do not want to be contacted."),
            (organization.is_demo and not settings.DEMO_MAIL, "No mail leaves the demo."),
            (each.pk in asked, f"They were asked within the last {days}, in which they are left in peace."),
            (each.pk in written_to, f"They were written to about an initiative within the last {days}."),
        ):
            reasons[each.pk] = why
    return reasons


def _first_of(*rules: tuple[bool, str]) -> str:
    return next((why for applies, why in rules if applies), "")


def _written_to(customer_ids: Sequence[UUID], message: InitiativeMessage, *, since: datetime) -> set[UUID]:
    sent = InitiativeRecipient.objects.filter(customer__in=list(customer_ids), is_sent=True, decided_at__gt=since)
    return set(sent.exclude(message=message).values_list("customer_id", flat=True))
