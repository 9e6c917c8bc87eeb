"""Looking for customers who fell silent, and raising an alert for each, once a silence.

A silence begins with the first mail that asked the customer after their last answer (or ever): who was not asked is not
silent. It ends with an answer; the next one may fire again.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from alerts.models import Alert, AlertRule, RuleCheck
from alerts.opening import open_without_answer
from alerts.rules.holding_out import is_held_out
from alerts.rules.silences import silence_sentence
from alerts.rules.who import who_filter
from customers.models import Customer
from surveys.models import Invitation, Response
from tenancy.models import Organization

# Alerts raised in one transaction; a batch that is full is followed by the next at once.
BATCH = 200
EVERY = timedelta(hours=1)
# Before anybody was asked anything.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def look_for_silence(organization: Organization, check: RuleCheck, *, at: datetime) -> timedelta:
    """Raise an alert for each whose silence became long enough since the last look; returns when to look again.

    Constant statements a batch, and none looks again at what one before it has raised. `check` moves along; the caller
    stores it.
    """
    rule = check.rule
    # A rule from before looks were remembered begins where it looked last.
    since = check.looked_until or check.checked_at or at
    found = list(silent_customers(rule.conditions, at=at, since=since, beyond=rule)[:BATCH])
    alerts = [_alert(rule, customer, at=at) for customer in found]
    Alert.objects.bulk_create(alerts)
    open_without_answer(organization, alerts, at=at)
    if len(found) < BATCH:
        check.looked_until = max(since, at)
        return EVERY
    check.looked_until = found[-1].silent_since + timedelta(days=rule.conditions["days"])  # type: ignore[attr-defined]
    return timedelta(0)


def silent_customers(
    conditions: dict, *, at: datetime, since: datetime | None = None, beyond: AlertRule | None = None
) -> QuerySet[Customer]:
    """The customers who are silent at `at`, with `silent_since`: the longest first, among them the dearest.

    With `since` only those who were not yet silent for long enough then; without those `beyond` fired on.
    """
    answered = Response.objects.filter(customer=OuterRef("pk"), responded_at__lte=at).order_by("-responded_at")
    asked = Invitation.objects.filter(
        customer=OuterRef("pk"),
        status=Invitation.Status.SENT,
        sent_at__gt=Coalesce(OuterRef("last_answer_at"), Value(BEGINNING)),
    ).order_by("sent_at")
    days = timedelta(days=conditions["days"])
    customers = Customer.objects.filter(erased_at__isnull=True)
    if since is not None:
        # Few mails fall into an hour: by them PostgreSQL finds whom to look at, instead of looking at everybody.
        window = Invitation.objects.filter(
            status=Invitation.Status.SENT, sent_at__gte=since - days, sent_at__lte=at - days
        )
        customers = customers.filter(pk__in=window.values("customer"))
    if conditions.get("value") is not None:
        customers = customers.filter(value__gte=conditions["value"])
    customers = customers.filter(who_filter(conditions, attributes="attributes", value="value"))
    customers = customers.annotate(last_answer_at=Subquery(answered.values("responded_at")[:1]))
    customers = customers.annotate(silent_since=Subquery(asked.values("sent_at")[:1]))
    customers = customers.filter(silent_since__lte=at - days)
    if since is not None:
        customers = customers.filter(silent_since__gte=since - days)
    if beyond is not None:
        fired = Alert.objects.filter(rule=beyond, customer=OuterRef("pk"), raised_at__gte=OuterRef("silent_since"))
        customers = customers.exclude(Exists(fired))
    return customers.order_by("silent_since", "-value", "pk")


def _alert(rule: AlertRule, customer: Customer, *, at: datetime) -> Alert:
    since: datetime = customer.silent_since  # type: ignore[attr-defined]
    subject = f"silence:{customer.pk}:{since.isoformat(timespec='seconds')}"
    return Alert(
        organization_id=customer.organization_id,
        rule=rule,
        rule_version=rule.version,
        subject=subject,
        customer=customer,
        raised_at=at,
        reason=f"{rule.name}: {silence_sentence(rule.conditions)}",
        is_held_out=is_held_out(rule, subject),
    )
