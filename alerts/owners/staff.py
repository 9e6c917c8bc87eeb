"""Everybody who may own follow-ups, as they stand at one moment: how much they have, when they work, who is away."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.formats import date_format

from alerts.calendars import working_time_of
from alerts.models import Absence, Calendar, FollowUp, StaffSettings, Team, TeamMember
from alerts.sla import next_working_moment
from tenancy.models import Membership, Organization, User
from tenancy.roles import Role
from tenancy.scope import current_organization_id
from tenancy.working_hours import BusinessCalendar

_TICK = timedelta(microseconds=1)


@dataclass
class Person:
    """One who may own follow-ups here. `load` is how many open ones they have, `works_from` when they work next."""

    user: User
    role: Role
    load: int
    most_open: int | None
    works_from: datetime
    absence: Absence | None = None

    @property
    def is_full(self) -> bool:
        return self.most_open is not None and self.load >= self.most_open

    @property
    def is_free(self) -> bool:
        """Neither away nor at their limit."""
        return self.absence is None and not self.is_full

    def __str__(self) -> str:
        return str(self.user)


@dataclass
class Staff:
    """A moment's picture of all who may own, with the teams they are in. Seven queries, however many people."""

    at: datetime
    zone: ZoneInfo
    people: dict[UUID, Person]
    teams: dict[UUID, Team]
    members: dict[UUID, list[TeamMember]]
    changed: dict[UUID, TeamMember] = field(default_factory=dict)

    @classmethod
    def now(cls, *, at: datetime) -> "Staff":
        organization = Organization.objects.get(pk=current_organization_id())
        settings = {each.user_id: each for each in StaffSettings.objects.select_related("calendar")}
        loads = dict(
            FollowUp.objects.active().filter(owner__isnull=False).values_list("owner").annotate(count=Count("pk"))
        )
        away = {each.user_id: each for each in absences_at(at).order_by("ends_at")}
        opens = _Openings(organization, at)
        people = {}
        for member in possible_owners():
            own = settings.get(member.user_id)
            people[member.user_id] = Person(
                user=member.user,
                role=Role(member.role),
                load=loads.get(member.user_id, 0),
                most_open=own.most_open if own else None,
                works_from=opens.of(own.calendar if own else None),
                absence=away.get(member.user_id),
            )
        members: dict[UUID, list[TeamMember]] = {}
        for place in TeamMember.objects.order_by("id"):
            members.setdefault(place.team_id, []).append(place)
        teams = {team.pk: team for team in Team.objects.all()}
        return cls(at, ZoneInfo(organization.time_zone), people, teams, members)

    def team_of(self, team: Team) -> list[tuple[Person, TeamMember]]:
        """The members of a team who may own, in the order in which they joined it."""
        places = self.members.get(team.pk, [])
        return [(self.people[place.user_id], place) for place in places if place.user_id in self.people]

    def by_email(self, email: str) -> Person | None:
        wanted = email.strip().casefold()
        return next((each for each in self.people.values() if each.user.email.casefold() == wanted), None)

    def stand_in(self, person: Person) -> tuple[Person | None, str]:
        """Who takes it where it is this person's: they themselves, or along their delegates somebody who is there.

        Nobody where the chain ends with somebody who is away or has as much as they may; and why, in words.
        """
        seen: set[UUID] = set()
        why: list[str] = []
        while person.user.pk not in seen:
            seen.add(person.user.pk)
            if person.absence is None:
                if person.is_full:
                    return None, " and ".join([*why, f"{person} has {person.load} open already"])
                return person, " and ".join(why)
            why.append(f"{person} is away until {self.day(person.absence.ends_at)}")
            delegate = self.people.get(person.absence.delegate_id) if person.absence.delegate_id else None
            if delegate is None:
                break
            person = delegate
        return None, " and ".join(why)

    def give(self, person: Person, team: Team | None) -> None:
        """Count one more for this person, and put them last in the turn of the team that chose."""
        person.load += 1
        if team is None:
            return
        places = self.members.get(team.pk, [])
        latest = max((each.last_chosen_at for each in places if each.last_chosen_at), default=None)
        for place in places:
            if place.user_id == person.user.pk:
                # Within one batch the moment is the same for all: the turn needs an order nevertheless.
                place.last_chosen_at = max(self.at, latest + _TICK) if latest else self.at
                self.changed[place.pk] = place

    def shift(self, person: Person) -> date:
        """One for everybody at work now, else the day on which they come next: who begins at eight and who at nine
        share one."""
        if person.works_from <= self.at:
            return date.min
        return person.works_from.astimezone(self.zone).date()

    def by_load(self, person: Person) -> tuple[date, int, datetime]:
        """What to sort people by where the least loaded is wanted, of those who are there first."""
        return self.shift(person), person.load, person.works_from

    def day(self, moment: datetime) -> str:
        """Friday 27 November; with the time where it is the same day."""
        local, today = moment.astimezone(self.zone), self.at.astimezone(self.zone).date()
        return date_format(local, "H:i" if local.date() == today else "l j F")


def possible_owners():
    """The memberships of all who may own follow-ups: agents and above who can sign in. One query."""
    acting = [role for role in Role if role.includes(Role.AGENT)]
    return Membership.objects.filter(role__in=acting, user__is_active=True).select_related("user").order_by("id")


def absences_at(at: datetime):
    """Who is away at this moment."""
    return Absence.objects.filter(starts_at__lte=at, ends_at__gt=at)


class _Openings:
    """When work begins next in a calendar; each is worked out once."""

    def __init__(self, organization: Organization, at: datetime) -> None:
        self.organization, self.at = organization, at
        self.main = Calendar.objects.filter(is_main=True).first()
        self.known: dict[UUID | None, datetime] = {}

    def of(self, calendar: Calendar | None) -> datetime:
        calendar = calendar or self.main
        key = calendar.pk if calendar else None
        if key not in self.known:
            self.known[key] = next_working_moment(self.at, self._hours(calendar))
        return self.known[key]

    def _hours(self, calendar: Calendar | None) -> BusinessCalendar:
        return working_time_of(calendar, self.organization)
