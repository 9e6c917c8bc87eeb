"""What is filled in about a policy and its escalation steps."""

from typing import Any

from django import forms

from alerts.forms import possible_owners
from alerts.furnishing import STEPS
from alerts.models import Calendar, EscalationStep, Priority, Promise, SlaPolicy
from alerts.policies.saving import Step
from tenancy.forms import Line

Tells = EscalationStep.Tells
MOST_STEPS = 20


class PolicyForm(forms.Form):
    name = Line(label="Name", max_length=80)
    priority = forms.ChoiceField(
        label="Holds for",
        required=False,
        help_text="What opens with this priority, or is raised to it, where the rule names no other policy.",
    )
    first_contact_hours = forms.IntegerField(label="First contact within (hours)", min_value=1, max_value=1000)
    resolution_days = forms.IntegerField(label="Resolution within (days)", min_value=1, max_value=365)
    is_wall_clock = forms.BooleanField(
        label="Count every hour of every day, not only working time",
        required=False,
    )
    calendar = forms.ChoiceField(label="Working time of", required=False)
    longest_pause_days = forms.IntegerField(
        label="Longest pause (days)",
        min_value=1,
        max_value=365,
        help_text="A clock that waits for the customer, or is snoozed, goes on after this long at the latest.",
    )

    def __init__(self, data=None, *, policy: SlaPolicy):
        self.stored = policy
        self.calendars = {str(each.pk): each for each in Calendar.objects.order_by("name")}
        names = ("name", "first_contact_hours", "resolution_days", "is_wall_clock", "longest_pause_days")
        initial = {name: getattr(policy, name) for name in names}
        chosen = {"calendar": str(policy.calendar_id or ""), "priority": policy.priority or ""}
        super().__init__(data, initial={**initial, **chosen})
        self.fields["priority"].choices = self._priorities()  # type: ignore[attr-defined]
        if policy.priority == Priority.NORMAL:
            # Something must be promised: this one stays.
            self.fields["priority"].disabled = True
        choices = [("", "The main calendar, or the organization's hours")]
        choices += [(pk, each.name) for pk, each in self.calendars.items()]
        self.fields["calendar"].choices = choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if SlaPolicy.objects.filter(name__iexact=name).exclude(pk=self.stored.pk).exists():
            raise forms.ValidationError("This name is taken.")
        return name

    def _priorities(self) -> list[tuple[str, str]]:
        """Those that no other policy holds for."""
        others = SlaPolicy.objects.exclude(pk=self.stored.pk).filter(priority__isnull=False)
        taken = set(others.values_list("priority", flat=True))
        free = [(key, f"{label} priority") for key, label in Priority.choices if key not in taken]
        return [("", "Rules that name it"), *free]

    @property
    def values(self) -> dict[str, Any]:
        chosen = {"priority": self.cleaned_data["priority"] or None}
        return {**self.cleaned_data, **chosen, "calendar": self.calendars.get(self.cleaned_data["calendar"])}


class StepForm(forms.Form):
    """One row; left empty it is no step."""

    percent = forms.IntegerField(label="Used (%)", min_value=1, max_value=1000)
    promise = forms.ChoiceField(label="Of", choices=Promise.choices)
    tells = forms.ChoiceField(label="Tell", choices=Tells.choices)
    person = forms.ChoiceField(label="Person", required=False)

    def __init__(self, *args, people: dict, **options):
        super().__init__(*args, **options)
        # Also a step that is there goes when its percentage is taken out.
        self.empty_permitted = True
        self.people = people
        choices = [("", "–"), *((pk, str(user)) for pk, user in people.items())]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """The choices always have a value: a row without a percentage is empty."""
        return bool(self["percent"].data)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("tells") == Tells.PERSON and not found.get("person") and "person" not in self.errors:
            self.add_error("person", "Choose who is told.")
        return found

    @property
    def step(self) -> Step:
        found = self.cleaned_data
        person = self.people.get(found["person"]) if found["tells"] == Tells.PERSON else None
        return Step(found["promise"], found["percent"], found["tells"], person)


class StepRows(forms.BaseFormSet):
    """The steps of a policy, with empty rows to add some."""

    def clean(self) -> None:
        if any(self.errors):
            return
        steps = self.steps
        if len({(each.promise, each.percent, each.tells, each.person) for each in steps}) < len(steps):
            raise forms.ValidationError("Two of the steps are the same.")

    @property
    def steps(self) -> list[Step]:
        return [form.step for form in self.forms if form.cleaned_data]


StepFormSet = forms.formset_factory(StepForm, formset=StepRows, extra=2, max_num=MOST_STEPS, validate_max=True)


def steps_form(data, *, policy: SlaPolicy) -> Any:
    """The rows of this policy; of a new one those that every organization starts with."""
    if policy._state.adding:
        initial = [
            {"promise": promise, "percent": percent, "tells": tells} for promise in Promise for percent, tells in STEPS
        ]
    else:
        rows = EscalationStep.objects.filter(sla_policy=policy).order_by("promise", "percent", "id")
        initial = [
            {"promise": row.promise, "percent": row.percent, "tells": row.tells, "person": str(row.person_id or "")}
            for row in rows
        ]
    people = {str(user.pk): user for user in possible_owners()}
    return StepFormSet(data, initial=initial, prefix="steps", form_kwargs={"people": people})
