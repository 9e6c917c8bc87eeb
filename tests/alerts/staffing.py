"""People, teams, owner rules and absences for tests of owners; all inside the ground's scope."""

from datetime import datetime, timedelta

from alerts.models import Absence, OwnerRule, Team, TeamMember
from tenancy.models import Membership, User
from tenancy.roles import Role


def add_person(ground, name: str, *, role: Role = Role.AGENT) -> User:
    user = User.objects.create(email=f"{name.lower()}@{ground.organization.slug}.example", name=name)
    Membership.objects.create(user=user, role=role)
    return user


def make_team(name: str, *people: User, lead: User | None = None) -> Team:
    team = Team.objects.create(name=name, lead=lead)
    for person in people:
        TeamMember.objects.create(team=team, user=person)
    return team


def owner_rule(kind: str, name: str = "", **values) -> OwnerRule:
    position = OwnerRule.objects.count()
    return OwnerRule.objects.create(kind=kind, name=name or f"Rule {position}", position=position, **values)


def away(user: User, at: datetime, *, days: int = 3, delegate: User | None = None) -> Absence:
    return Absence.objects.create(
        user=user, starts_at=at - timedelta(hours=1), ends_at=at + timedelta(days=days), delegate=delegate
    )
