"""The world of every test: two organizations with the same named people, so that a leak is always possible.

Ana is admin, Anton analyst, Greta agent and Victor viewer of Northwind; the same four names with other addresses
belong to Eastwood. Olga belongs to both. Each organization has a journey with one stage, two touchpoints and the
milestone "order.delivered", and the customers Chiara and Karim.
"""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from customers.models import Customer
from journeys.models import Journey, Milestone, Stage, Touchpoint
from tenancy.accounts import create_verified_user
from tenancy.models import Membership, Organization, User
from tenancy.organizations import found_organization
from tenancy.roles import Role
from tenancy.scope import organization_scope

PASSWORD = "correct horse battery"
PEOPLE = {"ana": Role.ADMIN, "anton": Role.ANALYST, "greta": Role.AGENT, "victor": Role.VIEWER}


@dataclass
class Ground:
    """One organization and what stands on it. `ground.scope()` enters it; `ground.url(path)` is a page beneath it."""

    organization: Organization
    people: dict[str, User] = field(default_factory=dict)
    rows: SimpleNamespace = field(default_factory=SimpleNamespace)

    def scope(self):
        return organization_scope(self.organization.id)

    def url(self, path: str = "") -> str:
        return f"/o/{self.organization.slug}/{path}"

    def __getattr__(self, name: str) -> Any:
        if name in (people := self.__dict__.get("people", {})):
            return people[name]
        return getattr(self.__dict__["rows"], name)


@dataclass
class World:
    """`home` is the organization a test acts in, `other` the one it must never reach."""

    home: Ground
    other: Ground
    olga: User


def make_world() -> World:
    home, other = (make_ground(name) for name in ("Northwind", "Eastwood"))
    olga = create_verified_user(email="olga@both.example", password=PASSWORD, name="Olga Both")
    for ground in (home, other):
        with ground.scope():
            Membership.objects.create(user=olga, role=Role.AGENT)
    return World(home, other, olga)


def make_ground(name: str) -> Ground:
    domain = f"{name.lower()}.example"
    people = {
        person: create_verified_user(email=f"{person}@{domain}", password=PASSWORD, name=f"{person.title()} {name}")
        for person in PEOPLE
    }
    organization = found_organization(name=name, by=people["ana"], time_zone="Europe/Berlin", reply_to=f"care@{domain}")
    ground = Ground(organization, people)
    with ground.scope():
        for person, role in PEOPLE.items():
            if role != Role.ADMIN:
                Membership.objects.create(user=people[person], role=role)
        _furnish(ground, domain)
    return ground


def _furnish(ground: Ground, domain: str) -> None:
    rows = ground.rows
    rows.journey = Journey.objects.create(name="From order to use")
    rows.stage = Stage.objects.create(journey=rows.journey, name="Receiving", position=1)
    rows.delivery = Touchpoint.objects.create(stage=rows.stage, name="Parcel handed over", channel="delivery")
    rows.support = Touchpoint.objects.create(stage=rows.stage, name="Support call", channel="phone", position=1)
    # The journey every organization starts with has this milestone; here it is one of the touchpoint above.
    rows.delivered, _ = Milestone.objects.update_or_create(
        key="order.delivered", defaults={"touchpoint": rows.delivery, "name": "Order delivered"}
    )
    rows.chiara = Customer.objects.create(
        name="Chiara Conti", email=f"chiara@{domain}", email_key=f"chiara@{domain}", external_id="C-1"
    )
    rows.karim = Customer.objects.create(
        name="كريم حداد", email=f"karim@{domain}", email_key=f"karim@{domain}", external_id="C-2", language="ar"
    )
