"""An organization to measure on: a live survey, customers who were asked, and an API key."""

import os
import subprocess
from datetime import timedelta
from typing import Any

import django

from benchmarks.stack import Stack

STAFF_MAIL = "agent@bench.example"


class Ground:
    """Made by the product's own deeds in the stack's database; `tokens` of invitations that were sent."""

    def __init__(self, stack: Stack, *, asks: int, staff: int = 1, name: str = "Bench"):
        os.environ.update(stack.environment)
        os.environ["DJANGO_SETTINGS_MODULE"] = "cxm.settings"
        django.setup()
        from django.utils import timezone

        from tenancy.models import User
        from tenancy.organizations import found_organization
        from tenancy.roles import Role
        from tenancy.scope import organization_scope

        self.stack, self.now, self.asks = stack, timezone.now(), asks
        # No password and the demo's mail flag: nobody signs in here, and staff mail goes to the local sink.
        admin = User.objects.create_user(f"admin@{name.lower()}.example", name="Admin")
        self.organization = found_organization(name=name, by=admin, slug=name.lower())
        self.admin = admin
        self.scope = lambda: organization_scope(self.organization.id)
        with self.scope():
            self._add_staff(staff, Role.AGENT, name)
            self._open_survey()
            self.tokens = self._ask()
        self.analyze()

    def api_key(self, *scopes: str) -> str:
        from tenancy.api_keys import create_api_key

        with self.scope():
            return create_api_key(name="bench", scopes=list(scopes), by=self.admin)[1]

    def analyze(self) -> None:
        """The planner's statistics, which autovacuum keeps for a database that has been running for some minutes."""
        subprocess.run([self.stack.client("psql"), self.stack.database_url(), "-qc", "ANALYZE"], check=True)

    def _add_staff(self, count: int, role: Any, name: str) -> None:
        from tenancy.models import User
        from tenancy.organizations import add_member

        for number in range(count):
            user = User.objects.create_user(f"agent{number}@{name.lower()}.example", name=f"Agent {number}")
            add_member(user=user, role=role, by=self.admin)

    def _open_survey(self) -> None:
        from surveys.survey_templates import TEMPLATES
        from surveys.versions import create_survey, publish

        self.survey = create_survey(template=TEMPLATES["relationship_nps"], name="Loyalty", by=self.admin)
        self.version = publish(self.survey, by=self.admin, at=self.now)

    def _ask(self) -> list[str]:
        from customers.models import Customer
        from surveys.models import Invitation
        from surveys.tokens import make_token

        customers = [
            Customer(
                organization=self.organization,
                name=f"Customer {n}",
                email=f"c{n}@x.example",
                email_key=f"c{n}@x.example",
            )
            for n in range(self.asks)
        ]
        Customer.objects.bulk_create(customers, batch_size=1000)
        invitations = [
            Invitation(
                organization=self.organization,
                survey=self.survey,
                version=self.version,
                customer=customer,
                idempotency_key=f"bench:{customer.id}",
                status=Invitation.Status.SENT,
                to_address=customer.email,
                language="en",
                due_at=self.now,
                sent_at=self.now,
                expires_at=self.now + timedelta(days=30),
            )
            for customer in customers
        ]
        Invitation.objects.bulk_create(invitations, batch_size=1000)
        return [make_token(invitation.id) for invitation in invitations]


def form_body(score: int, *, words: str = "Waited long, nobody came.") -> bytes:
    """What a browser posts from the survey page."""
    from urllib.parse import urlencode

    return urlencode({"lang": "en", "score": score, "verbatim": words, "may_contact": "yes"}).encode()


FORM = {"Content_Type": "application/x-www-form-urlencoded"}
