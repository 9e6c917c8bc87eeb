"""Giving what one person has open to others: to who stands in, or along the owner rules, or to nobody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from alerts.following_up import assign
from alerts.joining import owner_rules_named
from alerts.models import Absence, FollowUp, TeamMember
from alerts.opening import lock_numbers
from alerts.owners.choosing import active_rules, in_order, lock_turns, subjects_of
from alerts.owners.finding import find_owner
from alerts.owners.staff import Person, Staff
from tenancy.audit import Actor
from tenancy.models import User
from tenancy.scope import current_organization_id

# The deed of alerts.work.bulk that does it.
HAND_OVER = "hand_over"


def open_rows_of(user_id: UUID) -> list[tuple[int, int]]:
    """(number, version) of all they have open. One query."""
    return list(FollowUp.objects.active().filter(owner=user_id).order_by("number").values_list("number", "version"))


class HandingOver:
    """One batch: everybody as they stand, and the follow-ups that are to go. A dozen statements for any number.

    Takes the locks in the order of those who open follow-ups: numbers, turns, then rows, so that neither waits for the
    other for ever. In the caller's transaction.
    """

    def __init__(self, user_id: UUID, follow_ups: Sequence[FollowUp], *, absence: Absence | None, at: datetime) -> None:
        lock_numbers(current_organization_id())
        lock_turns()
        self.user_id, self.at = user_id, at
        self.staff = Staff.now(at=at)
        self.person: Person | None = self.staff.people.get(user_id)
        if self.person is not None and absence is not None:
            # Handed over before the absence begins: they are passed over all the same.
            self.person.absence = absence
        self.rules = active_rules()
        self.subjects = subjects_of(list(follow_ups), self.rules)
        self.named = owner_rules_named(follow_ups)

    def give(self, follow_up: FollowUp, *, reason: str, by: Actor | User) -> None:
        """To somebody else, with a line of history. ValueError with words where that cannot be.

        Who may not act any more leaves it to nobody, where nobody can take it.
        """
        if follow_up.owner_id != self.user_id:
            raise ValueError("Somebody else owns it by now.")
        taker = self._taker(follow_up)
        if self.person is not None and (taker is None or taker is self.person):
            raise ValueError("Nobody else can take it now.")
        owner = taker.user if taker else None
        assign(follow_up, owner=owner, text=reason, by=by, at=self.at, version=follow_up.version)
        # Whose turn it was is kept with each: the next batch begins there.
        TeamMember.objects.bulk_update(self.staff.changed.values(), ["last_chosen_at"])
        self.staff.changed.clear()

    def _taker(self, follow_up: FollowUp) -> Person | None:
        taker = self.staff.stand_in(self.person)[0] if self.person is not None else None
        if taker is not None:
            self.staff.give(taker, None)
            return taker
        rules = in_order(self.rules, self.named.get(follow_up.pk))
        return find_owner(rules, self.subjects[follow_up.pk], self.staff).person
