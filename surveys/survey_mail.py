"""The mail that asks: one question, one link for each score, and a way out."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from surveys.mail_wording import mail_wording
from surveys.published import Instrument, fill
from tenancy.mail import Sender, new_message_id, write_mail

# Where the scores break on a phone, into two rows of nearly the same length.
ROWS = {11: 6, 7: 4, 5: 5}


@dataclass(frozen=True)
class SurveyMail:
    """Who is asked what, in which language. The links follow from the token; a test mail brings its own."""

    instrument: Instrument
    language: str
    token: str
    to_address: str
    customer_name: str = ""
    touchpoint: str = ""
    message_id: str = ""
    answer_link: str = ""

    @property
    def answer_url(self) -> str:
        return self.answer_link or f"{settings.BASE_URL}/r/{self.token}/"

    @property
    def unsubscribe_url(self) -> str:
        return f"{settings.BASE_URL}/u/{self.token}/"


def write_survey_mail(survey_mail: SurveyMail, *, sender: Sender) -> EmailMultiAlternatives:
    """The mail with its headers, ready to be sent. Costs no query and must run outside any scope."""
    return write_mail(
        "survey",
        to=survey_mail.to_address,
        sender=sender,
        context=mail_context(survey_mail, sender=sender),
        headers={
            "Message-ID": survey_mail.message_id or new_message_id(),
            # One click, without a visit and without signing in (RFC 8058); the address is for those who cannot.
            "List-Unsubscribe": f"<{survey_mail.unsubscribe_url}>, <{_unsubscribe_address(sender)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def mail_context(survey_mail: SurveyMail, *, sender: Sender) -> dict[str, Any]:
    """What the templates emails/survey.* say, filled in and in one language."""
    instrument = survey_mail.instrument
    texts = instrument.wording(survey_mail.language)
    words = mail_wording(texts.language)
    is_english = words is mail_wording("en")
    names = {"organization": sender.name, "touchpoint": survey_mail.touchpoint}
    links = _score_links(instrument, survey_mail, words)
    first = ROWS.get(len(links), len(links))
    name = survey_mail.customer_name
    return {
        "language": texts.language,
        "direction": texts.direction,
        # The words around the survey's own are in English where it speaks a language that we do not.
        "around_direction": "ltr" if is_english else texts.direction,
        "subject": fill(texts.subject, **names) or fill(texts.title, **names),
        "preheader": fill(texts.preheader, **names),
        "hello": words["hello"].format(name=name) if name else words["hello_stranger"],
        "intro": fill(texts.intro, **names),
        "question": fill(texts.title, **names),
        "rows": [links[:first], links[first:]] if links[first:] else [links],
        "links": links,
        "low": f"{instrument.scale.low} = {texts.low_label}" if texts.low_label else "",
        "high": f"{instrument.scale.high} = {texts.high_label}" if texts.high_label else "",
        "words": words,
        "why": words["why_touchpoint" if survey_mail.touchpoint else "why"].format(**names),
        "answer_url": survey_mail.answer_url,
        "unsubscribe_url": survey_mail.unsubscribe_url,
    }


@dataclass(frozen=True)
class ScoreLink:
    """One score to click: its address, and how it is read out."""

    score: int
    url: str
    label: str


def _score_links(instrument: Instrument, survey_mail: SurveyMail, words: dict[str, str]) -> list[ScoreLink]:
    scale = instrument.scale
    return [
        ScoreLink(score, f"{survey_mail.answer_url}?score={score}", words["score"].format(score=score, high=scale.high))
        for score in scale.scores
    ]


def _unsubscribe_address(sender: Sender) -> str:
    address = sender.reply_to or parseaddr(settings.MAIL_FROM)[1]
    return f"mailto:{quote(address, safe='@')}?subject=unsubscribe"
