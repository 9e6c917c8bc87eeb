"""Priority and tags of many follow-ups."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from alerts.changing import Change
from alerts.models import FollowUp, Priority
from alerts.work.bulk.registry import Deed, Values, bulk_deed
from alerts.work.marking import change_tags, prioritize, read_tags
from tenancy.audit import Actor

MOMENTS = ("first_contact_due_at", "resolution_due_at")
BUDGETS = ("first_contact_budget", "resolution_budget")


class PriorityForm(forms.Form):
    priority = forms.ChoiceField(
        label="Priority",
        choices=Priority.choices,
        initial=Priority.NORMAL,
        help_text="Raised, each is promised the times of that priority from now on, where they are sooner.",
    )


@bulk_deed
class Prioritize(Deed):
    key, label, icon = "priority", "Priority", "chevrons-up"
    form = PriorityForm
    fields = ("priority", "sla_policy_id", *MOMENTS, *BUDGETS)

    def words(self, values: Values) -> str:
        return f"Priority: {Priority(values['priority']).label.lower()}"

    def foresee(self, follow_up: FollowUp, values: Values) -> tuple[str, str]:
        if follow_up.state == FollowUp.State.MERGED:
            return "", "It is merged into another."
        if follow_up.priority == values["priority"]:
            return "", "It has this priority already."
        return f"{follow_up.get_priority_display()} becomes {Priority(values['priority']).label.lower()}", ""

    def do(self, follow_up: FollowUp, values: Values, *, by: Actor, at: datetime, version: int) -> None:
        prioritize(follow_up, priority=values["priority"], by=by, at=at, version=version)

    def undo(self, changed: Change, before: Values) -> None:
        moments = {name: datetime.fromisoformat(before[name]) for name in MOMENTS}
        budgets = {name: None if before[name] is None else timedelta(seconds=before[name]) for name in BUDGETS}
        super().undo(changed, {**before, **moments, **budgets})


class TagForm(forms.Form):
    add = forms.CharField(label="Add tags", required=False, max_length=400, help_text="Separated by commas.")
    remove = forms.CharField(label="Remove tags", required=False, max_length=400, help_text="Separated by commas.")

    def clean(self) -> None:
        super().clean()
        for name in ("add", "remove"):
            try:
                self.cleaned_data[name] = read_tags(self.cleaned_data.get(name, ""))
            except ValueError as error:
                self.add_error(name, str(error))
        if not self.errors and not (self.cleaned_data["add"] or self.cleaned_data["remove"]):
            raise forms.ValidationError("Name a tag to add or to remove.")


@bulk_deed
class Tag(Deed):
    key, label, icon = "tag", "Tag", "tag"
    form = TagForm
    fields = ("tags",)

    def initial(self, values: Values) -> dict[str, Any]:
        return {name: ", ".join(values[name]) for name in ("add", "remove")}

    def words(self, values: Values) -> str:
        parts = [
            f"{words} {', '.join(values[name])}"
            for name, words in (("add", "add"), ("remove", "remove"))
            if values[name]
        ]
        return f"Tags: {'; '.join(parts)}"

    def foresee(self, follow_up: FollowUp, values: Values) -> tuple[str, str]:
        if follow_up.state == FollowUp.State.MERGED:
            return "", "It is merged into another."
        new = [f"+ {tag}" for tag in values["add"] if tag not in follow_up.tags]
        gone = [f"− {tag}" for tag in values["remove"] if tag in follow_up.tags]
        return (", ".join(new + gone), "") if new or gone else ("", "Its tags are so already.")

    def do(self, follow_up: FollowUp, values: Values, *, by: Actor, at: datetime, version: int) -> None:
        change_tags(follow_up, add=values["add"], remove=values["remove"], by=by, at=at, version=version)
