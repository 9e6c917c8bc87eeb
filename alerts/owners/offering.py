"""Whom a follow-up may be given to by hand, and what to know about each before it is."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from alerts.models import FollowUp, StaffSettings
from alerts.owners.staff import possible_owners
from alerts.owners.standing_in import StandIns
from tenancy.models import Organization, User
from tenancy.scope import current_organization_id


def owners_offered(*, at: datetime) -> list[tuple[User, str]]:
    """Everybody who may own, by name, with words: "Ben: 3 open", "Cleo: 12 open, full", "Dana: away until ...".

    Five queries for any number of people.
    """
    people = {member.user_id: member.user for member in possible_owners()}
    loads = FollowUp.objects.active().count_by_owner(list(people))
    limits = dict(StaffSettings.objects.filter(most_open__isnull=False).values_list("user_id", "most_open"))
    stand_ins = StandIns(people, at=at)
    zone = ZoneInfo(Organization.objects.get(pk=current_organization_id()).time_zone)
    offered = []
    for pk, user in people.items():
        load = loads.get(pk, 0)
        words = [f"{load} open"]
        if pk in limits and load >= limits[pk]:
            words.append("full")
        if absence := stand_ins.absences.get(pk):
            until, stand_in = date_format(absence.ends_at.astimezone(zone), "l j F"), stand_ins.of(pk)
            words.append(f"away until {until}" + (f" ({stand_in} stands in)" if stand_in else ""))
        offered.append((user, f"{user}: {', '.join(words)}"))
    return sorted(offered, key=lambda each: str(each[0]).casefold())
