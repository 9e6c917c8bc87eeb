"""Letting many follow-ups go by one playbook, or by none."""

from datetime import datetime
from typing import Any

from django import forms

from alerts.changing import Change
from alerts.models import FollowUp, FollowUpStep, Playbook
from alerts.playbooks.starting import choose_playbook
from alerts.states import State
from alerts.work.bulk.registry import Deed, Values, bulk_deed
from tenancy.audit import Actor

# Of a step that goes with the playbook before: what is put back.
KEPT = ("playbook_id", "position", "text", "guideline_url", "owner_id", "due_at", "tells_at")


class PlaybookForm(forms.Form):
    playbook = forms.ChoiceField(label="Playbook", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.names = {str(each.pk): each.name for each in Playbook.objects.filter(is_active=True)}
        self.fields["playbook"].choices = [("", "None"), *self.names.items()]  # type: ignore[attr-defined]


@bulk_deed
class ChoosePlaybook(Deed):
    key, label, icon = "playbook", "Playbook", "list-checks"
    form = PlaybookForm
    fields = ("playbook_id",)

    def values_of(self, form: forms.Form) -> dict[str, Any]:
        chosen = form.cleaned_data["playbook"]
        return {"playbook": chosen, "name": getattr(form, "names", {}).get(chosen, "")}

    def words(self, values: Values) -> str:
        return f"Go by the playbook “{values['name']}”" if values["playbook"] else "Go by no playbook"

    def foresee(self, follow_up: FollowUp, values: Values) -> tuple[str, str]:
        if follow_up.state in (State.CLOSED, State.MERGED):
            return "", "Nothing is left to do here."
        if str(follow_up.playbook_id or "") == values["playbook"]:
            return "", "It goes by this playbook already." if values["playbook"] else "It goes by none."
        return f"Playbook: {values['name'] or 'none'}; what is not ticked goes", ""

    def remember(self, follow_up: FollowUp) -> dict[str, Any]:
        steps = FollowUpStep.objects.filter(follow_up=follow_up, done_at__isnull=True)
        return {"steps": list(steps.values(*KEPT))}

    def do(self, follow_up: FollowUp, values: Values, *, by: Actor, at: datetime, version: int) -> None:
        playbook = (
            Playbook.objects.filter(pk=values["playbook"], is_active=True).first() if values["playbook"] else None
        )
        if values["playbook"] and playbook is None:
            raise ValueError("This playbook is not offered any more.")
        choose_playbook(follow_up, playbook=playbook, by=by, at=at, version=version)

    def undo(self, changed: Change, before: Values) -> None:
        changed.set(playbook_id=before["playbook_id"])
        FollowUpStep.objects.filter(follow_up=changed.follow_up, done_at__isnull=True).delete()
        FollowUpStep.objects.bulk_create(
            FollowUpStep(organization_id=changed.follow_up.organization_id, follow_up=changed.follow_up, **step)
            for step in before["steps"]
        )
