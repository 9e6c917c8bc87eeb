"""What tests of answers stand on: a live survey, and an invitation that went out."""

from datetime import UTC, datetime, timedelta

from surveys.models import Invitation, Survey
from surveys.published import Instrument, published_instrument
from surveys.survey_templates import TEMPLATES
from surveys.tokens import make_token
from surveys.versions import create_survey, live_version, publish
from tenancy.owned import new_id

NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


def make_live_survey(ground, template: str = "touchpoint_nps", name: str = "After delivery") -> Survey:
    """A published survey about the delivery; call it in the ground's scope."""
    survey = create_survey(template=TEMPLATES[template], name=name, touchpoint=ground.delivery, by=ground.ana)
    publish(survey, by=ground.ana, at=NOON - timedelta(days=30))
    return survey


def instrument_of(survey: Survey) -> Instrument:
    version = live_version(survey)
    assert version is not None
    return published_instrument(survey.organization_id, version.id)


def make_invitation(ground, survey: Survey, *, customer=None, at: datetime = NOON, **values) -> Invitation:
    """An invitation that went out an hour before `at`; call it in the ground's scope."""
    customer = customer or ground.chiara
    values = {
        "status": Invitation.Status.SENT,
        "sent_at": at - timedelta(hours=1),
        "expires_at": at + timedelta(days=30),
        "due_at": at - timedelta(hours=1),
        "version": live_version(survey),
        "to_address": customer.email,
        "touchpoint": survey.touchpoint,
        **values,
    }
    return Invitation.objects.create(
        survey=survey, customer=customer, idempotency_key=f"test:{new_id()}", language=customer.language, **values
    )


def path_of(invitation: Invitation) -> str:
    return f"/r/{make_token(invitation.id)}/"
