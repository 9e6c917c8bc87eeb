"""Closing the loops of many follow-ups that are resolved."""

from datetime import datetime

from django import forms

from alerts import following_up
from alerts.changing import Change
from alerts.following_up import was_told
from alerts.models import FollowUp
from alerts.proof.recovery.planning import drop_recovery
from alerts.states import State
from alerts.work.bulk.registry import Deed, Values, bulk_deed
from tenancy.audit import Actor


class CloseForm(forms.Form):
    closing = forms.ChoiceField(label="Do the customers know?", choices=FollowUp.Closing.choices)
    text = forms.CharField(
        label="What were they told, or why was it impossible?",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


@bulk_deed
class Close(Deed):
    key, label, icon = "close", "Close the loop", "circle-check"
    form = CloseForm
    fields = ("closed_at", "closing", "customer_wrote_at", "state")

    def words(self, values: Values) -> str:
        return f"Close the loop: {FollowUp.Closing(values['closing']).label.lower()}"

    def foresee(self, follow_up: FollowUp, values: Values) -> tuple[str, str]:
        if follow_up.state != State.RESOLVED:
            return "", f"It is {follow_up.get_state_display().lower()}, not resolved."
        if values["closing"] == FollowUp.Closing.TOLD and not was_told(follow_up):
            return "", "No contact with the customer is recorded."
        return "The loop is closed", ""

    def do(self, follow_up: FollowUp, values: Values, *, by: Actor, at: datetime, version: int) -> None:
        following_up.close_loop(
            follow_up, closing=values["closing"], text=values["text"], by=by, at=at, version=version
        )

    def undo(self, changed: Change, before: Values) -> None:
        changed.move_to(before["state"])
        changed.set(closed_at=None, closing="", customer_wrote_at=before["customer_wrote_at"])
        drop_recovery(changed.follow_up, at=changed.entry.at)
