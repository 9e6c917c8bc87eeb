"""How every change of a follow-up is made: lock, compare versions, write the line of history, audit."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from alerts.escalation.clocks import CLOCK_FIELDS, next_escalation_at
from alerts.models import FollowUp, FollowUpEntry
from tenancy.audit import Actor, record
from tenancy.models import User

Kind = FollowUpEntry.Kind
Listener = Callable[[Sequence[FollowUpEntry]], None]
_listeners: list[Listener] = []


def after_change(listener: Listener) -> Listener:
    """Register who is told of the lines that were just written, in the transaction of the deed."""
    _listeners.append(listener)
    return listener


def written(entries: Sequence[FollowUpEntry]) -> None:
    """These lines were stored; whoever stores lines without `change` says so here."""
    if entries:
        for listener in _listeners:
            listener(entries)


class StaleVersion(Exception):
    """Somebody else changed the follow-up since it was read. Carries both versions and what happened in between."""

    def __init__(self, follow_up: FollowUp, *, seen: int):
        self.follow_up = follow_up
        self.seen = seen
        self.current = follow_up.version
        super().__init__(f"Follow-up {follow_up.number} is at version {self.current}, not {seen}.")

    def changes(self) -> list[FollowUpEntry]:
        """The lines of history written since the version that was seen, oldest first."""
        return list(self.follow_up.entries.filter(details__version__gt=self.seen).select_related("by"))


class AlreadyDone(Exception):
    """This very submission was carried out before: nothing is left to do."""

    def __init__(self, entry: FollowUpEntry):
        self.entry = entry
        super().__init__("This was already done.")


@dataclass
class Change:
    """A follow-up under change: set its fields, then describe the deed in `entry`."""

    follow_up: FollowUp
    entry: FollowUpEntry
    fields: set[str] = field(default_factory=set)

    def set(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.follow_up, name, value)
            self.fields.add(name)

    def move_to(self, state: str) -> None:
        self.entry.from_state, self.entry.to_state = self.follow_up.state, state
        self.set(state=state)


@contextmanager
def change(
    follow_up: FollowUp,
    *,
    kind: str,
    verb: str,
    by: Actor | User,
    at: datetime,
    version: int | None,
    entry_id: UUID | None = None,
    text: str = "",
) -> Iterator[Change]:
    """Lock the row, let the caller change it, then store it with a new version, a line of history and an audit line.

    `version` is the one the person saw (None: whatever is there). `entry_id` names the submission: the same one twice
    raises AlreadyDone. Raises StaleVersion when the row moved on. The caller's `follow_up` is brought up to date.
    """
    with transaction.atomic():
        locked = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
        if entry_id and (done := locked.entries.filter(pk=entry_id).first()):
            raise AlreadyDone(done)
        if version is not None and version != locked.version:
            raise StaleVersion(locked, seen=version)
        entry = new_entry(locked, kind=kind, by=by, at=at, text=text)
        if entry_id:
            entry.pk = entry_id
        changed = Change(locked, entry)
        yield changed
        if not CLOCK_FIELDS.isdisjoint(changed.fields):
            changed.set(escalates_at=next_escalation_at(locked))
        changed.set(version=locked.version + 1)
        entry.details["version"] = locked.version
        locked.save(update_fields=sorted(changed.fields))
        entry.save(force_insert=True)
        record(verb, on=locked, by=by, at=at, details=_audited(entry))
        written([entry])
    for name in changed.fields:
        setattr(follow_up, name, getattr(locked, name))


def new_entry(
    follow_up: FollowUp, *, kind: str, by: Actor | User, at: datetime, text: str = "", **details: Any
) -> FollowUpEntry:
    """A line of history, not yet stored."""
    user_id, label = _author(by)
    return FollowUpEntry(
        organization_id=follow_up.organization_id,
        follow_up=follow_up,
        kind=kind,
        at=at,
        by_id=user_id,
        by_label=label,
        text=text,
        details=details,
    )


def _author(by: Actor | User) -> tuple[UUID | None, str]:
    if isinstance(by, User):
        return by.pk, str(by)
    return (by.id if by.kind == "user" else None), by.label


def _audited(entry: FollowUpEntry) -> dict[str, Any]:
    """What the audit log keeps: the facts, never what people wrote to or about the customer."""
    facts = {key: value for key, value in entry.details.items() if key not in FollowUpEntry.PERSONAL}
    return {**facts, "from": entry.from_state, "to": entry.to_state} if entry.to_state else facts
