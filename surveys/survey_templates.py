"""The surveys one can start from, in every language they are written in.

`{organization}` and `{touchpoint}` are filled in when the survey is shown. Under each measure there are the same three
groups, so that "promoter" here also means the satisfied (CSAT) and those who found it easy (CES).
"""

from dataclasses import dataclass
from typing import Any

from surveys.models import Measure, Survey

Texts = dict[str, dict[str, str]]
"""{language: {name of the text: text}}"""


@dataclass(frozen=True)
class SurveyTemplate:
    """What a new survey says before anybody has changed a word of it."""

    key: str
    name: str
    description: str
    kind: str
    measure: str
    points: int
    score: Texts
    verbatim: Texts
    contact: Texts
    texts: Texts

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.texts)


_REASON: Texts = {
    "en": {
        "any": "What is the main reason for your score?",
        "promoter": "What did you like most?",
        "passive": "What could we do better?",
        "detractor": "What went wrong?",
    },
    "ar": {
        "any": "ما السبب الرئيسي لتقييمك؟",
        "promoter": "ما أكثر ما أعجبك؟",
        "passive": "ما الذي يمكننا تحسينه؟",
        "detractor": "ما الذي لم يسر على ما يرام؟",
    },
}

_CONTACT: Texts = {
    "en": {"title": "May we contact you about your answer?"},
    "ar": {"title": "هل يمكننا التواصل معك بشأن إجابتك؟"},
}

_THANKS: Texts = {
    "en": {
        "thanks_promoter": "Thank you! It is good to hear that we got this right.",
        "thanks_passive": "Thank you. Your answer shows us where we can still improve.",
        "thanks_detractor": "We are sorry that we let you down.",
        "link_label": "",
        "link_url": "",
    },
    "ar": {
        "thanks_promoter": "شكرًا لك! يسعدنا أننا كنا عند حسن ظنك.",
        "thanks_passive": "شكرًا لك. إجابتك تبيّن لنا أين يمكننا أن نتحسن.",
        "thanks_detractor": "نعتذر لأننا لم نكن عند حسن ظنك.",
        "link_label": "",
        "link_url": "",
    },
}


def _mail(en: dict[str, str], ar: dict[str, str]) -> Texts:
    """The texts around the questions: the mail's own, and the thanks that all templates share."""
    preheader = {"en": "One question, ten seconds.", "ar": "سؤال واحد، عشر ثوانٍ."}
    given = {"en": en, "ar": ar}
    return {
        language: {"preheader": preheader[language], **texts, **_THANKS[language]} for language, texts in given.items()
    }


def _score(en: tuple[str, str, str], ar: tuple[str, str, str]) -> Texts:
    names = ("title", "low_label", "high_label")
    return {"en": dict(zip(names, en, strict=True)), "ar": dict(zip(names, ar, strict=True))}


def _template(**values: Any) -> SurveyTemplate:
    return SurveyTemplate(verbatim=_REASON, contact=_CONTACT, **values)


_LIKELY_EN = ("Not at all likely", "Extremely likely")
_LIKELY_AR = ("غير محتمل إطلاقًا", "محتمل جدًا")

TEMPLATES: dict[str, SurveyTemplate] = {
    template.key: template
    for template in (
        _template(
            key="relationship_nps",
            name="Relationship NPS",
            description="Would customers recommend you, all in all? Asked now and then, not after one event.",
            kind=Survey.Kind.RELATIONAL,
            measure=Measure.NPS,
            points=11,
            score=_score(
                ("How likely are you to recommend {organization} to a friend or colleague?", *_LIKELY_EN),
                ("ما مدى احتمال أن توصي صديقًا أو زميلًا بـ {organization}؟", *_LIKELY_AR),
            ),
            texts=_mail(
                {
                    "subject": "Would you recommend {organization}?",
                    "intro": "You have been with us for a while now, and we would like to know how we are doing.",
                },
                {
                    "subject": "هل توصي بـ {organization}؟",
                    "intro": "أنت معنا منذ مدة، ونود أن نعرف رأيك في ما نقدمه.",
                },
            ),
        ),
        _template(
            key="touchpoint_nps",
            name="NPS after a touchpoint",
            description="Would they recommend you, right after a purchase, a delivery or another touchpoint?",
            kind=Survey.Kind.TRANSACTIONAL,
            measure=Measure.NPS,
            points=11,
            score=_score(
                (
                    "After this experience, how likely are you to recommend {organization} to a friend or colleague?",
                    *_LIKELY_EN,
                ),
                ("بعد هذه التجربة، ما مدى احتمال أن توصي صديقًا أو زميلًا بـ {organization}؟", *_LIKELY_AR),
            ),
            texts=_mail(
                {
                    "subject": "How did it go with {organization}?",
                    "intro": "This is about: {touchpoint}.",
                },
                {"subject": "كيف كانت تجربتك مع {organization}؟", "intro": "هذا السؤال عن: {touchpoint}."},
            ),
        ),
        _template(
            key="touchpoint_csat",
            name="CSAT after a touchpoint",
            description="How satisfied are they with one touchpoint, for example a support ticket?",
            kind=Survey.Kind.TRANSACTIONAL,
            measure=Measure.CSAT,
            points=5,
            score=_score(
                ("How satisfied are you with this experience?", "Very dissatisfied", "Very satisfied"),
                ("ما مدى رضاك عن هذه التجربة؟", "غير راضٍ إطلاقًا", "راضٍ جدًا"),
            ),
            texts=_mail(
                {"subject": "Were you satisfied?", "intro": "This is about: {touchpoint}."},
                {"subject": "هل كنت راضيًا؟", "intro": "هذا السؤال عن: {touchpoint}."},
            ),
        ),
        _template(
            key="touchpoint_ces",
            name="CES after a touchpoint",
            description="How easy did you make it for them to get something done?",
            kind=Survey.Kind.TRANSACTIONAL,
            measure=Measure.CES,
            points=7,
            score=_score(
                (
                    "“{organization} made it easy for me to get done what I wanted.” Do you agree?",
                    "Strongly disagree",
                    "Strongly agree",
                ),
                ("«سهّلت عليّ {organization} إنجاز ما أردت.» هل توافق؟", "لا أوافق إطلاقًا", "أوافق تمامًا"),
            ),
            texts=_mail(
                {"subject": "Did we make it easy?", "intro": "This is about: {touchpoint}."},
                {"subject": "هل كان الأمر سهلًا؟", "intro": "هذا السؤال عن: {touchpoint}."},
            ),
        ),
    )
}
