"""Making the demo organization: people, customers, a year of asks and answers, and follow-ups in every state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from django.db import transaction
from django.db.models import F

from alerts.models import FollowUp, Notification
from cxm.demo.aiming import aim_higher
from cxm.demo.asking import FATIGUE_DAYS, Asker
from cxm.demo.history import History
from cxm.demo.mending import mend_a_cause
from cxm.demo.people import ACCOUNTS, PASSWORD, make_customers, make_users
from cxm.demo.staffing import AGENTS, staff_the_demo
from cxm.demo.working import Staff
from cxm.demo.year import year
from metrics.rollup import rebuild
from surveys.models import Response
from tenancy.models import Membership, Organization, OutgoingMail, User
from tenancy.organizations import found_organization
from tenancy.roles import Role
from tenancy.scope import organization_scope

SLUG = "halden-home"
CUSTOMERS = 900
# So many days of follow-ups are worked on by the product's own deeds; what is older is stored as closed.
DEED_BY_DEED = 36


def demo_accounts() -> list[dict[str, str]]:
    """The sign-ins of the demo: e-mail, password and role."""
    return [{"email": email, "password": PASSWORD, "role": role} for email, _, role in ACCOUNTS]


def seed_demo(*, at: datetime, tell: Callable[[str], None]) -> bool:
    """Make the demo organization as of `at`; False when it is there. All or nothing: one transaction."""
    if User.objects.filter(email=ACCOUNTS[0][0]).exists():
        return False
    random = Random(2026)  # noqa: S311  the same demo every time, no secret
    with transaction.atomic():
        users = make_users()
        tell("The people of the demo can sign in.")
        organization = _found(users)
        with organization_scope(organization.id):
            for email, _, role in ACCOUNTS[1:]:
                Membership.objects.create(user=users[email], role=Role(role))
            _live_a_year(users, organization, at, random, tell)
    return True


def _found(users: dict[str, User]) -> Organization:
    return found_organization(
        name="Halden Home",
        slug=SLUG,
        by=users[ACCOUNTS[0][0]],
        time_zone="Europe/Berlin",
        brand_color="#1f5d4c",
        postal_address="Halden Home, Speicherstraße 12, 20457 Hamburg, Germany",
        sender_name="Halden Home",
        reply_to="care@halden-home.example",
        fatigue_days=FATIGUE_DAYS,
        is_demo=True,
    )


def _live_a_year(
    users: dict[str, User], organization: Organization, at: datetime, random: Random, tell: Callable[[str], None]
) -> None:
    admin = users[ACCOUNTS[0][0]]
    customers = make_customers(CUSTOMERS, random)
    begin, recent = at - timedelta(days=366), at - timedelta(days=DEED_BY_DEED)
    asker = Asker(customers, by=admin, since=begin, followed_up_since=recent, random=random)
    asks = list(year(until=at, customers=len(customers), random=random))
    for _, month in groupby(asks, key=lambda asked: (asked.at.year, asked.at.month)):
        asker.ask(list(month))
    tell(f"A year with {len(asks)} milestones has passed; {Response.objects.count()} customers answered.")
    team = staff_the_demo(users, by=admin, since=begin, until=at)
    History(organization, team, [users[email] for email in AGENTS], random).write(since=begin, until=recent)
    Staff(users, organization, until=at, random=random).live(since=recent)
    mend_a_cause(users, until=at)
    # What happened last month needs no mail today, and people have read what is older than a day.
    OutgoingMail.objects.all().delete()
    Notification.objects.update(mail_due_at=None)
    Notification.objects.filter(at__lt=at - timedelta(days=1)).update(read_at=F("at"))
    rebuild()
    aim_higher(admin, until=at)
    tell(f"{FollowUp.objects.count()} follow-ups have been worked on.")
