"""What people fill in to let a clock stand still."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from alerts.forms import DeedForm, WallTimeInput
from alerts.models import FollowUp
from alerts.pausing import longest_pause
from alerts.work.snoozing import snooze_offers, zone_of
from tenancy.wall_time import moment_of

OWN = "own"


class SnoozeForm(DeedForm):
    """Until tomorrow morning, next week, or a moment of one's own in the organization's zone."""

    choice = forms.ChoiceField(label="Snooze until", widget=forms.RadioSelect)
    # Wall time of the organization; a moment only in `clean`, since Django would read it in the zone of the server.
    own = forms.CharField(label="Day and time", required=False, max_length=30, widget=WallTimeInput)

    def __init__(self, *args, follow_up: FollowUp, **options):
        at = timezone.now()
        self.zone, self.longest = zone_of(follow_up), longest_pause(follow_up, at=at)
        offers = snooze_offers(follow_up, at=at, longest=self.longest)
        self.moments = {offer.key: offer.moment for offer in offers}
        choices = [(offer.key, f"{offer.label}, {self._words(offer.moment)}") for offer in offers]
        choices.append((OWN, "A moment of your own"))
        options["initial"] = {"choice": choices[0][0], **options.get("initial", {})}
        super().__init__(*args, follow_up=follow_up, **options)
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]
        self.fields["own"].help_text = f"At the latest {self._words(self.longest)}."

    def clean(self) -> None:
        super().clean()
        choice = self.cleaned_data.pop("choice", "")
        own = self.cleaned_data.pop("own", "")
        if choice in self.moments:
            self.cleaned_data["until"] = self.moments[choice]
        elif choice == OWN:
            self.cleaned_data["until"] = self._own_moment(own)

    def _own_moment(self, text: str) -> datetime | None:
        try:
            wall = datetime.fromisoformat(text)
            moment = moment_of(wall.replace(tzinfo=None), self.zone)
        except (ValueError, OverflowError):
            self.add_error("own", "Choose a day and a time.")
            return None
        if moment <= timezone.now():
            self.add_error("own", "Choose a moment that is still to come.")
        elif moment > self.longest:
            self.add_error("own", f"At the latest {self._words(self.longest)}.")
        return moment

    def _words(self, moment: datetime) -> str:
        return date_format(moment.astimezone(self.zone), "l j M, H:i")
