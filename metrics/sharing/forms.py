"""Making a link to a dashboard."""

from django import forms

from metrics.dashboard.kept import MOST_CHARACTERS
from metrics.sharing.links import DAYS, MOST_DAYS


class LinkForm(forms.Form):
    query = forms.CharField(max_length=MOST_CHARACTERS, widget=forms.HiddenInput)
    name = forms.CharField(label="Title", max_length=60, help_text="Stands above the figures.")
    days = forms.IntegerField(
        label="Open for", min_value=1, max_value=MOST_DAYS, initial=DAYS, help_text=f"Days, at most {MOST_DAYS}."
    )
