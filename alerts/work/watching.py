"""People who want to hear of every change of one follow-up."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from alerts.changing import after_change
from alerts.history import line_of
from alerts.models import FollowUp, FollowUpEntry, Watcher
from alerts.notifying.people import Telling, tell_all
from tenancy.audit import Actor, record
from tenancy.models import User

Kind = FollowUpEntry.Kind


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
def tell_watchers(entries: Sequence[FollowUpEntry]) -> None:
    """Tell the watchers of what was written into these histories; one query where nobody watches.

    Left out are who did it, and who hears of it as the one who was named: by a mention, or as the new owner.
    """
    watched: dict[UUID, list[User]] = {}
    for row in Watcher.objects.filter(follow_up__in={entry.follow_up_id for entry in entries}).select_related("user"):
        watched.setdefault(row.follow_up_id, []).append(row.user)
    tellings = [
        _telling(entry, [user for user in watched[entry.follow_up_id] if user.pk not in _hear_otherwise(entry)])
        for entry in entries
        if entry.follow_up_id in watched
    ]
    if tellings:
        tell_all(tellings, at=entries[0].at)


def _telling(entry: FollowUpEntry, users: Sequence[User]) -> Telling:
    author = f", {entry.by_label}" if entry.by_label else ""
    title = f"Follow-up {entry.follow_up.number}: {line_of(entry).title}{author}"
    return Telling(users, "watched_changed", title, f"watched:{entry.pk}", entry.text, entry.follow_up)


def _hear_otherwise(entry: FollowUpEntry) -> Iterable[UUID | None]:
    named = {UUID(each["id"]) for each in entry.details.get("mentions", [])}
    owner = {entry.follow_up.owner_id} if entry.kind == Kind.ASSIGNED else set()
    return {entry.by_id, *named, *owner}
