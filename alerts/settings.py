"""Changing the promised times and the working hours."""

from datetime import datetime

from alerts.models import FollowUp, SlaPolicy
from alerts.policies.saving import look_again
from tenancy.audit import Actor, record
from tenancy.models import Organization, User
from tenancy.working_hours import BusinessCalendar


def standard_policy() -> SlaPolicy:
    """The organization's own promise: the first it had."""
    return SlaPolicy.objects.order_by("id").first() or SlaPolicy.objects.create(name="Standard")


def change_promises(
    organization: Organization, policy: SlaPolicy, *, calendar: BusinessCalendar, by: Actor | User, at: datetime
) -> None:
    """Store both for follow-ups that open from now on; what was promised before stays promised.

    The steps of all that is open move with the working hours.
    """
    organization.working_hours = calendar.as_json()
    organization.save(update_fields=["working_hours"])
    promised = {"first_contact_hours": policy.first_contact_hours, "resolution_days": policy.resolution_days}
    SlaPolicy.objects.filter(pk=policy.pk).update(**promised)
    look_again(FollowUp.objects.all(), at=at)
    record("sla_policy.changed", on=policy, by=by, details={**promised, "working_hours": organization.working_hours})
