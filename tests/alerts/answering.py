"""What tests of follow-ups stand on: answers that were evaluated, and the follow-ups they opened."""

from datetime import UTC, datetime

from django.utils import timezone

from alerts.evaluating import evaluate_batch
from alerts.models import FollowUp
from alerts.rules.settling import LONGEST_WINDOW
from customers.models import Customer
from surveys.models import Response, Survey
from surveys.responding import Given, record_responses
from tenancy.audit import SYSTEM
from tenancy.owned import new_id
from tests.surveys.listening import instrument_of, make_live_survey

# A Tuesday, 10:00 in Berlin.
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def make_survey(ground) -> Survey:
    """The live survey of this ground, made when it is not there."""
    return Survey.objects.filter(name="After delivery").first() or make_live_survey(ground)


def give_answers(ground, *scores: int, at: datetime = TUESDAY, raise_alerts: bool = True, **values) -> list[Response]:
    """Record answers at `at`, as if they had come in then. Enters the scope itself.

    The first is Chiara's and each further one a stranger's, unless `customer` says whose they all are.
    """
    with ground.scope():
        survey = make_survey(ground)
        values = {
            "may_contact": True,
            "channel": "link",
            "touchpoint": ground.delivery,
            **values,
        }
        given = [
            Given(score=score, responded_at=at, submission_key=str(new_id()), **{"customer": customer, **values})
            for score, customer in zip(scores, _customers(ground, len(scores)), strict=True)
        ]
        found = record_responses(
            given, survey=survey, version=instrument_of(survey), by=SYSTEM, at=at, raise_alerts=raise_alerts
        )
        return [response for response, _ in found]


def _customers(ground, count: int) -> list[Customer]:
    chiara = [] if Response.objects.filter(customer=ground.chiara).exists() else [ground.chiara]
    strangers = [
        Customer(organization=ground.organization, name=f"Customer {number}") for number in range(count - len(chiara))
    ]
    return chiara + Customer.objects.bulk_create(strangers)


def evaluate(ground, *, at: datetime | None = None) -> int:
    """Evaluate all that is due by now; returns the number of answers taken."""
    taken = 0
    while claimed := evaluate_batch(ground.organization.id, at=at):
        taken += claimed
    return taken


def open_follow_up(ground, *, score: int = 3, at: datetime = TUESDAY, **values) -> FollowUp:
    """A detractor's follow-up."""
    (response,) = give_answers(ground, score, at=at, **values)
    # By then a bare score of this very moment has settled.
    evaluate(ground, at=max(timezone.now(), at + LONGEST_WINDOW))
    with ground.scope():
        return FollowUp.objects.select_related("customer", "response", "owner").get(response=response)
