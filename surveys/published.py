"""What a survey version says, as one immutable object: read once from its rows, then kept by this process.

A published version never changes, so that keeping it needs no invalidation. Drafts are read anew each time.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from surveys.models import Question, SurveyVersion
from surveys.scoring import Scale, scale_of
from tenancy.scope import organization_scope

GROUPS = ("promoter", "passive", "detractor")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Wording:
    """All texts of one version in one language; a text nobody has written is empty."""

    language: str
    subject: str
    preheader: str
    intro: str
    title: str
    low_label: str
    high_label: str
    # By group, and "any" for a score not given yet.
    reasons: dict[str, str]
    contact: str
    thanks: dict[str, str]
    link_label: str
    link_url: str

    @property
    def direction(self) -> str:
        return direction_of(self.language)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a survey with its questions."""

    id: UUID
    survey_id: UUID
    number: int
    measure: str
    points: int
    default_language: str
    question_ids: dict[str, UUID]
    wordings: dict[str, Wording] = field(repr=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """The default language first."""
        return tuple(self.wordings)

    @property
    def scale(self) -> Scale:
        return scale_of(self.measure, self.points)

    def wording(self, language: str) -> Wording:
        """The texts in this language, else in its base language ("ar" for "ar-EG"), else in the default language."""
        return self.wordings[self.fitting_language(language) or self.default_language]

    def fitting_language(self, language: str) -> str:
        """The language of ours that fits, or an empty string."""
        for wanted in (language, language.partition("-")[0]):
            if wanted in self.wordings:
                return wanted
        return ""


def instrument(version: SurveyVersion) -> Instrument:
    """The version with its questions as they are stored now: two queries where nothing is prefetched."""
    questions = {question.kind: question for question in version.questions.all()}
    survey = version.survey
    languages = [version.default_language, *sorted(set(version.texts) - {version.default_language})]
    return Instrument(
        id=version.id,
        survey_id=survey.id,
        number=version.number,
        measure=survey.measure,
        points=survey.points,
        default_language=version.default_language,
        question_ids=MappingProxyType({kind: question.id for kind, question in questions.items()}),  # type: ignore[arg-type]
        wordings={language: _wording(language, version, questions) for language in languages},
    )


@lru_cache(maxsize=1024)
def published_instrument(organization_id: UUID, version_id: UUID) -> Instrument:
    """The published version with this id; raises SurveyVersion.DoesNotExist. Costs nothing after the first time."""
    with organization_scope(organization_id):
        version = SurveyVersion.objects.select_related("survey").get(pk=version_id, published_at__isnull=False)
        return instrument(version)


def direction_of(language: str) -> str:
    """ "rtl" or "ltr"."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def fill(text: str, *, organization: str, touchpoint: str = "") -> str:
    """The text with its placeholders filled in."""
    if "{" not in text:
        return text
    return text.replace("{organization}", organization).replace("{touchpoint}", touchpoint)


def _wording(language: str, version: SurveyVersion, questions: dict[str, Question]) -> Wording:
    default = version.default_language
    texts = _in(version.texts, language, default)
    score = _texts_of(questions, Question.Kind.SCORE, language, default)
    reasons = _texts_of(questions, Question.Kind.VERBATIM, language, default)
    return Wording(
        language=language,
        **{name: texts.get(name, "") for name in ("subject", "preheader", "intro", "link_label", "link_url")},
        **{name: score.get(name, "") for name in ("title", "low_label", "high_label")},
        reasons={group: reasons.get(group) or reasons.get("any", "") for group in ("any", *GROUPS)},
        contact=_texts_of(questions, Question.Kind.CONTACT, language, default).get("title", ""),
        thanks={group: texts.get(f"thanks_{group}", "") for group in GROUPS},
    )


def _texts_of(questions: dict[str, Question], kind: str, language: str, default: str) -> dict[str, str]:
    return _in(questions[kind].texts, language, default) if kind in questions else {}


def _in(texts: dict[str, Any], language: str, default: str) -> dict[str, str]:
    """The texts in `language`; what is missing there is taken from the default language."""
    own = {name: text for name, text in texts.get(language, {}).items() if text}
    return {**texts.get(default, {}), **own}
