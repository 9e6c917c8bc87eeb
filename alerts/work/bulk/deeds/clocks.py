"""Snoozing many follow-ups until one moment."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from alerts import pausing
from alerts.changing import Change
from alerts.models import FollowUp, FollowUpPause
from alerts.work.bulk.registry import Deed, Values, bulk_deed
from alerts.work.pause_forms import WallTimeInput
from tenancy.audit import Actor
from tenancy.models import Organization
from tenancy.scope import current_organization_id
from tenancy.wall_time import moment_of


class SnoozeUntilForm(forms.Form):
    until = forms.CharField(
        label="Until",
        max_length=30,
        widget=WallTimeInput,
        help_text="In the organization's time; each at the longest as its policy allows.",
    )

    def clean_until(self) -> datetime:
        zone = ZoneInfo(Organization.objects.get(pk=current_organization_id()).time_zone)
        try:
            moment = moment_of(datetime.fromisoformat(self.cleaned_data["until"]).replace(tzinfo=None), zone)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError("Choose a day and a time.") from error
        if moment <= timezone.now():
            raise forms.ValidationError("Choose a moment that is still to come.")
        self.words = date_format(moment.astimezone(zone), "l j M Y, H:i")
        return moment


@bulk_deed
class Snooze(Deed):
    key, label, icon = "snooze", "Snooze", "alarm-clock"
    form = SnoozeUntilForm
    fields = ("paused_at", "pause_reason", "resumes_at")

    def values_of(self, form: forms.Form) -> dict[str, Any]:
        return {
            "until": form.cleaned_data["until"].isoformat(),
            "words": getattr(form, "words", ""),
            "wall": form.data.get(form.add_prefix("until"), ""),
        }

    def initial(self, values: Values) -> dict[str, Any]:
        return {"until": values["wall"]}

    def words(self, values: Values) -> str:
        return f"Snooze until {values['words']}"

    def foresee(self, follow_up: FollowUp, values: Values) -> tuple[str, str]:
        if follow_up.resolved_at or follow_up.state == FollowUp.State.MERGED:
            return "", "It has no clock that runs."
        if follow_up.paused_at:
            return "", "Its clock stands still already."
        return f"Snoozed until {values['words']}", ""

    def do(self, follow_up: FollowUp, values: Values, *, by: Actor, at: datetime, version: int) -> None:
        until = datetime.fromisoformat(values["until"])
        pausing.snooze(follow_up, until=until, by=by, at=at, version=version)

    def undo(self, changed: Change, before: Values) -> None:
        # The clock never stood still: what was promised is what it was.
        super().undo(changed, before)
        FollowUpPause.objects.filter(follow_up=changed.follow_up, resumed_at__isnull=True).delete()
