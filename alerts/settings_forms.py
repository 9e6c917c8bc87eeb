"""The form of promised times and working hours."""

import re
from zoneinfo import ZoneInfo

from django import forms

from alerts.models import SlaPolicy
from tenancy.models import Organization
from tenancy.working_hours import WEEKDAYS, BusinessCalendar, WorkingHoursError, parse_working_hours

_SPAN = re.compile(r"\s*(?:[-–—]|to|until)\s*")


class SlaForm(forms.Form):
    """Two promises and seven days; `calendar` and `policy` are what was filled in, once it is valid."""

    first_contact_hours = forms.IntegerField(
        label="First contact within (working hours)", min_value=1, max_value=1000, initial=24
    )
    resolution_days = forms.IntegerField(
        label="Resolution within (working days)", min_value=1, max_value=365, initial=5
    )

    def __init__(self, data=None, *, organization: Organization, policy: SlaPolicy):
        self.organization, self.stored_policy = organization, policy
        self.calendar: BusinessCalendar | None = None
        initial = {"first_contact_hours": policy.first_contact_hours, "resolution_days": policy.resolution_days}
        super().__init__(data, initial=initial)
        if policy.is_wall_clock:
            self.fields["first_contact_hours"].label = "First contact within (hours)"
            self.fields["resolution_days"].label = "Resolution within (days)"
        for number, day in enumerate(WEEKDAYS, start=1):
            spans = organization.working_hours.get(str(number), [])
            self.fields[day.lower()] = forms.CharField(
                label=day,
                required=False,
                max_length=120,
                initial=", ".join(f"{start}–{end}" for start, end in spans),
                widget=forms.TextInput(attrs={"placeholder": "Closed", "autocomplete": "off"}),
            )

    @property
    def promise_fields(self):
        return [self["first_contact_hours"], self["resolution_days"]]

    @property
    def day_fields(self):
        return [self[day.lower()] for day in WEEKDAYS]

    def clean(self):
        values = super().clean() or {}
        hours = {str(number): spans_of(values.get(day.lower(), "")) for number, day in enumerate(WEEKDAYS, start=1)}
        try:
            self.calendar = parse_working_hours(hours, zone=ZoneInfo(self.organization.time_zone))
        except WorkingHoursError as error:
            for problem in error.problems:
                field = problem.day.lower() if problem.day else None
                text = f"{problem.field}: {problem.rule}".capitalize() if field else str(problem)
                self.add_error(field, text)
        return values

    @property
    def policy(self) -> SlaPolicy:
        """The policy as filled in, not stored."""
        values = {name: self.cleaned_data[name] for name in ("first_contact_hours", "resolution_days")}
        stored = self.stored_policy
        clock = {"is_wall_clock": stored.is_wall_clock, "calendar": stored.calendar}
        return SlaPolicy(pk=stored.pk, name=stored.name, **values, **clock)


def spans_of(text: str) -> list[list[str]]:
    """ "9-12:30, 13:30-17" as spans; what is no time is left for the calendar to refuse."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return [[_clock(time) for time in _SPAN.split(part)] for part in parts]


def _clock(text: str) -> str:
    text = text.strip().replace(".", ":")
    return f"{text}:00" if text.isascii() and text.isdigit() else text
