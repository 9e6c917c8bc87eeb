"""People who want to hear of every change of one follow-up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from alerts.changing import after_change
from alerts.escalation.telling import step_key
from alerts.history import line_of
from alerts.models import FollowUp, FollowUpEntry, Watcher
from alerts.notices import staff_to_tell
from alerts.notifying.people import Telling, tell_all
from alerts.states import State
from tenancy.audit import Actor, record
from tenancy.models import User

Kind = FollowUpEntry.Kind
# What an owner hears of when a colleague does it.
ENDS = (State.RESOLVED, State.CLOSED, State.OPEN)


def watch(follow_up: FollowUp, *, user: User, by: Actor | User, at: datetime) -> bool:
    """Whether this is new: who watches already goes on watching."""
    _, is_new = Watcher.objects.get_or_create(follow_up=follow_up, user=user, defaults={"since": at})
    if is_new:
        record("follow_up.watched", on=follow_up, by=by, at=at, details={"watcher": str(user)})
    return is_new


def unwatch(follow_up: FollowUp, *, user: User, by: Actor | User, at: datetime) -> bool:
    """Whether there was anything to end."""
    ended, _ = Watcher.objects.filter(follow_up=follow_up, user=user).delete()
    if ended:
        record("follow_up.unwatched", on=follow_up, by=by, at=at, details={"watcher": str(user)})
    return bool(ended)


def watchers_of(follow_up: FollowUp) -> list[User]:
    """Who watches, by name. One query."""
    rows = Watcher.objects.filter(follow_up=follow_up, user__is_active=True).select_related("user")
    return sorted((row.user for row in rows), key=lambda user: str(user).casefold())


@after_change
def tell_of_changes(entries: Sequence[FollowUpEntry]) -> None:
    """Tell watchers of what was written into these histories, and owners of what others did to what is theirs.

    Nobody hears of their own deeds, or of one thing twice: left out are who is told of it under another event. One
    query where nobody watches.
    """
    watched: dict[UUID, list[User]] = {}
    for row in Watcher.objects.filter(follow_up__in={entry.follow_up_id for entry in entries}).select_related("user"):
        watched.setdefault(row.follow_up_id, []).append(row.user)
    tellings = []
    for entry in entries:
        watchers, owner = watched.get(entry.follow_up_id, []), _owner_to_tell(entry)
        if owner:
            tellings.append(_telling(entry, [owner], "owned_changed"))
        if watchers:
            otherwise = {*_hear_otherwise(entry), owner.pk if owner else None}
            users = [user for user in watchers if user.pk not in otherwise]
            tellings.append(_telling(entry, users, "watched_changed"))
    if tellings:
        tell_all(tellings, at=entries[0].at)


def _telling(entry: FollowUpEntry, users: Sequence[User], event: str) -> Telling:
    author = f", {entry.by_label}" if entry.by_label else ""
    title = f"Follow-up {entry.follow_up.number}: {line_of(entry).title}{author}"
    return Telling(users, event, title, _key(entry), entry.text, entry.follow_up)


def _key(entry: FollowUpEntry) -> str:
    """A broken promise and the step that tells of it are one thing, whichever comes first."""
    details = entry.details
    if entry.kind in (Kind.BREACHED, Kind.ESCALATED):
        due_at = datetime.fromisoformat(details["due_at"])
        return step_key(entry.follow_up_id, details["promise"], details.get("percent", 100), due_at)
    return f"watched:{entry.pk}"


def _owner_to_tell(entry: FollowUpEntry) -> User | None:
    """The owner, where somebody else did what they should know of and nothing else tells them."""
    is_end = entry.kind == Kind.MOVED and entry.to_state in ENDS
    is_resumed = entry.kind == Kind.RESUMED
    if not (is_end or is_resumed or entry.kind == Kind.NOTE):
        return None
    owner = entry.follow_up.owner
    return owner if owner and owner.pk not in _hear_otherwise(entry) else None


def _hear_otherwise(entry: FollowUpEntry) -> set[UUID | None]:
    """Who did it, who was named in it, and whom another event tells of it: the owner, or those who stand in."""
    people = {entry.by_id, *(UUID(each["id"]) for each in entry.details.get("mentions", []))}
    if entry.kind == Kind.ASSIGNED:
        people.add(entry.follow_up.owner_id)
    if entry.kind in (Kind.ANSWER_ADDED, Kind.RECEIVED):
        owner_id = entry.follow_up.owner_id
        people |= {owner_id} if owner_id else {user.pk for user in staff_to_tell()}
    return people
