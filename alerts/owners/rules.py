"""The organization's owner rules: made, changed, put in order, switched on and off, and said in words."""

from typing import Any
from uuid import UUID

from django.db.models import Max

from alerts.models import AlertRule, OwnerRule, Team
from alerts.owners.choosing import lock_turns
from alerts.owners.teams import StillNamed
from journeys.models import Touchpoint
from tenancy.audit import Actor, record
from tenancy.models import User

Kind = OwnerRule.Kind


def save_owner_rule(rule: OwnerRule, *, values: dict[str, Any], by: Actor | User) -> OwnerRule:
    """Store what was filled in; a new one comes last."""
    is_new = rule._state.adding
    for name, value in values.items():
        setattr(rule, name, value)
    if is_new:
        lock_turns()
        last = OwnerRule.objects.aggregate(last=Max("position"))["last"]
        rule.position = 0 if last is None else last + 1
    rule.save()
    record("owner_rule.created" if is_new else "owner_rule.changed", on=rule, by=by, details=_facts(rule))
    return rule


def move_owner_rule(rule: OwnerRule, *, up: bool, by: Actor | User) -> None:
    """One place up or down among all rules; at the end of the order nothing happens."""
    lock_turns()
    order = list(OwnerRule.objects.all())
    place = next(number for number, each in enumerate(order) if each.pk == rule.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order):
        each.position = position
    OwnerRule.objects.bulk_update(order, ["position"])
    record("owner_rule.moved", on=rule, by=by, details={"position": other + 1})


def switch_owner_rule(rule: OwnerRule, *, on: bool, by: Actor | User) -> None:
    """A rule that is off is not asked; it keeps its place."""
    if rule.is_active == on:
        return
    rule.is_active = on
    rule.save(update_fields=["is_active"])
    record("owner_rule.switched_on" if on else "owner_rule.switched_off", on=rule, by=by)


def delete_owner_rule(rule: OwnerRule, *, by: Actor | User) -> None:
    """Raises StillNamed while an alert rule names it. What it gave stays where it is."""
    found = AlertRule.objects.filter(owner_rule=rule).order_by("name")
    if naming := [f"{each} (archived)" if each.is_archived else each.name for each in found]:
        raise StillNamed(f"Alert rules still name this owner rule: {', '.join(naming)}. Change them first.")
    record("owner_rule.deleted", on=rule, by=by, details=_facts(rule))
    rule.delete()


def words_of(rules: list[OwnerRule]) -> dict[UUID, str]:
    """What each rule does, in a sentence. Two queries for any number."""
    teams = {str(team.pk): team.name for team in Team.objects.all()}
    places = {}
    if any(rule.kind == Kind.BY_TOUCHPOINT for rule in rules):
        places = {str(each.pk): each.name for each in Touchpoint.objects.all()}
    return {rule.pk: _words(rule, teams, places) for rule in rules}


def _words(rule: OwnerRule, teams: dict[str, str], places: dict[str, str]) -> str:
    team = teams.get(str(rule.team_id), "")
    if rule.kind == Kind.PERSON:
        return f"Goes to {rule.person}."
    if rule.kind == Kind.ATTRIBUTE:
        return f"Goes to the colleague whose e-mail address stands in the customer's “{rule.attribute}”."
    if rule.kind == Kind.BY_REGION:
        return f"Goes to the team for the customer's “{rule.attribute}”: {_by_team(rule.teams, teams, {})}."
    if rule.kind == Kind.BY_TOUCHPOINT:
        return f"Goes to the team of the touchpoint: {_by_team(rule.teams, teams, places)}."
    if rule.kind == Kind.ROUND_ROBIN:
        return f"Goes to the members of {team} in turn."
    return f"Goes to whoever {f'of {team} ' if team else ''}has the fewest open follow-ups."


def _by_team(named: dict[str, str], teams: dict[str, str], places: dict[str, str]) -> str:
    """North (north, de); South (fr)."""
    by_team: dict[str, list[str]] = {}
    for value, team_id in named.items():
        by_team.setdefault(teams.get(str(team_id), "a team that is gone"), []).append(places.get(value, value))
    return "; ".join(f"{team} ({', '.join(values)})" for team, values in sorted(by_team.items())) or "none yet"


def _facts(rule: OwnerRule) -> dict[str, Any]:
    return {
        "kind": rule.kind,
        "person": str(rule.person or ""),
        "team": str(rule.team or ""),
        "attribute": rule.attribute,
        "teams": rule.teams,
    }
