"""Forms about journeys."""

from django import forms

from journeys.models import Journey, Stage, Touchpoint


class NameForm(forms.Form):
    """A new name for a journey, a stage or a touchpoint."""

    name = forms.CharField(max_length=120)

    def __init__(self, *args, row: Journey | Stage | Touchpoint, **kwargs):
        super().__init__(*args, initial={"name": row.name}, **kwargs)
        self.row = row

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        same = type(self.row).objects.filter(name=name).exclude(pk=self.row.pk)
        if isinstance(self.row, Stage):
            same = same.filter(journey_id=self.row.journey_id)
        if same.exists():
            raise forms.ValidationError("This name is taken.")
        return name
