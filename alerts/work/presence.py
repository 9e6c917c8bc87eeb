"""Who else looks at a follow-up right now. Kept in Redis for seconds; without it nobody is seen, and nothing fails."""

from collections.abc import Iterable
from uuid import UUID

from django.core.cache import cache

from alerts.models import FollowUp, FollowUpEntry
from tenancy.models import User

# A page says that it is open every POLL_SECONDS, and is believed a little longer.
POLL_SECONDS = 20
SEEN_SECONDS = 45


def look_at(follow_up: FollowUp, *, user: User) -> None:
    """This person has the page open."""
    cache.set(_key(follow_up, user.pk), True, timeout=SEEN_SECONDS)


def others_looking(follow_up: FollowUp, *, user: User, among: Iterable[User]) -> list[User]:
    """Who of these people has it open too, without oneself. One question to Redis."""
    keys = {_key(follow_up, each.pk): each for each in among if each.pk != user.pk}
    seen = cache.get_many(keys)
    return [each for key, each in keys.items() if key in seen]


def count_notes(follow_up: FollowUp) -> int:
    """A note changes no version: this is how a page that is open hears of one. One query."""
    return follow_up.entries.filter(kind=FollowUpEntry.Kind.NOTE).count()


def _key(follow_up: FollowUp, user_id: UUID) -> str:
    return f"looks-at:{follow_up.pk}:{user_id}"
