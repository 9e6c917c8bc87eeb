"""Forms about people, their organization, and the keys of its machines."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator

from tenancy.api_keys import SCOPES
from tenancy.models import Organization, User
from tenancy.roles import Role


class Line(forms.CharField):
    """Text on one line, as headers of mails and lists need it: line breaks and runs of spaces become one space."""

    def to_python(self, value):
        return " ".join((super().to_python(value) or "").split())


class SignupDetails(forms.Form):
    """What sign-up asks besides e-mail and password. allauth calls `signup` once the user exists."""

    name = Line(label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    organization = Line(
        label="Organization",
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
        help_text="Leave it empty when a colleague has invited you.",
    )

    field_order = ["name", "organization", "email", "password1"]

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.wished_organization = self.cleaned_data["organization"]
        user.save(update_fields=["name", "wished_organization"])


def time_zone_choices() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


class OrganizationNew(forms.Form):
    name = Line(
        label="Name of the organization", max_length=120, widget=forms.TextInput({"autocomplete": "organization"})
    )
    time_zone = forms.ChoiceField(
        label="Time zone", choices=time_zone_choices, initial="UTC", help_text="Days are counted in this zone."
    )


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "theme", "has_shortcuts")
        field_classes = {"name": Line}
        widgets = {"theme": forms.RadioSelect, "name": forms.TextInput({"autocomplete": "name"})}
        help_texts = {"has_shortcuts": "Single letters act on a page; press ? to see them."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


class OrganizationForm(forms.ModelForm):
    """Settings of an organization. Checks; tenancy.organizations.change_organization stores."""

    class Meta:
        model = Organization
        fields = (
            "name",
            "time_zone",
            "language",
            "postal_address",
            "brand_color",
            "sender_name",
            "reply_to",
            "fatigue_days",
            "quiet_from",
            "quiet_until",
            "hides_places",
        )
        field_classes = {"name": Line, "sender_name": Line}
        labels = {
            "postal_address": "Postal address",
            "brand_color": "Brand colour",
            "sender_name": "Sender's name",
            "reply_to": "Replies go to",
            "fatigue_days": "Days a customer is left in peace",
            "quiet_from": "Quiet from",
            "quiet_until": "Quiet until",
            "hides_places": "Do not rank people",
        }
        help_texts = {
            "postal_address": "Stands at the end of every survey mail; the law of many countries asks for it.",
            "brand_color": "Of buttons in survey mails and on survey pages.",
            "sender_name": "What customers see as the sender. Empty means the organization's name.",
            "reply_to": "Where an answer by mail arrives.",
            "fatigue_days": "Between two surveys, whichever they are. 0 to 365.",
            "quiet_from": "Nothing is sent in quiet hours; it waits for their end.",
            "hides_places": "The page about people shows load, promises and recovery, but no places.",
        }
        widgets = {
            "brand_color": forms.TextInput({"type": "color"}),
            "quiet_from": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "postal_address": forms.Textarea({"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone",
            choices=time_zone_choices,
            help_text="Days and promised times are counted in this zone. A change counts every day again.",
        )
        self.fields["language"] = forms.ChoiceField(label="Language of surveys", choices=settings.LANGUAGES)
        self.fields["brand_color"].validators.append(
            RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "Write the colour as # and six digits, for example #274690.")
        )
        self.fields["fatigue_days"].validators.append(MaxValueValidator(365))

    def clean(self):
        values = super().clean()
        if (values.get("quiet_from") is None) != (values.get("quiet_until") is None):
            self.add_error("quiet_until", "Give both ends of the quiet hours, or neither.")
        return values

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.AGENT)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Role.choices)


class ApiKeyForm(forms.Form):
    LASTS = [("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("", "Until revoked")]

    name = forms.CharField(
        label="Name", max_length=80, help_text="What will use it: \u201cShop\u201d, \u201cData warehouse\u201d."
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do", choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    lasts = forms.ChoiceField(label="Valid for", choices=LASTS, required=False, initial="365")

    def expires_at(self, *, at: datetime) -> datetime | None:
        days = self.cleaned_data["lasts"]
        return at + timedelta(days=int(days)) if days else None
