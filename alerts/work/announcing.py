"""Places outside that follow the life of a follow-up: who got it, and that it was resolved, closed or reopened."""

from collections.abc import Sequence

from alerts.changing import after_change
from alerts.history import line_of
from alerts.models import FollowUpEntry
from alerts.notifying.people import Telling, tell_all
from alerts.states import State

Kind = FollowUpEntry.Kind
MOVES = {State.RESOLVED: "resolved", State.CLOSED: "closed", State.OPEN: "reopened"}


@after_change
def announce(entries: Sequence[FollowUpEntry]) -> None:
    """One delivery for each channel that is to be told; no query where nothing happened that it could be told."""
    tellings = [_telling(entry, event) for entry in entries if (event := _event_of(entry))]
    if tellings:
        tell_all(tellings, at=entries[0].at)


def _event_of(entry: FollowUpEntry) -> str:
    if entry.kind == Kind.ASSIGNED:
        return "given"
    return MOVES.get(State(entry.to_state), "") if entry.to_state else ""


def _telling(entry: FollowUpEntry, event: str) -> Telling:
    """What people wrote stays inside: the facts, and who did it."""
    follow_up = entry.follow_up
    facts = {"state": follow_up.state, "outcome": follow_up.outcome, "root_cause": follow_up.root_cause}
    return Telling(
        [],
        event,
        f"Follow-up #{follow_up.number}: {line_of(entry).title}",
        f"{event}:{entry.pk}",
        text=entry.by_label,
        follow_up=follow_up,
        context={**facts, "owner": str(follow_up.owner or "")},
    )
