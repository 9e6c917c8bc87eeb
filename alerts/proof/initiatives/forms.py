"""The forms of initiatives and their messages."""

import re

from django import forms

from alerts.models import Initiative
from alerts.proof.initiatives.mending import version_of
from alerts.proof.initiatives.messages import UNFINISHED, is_unfinished
from alerts.root_causes import names_of_causes, root_causes
from journeys.models import Touchpoint
from tenancy.models import Membership, User
from tenancy.roles import Role


def day_field(label: str, **options) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class InitiativeForm(forms.Form):
    """What is mended, by whom, until when, and where it will show."""

    name = forms.CharField(label="Name", max_length=120)
    text = forms.CharField(
        label="What will be different", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    state = forms.ChoiceField(label="State", choices=Initiative.State.choices, initial=Initiative.State.PLANNED)
    owner = forms.ChoiceField(label="Owner", required=False)
    due_on = day_field("Due")
    started_on = day_field("Started", help_text="Before: the days until then.")
    ended_on = day_field("Ended", help_text="Since: from the next day.")
    root_causes = forms.MultipleChoiceField(
        label="Root causes it is to end", required=False, widget=forms.CheckboxSelectMultiple
    )
    touchpoints = forms.MultipleChoiceField(
        label="Touchpoints it is to improve", required=False, widget=forms.CheckboxSelectMultiple
    )

    # What the form showed; of a new one nothing.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, initiative: Initiative | None = None, cause: str = ""):
        self.initiative = initiative
        super().__init__(data, initial=_initial(initiative) if initiative else _of_cause(cause))
        # Who can open its page; and whoever owns it, though they have left or may not any more.
        reading = [role for role in Role if role.includes(Role.ANALYST)]
        people = Membership.objects.filter(role__in=reading, user__is_active=True).select_related("user")
        self.people: dict[str, User] = {str(each.user_id): each.user for each in people.order_by("user__name")}
        if initiative and initiative.owner:
            self.people.setdefault(str(initiative.owner_id), initiative.owner)
        _choose(self, "owner", [("", "Nobody yet"), *((key, str(user)) for key, user in self.people.items())])
        causes = [(each.key, f"– {each.name}" if each.parent_id else each.name) for each in root_causes()]
        offered, names = {key for key, _ in causes}, names_of_causes()
        kept = initiative.root_causes if initiative else []
        causes += [(key, f"{names.get(key, key)} (offered no more)") for key in kept if key not in offered]
        _choose(self, "root_causes", causes)
        places = Touchpoint.objects.order_by("stage__position", "position", "name")
        _choose(self, "touchpoints", [(str(each.pk), each.name) for each in places])

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Initiative.objects.filter(name=name)
        if self.initiative:
            others = others.exclude(pk=self.initiative.pk)
        if others.exists():
            raise forms.ValidationError("There is an initiative of this name already.")
        return name

    def clean(self):
        values = super().clean() or {}
        started, ended = values.get("started_on"), values.get("ended_on")
        if ended and not started:
            self.add_error("started_on", "Say when it started, too.")
        if started and ended and ended < started:
            self.add_error("ended_on", "It cannot end before it starts.")
        return values

    @property
    def values(self) -> dict:
        """By the names of alerts.proof.initiatives.mending."""
        owner = self.people.get(self.cleaned_data["owner"])
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {**values, "owner": owner}


class LinkForm(forms.Form):
    """Follow-ups by their numbers; none means all that fit."""

    numbers = forms.CharField(
        label="Numbers of follow-ups",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "214, 220", "inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_numbers(self) -> list[int]:
        parts = [part for part in re.split(r"[\s,;#]+", self.cleaned_data["numbers"]) if part]
        if any(not part.isascii() or not part.isdigit() or len(part) > 9 for part in parts):
            raise forms.ValidationError("Write numbers, with commas between them.")
        return [int(part) for part in parts]


class MessageForm(forms.Form):
    """The mail to those who raised it."""

    subject = forms.CharField(label="Subject", max_length=200)
    text = forms.CharField(
        label="Text",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        help_text="A greeting stands before it, your organization's name and a link to unsubscribe after it.",
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if is_unfinished(text):
            raise forms.ValidationError(UNFINISHED)
        return text


def _initial(initiative: Initiative) -> dict:
    names = ("name", "text", "state", "due_on", "started_on", "ended_on", "root_causes")
    places = [str(pk) for pk in initiative.touchpoints.values_list("touchpoint_id", flat=True)]
    return {
        **{name: getattr(initiative, name) for name in names},
        "owner": str(initiative.owner_id or ""),
        "version": version_of(initiative),
        "touchpoints": places,
    }


def _of_cause(key: str) -> dict:
    """To begin with, where somebody comes from a root cause."""
    name = names_of_causes().get(key) if key else None
    return {"name": name, "root_causes": [key]} if name else {}


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
