"""The survey mail as a trial: shown in the builder, or sent to its author. Its links open the preview."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from surveys.models import Survey, SurveyVersion
from surveys.published import instrument
from surveys.survey_mail import SurveyMail, mail_context
from tenancy.audit import Actor, record
from tenancy.mail import Sender
from tenancy.models import Organization, User
from tenancy.outbox import queue_mail


def trial_mail(
    survey: Survey, version: SurveyVersion, *, organization: Organization, language: str, to: User, base: str = ""
) -> SurveyMail:
    """The mail of this version as `to` would get it; `base` comes before the path of the preview."""
    preview = reverse("survey_preview", kwargs={"org": organization.slug, "pk": survey.pk})
    return SurveyMail(
        instrument=instrument(version),
        language=language or version.default_language,
        token="preview",  # noqa: S106  (no secret)
        to_address=to.email,
        customer_name=to.name,
        touchpoint=survey.touchpoint.name if survey.touchpoint else "",
        answer_link=f"{base}{preview}",
    )


def trial_context(mail: SurveyMail, organization: Organization) -> dict[str, Any]:
    """What the mail's templates say, as JSON can hold it; nobody can be unsubscribed by a trial."""
    context = mail_context(mail, sender=Sender.of(organization))
    context["rows"] = [[asdict(link) for link in row] for row in context["rows"]]
    context["links"] = [asdict(link) for link in context["links"]]
    context["unsubscribe_url"] = mail.answer_url
    return context


def queue_trial_mail(
    survey: Survey, version: SurveyVersion, *, language: str, to: User, by: Actor, at: datetime
) -> None:
    """Queue the mail to `to`; it goes out with staff mail."""
    organization = survey.organization
    mail = trial_mail(survey, version, organization=organization, language=language, to=to, base=settings.BASE_URL)
    key = f"survey-trial:{survey.pk}:{to.pk}:{at.isoformat()}"
    queue_mail("survey", to=to.email, context=trial_context(mail, organization), dedupe_key=key)
    record("survey.test_sent", on=survey, by=by, at=at)
