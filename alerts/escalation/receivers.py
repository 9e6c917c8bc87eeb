"""Who hears of a step: the owner, the lead, admins or a named person; where there is none, whoever comes next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.models import EscalationStep, FollowUp, Team, TeamMember
from alerts.owners.standing_in import StandIns
from tenancy.models import Membership, User
from tenancy.roles import Role

Tells = EscalationStep.Tells


@dataclass(frozen=True)
class Receiver:
    """A person, and as what they are told."""

    user: User
    role_word: str


class Receivers:
    """Everybody who may be told about these follow-ups. Four statements for any number."""

    def __init__(self, follow_ups: Sequence[FollowUp], *, at: datetime) -> None:
        members = Membership.objects.filter(user__is_active=True).select_related("user").order_by("created_at")
        self.people: dict[UUID, User] = {}
        self.roles: dict[Role, list[User]] = defaultdict(list)
        for member in members:
            self.people[member.user_id] = member.user
            self.roles[Role(member.role)].append(member.user)
        self.stand_ins = StandIns(self.people, at=at)
        self.teams = {team.pk: team for team in Team.objects.all()}
        owners = {each.owner_id for each in follow_ups if each.owner_id}
        self.teams_of: dict[UUID, list[Team]] = defaultdict(list)
        for place in TeamMember.objects.filter(user__in=owners).order_by("team__name"):
            self.teams_of[place.user_id].append(self.teams[place.team_id])

    def of(self, step: EscalationStep, follow_up: FollowUp) -> list[Receiver]:
        """Whom this step tells; never nobody while the organization has anybody who can sign in."""
        if step.tells == Tells.OWNER:
            found = self._owner(follow_up)
        elif step.tells == Tells.LEAD:
            found = self._lead(follow_up)
        elif step.tells == Tells.PERSON:
            person = self.people.get(step.person_id) if step.person_id else None
            found = self._with_stand_ins([Receiver(person, "")]) if person else []
        else:
            found = []
        return found or self.admins()

    def admins(self) -> list[Receiver]:
        return [Receiver(each, "admin") for each in self.roles[Role.ADMIN]]

    def _owner(self, follow_up: FollowUp) -> list[Receiver]:
        """The owner, and who stands in while they are away; all who are told of unowned ones where nobody owns it."""
        owner = self.people.get(follow_up.owner_id) if follow_up.owner_id else None
        if owner is None:
            unowned = self.roles[Role.AGENT] or self.roles[Role.ANALYST] + self.roles[Role.ADMIN]
            return [Receiver(each, "nobody owns it") for each in unowned]
        return self._with_stand_ins([Receiver(owner, "owner")])

    def _with_stand_ins(self, found: list[Receiver]) -> list[Receiver]:
        """Who is away hears of it on their return; who stands in for them hears of it now."""
        named = {each.user.pk for each in found}
        stand_ins = filter(None, (self.stand_ins.of(each.user.pk) for each in found))
        return [*found, *(Receiver(each, "stands in") for each in dict.fromkeys(stand_ins) if each.pk not in named)]

    def _lead(self, follow_up: FollowUp) -> list[Receiver]:
        """The lead of the team, or of the owner's teams. A lead who owns it hears of it together with the admins."""
        team = self.teams.get(follow_up.team_id) if follow_up.team_id else None
        teams = [team] if team else self.teams_of[follow_up.owner_id] if follow_up.owner_id else []
        leads = dict.fromkeys(each.lead_id for each in teams if each.lead_id in self.people)
        found = [Receiver(self.people[lead_id], "lead") for lead_id in leads if lead_id]
        found = self._with_stand_ins(found)
        if any(each.user.pk == follow_up.owner_id for each in found):
            found += [each for each in self.admins() if each.user not in [one.user for one in found]]
        return found
