"""The fields of a rule beside its conditions: what it is called, when it waits, and what it does."""

from typing import Any

from django import forms

from alerts.models import AlertRule, Priority
from alerts.rules.checking import LONGEST_SETTLING, MOST_HELD_OUT, MOST_HOURS, NAME_CHARACTERS
from alerts.rules.editor.choices import Choices, with_chosen
from alerts.rules.editor.rows import Number, Phrases
from alerts.rules.references import IN_ACTIONS, IN_FIELDS
from alerts.rules.thresholds import DAYS, OF
from metrics.measures import INSTRUMENTS
from metrics.statistics.sizes import ENOUGH_TO_COMPARE

# Fields whose choices are rows of the organization: field, list of Choices, words for none.
CHOSEN = {
    "sla_policy": ("policies", "Those of the priority"),
    "playbook": ("playbooks", "None"),
    "owner_rule": ("owner_rules", "The organization's own order"),
    "starts_survey": ("open_surveys", "None"),
}
LISTED = {"people": "people", "teams": "teams", "channels": "channels"}


class RuleForm(forms.Form):
    """`definition` is what was filled in, without the conditions."""

    use_required_attribute = False
    name = forms.CharField(label="Name", max_length=NAME_CHARACTERS)
    is_active = forms.BooleanField(label="Switched on", required=False)
    settle_minutes = forms.IntegerField(
        label="Minutes to wait for the comment",
        min_value=0,
        max_value=LONGEST_SETTLING,
        help_text="So that the words that follow a score are in the alert. Scores of 0 to 2 wait for nothing.",
    )
    opens_follow_up = forms.BooleanField(
        label="Open a follow-up",
        required=False,
        help_text="A customer who has an open one gets the new answer added to it.",
    )
    priority = forms.ChoiceField(label="Priority", choices=Priority.choices)
    sla_policy = forms.ChoiceField(label="Promised times", required=False)
    playbook = forms.ChoiceField(label="Playbook", required=False)
    owner_rule = forms.ChoiceField(label="Owner", required=False)
    tags = Phrases(label="Tags", required=False, help_text="With commas between them.")
    holdout_percent = forms.IntegerField(
        label="Left without a follow-up, percent",
        min_value=0,
        max_value=MOST_HELD_OUT,
        help_text="A share drawn by chance gets no follow-up, to see what follow-ups change. Low priority only.",
    )
    people = forms.MultipleChoiceField(label="People", required=False, widget=forms.CheckboxSelectMultiple)
    teams = forms.MultipleChoiceField(label="Teams", required=False, widget=forms.CheckboxSelectMultiple)
    channels = forms.MultipleChoiceField(
        label="Channels",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Slack, Teams, webhooks and mailboxes.",
    )
    starts_survey = forms.ChoiceField(
        label="Start another survey",
        required=False,
        help_text="As by every send rule: only who may be asked, and nobody too often.",
    )
    survey_after_hours = forms.IntegerField(label="Hours until it is sent", min_value=0, max_value=MOST_HOURS)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, rule: AlertRule, choices: Choices, **kwargs: Any):
        super().__init__(data, **{"initial": initial_of(rule), **kwargs})
        for name, (offered, none) in CHOSEN.items():
            rows = with_chosen(getattr(choices, offered), IN_FIELDS[f"{name}_id"], self._chosen(name))
            self.fields[name].choices = [("", none), *rows]  # type: ignore[attr-defined]
        for name, offered in LISTED.items():
            rows = with_chosen(getattr(choices, offered), IN_ACTIONS[name], self._chosen(name))
            self.fields[name].choices = rows  # type: ignore[attr-defined]
        if rule.kind != AlertRule.Kind.ANSWER:
            del self.fields["settle_minutes"]
        if rule.kind == AlertRule.Kind.THRESHOLD:
            for name in ("holdout_percent", "starts_survey", "survey_after_hours"):
                del self.fields[name]

    def _chosen(self, name: str) -> list[Any]:
        """What the rule says, and what was sent: a destination that is off must not go without a word."""
        sent = self.fields[name].widget.value_from_datadict(self.data, {}, self.add_prefix(name)) if self.data else None
        return [*_listed(self.initial.get(name)), *_listed(sent)]

    def fill(self, rule: AlertRule) -> None:
        """Let the rule say what was filled in."""
        values = self.cleaned_data
        for name in ("name", "is_active", "settle_minutes", "opens_follow_up", "priority", "holdout_percent"):
            if name in values:
                setattr(rule, name, values[name])
        for name in CHOSEN:
            setattr(rule, f"{name}_id", values.get(name) or None)
        actions = {name: values[name] for name in ("tags", *LISTED) if values.get(name)}
        if values.get("starts_survey") and values.get("survey_after_hours"):
            actions["survey_after_hours"] = values["survey_after_hours"]
        rule.actions = actions

    def group(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def follow_up_fields(self) -> list[forms.BoundField]:
        return self.group("priority", "sla_policy", "playbook", "owner_rule", "tags", "holdout_percent")

    @property
    def told_fields(self) -> list[forms.BoundField]:
        """Only of what there is somebody or something to choose."""
        return [field for field in self.group(*LISTED) if field.field.choices]  # type: ignore[attr-defined]

    @property
    def survey_fields(self) -> list[forms.BoundField]:
        return self.group("starts_survey", "survey_after_hours")

    @property
    def settling_fields(self) -> list[forms.BoundField]:
        return self.group("settle_minutes")


def initial_of(rule: AlertRule) -> dict[str, Any]:
    plain = ("name", "is_active", "settle_minutes", "opens_follow_up", "priority", "holdout_percent", "version")
    chosen = {name: str(getattr(rule, f"{name}_id") or "") for name in CHOSEN}
    return {**{name: getattr(rule, name) for name in plain}, **chosen, "survey_after_hours": 0, **rule.actions}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


class SilenceForm(forms.Form):
    """When a customer counts as silent."""

    use_required_attribute = False
    days = forms.IntegerField(
        label="Days without an answer",
        help_text="They count from the first mail that asked the customer after their last answer.",
    )
    value = Number(
        label="Customer value, at least", required=False, help_text="Left empty: customers of whatever value."
    )

    @property
    def conditions(self) -> dict[str, Any]:
        return {"days": self.cleaned_data["days"], "value": self.cleaned_data["value"]}


class ThresholdForm(forms.Form):
    """Which score falls below what, and when it has recovered."""

    use_required_attribute = False
    instrument = forms.ChoiceField(label="Score", choices=[(key, each.label) for key, each in INSTRUMENTS.items()])
    of = forms.ChoiceField(
        label="Of",
        choices=[("touchpoint", "each touchpoint"), ("survey", "each survey"), ("organization", OF["organization"])],
    )
    touchpoints = forms.MultipleChoiceField(
        label="Only these touchpoints", required=False, widget=forms.CheckboxSelectMultiple
    )
    surveys = forms.MultipleChoiceField(label="Only these surveys", required=False, widget=forms.CheckboxSelectMultiple)
    below = Number(label="Falls below", help_text=f"Looked at for the last {DAYS} days, several times a day.")
    recovers = Number(
        label="Has recovered from", help_text="The rule speaks again of the same place only after it was here."
    )
    answers = forms.IntegerField(
        label="Answers, at least",
        help_text=f"In these {DAYS} days, {ENOUGH_TO_COMPARE} or more. A fall that may be chance is never told.",
    )

    def __init__(self, data: Any = None, *, choices: Choices, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["touchpoints"].choices = choices.touchpoints  # type: ignore[attr-defined]
        self.fields["surveys"].choices = choices.surveys  # type: ignore[attr-defined]

    @property
    def conditions(self) -> dict[str, Any]:
        values = self.cleaned_data
        places = values[f"{values['of']}s"] if values["of"] in ("touchpoint", "survey") else []
        return {name: values[name] for name in ("instrument", "of", "below", "recovers", "answers")} | {
            "places": places
        }

    @staticmethod
    def initial_of(conditions: dict[str, Any]) -> dict[str, Any]:
        return {**conditions, f"{conditions.get('of', 'touchpoint')}s": conditions.get("places", [])}
