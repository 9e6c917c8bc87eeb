"""What a new organization starts with: promises with their escalation steps, and the rule about detractors."""

from django.utils import timezone

from alerts.models import AlertRule, EscalationStep, Priority, Promise, SlaPolicy
from alerts.playbooks.furnishing import furnish_playbooks
from alerts.root_causes import furnish_root_causes
from alerts.rules.saving import save_rule
from tenancy.audit import record
from tenancy.models import Organization, User
from tenancy.organizations import furnishes_organizations

# Name, priority, hours to the first contact and days to the resolution; the first is everybody's who names no other.
POLICIES = [
    ("Standard", Priority.NORMAL, 24, 5),
    ("Urgent", Priority.URGENT, 4, 1),
    ("High", Priority.HIGH, 8, 2),
    ("Low", Priority.LOW, 40, 10),
]
Tells = EscalationStep.Tells
STEPS = [(75, Tells.OWNER), (100, Tells.LEAD), (200, Tells.ADMIN)]


@furnishes_organizations
def furnish(organization: Organization, by: User) -> None:
    """A policy for each priority ("Standard" is the normal one) and the rule "Detractors" for every survey."""
    for name, priority, hours, days in POLICIES:
        policy = SlaPolicy.objects.create(name=name, priority=priority, first_contact_hours=hours, resolution_days=days)
        record("sla_policy.created", on=policy, by=by)
        EscalationStep.objects.bulk_create(
            EscalationStep(organization=organization, sla_policy=policy, promise=promise, percent=percent, tells=tells)
            for promise in Promise
            for percent, tells in STEPS
        )
    conditions = {"match": "all", "of": [{"kind": "group", "groups": ["detractor"]}]}
    save_rule(AlertRule(name="Detractors", conditions=conditions), by=by, at=timezone.now())
    furnish_root_causes()
    furnish_playbooks(by)
