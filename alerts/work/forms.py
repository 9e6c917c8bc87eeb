"""What people fill in beside the deeds of the loop: notes that name colleagues, marks, and which duplicate to merge."""

from typing import Any

from django import forms

from alerts.forms import DeedForm, words
from alerts.models import FollowUp, Priority
from alerts.work.marking import read_tags
from alerts.work.mentions import names_of, people_here
from tenancy.models import User


class NoteForm(DeedForm):
    """People may be named in the text or ticked; both work without script."""

    text = words("Note for colleagues", required=True, help_text="Name a colleague with @ to tell them.")
    people = forms.MultipleChoiceField(label="Tell", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: list[User] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        found = people_here() if people is None else people
        self.by_id = {str(user.pk): user for user in found}
        names = names_of(found)
        self.fields["people"].choices = [(pk, names[user.pk]) for pk, user in self.by_id.items()]  # type: ignore[attr-defined]

    def clean_people(self) -> list[User]:
        return [self.by_id[pk] for pk in self.cleaned_data["people"]]


class PriorityForm(DeedForm):
    priority = forms.ChoiceField(
        label="Priority",
        choices=Priority.choices,
        help_text="Raised, it is promised the times of that priority from now on, where they are sooner.",
    )


class TagsForm(DeedForm):
    """All tags of a follow-up, as one text."""

    tags = forms.CharField(label="Tags", required=False, max_length=1000, help_text="Separated by commas.")

    def __init__(self, *args: Any, follow_up: FollowUp, **options: Any) -> None:
        self.before = follow_up.tags
        super().__init__(*args, follow_up=follow_up, **options)

    def clean(self) -> None:
        super().clean()
        try:
            tags = read_tags(self.cleaned_data.pop("tags", ""))
        except ValueError as error:
            self.add_error("tags", str(error))
            return
        self.cleaned_data["add"] = [tag for tag in tags if tag not in self.before]
        self.cleaned_data["remove"] = [tag for tag in self.before if tag not in tags]


class MergeForm(DeedForm):
    """Which duplicate, and the version of it that was seen."""

    duplicate = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    duplicate_version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def clean_duplicate(self) -> FollowUp:
        found = FollowUp.objects.filter(number=self.cleaned_data["duplicate"]).first()
        if found is None:
            raise forms.ValidationError("There is no such follow-up.")
        return found
