"""Taking a batch of invitations that are due, and deciding about each.

Those to be sent are reserved: they are due again only after the lease, so that what a dying worker held comes back by
itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Coalesce

from customers.suppression import suppressions_of
from surveys.claiming import LEASE, Reserved, because_of, tell_sent
from surveys.contact_policy import APART, Ask, Decision, LastAsk, QuietHours, Verdict, decide
from surveys.models import Invitation, Survey, SurveyVersion
from surveys.planning import customers_without_consent
from tenancy.models import Organization

BATCH = 50
MAX_STOPS = 3
Status = Invitation.Status
WAITING = (Status.PLANNED, Status.DEFERRED)
ASKED = (Status.SENDING, Status.SENT, Status.UNKNOWN)


@dataclass(frozen=True)
class Batch:
    """What came of one look at the queue: rows to send, and how many rows were dealt with otherwise."""

    to_send: list[Reserved]
    decided: int


def reserve(organization: Organization, *, at: datetime) -> Batch:
    """Take at most BATCH due invitations, store those that are put off or dropped, reserve the others.

    Locks the customers as well: two workers never decide about one customer at the same time.
    """
    lost = _give_up_crashed(at)
    tell_sent(organization.time_zone, lost)
    rows = list(
        Invitation.objects.select_for_update(skip_locked=True, no_key=True, of=("self", "customer"))
        .filter(status__in=WAITING, due_at__lte=at)
        .select_related("customer", "survey", "distribution", "milestone_event", "touchpoint")
        .order_by("due_at", "id")[:BATCH]
    )
    if not rows:
        return Batch([], len(lost))
    # A worker that stopped in the middle of a batch did not tell of the mails it had sent.
    tell_sent(organization.time_zone, [row.due_at - LEASE for row in rows if row.reason == "preparing"])
    facts = _Facts(organization, rows, at=at)
    to_send = [row for row in rows if _decide(row, facts, at=at)]
    Invitation.objects.bulk_update(
        rows, ["status", "reason", "reason_details", "due_at", "attempts", "fence", "last_error"]
    )
    return Batch([facts.reserved(row) for row in to_send], len(lost) + len(rows) - len(to_send))


def _give_up_crashed(at: datetime) -> list[datetime]:
    """What was being handed over when its worker died may have arrived: it is shown as unknown and left alone.

    Returns when each of them was handed over.
    """
    crashed = list(Invitation.objects.select_for_update(skip_locked=True).filter(_CRASHED, lease_until__lte=at))
    Invitation.objects.filter(_CRASHED, pk__in=[row.pk for row in crashed]).update(
        status=Status.UNKNOWN, reason="hand_over_unknown", last_error="The program stopped."
    )
    return [row.lease_until - LEASE for row in crashed if row.lease_until]


_CRASHED = Q(status=Status.SENDING)


def _decide(row: Invitation, facts: "_Facts", *, at: datetime) -> bool:
    """Change the row as the policy says; True when it is to be sent now."""
    if row.reason == "preparing":
        # Its last worker stopped between taking it and handing it over.
        row.reason_details["stops"] = row.reason_details.get("stops", 0) + 1
        if row.reason_details["stops"] >= MAX_STOPS:
            row.status, row.reason = Status.FAILED, "set_aside"
            return False
    decision = facts.decision(row, at=at)
    if decision.verdict is Verdict.SEND:
        row.reason, row.due_at = "preparing", at + LEASE
        row.fence, row.attempts = row.fence + 1, row.attempts + 1
        if APART not in row.reason_details:
            facts.asks[row.customer_id] = LastAsk(at, row.survey_id, row.survey.name)
        return True
    row.reason, row.last_error = decision.reason, ""
    row.reason_details = because_of(row.reason_details) | decision.details
    row.status = Status.DROPPED
    if decision.verdict is Verdict.DEFER and decision.until:
        row.status, row.due_at = Status.DEFERRED, decision.until
    return False


class _Facts:
    """What the policy wants to know about a batch, read at once: five queries for any number of rows."""

    def __init__(self, organization: Organization, rows: Sequence[Invitation], *, at: datetime):
        customers = {row.customer_id: row.customer for row in rows}
        self.organization = organization
        self.versions = _live_versions({row.survey_id for row in rows})
        self.suppressed = suppressions_of({each.email_key for each in customers.values() if each.email_key})
        self.withdrawn = customers_without_consent(customers)
        self.asks = last_asks(customers, at=at)
        self.quiet = None
        if organization.quiet_from and organization.quiet_until:
            zone = ZoneInfo(organization.time_zone)
            self.quiet = QuietHours(organization.quiet_from, organization.quiet_until, zone)

    def decision(self, row: Invitation, *, at: datetime) -> Decision:
        if row.survey_id not in self.versions:
            return Decision(Verdict.DROP, "survey_draft")
        return decide(self._ask(row), at=at)

    def _ask(self, row: Invitation) -> Ask:
        customer, rule = row.customer, row.distribution
        return Ask(
            survey_id=row.survey_id,
            survey_state=row.survey.state,
            is_relational=row.survey.kind == Survey.Kind.RELATIONAL,
            moment=_moment(row),
            has_address=bool(customer.email_key),
            is_erased=customer.erased_at is not None,
            has_withdrawn=customer.pk in self.withdrawn,
            suppressed_because=self.suppressed.get(customer.email_key or "", ""),
            # A deleted rule leaves its invitations behind; those with an event were its own.
            is_plan_active=rule.is_active if rule else row.milestone_event_id is None,
            may_leave=settings.DEMO_MAIL or not self.organization.is_demo,
            fatigue_days=self.fatigue_days(row),
            last_ask=self.asks.get(row.customer_id),
            quiet=self.quiet,
        )

    def fatigue_days(self, row: Invitation) -> int:
        if APART in row.reason_details:
            return 0
        own = row.distribution.fatigue_days if row.distribution else None
        return self.organization.fatigue_days if own is None else own

    def reserved(self, row: Invitation) -> Reserved:
        customer = row.customer
        return Reserved(
            id=row.id,
            fence=row.fence,
            attempts=row.attempts,
            version_id=self.versions[row.survey_id],
            customer_id=customer.pk,
            customer_name=customer.name,
            to_address=customer.email,
            email_key=customer.email_key or "",
            language=customer.language or self.organization.language,
            touchpoint=row.touchpoint.name if row.touchpoint else "",
            fatigue_days=self.fatigue_days(row),
            expires_days=row.distribution.expires_days if row.distribution else 30,
            details=because_of(row.reason_details),
        )


def _moment(row: Invitation) -> datetime:
    if row.milestone_event is None:
        return row.created_at
    delay = row.distribution.delay_minutes if row.distribution else 0
    return row.milestone_event.occurred_at + timedelta(minutes=delay)


def _live_versions(survey_ids: set[UUID]) -> dict[UUID, UUID]:
    """By survey its newest published version."""
    published = SurveyVersion.objects.filter(survey_id__in=survey_ids, published_at__isnull=False)
    newest = published.order_by("survey_id", "-number").distinct("survey_id")
    return dict(newest.values_list("survey_id", "id"))


def last_asks(customer_ids: Any, *, at: datetime) -> dict[UUID, LastAsk]:
    """By customer the newest mail that went out or may have gone out, of any survey that shares the budget."""
    newest = (
        Invitation.objects.filter(customer_id__in=list(customer_ids), status__in=ASKED)
        .exclude(reason_details__has_key=APART)
        .annotate(asked_at=Coalesce("sent_at", "lease_until"))
        .order_by("customer_id", "-asked_at")
        .distinct("customer_id")
        .values_list("customer_id", "asked_at", "survey_id", "survey__name")
    )
    return {customer: LastAsk(min(asked_at or at, at), survey, name) for customer, asked_at, survey, name in newest}
