"""Who is to be asked: every candidate ask becomes an invitation, also one that is dropped at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from customers.models import Consent, Customer
from journeys.models import MilestoneEvent
from surveys.contact_policy import APART, EVENT_KEEPS
from surveys.models import Distribution, Invitation, Survey
from tenancy.audit import SYSTEM, Actor, audit_entry, record
from tenancy.background import nudge
from tenancy.models import AuditEntry, User
from tenancy.scope import current_organization_id

Status = Invitation.Status
SWEEP = "surveys.tasks.send_due_invitations"


def plan_invitations(events: Sequence[MilestoneEvent], *, at: datetime) -> list[Invitation]:
    """One invitation for each event and each send rule that is on and whose survey is live or paused.

    An ask that was planned before is left alone. Costs three queries for any number of events; one where no rule fits.
    """
    rules = list(
        Distribution.objects.filter(
            milestone_id__in={event.milestone_id for event in events},
            is_active=True,
            survey__state__in=[Survey.State.LIVE, Survey.State.PAUSED],
        ).select_related("survey")
    )
    if not rules:
        return []
    withdrawn = customers_without_consent(event.customer_id for event in events)
    invitations = [
        _plan(event, rule, at=at, has_withdrawn=event.customer_id in withdrawn)
        for event in events
        for rule in rules
        if rule.milestone_id == event.milestone_id
    ]
    Invitation.objects.bulk_create(invitations, ignore_conflicts=True)
    if any(each.status == Status.PLANNED and each.due_at <= at for each in invitations):
        nudge(SWEEP)
    return invitations


def ask_customer(*, survey: Survey, customer: Customer, key: str, by: Actor | User, at: datetime) -> Invitation:
    """Ask this customer now, because somebody wants it; the contact policy holds as for every ask.

    `key` names the wish (a UUID of the form), so that a form sent twice asks once.
    """
    invitation, is_new = Invitation.objects.get_or_create(
        idempotency_key=f"manual:{key}",
        defaults={
            "survey": survey,
            "customer": customer,
            "touchpoint_id": survey.touchpoint_id,
            "to_address": customer.email,
            "language": customer.language,
            "status": Status.PLANNED,
            "reason": "planned",
            "reason_details": {"wanted_by": str(by) if isinstance(by, User) else by.label},
            "due_at": at,
        },
    )
    if is_new:
        record("invitation.wanted", on=invitation, by=by, at=at, details={"survey": survey.name})
        nudge(SWEEP)
    return invitation


@dataclass(frozen=True)
class Wish:
    """One customer to be asked by a rule; `key` names the wish, so that it is carried out once."""

    customer: Customer
    key: str
    due_at: datetime


def ask_because(survey: Survey, wishes: Sequence[Wish], *, wanted_by: str, at: datetime) -> list[Invitation]:
    """An invitation for each wish, planned or dropped with its reason; the contact policy holds as for every ask.

    `wanted_by` is what the ledger says: because “…” wanted it. Three statements for any number of wishes.
    """
    if not wishes:
        return []
    withdrawn = customers_without_consent(each.customer.pk for each in wishes)
    invitations = []
    for wish in wishes:
        customer = wish.customer
        why_not = _why_not(customer, due_at=wish.due_at, at=at, has_withdrawn=customer.pk in withdrawn)
        invitations.append(
            Invitation(
                organization_id=current_organization_id(),
                survey=survey,
                customer=customer,
                touchpoint_id=survey.touchpoint_id,
                idempotency_key=wish.key,
                status=Status.DROPPED if why_not else Status.PLANNED,
                reason=why_not or "planned",
                reason_details={"wanted_by": wanted_by},
                to_address=customer.email,
                language=customer.language,
                due_at=wish.due_at,
            )
        )
    Invitation.objects.bulk_create(invitations, ignore_conflicts=True)
    wanted = [
        audit_entry("invitation.wanted", on=each, by=SYSTEM, at=at, details={"survey": survey.name, "by": wanted_by})
        for each in invitations
    ]
    AuditEntry.objects.bulk_create(wanted)
    if any(each.status == Status.PLANNED and each.due_at <= at for each in invitations):
        nudge(SWEEP)
    return invitations


def ask_apart(
    *,
    survey: Survey,
    customer: Customer,
    key: str,
    because: str,
    at: datetime,
    last_asked_at: datetime | None,
    days: int,
) -> Invitation:
    """Ask this customer outside the ordinary fatigue budget, by a rule of its own: once in `days` at most.

    Such an ask is not held back by other mails and holds none of them back; everything else of the contact policy
    holds. `last_asked_at` is when the same was asked last; when that is too recent, the ask is dropped, with its reason
    in the ledger. `because` ends the sentence “Asked ...” there, `key` names the wish, so that it is asked once.
    """
    is_too_soon = last_asked_at is not None and last_asked_at > at - timedelta(days=days)
    details: dict[str, Any] = {APART: True, "because": because}
    if is_too_soon and last_asked_at:
        details |= {"asked_at": last_asked_at.isoformat(), "days": days}
    invitation, is_new = Invitation.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "survey": survey,
            "customer": customer,
            "touchpoint_id": survey.touchpoint_id,
            "to_address": customer.email,
            "language": customer.language,
            "status": Status.DROPPED if is_too_soon else Status.PLANNED,
            "reason": "asked_this_recently" if is_too_soon else "planned",
            "reason_details": details,
            "due_at": at,
        },
    )
    if is_new and not is_too_soon:
        nudge(SWEEP)
    return invitation


def wake_paused(survey: Survey, *, at: datetime) -> int:
    """A survey goes on: what its pause held back is due now. Returns how many invitations that are."""
    held = Invitation.objects.filter(survey=survey, status=Status.DEFERRED, reason="survey_paused")
    woken = held.update(due_at=at)
    if woken:
        nudge(SWEEP)
    return woken


def customers_without_consent(customer_ids: Iterable[UUID]) -> set[UUID]:
    """Those whose newest decision about being asked was to withdraw; who never decided may be asked."""
    newest = (
        Consent.objects.filter(customer_id__in=set(customer_ids), purpose=Consent.Purpose.SURVEY)
        .order_by("customer_id", "-at", "-id")
        .distinct("customer_id")
    )
    return {consent.customer_id for consent in newest if not consent.is_given}


def _plan(event: MilestoneEvent, rule: Distribution, *, at: datetime, has_withdrawn: bool) -> Invitation:
    due_at = event.occurred_at + timedelta(minutes=rule.delay_minutes)
    customer = event.customer
    why_not = _why_not(customer, due_at=due_at, at=at, has_withdrawn=has_withdrawn)
    details = {"milestone": event.milestone.name, "delay_minutes": rule.delay_minutes}
    return Invitation(
        organization_id=current_organization_id(),
        survey_id=rule.survey_id,
        distribution=rule,
        customer=customer,
        milestone_event=event,
        touchpoint_id=rule.survey.touchpoint_id or event.milestone.touchpoint_id,
        idempotency_key=f"distribution:{rule.id}:event:{event.id}",
        status=Status.DROPPED if why_not else Status.PLANNED,
        reason=why_not or "planned",
        reason_details={**details, "days": EVENT_KEEPS.days} if why_not == "too_old" else details,
        to_address=customer.email,
        language=customer.language,
        due_at=due_at,
    )


def _why_not(customer: Customer, *, due_at: datetime, at: datetime, has_withdrawn: bool) -> str:
    """A reason that will not go away by waiting, or an empty string."""
    if customer.erased_at:
        return "erased"
    if due_at < at - EVENT_KEEPS:
        return "too_old"
    if not customer.email_key:
        return "no_address"
    return "consent_withdrawn" if has_withdrawn else ""
