"""Priority and tags of a follow-up: what helps to find and to order it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from alerts.changing import AlreadyDone, Kind, change
from alerts.models import FollowUp, FollowUpEntry, Priority
from alerts.sooner import promise_sooner
from tenancy.audit import Actor
from tenancy.models import User

MOST_TAGS, TAG_CHARACTERS = 20, 40
# The most urgent first.
URGENCY: list[str] = list(Priority)


def prioritize(
    follow_up: FollowUp,
    *,
    priority: str,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Give it another of Priority. ValueError for one that is none, or the one it has.

    Raised, it is promised what the policy of that priority promises from now on, where that is sooner and the clock
    still runs; what was promised never becomes later.
    """
    if priority not in Priority.values:
        raise ValueError("Choose a priority.")
    verb = "follow_up.prioritized"
    try:
        with change(
            follow_up, kind=Kind.CHANGED, verb=verb, by=by, at=at, version=version, entry_id=entry_id
        ) as changed:
            _refuse_merged(changed.follow_up)
            if changed.follow_up.priority == priority:
                raise ValueError("It has this priority already.")
            changed.entry.details["priority"] = [changed.follow_up.priority, priority]
            is_raised = URGENCY.index(priority) < URGENCY.index(changed.follow_up.priority)
            changed.set(priority=priority)
            if is_raised:
                promise_sooner(changed, at=at)
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def change_tags(
    follow_up: FollowUp,
    *,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Add and remove tags. ValueError when that changes nothing or there would be too many."""
    verb = "follow_up.tagged"
    try:
        with change(
            follow_up, kind=Kind.CHANGED, verb=verb, by=by, at=at, version=version, entry_id=entry_id
        ) as changed:
            _refuse_merged(changed.follow_up)
            before, gone = changed.follow_up.tags, set(remove)
            kept = [tag for tag in before if tag not in gone]
            tags = kept + [tag for tag in dict.fromkeys(add) if tag not in kept]
            if tags == before:
                raise ValueError("Its tags are so already.")
            if len(tags) > MOST_TAGS:
                raise ValueError(f"A follow-up has at most {MOST_TAGS} tags.")
            changed.entry.details["tags"] = [before, tags]
            changed.set(tags=tags)
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def read_tags(text: str) -> list[str]:
    """The tags of a text, separated by commas, each once. ValueError for one that is too long or too many."""
    tags = list(dict.fromkeys(tag for part in text.replace("\0", "").split(",") if (tag := " ".join(part.split()))))
    if len(tags) > MOST_TAGS or any(len(tag) > TAG_CHARACTERS for tag in tags):
        raise ValueError(f"At most {MOST_TAGS} tags of {TAG_CHARACTERS} characters.")
    return tags


def _refuse_merged(follow_up: FollowUp) -> None:
    if follow_up.state == FollowUp.State.MERGED:
        raise ValueError("This follow-up is merged into another.")
