"""What tests of answers stand on: a live survey, and an invitation that went out."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from surveys.models import Invitation, Response, Survey
from surveys.published import Instrument, published_instrument
from surveys.survey_templates import TEMPLATES
from surveys.tokens import make_token
from surveys.versions import create_survey, live_version, pause, publish
from tenancy.audit import SYSTEM
from tenancy.owned import new_id
from tests.surveys.recording import record_response

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


def a_token(ground) -> str:
    """The token of an invitation that can be answered now."""
    invitation = make_invitation(ground, make_live_survey(ground, name=f"{new_id()}"), at=timezone.now())
    return make_token(invitation.id)


def a_response(ground, *, score: int = 3, verbatim: str = "Late", at: datetime = NOON, **values) -> Response:
    """Chiara's answer; the survey is made when there is none."""
    survey = values.pop("survey", None) or Survey.objects.filter(state="live").first() or make_live_survey(ground)
    values = {
        "customer": ground.chiara,
        "channel": "email",
        "language": "en",
        "touchpoint": survey.touchpoint,
        **values,
    }
    response, _ = record_response(
        survey=survey,
        version=instrument_of(survey),
        score=score,
        verbatim=verbatim,
        by=SYSTEM,
        at=at,
        submission_key=f"test:{new_id()}",
        **values,
    )
    return response


def a_live_survey(ground) -> UUID:
    return make_live_survey(ground, name=f"{new_id()}").pk


def a_paused_survey(ground) -> UUID:
    survey = make_live_survey(ground, name=f"{new_id()}")
    pause(survey, by=ground.ana, at=NOON)
    return survey.pk
