"""What admins fill in for a playbook and its steps, and what people choose on a follow-up."""

from django import forms

from alerts.forms import DeedForm, possible_owners
from alerts.models import Playbook, PlaybookStep
from alerts.playbooks.saving import Step

EMPTY_STEPS = 2
MOST_STEPS = 30


class StepForm(forms.Form):
    text = forms.CharField(label="Step", max_length=300, required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    doer = forms.ChoiceField(label="Who", required=False, choices=PlaybookStep.Doer.choices)
    person = forms.ChoiceField(label="Person", required=False)
    due_hours = forms.IntegerField(label="Due after, hours", required=False, min_value=0, max_value=1000)
    place = forms.IntegerField(label="Place", required=False, min_value=1, max_value=99)
    guideline_url = forms.URLField(label="Link to a guideline", max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args, people: dict, **options):
        super().__init__(*args, **options)
        self.people = people
        self.fields["person"].choices = [("", "Nobody"), *((pk, str(user)) for pk, user in people.items())]

    def clean(self):
        values = super().clean() or {}
        if values.get("text") and values.get("doer") == PlaybookStep.Doer.PERSON and not values.get("person"):
            self.add_error("person", "Name the person.")
        return values

    @property
    def step(self) -> Step:
        values = self.cleaned_data
        return Step(
            text=values["text"].strip(),
            doer=values["doer"] or PlaybookStep.Doer.OWNER,
            person=self.people.get(values["person"]),
            due_hours=values["due_hours"],
            guideline_url=values["guideline_url"],
        )


StepFormSet = forms.formset_factory(StepForm, extra=EMPTY_STEPS, max_num=MOST_STEPS, validate_max=True)


class PlaybookForm(forms.Form):
    """With its steps as `steps`; a line without text is no step."""

    name = forms.CharField(label="Name", max_length=80)
    situation = forms.CharField(
        label="When to use it",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    guideline_url = forms.URLField(
        label="Guideline", required=False, max_length=500, assume_scheme="https", help_text="Where more is written."
    )

    def __init__(self, data=None, *, playbook: Playbook | None = None):
        self.playbook = playbook
        names = ("name", "situation", "guideline_url")
        super().__init__(data, initial={name: getattr(playbook, name) for name in names} if playbook else {})
        people = {str(user.pk): user for user in possible_owners()}
        stored = list(playbook.steps.all()) if playbook else []
        initial = [
            {
                "text": each.text,
                "doer": each.doer,
                "person": str(each.person_id or ""),
                "due_hours": each.due_hours,
                "guideline_url": each.guideline_url,
                "place": number,
            }
            for number, each in enumerate(stored, start=1)
        ]
        self.steps = StepFormSet(data, initial=initial, prefix="steps", form_kwargs={"people": people})

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Playbook.objects.filter(name=name).exclude(pk=self.playbook.pk if self.playbook else None).exists():
            raise forms.ValidationError("There is a playbook of this name already.")
        return name

    def is_valid(self) -> bool:
        is_valid, are_steps_valid = super().is_valid(), self.steps.is_valid()
        if is_valid and are_steps_valid and not self.chosen_steps:
            self.add_error(None, "A playbook has at least one step.")
            return False
        return is_valid and are_steps_valid

    @property
    def chosen_steps(self) -> list[Step]:
        """In the order of their places; those without one last."""
        filled = [form for form in self.steps if form.cleaned_data.get("text")]
        filled.sort(key=lambda form: form.cleaned_data.get("place") or 99)
        return [form.step for form in filled]


class PlaybookChoiceForm(DeedForm):
    playbook = forms.ChoiceField(label="Playbook", required=False)

    def __init__(self, *args, follow_up, **options):
        options["initial"] = {"playbook": str(follow_up.playbook_id or ""), **options.get("initial", {})}
        super().__init__(*args, follow_up=follow_up, **options)
        self.playbooks = {str(each.pk): each for each in Playbook.objects.filter(is_active=True)}
        self.fields["playbook"].choices = [("", "None"), *((pk, each.name) for pk, each in self.playbooks.items())]

    @property
    def situations(self) -> list[Playbook]:
        """Those that say when to use them."""
        return [each for each in self.playbooks.values() if each.situation]

    def clean_playbook(self) -> Playbook | None:
        return self.playbooks.get(self.cleaned_data["playbook"])


class StepMarkForm(DeedForm):
    is_done = forms.BooleanField(required=False, widget=forms.HiddenInput)
