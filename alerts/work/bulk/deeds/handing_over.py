"""Handing over what one person has open: chosen by an absence or by a person who goes, never by ticking rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from alerts.models import Absence, FollowUp
from alerts.owners.handing_over import HAND_OVER, HandingOver
from alerts.work.bulk.registry import Deed, Values, bulk_deed
from tenancy.audit import Actor


@bulk_deed
class HandOver(Deed):
    """`values`: the `person` and their `name`, the `reason` for the histories, and the `absence` if it is one."""

    key, label, icon = HAND_OVER, "Hand over", "users"
    form = forms.Form
    fields = ("owner_id", "team_id")
    is_offered = False

    def words(self, values: Values) -> str:
        return f"Hand over what {values['name']} has open"

    def foresee(self, follow_up: FollowUp, values: Values) -> tuple[str, str]:
        if str(follow_up.owner_id or "") != values["person"]:
            return "", "Somebody else owns it by now."
        return f"Goes to {values.get('delegate') or 'whoever the owner rules choose'}", ""

    def for_batch(self, values: Values, follow_ups: Sequence[FollowUp], *, at: datetime) -> Values:
        absence = Absence.objects.filter(pk=values["absence"]).first() if values.get("absence") else None
        return {**values, "handing": HandingOver(UUID(values["person"]), follow_ups, absence=absence, at=at)}

    def do(self, follow_up: FollowUp, values: Mapping[str, Any], *, by: Actor, at: datetime, version: int) -> None:
        """Whatever happened to it meanwhile, it still has to go: the version that was seen does not matter."""
        values["handing"].give(follow_up, reason=values["reason"], by=by)
