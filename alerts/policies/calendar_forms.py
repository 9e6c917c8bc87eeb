"""What is filled in about a calendar: zone, weekly hours, public holidays, extra days off."""

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from alerts.models import Calendar
from alerts.policies.holidays import countries, subdivisions
from alerts.settings_forms import spans_of
from tenancy.forms import Line, time_zone_choices
from tenancy.models import Organization
from tenancy.working_hours import WEEKDAYS, WorkingHoursError, parse_working_hours

MOST_DAYS_OFF = 400


class CalendarForm(forms.Form):
    name = Line(label="Name", max_length=80)
    is_main = forms.BooleanField(
        label="The main calendar", required=False, help_text="Holds for everybody and everything that names no other."
    )
    time_zone = forms.ChoiceField(label="Time zone", required=False)
    country = forms.ChoiceField(label="Public holidays of", required=False)
    subdivision = Line(label="Part of the country", required=False, max_length=10)
    days_off = forms.CharField(
        label="Further days off",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "2026-12-24 Company holiday"}),
        help_text="One a line: the day, then its name.",
    )

    def __init__(self, data=None, *, calendar: Calendar, organization: Organization):
        self.stored, self.organization = calendar, organization
        days_off = "\n".join(f"{day['on']} {day.get('name', '')}".strip() for day in calendar.days_off)
        initial: dict[str, Any] = {"name": calendar.name, "is_main": calendar.is_main, "time_zone": calendar.time_zone}
        initial |= {"country": calendar.country, "subdivision": calendar.subdivision, "days_off": days_off}
        super().__init__(data, initial=initial)
        zone = f"The organization's ({organization.time_zone})"
        self.fields["time_zone"].choices = [("", zone), *time_zone_choices()]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", "No public holidays"), *countries()]  # type: ignore[attr-defined]
        parts = subdivisions(self["country"].value() or "")
        self.fields["subdivision"].help_text = (
            "Its code: " + ", ".join(f"{code} ({name})" if name != code else code for code, name in parts.items())
            if parts
            else "Its code, where holidays differ within the country, such as BY. Empty: those of the whole country."
        )
        for number, day in enumerate(WEEKDAYS, start=1):
            spans = (calendar.working_hours or {}).get(str(number), [])
            self.fields[day.lower()] = forms.CharField(
                label=day,
                required=False,
                max_length=120,
                initial=", ".join(f"{start}–{end}" for start, end in spans),
                widget=forms.TextInput(attrs={"placeholder": "Closed", "autocomplete": "off"}),
            )

    @property
    def plain_fields(self):
        return [self[name] for name in ("name", "is_main", "time_zone")]

    @property
    def day_fields(self):
        return [self[day.lower()] for day in WEEKDAYS]

    @property
    def holiday_fields(self):
        return [self[name] for name in ("country", "subdivision", "days_off")]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Calendar.objects.filter(name__iexact=name).exclude(pk=self.stored.pk).exists():
            raise forms.ValidationError("This name is taken.")
        return name

    def clean_days_off(self) -> list[dict[str, str]]:
        found: dict[str, str] = {}
        for line in self.cleaned_data["days_off"].splitlines():
            if not line.strip():
                continue
            match = re.fullmatch(r"\s*(\d{4}-\d{2}-\d{2})[\s,;:]*(.*?)\s*", line)
            try:
                day = date.fromisoformat(match[1]) if match else None
            except ValueError:
                day = None
            if match is None or day is None:
                raise forms.ValidationError(f"“{line.strip()[:40]}” does not begin with a day such as 2026-12-24.")
            found[day.isoformat()] = match[2][:80]
        if len(found) > MOST_DAYS_OFF:
            raise forms.ValidationError(f"At most {MOST_DAYS_OFF} days.")
        return [{"on": day, "name": name} for day, name in sorted(found.items())]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        part = found.get("subdivision", "")
        if part and part not in subdivisions(found.get("country", "")):
            self.add_error("subdivision", "This country has no such part. Its parts stand above.")
        self.hours = {str(number): spans_of(found.get(day.lower(), "")) for number, day in enumerate(WEEKDAYS, start=1)}
        if not any(self.hours.values()):
            self.hours = {}
            return found
        try:
            zone = ZoneInfo(found.get("time_zone") or self.organization.time_zone)
            self.hours = parse_working_hours(self.hours, zone=zone).as_json()
        except WorkingHoursError as error:
            for problem in error.problems:
                text = f"{problem.field}: {problem.rule}".capitalize() if problem.day else str(problem)
                self.add_error(problem.day.lower() if problem.day else None, text)
        return found

    @property
    def values(self) -> dict[str, Any]:
        names = ("name", "is_main", "time_zone", "country", "subdivision", "days_off")
        return {**{name: self.cleaned_data[name] for name in names}, "working_hours": self.hours or None}

    @property
    def calendar(self) -> Calendar:
        """The calendar as filled in, not stored."""
        return Calendar(organization_id=self.organization.pk, **self.values)
