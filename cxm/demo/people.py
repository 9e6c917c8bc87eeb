"""The people of the demo: staff in every role, and customers in several languages."""

from decimal import Decimal
from random import Random

from allauth.account.models import EmailAddress

from customers.models import Customer
from cxm.demo.words import ARABIC_NAMES, FAMILY_NAMES, GIVEN_NAMES, PLANS, REGIONS
from tenancy.models import User
from tenancy.roles import Role
from tenancy.scope import current_organization_id

PASSWORD = "halden-demo-2026"  # noqa: S105  printed by bin/up, for a demo on one's own machine
ACCOUNTS = (
    ("admin@demo.example", "Ada Lindgren", Role.ADMIN.value),
    ("analyst@demo.example", "Marco Bianchi", Role.ANALYST.value),
    ("agent@demo.example", "Greta Sommer", Role.AGENT.value),
    ("agent2@demo.example", "Sami Nasser", Role.AGENT.value),
    ("viewer@demo.example", "Vera Hoffmann", Role.VIEWER.value),
)


def make_users() -> dict[str, User]:
    """By e-mail address; their addresses are verified, so that they can sign in at once."""
    users = {}
    for email, name, _ in ACCOUNTS:
        users[email] = User.objects.create_user(email, PASSWORD, name=name)
        EmailAddress.objects.create(user=users[email], email=email, verified=True, primary=True)
    return users


def make_customers(count: int, random: Random) -> list[Customer]:
    customers = [_customer(number, random) for number in range(1, count + 1)]
    return Customer.objects.bulk_create(customers)


def _customer(number: int, random: Random) -> Customer:
    is_arabic = number % 23 == 0
    given, family = random.choice(GIVEN_NAMES), random.choice(FAMILY_NAMES)
    email = f"customer{number}@mail.example" if is_arabic else f"{given}.{family}{number}@mail.example".lower()
    email = email.encode("ascii", "ignore").decode()
    return Customer(
        organization_id=current_organization_id(),
        external_id=f"H-{10000 + number}",
        name=random.choice(ARABIC_NAMES) if is_arabic else f"{given} {family}",
        email=email,
        email_key=email,
        language="ar" if is_arabic else random.choice(("en", "en", "en", "de", "es", "")),
        value=Decimal(random.choice((120, 240, 240, 480, 950, 2400, 7800))),
        attributes={"plan": random.choice(PLANS), "region": random.choice(REGIONS)},
    )
