"""Changing the promised times and the working hours."""

from alerts.models import SlaPolicy
from tenancy.audit import Actor, record
from tenancy.models import Organization, User
from tenancy.working_hours import BusinessCalendar


def standard_policy() -> SlaPolicy:
    """The organization's own promise: the first it had."""
    return SlaPolicy.objects.order_by("id").first() or SlaPolicy.objects.create(name="Standard")


def change_promises(
    organization: Organization, policy: SlaPolicy, *, calendar: BusinessCalendar, by: Actor | User
) -> None:
    """Store both for follow-ups that open from now on; what was promised before stays promised."""
    organization.working_hours = calendar.as_json()
    organization.save(update_fields=["working_hours"])
    promised = {"first_contact_hours": policy.first_contact_hours, "resolution_days": policy.resolution_days}
    SlaPolicy.objects.filter(pk=policy.pk).update(**promised)
    record("sla_policy.changed", on=policy, by=by, details={**promised, "working_hours": organization.working_hours})
