"""Keeping a dashboard by name."""

from django import forms

from metrics.dashboard.kept import MOST_CHARACTERS


class NameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=60)


class SaveForm(NameForm):
    query = forms.CharField(max_length=MOST_CHARACTERS, required=False, widget=forms.HiddenInput)
    is_everybodys = forms.BooleanField(label="For everybody", required=False)
    is_pinned = forms.BooleanField(label="Show above the filters", required=False, initial=True)
