"""Holding owner rules, in order, against what a follow-up is about: whom each gives, and why it gives nobody. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from alerts.models import OwnerRule, Team
from alerts.owners.staff import Person, Staff
from tenancy.roles import Role

Kind = OwnerRule.Kind
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Subject:
    """What rules ask about: the attributes of the customer and the touchpoint of the answer."""

    attributes: dict[str, Any]
    touchpoint_id: UUID | None = None


@dataclass(frozen=True)
class Tried:
    """A rule that gave nobody, and why in words."""

    rule: OwnerRule
    why: str


@dataclass(frozen=True)
class Choice:
    """Who gets it. `rule` is None where no rule gave anybody and the least loaded of all takes it."""

    person: Person | None
    rule: OwnerRule | None
    team: Team | None
    because: str
    tried: tuple[Tried, ...]


@dataclass(frozen=True)
class _Found:
    person: Person | None
    team: Team | None = None
    why: str = ""


def find_owner(rules: Sequence[OwnerRule], subject: Subject, staff: Staff) -> Choice:
    """The first whom a rule gives and who may be given more; else the fallback, which is empty only without any admin.

    Counts the choice: the load of the person chosen, and the turn of their team.
    """
    tried: list[Tried] = []
    team: Team | None = None
    for rule in rules:
        found = _FINDERS[Kind(rule.kind)](rule, subject, staff)
        if found.person is not None:
            staff.give(found.person, found.team)
            return Choice(found.person, rule, found.team, found.why, tuple(tried))
        # Its lead hears of it, though none of its members can take it now.
        team = team or found.team
        tried.append(Tried(rule, found.why))
    person = _fallback(staff)
    if person is not None:
        staff.give(person, None)
    return Choice(person, None, team, "", tuple(tried))


def _person(rule: OwnerRule, subject: Subject, staff: Staff) -> _Found:
    person = staff.people.get(rule.person_id) if rule.person_id else None
    if person is None:
        return _Found(None, why=f"{rule.person or 'The person'} does not work follow-ups any more")
    return _stand_in(person, staff)


def _by_attribute(rule: OwnerRule, subject: Subject, staff: Staff) -> _Found:
    email = str(subject.attributes.get(rule.attribute) or "").strip()
    if not email:
        return _Found(None, why=f"The customer has no “{rule.attribute}”")
    person = staff.by_email(email)
    if person is None:
        return _Found(None, why=f"Nobody who works follow-ups has the address {email}")
    return _stand_in(person, staff)


def _by_region(rule: OwnerRule, subject: Subject, staff: Staff) -> _Found:
    value = str(subject.attributes.get(rule.attribute) or "").strip()
    if not value:
        return _Found(None, why=f"The customer has no “{rule.attribute}”")
    named = {name.strip().casefold(): team for name, team in rule.teams.items()}
    return _of_team(named.get(value.casefold()), staff, otherwise=f"No team is named for “{value}”")


def _by_touchpoint(rule: OwnerRule, subject: Subject, staff: Staff) -> _Found:
    team_id = rule.teams.get(str(subject.touchpoint_id)) if subject.touchpoint_id else None
    return _of_team(team_id, staff, otherwise="No team is named for the touchpoint")


def _in_turn(rule: OwnerRule, subject: Subject, staff: Staff) -> _Found:
    return _of_team(rule.team_id, staff, otherwise="The team is gone", is_in_turn=True)


def _least_load(rule: OwnerRule, subject: Subject, staff: Staff) -> _Found:
    if rule.team_id is not None:
        return _of_team(rule.team_id, staff, otherwise="The team is gone")
    free = [each for each in staff.people.values() if each.is_free]
    return _Found(min(free, key=staff.by_load), why="") if free else _Found(None, why="Nobody can take more")


_FINDERS = {
    Kind.PERSON: _person,
    Kind.ATTRIBUTE: _by_attribute,
    Kind.BY_REGION: _by_region,
    Kind.BY_TOUCHPOINT: _by_touchpoint,
    Kind.ROUND_ROBIN: _in_turn,
    Kind.LEAST_LOAD: _least_load,
}


def _stand_in(person: Person, staff: Staff) -> _Found:
    taker, why = staff.stand_in(person)
    return _Found(taker, why=f"{why}, so {taker}" if taker and why else why)


def _of_team(team_id: UUID | str | None, staff: Staff, *, otherwise: str, is_in_turn: bool = False) -> _Found:
    """A member at work now, or one of those who come on the same next day; among them in turn or by load.

    Delegates where all are away.
    """
    team = staff.teams.get(UUID(str(team_id))) if team_id else None
    if team is None:
        return _Found(None, why=otherwise)
    members = staff.team_of(team)
    free = [(person, place.last_chosen_at or _LONG_AGO) for person, place in members if person.is_free]
    if free:
        person, _ = min(
            free, key=lambda each: (staff.shift(each[0]), each[1]) if is_in_turn else (staff.by_load(each[0]), each[1])
        )
        return _Found(person, team)
    stand_ins = [_stand_in(person, staff) for person, _ in members]
    for found in stand_ins:
        if found.person is not None:
            return _Found(found.person, team, found.why)
    return _Found(None, team, f"Nobody of the team {team} can take more" if members else f"The team {team} is empty")


def _fallback(staff: Staff) -> Person | None:
    """The least loaded agent who may be given more, else analyst, else admin; at the very last an admin anyway."""
    people = list(staff.people.values())
    for role in (Role.AGENT, Role.ANALYST, Role.ADMIN):
        if free := [each for each in people if each.role == role and each.is_free]:
            return min(free, key=staff.by_load)
    admins = [each for each in people if each.role == Role.ADMIN]
    return min(admins, key=lambda each: (each.absence is not None, each.load), default=None)
