"""Forms about people and their organization."""

from zoneinfo import available_timezones

from django import forms


class SignupDetails(forms.Form):
    """What sign-up asks besides e-mail and password. allauth calls `signup` once the user exists."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    organization = forms.CharField(
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
