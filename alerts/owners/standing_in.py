"""Who hears of what in somebody's place: who stands in while they are away, and who cares for what is nobody's."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from alerts.models import FollowUp, TeamMember
from alerts.owners.staff import absences_at, possible_owners
from tenancy.models import User
from tenancy.roles import Role


class StandIns:
    """Who is away at a moment, and along the delegates who is there instead. One query."""

    def __init__(self, people: Mapping[UUID, User], *, at: datetime) -> None:
        self.people = people
        # Of absences that overlap, the one that ends last.
        self.absences = {each.user_id: each for each in absences_at(at).order_by("ends_at")}

    def of(self, user_id: UUID) -> User | None:
        """Who stands in for somebody who is away; None where they are there, or nobody of their chain is."""
        seen: set[UUID] = set()
        each: UUID | None = user_id
        while each is not None and each in self.absences and each not in seen:
            seen.add(each)
            each = self.absences[each].delegate_id
        return self.people.get(each) if each is not None and each not in seen else None

    def with_stand_in(self, user_id: UUID | None) -> list[User]:
        """The person and who stands in for them; empty for nobody, and for who is not among `people` any more."""
        user = self.people.get(user_id) if user_id else None
        if user is None:
            return []
        stand_in = self.of(user.pk)
        return [user, stand_in] if stand_in else [user]


class Carers:
    """Whom it concerns what happens to follow-ups. Three queries for any number of them."""

    def __init__(self, *, at: datetime) -> None:
        members = list(possible_owners())
        roles = {member.user: Role(member.role) for member in members}
        self.stand_ins = StandIns({member.user_id: member.user for member in members}, at=at)
        # All agents, or analysts and admins where there are none.
        self.everybody = [user for user, role in roles.items() if role == Role.AGENT] or list(roles)
        self._teams: dict[UUID, list[UUID]] | None = None

    def of(self, follow_up: FollowUp, *, doer_id: UUID | None = None) -> list[User]:
        """`doer_id` or else the owner, together with who stands in; whoever is left where they cannot act any more.

        Then it is the team, and without one everybody who cares for what nobody owns.
        """
        found = self.stand_ins.with_stand_in(doer_id) or self.stand_ins.with_stand_in(follow_up.owner_id)
        if found or follow_up.owner_id is None:
            return found or self.everybody
        return self._team(follow_up.team_id) or self.everybody

    def _team(self, team_id: UUID | None) -> list[User]:
        if team_id is None:
            return []
        if self._teams is None:
            self._teams = {}
            for place in TeamMember.objects.order_by("id"):
                self._teams.setdefault(place.team_id, []).append(place.user_id)
        people = self.stand_ins.people
        return [people[user_id] for user_id in self._teams.get(team_id, []) if user_id in people]
