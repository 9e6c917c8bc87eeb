"""A survey that is live, its send rule, and customers who reach milestones: the stage for tests of asking."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from customers.models import Customer
from journeys.models import MilestoneEvent
from journeys.recording import record_milestone
from surveys.models import Distribution, Invitation, Survey, UnplannedEvent
from surveys.survey_templates import TEMPLATES
from surveys.versions import create_survey, publish
from tests.world import Ground

_numbers = count(1)


def live_survey(ground: Ground, template: str = "touchpoint_nps", name: str = "") -> Survey:
    survey = create_survey(
        template=TEMPLATES[template],
        name=name or f"{template} {next(_numbers)}",
        touchpoint=ground.delivery if "relationship" not in template else None,
        by=ground.ana,
    )
    publish(survey, by=ground.ana, at=timezone.now())
    survey.refresh_from_db()
    return survey


def send_rule(ground: Ground, survey: Survey, **values: Any) -> Distribution:
    return Distribution.objects.create(survey=survey, milestone=ground.delivered, **values)


def deliver(ground: Ground, customer: Customer | None = None, *, ago: timedelta = timedelta(), key: str = "") -> None:
    """The customer gets their order; everything that follows by signal follows."""
    record_milestone(
        customer=customer or ground.chiara,
        milestone=ground.delivered,
        occurred_at=timezone.now() - ago,
        idempotency_key=key or f"delivery-{next(_numbers)}",
        by=ground.ana,
    )


def new_customer(name: str) -> Customer:
    address = f"{name.lower()}@customers.example"
    return Customer.objects.create(name=name, email=address, email_key=address)


def invitation_for(customer: Customer) -> Invitation:
    """The one invitation of this customer, as it is stored."""
    return Invitation.objects.get(customer=customer)


def sent_before(ground: Ground, survey: Survey, *, at: datetime, customer: Customer | None = None) -> Invitation:
    """An ask that went out earlier."""
    return Invitation.objects.create(
        survey=survey,
        customer=customer or ground.chiara,
        idempotency_key=f"before-{next(_numbers)}",
        status="sent",
        reason="sent",
        due_at=at,
        sent_at=at,
    )


def an_ask(ground: Ground, *, status: str = "planned", **values: Any) -> Invitation:
    """One candidate ask in this state."""
    customer = values.pop("customer", ground.chiara)
    values.setdefault("reason", {"unknown": "hand_over_unknown", "failed": "refused"}.get(status, status))
    return Invitation.objects.create(
        survey=values.pop("survey", None) or live_survey(ground),
        customer=customer,
        idempotency_key=f"ask-{next(_numbers)}",
        to_address=customer.email,
        status=status,
        due_at=values.pop("due_at", timezone.now()),
        **values,
    )


def an_unplanned_event(ground: Ground, *, error: str = "OperationalError: lost") -> UnplannedEvent:
    """The customer got their order, and planning what to ask them failed."""
    deliver(ground)
    event = MilestoneEvent.objects.order_by("-id")[0]
    return UnplannedEvent.objects.create(milestone_event=event, due_at=timezone.now(), last_error=error)
