"""Colleagues named in a note: “@Ana Northwind”, or ticked beside it. They hear of it, and watch from then on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from alerts.models import FollowUp, FollowUpEntry
from alerts.notifying.people import tell
from alerts.work.mention_text import names_in
from alerts.work.watching import watch
from tenancy.audit import Actor
from tenancy.models import Membership, User

# So many people one note names.
MOST = 20


def people_here() -> list[User]:
    """Everybody who may read follow-ups of this organization, by name. One query."""
    members = Membership.objects.filter(user__is_active=True).select_related("user")
    return sorted((member.user for member in members), key=lambda user: str(user).casefold())


def names_of(people: Iterable[User]) -> dict[UUID, str]:
    """What each is called in notes: the name, with the address where others are called the same."""
    people = list(people)
    alike = Counter(str(user).casefold() for user in people)
    return {user.pk: f"{user} ({user.email})" if alike[str(user).casefold()] > 1 else str(user) for user in people}


def named_in(text: str, people: Iterable[User], *, chosen: Iterable[User] = ()) -> list[User]:
    """Those whose whole name stands after an @, in the order of `people`.

    ValueError for a name that several have, unless it says which by the address, or one of them is `chosen`.
    """
    people = list(people)
    names = names_of(people)
    by_name = {names[user.pk].casefold(): user for user in people}
    several = {str(user).casefold() for user in people} - by_name.keys()
    found = names_in(text, [*by_name, *several])
    unclear = (found & several) - {str(user).casefold() for user in chosen}
    for user in people:
        if str(user).casefold() in unclear:
            raise ValueError(f"Several people are called {user}: tick the one you mean, or write @{names[user.pk]}.")
    return [user for name, user in by_name.items() if name in found]


def mention(
    follow_up: FollowUp, entry: FollowUpEntry, people: Sequence[User], *, by: Actor | User, at: datetime
) -> None:
    """Tell the people named in this note, which is stored already, and let them watch. ValueError for too many."""
    if len(people) > MOST:
        raise ValueError(f"A note names at most {MOST} people.")
    others = [user for user in people if user.pk != entry.by_id]
    for user in others:
        watch(follow_up, user=user, by=by, at=at)
    title = f"{entry.by_label} mentioned you in follow-up {follow_up.number}"
    if others:
        tell(others, "mentioned", title=title, text=entry.text, follow_up=follow_up, key=f"mention:{entry.pk}", at=at)
