"""The deeds that can be done to many follow-ups at once. A further one is a subclass with the decorator `bulk_deed`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from alerts.changing import Change
from alerts.models import FollowUp
from tenancy.audit import Actor

Values = Mapping[str, Any]

_deeds: dict[str, "Deed"] = {}


class Deed:
    """One kind of deed. `values` is JSON: what its form was told, and what the row of BulkDeed keeps."""

    key: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str]
    form: ClassVar[type[forms.Form]]
    # What is kept of a row before, and put back when the deed is undone.
    fields: ClassVar[tuple[str, ...]]
    # Whether people may choose it for rows they ticked.
    is_offered: ClassVar[bool] = True

    def values_of(self, form: forms.Form) -> dict[str, Any]:
        """What is stored of a form that is valid."""
        return dict(form.cleaned_data)

    def initial(self, values: Values) -> dict[str, Any]:
        """What its form shows of the values that were planned."""
        return dict(values)

    def words(self, values: Values) -> str:
        """The deed in words: "Assign to Ana"."""
        raise NotImplementedError

    def foresee(self, follow_up: FollowUp, values: Values) -> tuple[str, str]:
        """(what will happen, why nothing will): one of them is empty. Queries nothing."""
        raise NotImplementedError

    def remember(self, follow_up: FollowUp) -> dict[str, Any]:
        """What else is kept of a row before, beside `fields`."""
        return {}

    def for_batch(self, values: Values, follow_ups: Sequence[FollowUp], *, at: datetime) -> Values:
        """What `do` is given for each row of a batch: read once for all of them what that takes."""
        return values

    def do(self, follow_up: FollowUp, values: Values, *, by: Actor, at: datetime, version: int) -> None:
        """Raises StaleVersion, IllegalMove or ValueError with words for people."""
        raise NotImplementedError

    def undo(self, changed: Change, before: Values) -> None:
        """Put back what `fields` were; within a change of the follow-up."""
        changed.set(**before)


def bulk_deed(deed: type[Deed]) -> type[Deed]:
    _deeds[deed.key] = deed()
    return deed


def deed_of(key: str) -> Deed | None:
    return _deeds.get(key)


def all_deeds() -> list[Deed]:
    """Those that people may choose, in the order in which they were registered."""
    return [each for each in _deeds.values() if each.is_offered]
