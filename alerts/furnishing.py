"""What a new organization starts with: a promise, and the rule that a detractor is followed up."""

from alerts.models import AlertRule, Priority, SlaPolicy
from alerts.root_causes import furnish_root_causes
from tenancy.audit import record
from tenancy.models import Organization, User
from tenancy.organizations import furnishes_organizations


@furnishes_organizations
def furnish(organization: Organization, by: User) -> None:
    """The policy "Standard" (24 business hours, 5 business days) and the rule "Detractors" for every survey."""
    policy = SlaPolicy.objects.create(
        name="Standard", priority=Priority.NORMAL, first_contact_hours=24, resolution_days=5
    )
    record("sla_policy.created", on=policy, by=by)
    conditions = {"match": "all", "of": [{"kind": "group", "groups": ["detractor"]}]}
    rule = AlertRule.objects.create(name="Detractors", conditions=conditions)
    record("alert_rule.created", on=rule, by=by)
    furnish_root_causes()
