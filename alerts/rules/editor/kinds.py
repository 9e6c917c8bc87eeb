"""The row of each kind of condition, in the order the editor offers them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from alerts.rules.conditions.answers import IS as IS_OF_ANSWERS
from alerts.rules.conditions.attributes import IS as IS_OF_ATTRIBUTES
from alerts.rules.conditions.parameters import COMPARISONS
from alerts.rules.editor.rows import AnyOf, Number, OneOf, Phrases, Row, Whole, YesOrNo, plain_number
from surveys.models import Channel, Measure, Question
from surveys.scoring import Group, group_word

# As each measure calls them: "detractor or dissatisfied or difficult".
GROUPS = [
    (group.value, " or ".join(dict.fromkeys(group_word(measure, group).lower() for measure in Measure.values)))
    for group in Group
]
# The element of the page with the names that are offered.
ATTRIBUTE_NAMES = "attribute-names"
LISTED = {"one_of": "one of", "none_of": "none of"}
ANY_MEASURE = [("", "any measure"), *Measure.choices]


class ScoreRow(Row):
    kind, label, words = "score", "Score", "Score of {measure} is {comparison} {value}"
    measure = OneOf(Measure.choices, "measure")
    comparison = OneOf(COMPARISONS, "comparison")
    value = Number(label="score")


class GroupRow(Row):
    kind, label, words = "group", "Group", "Customer is a {groups} under {measure}"
    groups = AnyOf("groups", choices=GROUPS)
    measure = forms.ChoiceField(choices=ANY_MEASURE, required=False, label="measure")


class ScoreChangeRow(Row):
    kind, label = "score_change", "Change since the last answer"
    words = "Score of {measure} {direction} by {points} points or more since their last answer on that scale"
    measure = forms.ChoiceField(choices=ANY_MEASURE, required=False, label="measure")
    direction = OneOf({"fell": "fell", "rose": "rose"}, "direction")
    points = Whole(label="points")


class GroupChangeRow(Row):
    kind, label, words = "group_change", "From one group to another", "Customer went from {was} to {to} under {measure}"
    was = OneOf(GROUPS, "from")
    to = OneOf(GROUPS, "to")
    measure = forms.ChoiceField(choices=ANY_MEASURE, required=False, label="measure")


class RepeatedRow(Row):
    kind, label = "repeated_detractor", "Detractor again"
    words = "Customer is a detractor again within {days} days"
    days = Whole(label="days")


class WordsRow(Row):
    kind, label = "words", "Words the customer wrote"
    words = "Customer wrote {phrases}"
    phrases = Phrases(label="words or phrases, with commas between them")

    def said(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["phrases"]}

    @classmethod
    def initial_of(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        return {"phrases": parameters.get("words", [])}


class NoWordsRow(WordsRow):
    kind, label = "no_words", "Words the customer did not write"
    words = "Customer did not write {phrases}"


class AnswerRow(Row):
    kind, label = "answer", "Answer to a question"
    words = "In {surveys} the answer to {question} is {comparison} {value}"
    surveys = AnyOf("surveys", offered="surveys")
    question = OneOf(Question.Kind.choices, "question")
    comparison = OneOf([(each.label, list(words.items())) for each, words in IS_OF_ANSWERS.items()], "comparison")
    value = forms.CharField(required=False, max_length=2000, label="score, or words with commas between them")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        question, comparison = values.get("question"), values.get("comparison")
        if question and comparison and comparison not in IS_OF_ANSWERS[Question.Kind(question)]:
            offered = ", ".join(IS_OF_ANSWERS[Question.Kind(question)].values())
            self.add_error("comparison", f"For “{Question.Kind(question).label}” choose one of: {offered}.")
        return values

    def said(self) -> dict[str, Any]:
        values = self.cleaned_data
        found = {"surveys": values["surveys"], "question": values["question"], "is": values["comparison"]}
        if values["question"] == Question.Kind.SCORE:
            found["value"] = _number_or_text(values["value"])
        elif values["comparison"] == "says":
            found["words"] = Phrases().to_python(values["value"])
        return found

    @classmethod
    def initial_of(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        found = super().initial_of(parameters)
        if "words" in found:
            found["value"] = ", ".join(found.pop("words"))
        return found


class MayContactRow(Row):
    kind, label, words = "may_contact", "Asked to be contacted", "Customer {comparison}"
    comparison = YesOrNo("asked to be contacted", "does not want to be contacted", "wish")


class SurveyRow(Row):
    kind, label, words = "survey", "Survey", "Survey is {surveys}"
    surveys = AnyOf("surveys", offered="surveys")


class TouchpointRow(Row):
    kind, label, words = "touchpoint", "Touchpoint", "Touchpoint is {touchpoints}"
    touchpoints = AnyOf("touchpoints", offered="touchpoints")


class StageRow(Row):
    kind, label, words = "stage", "Stage", "Stage is {stages}"
    stages = AnyOf("stages", offered="stages")


class MomentRow(Row):
    kind, label, words = "moment_of_truth", "Moment of truth", "Touchpoint {comparison}"
    comparison = YesOrNo("is a moment of truth", "is no moment of truth", "moment of truth")


class ChannelRow(Row):
    kind, label, words = "channel", "Channel", "The answer came by {channels}"
    channels = AnyOf("channels", choices=Channel.choices)


class LanguageRow(Row):
    kind, label, words = "language", "Language", "Language is {languages}"
    languages = Phrases(label="language codes such as en or de-AT, with commas between them")


class ValueRow(Row):
    kind, label, words = "customer_value", "Customer value", "Customer value is {comparison} {value}"
    comparison = OneOf(COMPARISONS, "comparison")
    value = Number(label="value")


class AttributeRow(Row):
    kind, label = "attribute", "Segment or attribute of the customer"
    words = "Attribute {name} is {comparison} {value}"
    name = forms.CharField(
        max_length=120,
        label="name, such as region or plan",
        widget=forms.TextInput(attrs={"list": ATTRIBUTE_NAMES, "autocomplete": "off"}),
    )
    comparison = OneOf([(each, {**COMPARISONS, **LISTED}[each]) for each in IS_OF_ATTRIBUTES], "comparison")
    value = forms.CharField(max_length=2000, label="value, or values with commas between them")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("comparison") in ("at_most", "at_least", "below", "above") and values.get("value"):
            try:
                Number().clean(values["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return values

    def said(self) -> dict[str, Any]:
        values = self.cleaned_data
        found = {"name": values["name"], "is": values["comparison"]}
        if values["comparison"] in LISTED:
            return {**found, "values": Phrases().to_python(values["value"])}
        is_text = values["comparison"] == "equals"
        return {**found, "value": values["value"] if is_text else Number().clean(values["value"])}

    @classmethod
    def initial_of(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        found = super().initial_of(parameters)
        if "values" in found:
            found["value"] = ", ".join(map(str, found.pop("values")))
        return found


def _number_or_text(text: str) -> Any:
    """A score as it is stored; what is none is left for the check to refuse."""
    try:
        return plain_number(Number().clean(text))
    except ValidationError:
        return text


ROWS: dict[str, type[Row]] = {
    row.kind: row
    for row in (
        ScoreRow,
        GroupRow,
        ScoreChangeRow,
        GroupChangeRow,
        RepeatedRow,
        WordsRow,
        NoWordsRow,
        AnswerRow,
        MayContactRow,
        SurveyRow,
        TouchpointRow,
        StageRow,
        MomentRow,
        ChannelRow,
        LanguageRow,
        ValueRow,
        AttributeRow,
    )
}
