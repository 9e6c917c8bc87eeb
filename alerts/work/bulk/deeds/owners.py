"""Giving many follow-ups to one person, or to nobody."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from alerts import following_up
from alerts.models import FollowUp
from alerts.owners.offering import owners_offered
from alerts.work.bulk.registry import Deed, Values, bulk_deed
from tenancy.audit import Actor
from tenancy.models import User


class AssignForm(forms.Form):
    owner = forms.ChoiceField(label="Owner", required=False)
    text = forms.CharField(
        label="Why?", max_length=2000, required=False, help_text="Needed where somebody owns it already."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = owners_offered(at=timezone.now())
        self.people = {str(user.pk): str(user) for user, _ in offered}
        names = [(str(user.pk), words) for user, words in offered]
        self.fields["owner"].choices = [("", "Nobody"), *names]  # type: ignore[attr-defined]


@bulk_deed
class Assign(Deed):
    key, label, icon = "assign", "Assign", "user-round"
    form = AssignForm
    fields = ("owner_id", "team_id")

    def values_of(self, form: forms.Form) -> dict[str, Any]:
        owner = form.cleaned_data["owner"]
        return {
            "owner": owner,
            "name": getattr(form, "people", {}).get(owner, "nobody"),
            "text": form.cleaned_data["text"],
        }

    def words(self, values: Values) -> str:
        return f"Assign to {values['name']}"

    def foresee(self, follow_up: FollowUp, values: Values) -> tuple[str, str]:
        if follow_up.state == FollowUp.State.MERGED:
            return "", "It is merged into another."
        if str(follow_up.owner_id or "") == values["owner"]:
            return "", f"{values['name']} owns it already." if values["owner"] else "Nobody owns it."
        if follow_up.owner_id and not values["text"].strip():
            return "", "Somebody owns it: say why that changes."
        return f"Owner: {values['name']}", ""

    def do(self, follow_up: FollowUp, values: Values, *, by: Actor, at: datetime, version: int) -> None:
        owner = User.objects.filter(pk=UUID(values["owner"])).first() if values["owner"] else None
        if values["owner"] and owner is None:
            raise ValueError("This person is not here any more.")
        following_up.assign(follow_up, owner=owner, text=values["text"], by=by, at=at, version=version)
