"""Teams: who is in them and who leads; and what holds for one person's work."""

from collections.abc import Collection
from typing import Any

from alerts.models import AlertRule, Calendar, OwnerRule, StaffSettings, Team, TeamMember
from tenancy.audit import Actor, record
from tenancy.models import User


class StillNamed(ValueError):
    """Rules stand on it; the message names them."""


def save_team(team: Team | None, *, name: str, lead: User | None, members: Collection[User], by: Actor | User) -> Team:
    """Make a team, or change this one. Who stays keeps their turn."""
    is_new = team is None
    team = team or Team()
    team.name, team.lead = name, lead
    team.save()
    TeamMember.objects.filter(team=team).exclude(user__in=[user.pk for user in members]).delete()
    there = set(TeamMember.objects.filter(team=team).values_list("user_id", flat=True))
    TeamMember.objects.bulk_create(
        [
            TeamMember(organization_id=team.organization_id, team=team, user=user)
            for user in members
            if user.pk not in there
        ]
    )
    details = {"lead": str(lead or ""), "members": sorted(map(str, members))}
    record("team.created" if is_new else "team.changed", on=team, by=by, details=details)
    return team


def delete_team(team: Team, *, by: Actor | User) -> None:
    """Raises StillNamed while an owner rule sends follow-ups to it, or an alert rule tells it.

    Follow-ups it has keep their owners.
    """
    naming = [rule.name for rule in OwnerRule.objects.all() if rule.team_id == team.pk or str(team.pk) in _teams(rule)]
    if naming:
        raise StillNamed(f"Owner rules still name this team: {', '.join(naming)}. Change them first.")
    telling = AlertRule.objects.filter(actions__teams__contains=[str(team.pk)], is_archived=False).order_by("name")
    if names := list(telling.values_list("name", flat=True)):
        raise StillNamed(f"Alert rules still tell this team: {', '.join(names)}. Change them first.")
    record("team.deleted", on=team, by=by)
    team.delete()


def save_limits(user: User, *, most_open: int | None, calendar: Calendar | None, by: Actor | User) -> bool:
    """How much this person may have open, and when they work; whether that is anything new."""
    row = StaffSettings.objects.filter(user=user).first() or StaffSettings(user=user)
    if (row.most_open, row.calendar_id) == (most_open, calendar.pk if calendar else None):
        return False
    row.most_open, row.calendar = most_open, calendar
    row.save()
    details: dict[str, Any] = {"person": str(user), "most_open": most_open, "calendar": str(calendar or "")}
    record("staff_settings.changed", on=row, by=by, details=details)
    return True


def _teams(rule: OwnerRule) -> set[str]:
    return set(map(str, rule.teams.values()))
