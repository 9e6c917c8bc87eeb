"""What people fill in on a follow-up. Every form carries the version that was seen and the name of its submission."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from alerts.following_up import CONTACT_OUTCOMES, CONTACT_WAYS, REACHED, was_told
from alerts.models import FollowUp, ReplyTemplate
from alerts.owners.offering import owners_offered
from alerts.root_causes import root_causes
from tenancy.models import Membership, User
from tenancy.owned import new_id
from tenancy.roles import Role
from tenancy.wall_time import moment_of


class DeedForm(forms.Form):
    """A deed without words of its own."""

    version = forms.IntegerField(
        min_value=1, widget=forms.HiddenInput, error_messages={"required": "Load the page again."}
    )
    entry = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, follow_up: FollowUp, deed: str = "", **options):
        options.setdefault("initial", {})
        options["initial"] = {"version": follow_up.version, "entry": new_id(), **options["initial"]}
        super().__init__(data, auto_id=f"{deed or 'deed'}_%s", **options)

    @property
    def seen(self) -> dict:
        """What every verb takes: the version that was seen and the submission's id."""
        return {"version": self.cleaned_data["version"], "entry_id": self.cleaned_data["entry"]}

    @property
    def values(self) -> dict:
        """What was filled in, by the names of the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "entry"}}


def words(label: str, *, rows: int = 3, required: bool = False, **options) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, widget=area, required=required, max_length=10_000, **options)


class WallTimeInput(forms.DateTimeInput):
    """The browser's own field for day and time."""

    input_type = "datetime-local"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%dT%H:%M", **options)


class ContactForm(DeedForm):
    way = forms.ChoiceField(label="How did you get in touch?", choices=list(CONTACT_WAYS.items()))
    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=list(CONTACT_OUTCOMES.items()),
        initial=REACHED,
        required=False,
        help_text="Only a customer who was reached counts as contacted.",
    )
    # Wall time of the organization; a moment only when it is cleaned, since Django would read it in the server's zone.
    happened_at = forms.CharField(
        label="When", required=False, max_length=30, widget=WallTimeInput, help_text="Leave it empty for just now."
    )
    text = words("What was said")

    def __init__(self, *args, follow_up: FollowUp, **options):
        super().__init__(*args, follow_up=follow_up, **options)
        self.zone = ZoneInfo(follow_up.organization.time_zone)

    def clean_outcome(self) -> str:
        return self.cleaned_data["outcome"] or REACHED

    def clean_happened_at(self) -> datetime | None:
        text = self.cleaned_data["happened_at"]
        if not text:
            return None
        try:
            return moment_of(datetime.fromisoformat(text).replace(tzinfo=None), self.zone)
        except (ValueError, OverflowError):
            raise forms.ValidationError("Choose a day and a time.") from None


class ResolutionForm(DeedForm):
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Choose"), *FollowUp.Outcome.choices])
    root_cause = forms.ChoiceField(label="Root cause")
    text = words("What was done", required=True, error_messages={"required": "Say what was done."})

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        causes = [(cause.key, f"– {cause.name}" if cause.parent_id else cause.name) for cause in root_causes()]
        self.fields["root_cause"].choices = [("", "Choose"), *causes]  # type: ignore[attr-defined]


class ClosureForm(DeedForm):
    """The statement that ends a loop: what the customer was told, or why nobody could tell them."""

    closing = forms.ChoiceField(label="Does the customer know?", widget=forms.RadioSelect)
    text = words(
        "What were they told, or why was it impossible?",
        required=True,
        error_messages={"required": "Say what the customer was told, or why that was impossible."},
    )

    def __init__(self, *args, follow_up: FollowUp, **options):
        told, impossible = FollowUp.Closing.choices
        choices = [told, impossible] if was_told(follow_up) else [impossible]
        options["initial"] = {"closing": choices[0][0], **options.get("initial", {})}
        super().__init__(*args, follow_up=follow_up, **options)
        self.fields["closing"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["closing"].help_text = "To say that they were told, reply or record a contact first."
            self.fields["text"].label = "Why was it impossible?"


class ReasonForm(DeedForm):
    """For a deed that may say why: reopening."""

    text = words("Note", rows=2)


class ReplyForm(DeedForm):
    # What the page shows beside the fields: texts to start from, what one had no value for, the mail as it will be.
    templates: Sequence[ReplyTemplate] = ()
    chosen: UUID | None = None
    left_out: Sequence[str] = ()
    preview: Any = None

    subject = forms.CharField(label="Subject", max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    text = words("Message", rows=9, required=True)


class OwnerForm(DeedForm):
    owner = forms.ChoiceField(label="Owner", required=False)
    text = words("Why", rows=2, help_text="Needed when it leaves the owner it has. Everybody can read it.")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        offered = owners_offered(at=timezone.now())
        self.people = {str(user.pk): user for user, _ in offered}
        names = [(str(user.pk), words) for user, words in offered]
        self.fields["owner"].choices = [("", "Nobody"), *names]  # type: ignore[attr-defined]

    def clean_owner(self) -> User | None:
        return self.people.get(self.cleaned_data["owner"])


def possible_owners() -> list[User]:
    """The people of this organization who may act, by name."""
    roles = [role for role in Role if role.includes(Role.AGENT)]
    members = Membership.objects.filter(role__in=roles, user__is_active=True).select_related("user")
    return sorted((member.user for member in members), key=lambda user: str(user).casefold())


def initial_owner(follow_up: FollowUp) -> dict[str, UUID | str]:
    return {"owner": str(follow_up.owner_id or "")}
