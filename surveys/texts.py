"""The texts of a survey by step of the builder: where each is kept, and how a draft is read and written."""

from dataclasses import dataclass

from surveys.models import Question, SurveyVersion

VERSION = "version"


@dataclass(frozen=True)
class Text:
    """One text: kept under `key` in the version's texts or in those of the question of kind `place`."""

    name: str
    label: str
    place: str
    key: str
    max_length: int = 300
    is_long: bool = False
    is_required: bool = False
    hint: str = ""


_FILLED_IN = "{organization} and {touchpoint} are filled in."

STEPS: dict[str, tuple[str, tuple[Text, ...]]] = {
    "question": (
        "Question",
        (
            Text("title", "Question", Question.Kind.SCORE, "title", is_long=True, is_required=True, hint=_FILLED_IN),
            Text("low_label", "Lowest score means", Question.Kind.SCORE, "low_label", 60, is_required=True),
            Text("high_label", "Highest score means", Question.Kind.SCORE, "high_label", 60, is_required=True),
            Text("intro", "A line above the question", VERSION, "intro", is_long=True, hint=_FILLED_IN),
        ),
    ),
    "follow-up": (
        "Follow-up",
        (
            Text(
                "reason_any",
                "Before a score is chosen",
                Question.Kind.VERBATIM,
                "any",
                200,
                is_required=True,
                hint="Asked of those who open the survey without clicking a score in the mail.",
            ),
            Text("reason_detractor", "After a low score", Question.Kind.VERBATIM, "detractor", 200),
            Text("reason_passive", "After a middling score", Question.Kind.VERBATIM, "passive", 200),
            Text("reason_promoter", "After a high score", Question.Kind.VERBATIM, "promoter", 200),
            Text(
                "contact",
                "Asking for consent to be contacted",
                Question.Kind.CONTACT,
                "title",
                200,
                is_required=True,
                hint="Without a yes, staff may not reply to the answer.",
            ),
        ),
    ),
    "thanks": (
        "Thanks",
        (
            Text(
                "thanks_detractor",
                "After a low score",
                VERSION,
                "thanks_detractor",
                is_long=True,
                is_required=True,
                hint="One sentence of apology. What happens next is added from your SLA policy.",
            ),
            Text("thanks_passive", "After a middling score", VERSION, "thanks_passive", is_long=True, is_required=True),
            Text("thanks_promoter", "After a high score", VERSION, "thanks_promoter", is_long=True, is_required=True),
            Text(
                "link_label",
                "Words of a link",
                VERSION,
                "link_label",
                60,
                hint="A review or a referral, for all groups.",
            ),
            Text("link_url", "Address of the link", VERSION, "link_url", 300, hint="Starts with https://"),
        ),
    ),
    "look": (
        "Look",
        (
            Text(
                "subject",
                "Subject of the mail",
                VERSION,
                "subject",
                120,
                is_required=True,
                hint="Without a score and without emoji. " + _FILLED_IN,
            ),
            Text("preheader", "Beside the subject in the inbox", VERSION, "preheader", 120),
        ),
    ),
}
ALL_TEXTS: tuple[Text, ...] = tuple(text for _, texts in STEPS.values() for text in texts)
# A change of these makes answers before and after hard to compare.
OF_THE_SCORE = ("title", "low_label", "high_label")


class Script:
    """The texts of one version for reading and writing; `save` stores what was changed."""

    def __init__(self, version: SurveyVersion):
        self.version = version
        self.questions = {question.kind: question for question in version.questions.all()}
        self._changed: set[str] = set()

    @property
    def languages(self) -> list[str]:
        """The default language first."""
        default = self.version.default_language
        return [default, *sorted(set(self.version.texts) - {default})]

    def get(self, text: Text, language: str) -> str:
        owner = self._owner(text)
        return (owner.texts.get(language) or {}).get(text.key, "") if owner else ""

    def put(self, text: Text, language: str, value: str) -> None:
        owner = self._owner(text)
        if owner is not None and self.get(text, language) != value:
            owner.texts.setdefault(language, {})[text.key] = value
            self._changed.add(text.place)

    def add_language(self, language: str) -> None:
        for owner in self._owners():
            owner.texts.setdefault(language, {})
        self._changed |= {VERSION, *self.questions}

    def remove_language(self, language: str) -> None:
        """Raises ValueError for the default language."""
        if language == self.version.default_language:
            raise ValueError("The default language cannot be removed.")
        for owner in self._owners():
            owner.texts.pop(language, None)
        self._changed |= {VERSION, *self.questions}

    def save(self) -> bool:
        """Whether anything was stored."""
        for place in self._changed:
            if place == VERSION:
                self.version.save(update_fields=["texts", "default_language"])
            else:
                self.questions[place].save(update_fields=["texts"])
        return bool(self._changed)

    def _owners(self) -> "list[SurveyVersion | Question]":
        return [self.version, *self.questions.values()]

    def _owner(self, text: Text) -> SurveyVersion | Question | None:
        return self.version if text.place == VERSION else self.questions.get(text.place)
