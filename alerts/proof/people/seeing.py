"""Who may see whose figures: everybody their own, a lead those of their teams, analysts and admins the table of all.

The page of one person, with customers' words, is for that person, their lead and admins alone.
"""

from uuid import UUID

from alerts.models import Team, TeamMember
from tenancy.models import Membership, User
from tenancy.roles import Role


def people_seen_by(membership: Membership) -> list[User]:
    """Those who work on follow-ups and whose line this person may see, by name. Two queries."""
    role = Role(membership.role)
    acting = [each for each in Role if each.includes(Role.AGENT)]
    rows = Membership.objects.filter(role__in=acting, user__is_active=True).select_related("user")
    if not role.includes(Role.ANALYST):
        rows = rows.filter(user_id__in={membership.user_id, *led_by(membership.user_id)})
    return sorted((row.user for row in rows), key=lambda user: str(user).casefold())


def teams_seen_by(membership: Membership) -> list[Team]:
    """The teams whose table this person may see, by name. One query."""
    rows = Team.objects.order_by("name")
    return list(rows if Role(membership.role).includes(Role.ANALYST) else rows.filter(lead=membership.user_id))


def members_of(team: Team) -> set[UUID]:
    """One query."""
    return set(TeamMember.objects.filter(team=team).values_list("user_id", flat=True))


def may_coach(membership: Membership, person: UUID) -> bool:
    """Whether this is the person, their lead or an admin."""
    if membership.user_id == person or Role(membership.role).includes(Role.ADMIN):
        return True
    return person in led_by(membership.user_id)


def led_by(user_id: UUID) -> set[UUID]:
    """The members of the teams that this person leads. One query."""
    return set(TeamMember.objects.filter(team__lead=user_id).values_list("user_id", flat=True))
