"""Making surveys, changing what they say, and opening and closing them.

A live survey is not edited in place: changes go into its draft, and publishing the draft makes it the version that is
asked from then on. Answers know their version.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from journeys.models import Touchpoint
from surveys.models import Question, Survey, SurveyVersion
from surveys.planning import wake_paused
from surveys.survey_templates import SurveyTemplate
from tenancy.audit import Actor, Kind, record
from tenancy.models import User

State = Survey.State

# From each state, where one may go.
MOVES: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.LIVE,),
    State.LIVE: (State.PAUSED, State.CLOSED),
    State.PAUSED: (State.LIVE, State.CLOSED),
    State.CLOSED: (),
}

QUESTIONS = (Question.Kind.SCORE, Question.Kind.VERBATIM, Question.Kind.CONTACT)


class IllegalMove(ValueError):
    """A survey cannot go from its state to the one asked for."""


class NothingToPublish(ValueError):
    """The survey has no draft."""


def create_survey(
    *,
    template: SurveyTemplate,
    name: str,
    by: Actor | User,
    touchpoint: Touchpoint | None = None,
    default_language: str = "en",
    questions: Sequence[str] = QUESTIONS,
) -> Survey:
    """A new survey in draft, saying what the template says, in all of its languages."""
    with transaction.atomic():
        survey = Survey.objects.create(
            name=name,
            kind=template.kind,
            measure=template.measure,
            points=template.points,
            touchpoint=touchpoint,
            created_by_id=_user_id(by),
        )
        draft = SurveyVersion.objects.create(
            survey=survey,
            number=1,
            default_language=default_language if default_language in template.texts else "en",
            texts=template.texts,
        )
        for position, kind in enumerate(questions):
            Question.objects.create(version=draft, position=position, kind=kind, texts=getattr(template, kind))
        record("survey.created", on=survey, by=by, details={"template": template.key})
    return survey


def start_draft(survey: Survey, *, by: Actor | User) -> SurveyVersion:
    """The survey's draft: the one there is, or a copy of what is live."""
    draft = draft_of(survey)
    if draft is not None:
        return draft
    live = SurveyVersion.objects.filter(survey=survey).latest("number")
    with transaction.atomic():
        draft = SurveyVersion.objects.create(
            survey=survey, number=live.number + 1, default_language=live.default_language, texts=live.texts
        )
        for question in live.questions.all():
            Question.objects.create(version=draft, position=question.position, kind=question.kind, texts=question.texts)
        record("survey.draft_started", on=survey, by=by, details={"version": draft.number})
    return draft


def discard_draft(survey: Survey, *, by: Actor | User) -> None:
    """Drop what was not published; raises IllegalMove for a survey that was never live."""
    draft = draft_of(survey)
    if draft is None:
        return
    if survey.state == State.DRAFT:
        raise IllegalMove("A survey that was never live has nothing but its draft.")
    number = draft.number
    draft.delete()
    record("survey.draft_discarded", on=survey, by=by, details={"version": number})


def publish(survey: Survey, *, by: Actor | User, at: datetime) -> SurveyVersion:
    """The draft becomes what is asked from now on; a survey in draft goes live.

    Raises NothingToPublish without a draft, IllegalMove for a closed survey.
    """
    if survey.state == State.CLOSED:
        raise IllegalMove("A closed survey cannot be published.")
    with transaction.atomic():
        draft = SurveyVersion.objects.select_for_update().filter(survey=survey, published_at__isnull=True).first()
        if draft is None:
            raise NothingToPublish("There is no draft to publish.")
        draft.published_at = at
        draft.published_by_id = _user_id(by)
        draft.save(update_fields=["published_at", "published_by"])
        if survey.state == State.DRAFT:
            _move(survey, to=State.LIVE)
        record("survey.published", on=survey, by=by, at=at, details={"version": draft.number})
    return draft


def pause(survey: Survey, *, by: Actor | User, at: datetime) -> None:
    """Nobody is asked and nobody can answer until it is resumed."""
    _move(survey, to=State.PAUSED)
    record("survey.paused", on=survey, by=by, at=at)


def resume(survey: Survey, *, by: Actor | User, at: datetime) -> None:
    """Go on asking, also those whom the pause held back."""
    if survey.state != State.PAUSED:
        raise IllegalMove("Only a paused survey can be resumed.")
    _move(survey, to=State.LIVE)
    wake_paused(survey, at=at)
    record("survey.resumed", on=survey, by=by, at=at)


def close(survey: Survey, *, by: Actor | User, at: datetime) -> None:
    """For good: nobody is asked any more, and links that are still out say so."""
    _move(survey, to=State.CLOSED)
    record("survey.closed", on=survey, by=by, at=at)


def draft_of(survey: Survey) -> SurveyVersion | None:
    return SurveyVersion.objects.filter(survey=survey, published_at__isnull=True).first()


def live_version(survey: Survey | Any) -> SurveyVersion | None:
    """The newest published version, which is the one asked; None for a survey that was never live."""
    return SurveyVersion.objects.filter(survey=survey, published_at__isnull=False).order_by("-number").first()


def _user_id(by: Actor | User) -> UUID | None:
    """The person who acts; None when it is a key or the product itself."""
    return by.id if isinstance(by, User) or by.kind == Kind.USER else None


def _move(survey: Survey, *, to: str) -> None:
    """Change the state if it still is what we think it is; raises IllegalMove."""
    moved = to in MOVES[survey.state] and Survey.objects.filter(pk=survey.pk, state=survey.state).update(state=to) == 1
    if not moved:
        raise IllegalMove(
            f"A survey that is {survey.get_state_display().lower()} cannot become {State(to).label.lower()}."
        )
    survey.state = to
