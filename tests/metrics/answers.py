"""Answers for tests of what is made of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from metrics.dirty_days import mark_days
from surveys.models import Answer, Question, Response, Survey, SurveyVersion
from surveys.scoring import group_of


def make_survey(name: str = "Loyalty", *, measure: str = "nps", points: int = 11, touchpoint=None) -> Survey:
    """A live survey with its published version and both questions, in the scope."""
    survey = Survey.objects.create(
        name=name, kind="relational", measure=measure, points=points, state="live", touchpoint=touchpoint
    )
    version = SurveyVersion.objects.create(survey=survey, number=1, published_at=datetime(2020, 1, 1, tzinfo=UTC))
    for position, kind in enumerate(("score", "verbatim")):
        Question.objects.create(version=version, position=position, kind=kind)
    return survey


def answer(
    survey: Survey,
    scores: Iterable[int],
    *,
    touchpoint=None,
    days_ago: int = 1,
    words: str = "",
    customer=None,
    channel: str = "email",
) -> list[Response]:
    """One answer for each score, given at noon (Berlin) some days ago; the day is marked as the product does it."""
    version, berlin = survey.versions.get(number=1), ZoneInfo("Europe/Berlin")
    noon = (datetime.now(berlin) - timedelta(days=days_ago)).replace(hour=12, minute=0, second=0, microsecond=0)
    if days_ago == 0:
        noon = datetime.now(berlin)
    before = Response.objects.count()
    responses = Response.objects.bulk_create(
        Response(
            organization=survey.organization,
            survey=survey,
            version=version,
            touchpoint=touchpoint,
            customer=customer,
            channel=channel,
            measure=survey.measure,
            score=score,
            group=group_of(survey.measure, score, survey.points).value,
            has_verbatim=bool(words),
            responded_at=noon,
            submission_key=f"test:{before + number}",
        )
        for number, score in enumerate(scores)
    )
    if words:
        question = Question.objects.get(version=version, kind="verbatim")
        Answer.objects.bulk_create(
            Answer(organization=survey.organization, response=each, question=question, kind="verbatim", text=words)
            for each in responses
        )
    mark_days({noon.date()})
    return responses
