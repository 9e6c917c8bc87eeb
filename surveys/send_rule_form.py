"""The form of one send rule."""

from django import forms

from journeys.models import Milestone
from surveys.models import Distribution, Survey

UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
LONGEST_DELAY = 365 * 24 * 60


class SendRuleForm(forms.ModelForm):
    """After which milestone, how much later, and how long a customer is left in peace before and after."""

    # Not among the model's fields: those look for their choices before there is an organization.
    milestone: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="After the milestone", empty_label="Choose a milestone"
    )
    delay = forms.IntegerField(label="Ask this much later", min_value=0, max_value=100_000, initial=0)
    delay_unit = forms.ChoiceField(label="Unit", choices=[(unit, unit) for unit in UNITS], initial="hours")

    class Meta:
        model = Distribution
        fields = ("fatigue_days", "expires_days", "is_active")
        labels = {
            "fatigue_days": "Leave customers in peace for (days)",
            "expires_days": "The link works for (days)",
            "is_active": "Switched on",
        }
        help_texts = {
            "fatigue_days": "No mail if any survey asked them within so many days.",
        }

    field_order = ("milestone", "delay", "delay_unit", "fatigue_days", "expires_days", "is_active")

    def __init__(self, *args, survey: Survey, fatigue_days: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.survey = survey
        milestones = Milestone.objects.select_related("touchpoint").order_by("name")
        self.fields["milestone"].queryset = milestones  # type: ignore[attr-defined]
        self.fields["fatigue_days"].help_text += f" Empty: {fatigue_days}, as in the settings of the organization."
        self.fields["fatigue_days"].max_value = 3650  # type: ignore[attr-defined]
        if not self.instance._state.adding:
            self.initial["milestone"] = self.instance.milestone_id
            self.initial["delay"], self.initial["delay_unit"] = split_delay(self.instance.delay_minutes)

    def clean_milestone(self) -> Milestone:
        milestone: Milestone = self.cleaned_data["milestone"]
        others = Distribution.objects.filter(survey=self.survey, milestone=milestone).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("This survey has a rule for this milestone already.")
        return milestone

    def clean_expires_days(self) -> int:
        days: int = self.cleaned_data["expires_days"]
        if not 1 <= days <= 365:
            raise forms.ValidationError("Between 1 and 365 days.")
        return days

    def clean(self):
        data = super().clean() or {}
        minutes = (data.get("delay") or 0) * UNITS.get(data.get("delay_unit", "minutes"), 1)
        if minutes > LONGEST_DELAY:
            self.add_error("delay", "At most a year.")
        self.instance.delay_minutes = minutes
        if "milestone" in data:
            self.instance.milestone = data["milestone"]
        self.instance.survey = self.survey
        self.instance.organization_id = self.survey.organization_id
        return data


def split_delay(minutes: int) -> tuple[int, str]:
    """(2, "days") for 2880: the largest unit that leaves no rest."""
    for unit, size in sorted(UNITS.items(), key=lambda item: -item[1]):
        if minutes and minutes % size == 0:
            return minutes // size, unit
    return 0, "minutes"
