"""The one question that is asked after a loop was closed, as it is made when recovery is switched on."""

from datetime import datetime

from surveys.models import Measure, Question, Survey
from surveys.survey_templates import SurveyTemplate
from surveys.versions import create_survey, publish
from tenancy.audit import Actor
from tenancy.models import User

NAME = "After a closed loop"
_LINK = {"link_label": "", "link_url": ""}
# On the scale of the relation, so that it can be held against the score before point by point.
TEMPLATE = SurveyTemplate(
    key="recovery",
    name=NAME,
    description="Did it help? Asked once, some days after a loop was closed.",
    kind=Survey.Kind.TRANSACTIONAL,
    measure=Measure.NPS,
    points=11,
    score={
        "en": {
            "title": "After the way we dealt with your feedback, how likely are you to recommend {organization}?",
            "low_label": "Not at all likely",
            "high_label": "Extremely likely",
        },
        "ar": {
            "title": "بعد الطريقة التي تعاملنا بها مع ملاحظاتك، ما مدى احتمال أن توصي بـ {organization}؟",
            "low_label": "غير محتمل إطلاقًا",
            "high_label": "محتمل جدًا",
        },
    },
    verbatim={
        "en": {
            "any": "Is there anything you would like to add?",
            "promoter": "What did we do well?",
            "passive": "What would have made it better?",
            "detractor": "What is still not right?",
        },
        "ar": {
            "any": "هل تود إضافة شيء؟",
            "promoter": "ما الذي أحسنّا فعله؟",
            "passive": "ما الذي كان سيجعله أفضل؟",
            "detractor": "ما الذي لم يُحل بعد؟",
        },
    },
    contact={},
    texts={
        "en": {
            "subject": "Did we put it right?",
            "preheader": "One question, ten seconds.",
            "intro": "You told us that something was not as it should be, and we got back to you about it.",
            "thanks_promoter": "Thank you! We are glad that we could put it right.",
            "thanks_passive": "Thank you for telling us.",
            "thanks_detractor": "We are sorry that it is still not right. We are looking at it again.",
            **_LINK,
        },
        "ar": {
            "subject": "هل أصلحنا الأمر؟",
            "preheader": "سؤال واحد، عشر ثوانٍ.",
            "intro": "أخبرتنا أن شيئًا لم يكن كما ينبغي، وتواصلنا معك بشأنه.",
            "thanks_promoter": "شكرًا لك! يسعدنا أننا تمكنا من إصلاح الأمر.",
            "thanks_passive": "شكرًا لإخبارنا.",
            "thanks_detractor": "نعتذر لأن الأمر لم يُحل بعد. سننظر فيه مرة أخرى.",
            **_LINK,
        },
    },
)


def make_survey(*, language: str, by: Actor | User, at: datetime) -> Survey:
    """A live survey of one question with room for a few words; its wording can be changed like any other's."""
    name, number = NAME, 1
    while Survey.objects.filter(name=name).exists():
        number += 1
        name = f"{NAME} {number}"
    survey = create_survey(
        template=TEMPLATE,
        name=name,
        by=by,
        default_language=language,
        questions=(Question.Kind.SCORE, Question.Kind.VERBATIM),
    )
    publish(survey, by=by, at=at)
    return survey
