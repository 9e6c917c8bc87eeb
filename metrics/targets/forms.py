"""What is filled in for a target."""

from typing import Any
from uuid import UUID

from django import forms

from metrics.dashboard.ground import Ground
from metrics.dashboard.words import value_words
from metrics.measures import INSTRUMENTS, Instrument
from metrics.models import Target
from metrics.reading import Slice
from metrics.targets.outlook import LONGEST_PAST
from metrics.targets.setting import MOST, TAKEN, live_target
from surveys.models import Channel


def day_field(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def score_field(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=-100, max_value=100, decimal_places=1, help_text=help_text)


class TargetForm(forms.Form):
    about = forms.ChoiceField(label="Score")
    touchpoint = forms.ChoiceField(label="Touchpoint", required=False)
    channel = forms.ChoiceField(label="Channel", required=False, choices=[("", "All channels"), *Channel.choices])
    from_value = score_field("From")
    to_value = score_field("To")
    start_on = day_field("Start")
    by_on = day_field("By")

    def __init__(
        self, data=None, *, ground: Ground, target: Target | None = None, initial: dict[str, Any] | None = None
    ):
        self.ground, self.target = ground, target
        super().__init__(data, initial=_stored(target) if target else initial or {})
        about = self.fields["about"]
        about.choices = [  # type: ignore[attr-defined]
            choice
            for instrument in ground.instruments
            for choice in (
                (instrument.key, f"{instrument.label}: all surveys"),
                *((str(each.id), f"{instrument.label}: {each.name}") for each in ground.surveys_of(instrument)),
            )
        ]
        places = [(str(each.id), each.name) for each in ground.touchpoints]
        self.fields["touchpoint"].choices = [("", "All touchpoints"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("start_on"), values.get("by_on")
        if start and end and start >= end:
            self.add_error("by_on", "It comes after the start.")
        elif start and end and end - start > LONGEST_PAST * 2:
            self.add_error("by_on", "At most four years after the start.")
        if "about" in values:
            self._clean_values(values)
            self._clean_once(values)
        return values

    def _clean_values(self, values: dict[str, Any]) -> None:
        measure, low, high = self.instrument.headline, values.get("from_value"), values.get("to_value")
        for name, value in (("from_value", low), ("to_value", high)):
            if value is not None and value < measure.low:
                self.add_error(name, f"{measure.label} is {value_words(measure, measure.low)} or more.")
        if low is not None and high is not None and high < low:
            self.add_error("to_value", "A target is not below where it starts.")

    def _clean_once(self, values: dict[str, Any]) -> None:
        wanted = Slice(
            self.instrument.measure,
            self.instrument.points,
            self.survey_id,
            self.touchpoint_id,
            values.get("channel") or None,
        )
        other = live_target(wanted)
        if other and other != self.target:
            self.add_error(None, TAKEN)
        if self.target is None and Target.objects.filter(archived_at=None).count() >= MOST:
            self.add_error(None, f"There are {MOST} targets already. Archive one first: many aims are none.")

    @property
    def instrument(self) -> Instrument:
        """Of what is chosen: a survey decides it."""
        about = self.cleaned_data["about"]
        if about in INSTRUMENTS:
            return INSTRUMENTS[about]
        surveys = {str(each.id): each for each in self.ground.surveys}
        fitting = (each for each in self.ground.instruments if surveys[about] in self.ground.surveys_of(each))
        return next(fitting)

    @property
    def survey_id(self) -> UUID | None:
        about = self.cleaned_data["about"]
        return None if about in INSTRUMENTS else UUID(about)

    @property
    def touchpoint_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("touchpoint")
        return UUID(chosen) if chosen else None

    @property
    def values(self) -> dict[str, Any]:
        """As `save_target` takes them."""
        names = ("channel", "from_value", "to_value", "start_on", "by_on")
        return {name: self.cleaned_data[name] for name in names} | {
            "instrument": self.instrument,
            "survey_id": self.survey_id,
            "touchpoint_id": self.touchpoint_id,
        }


def _stored(target: Target) -> dict[str, Any]:
    names = ("channel", "from_value", "to_value", "start_on", "by_on")
    return {name: getattr(target, name) for name in names} | {
        "about": str(target.survey_id or target.instrument.key),
        "touchpoint": str(target.touchpoint_id or ""),
    }
