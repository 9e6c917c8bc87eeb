"""The form of what one person wants to hear of, and how."""

from datetime import time

from django import forms

from alerts.notifying.choices import choices_of, events_for, quiet_hours_of
from alerts.notifying.events import Event, Way
from alerts.notifying.ways import Choice
from tenancy.models import User
from tenancy.roles import Role

NIGHT = (time(20), time(7))


class ChoicesForm(forms.Form):
    """Two fields for each event, and the quiet hours; `choices` and `quiet` are what was filled in, once valid."""

    has_quiet_hours = forms.BooleanField(
        label="Send me no mail during these hours",
        required=False,
        help_text="What comes meanwhile is gathered into one mail at their end.",
    )
    quiet_from = forms.TimeField(label="From", required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(
        label="Until", required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )

    def __init__(self, data=None, *, user: User, role: Role):
        self.events = events_for(role)
        held, quiet = choices_of(user), quiet_hours_of(user)
        start, until = quiet or NIGHT
        super().__init__(
            data, initial={"has_quiet_hours": quiet is not None, "quiet_from": start, "quiet_until": until}
        )
        for event in self.events:
            self.fields[f"mail_{event.key}"] = forms.ChoiceField(
                label=f"Mail: {event.label}",
                choices=Way.choices,
                initial=held[event.key].mail,
                widget=forms.Select({"class": "choice-way"}),
            )
            self.fields[f"in_app_{event.key}"] = forms.BooleanField(
                label=f"In the product: {event.label}", required=False, initial=held[event.key].is_shown
            )

    @property
    def rows(self) -> list[tuple[Event, forms.BoundField, forms.BoundField]]:
        return [(event, self[f"mail_{event.key}"], self[f"in_app_{event.key}"]) for event in self.events]

    def clean(self):
        values = super().clean() or {}
        if values.get("has_quiet_hours"):
            start, until = values.get("quiet_from"), values.get("quiet_until")
            for name, value in (("quiet_from", start), ("quiet_until", until)):
                if value is None and name not in self.errors:
                    self.add_error(name, "Say a time such as 20:00, or switch quiet hours off.")
            if start and start == until:
                self.add_error("quiet_until", "The end must differ from the beginning: mail would never come.")
        return values

    @property
    def choices(self) -> dict[str, Choice]:
        values = self.cleaned_data
        return {
            event.key: Choice(Way(values[f"mail_{event.key}"]), values[f"in_app_{event.key}"]) for event in self.events
        }

    @property
    def quiet(self) -> tuple[time, time] | None:
        values = self.cleaned_data
        return (values["quiet_from"], values["quiet_until"]) if values["has_quiet_hours"] else None
