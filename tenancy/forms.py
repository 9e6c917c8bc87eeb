"""Forms about people and their organization."""

from zoneinfo import available_timezones

from django import forms


class SignupDetails(forms.Form):
    """What sign-up asks besides e-mail and password. allauth calls `signup` once the user exists."""

    name = forms.CharField(label="Your name", max_length=120)
    organization = forms.CharField(
        label="Organization",
        max_length=120,
        required=False,
        help_text="You can invite your colleagues later.",
    )

    field_order = ["name", "organization", "email", "password1"]

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


def time_zone_choices() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]
