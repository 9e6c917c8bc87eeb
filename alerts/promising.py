"""What a customer who was let down is promised on the page of thanks: the first contact of the rule that fits."""

from alerts.clocks import first_contact_due_at
from alerts.models import AlertRule
from alerts.opening import clock_start, is_raised_by
from surveys.models import Response
from surveys.promises import Promise, register_promise
from tenancy.models import Organization


@register_promise
def promised_contact(response: Response) -> Promise | None:
    """By when somebody gets in touch, at the latest; None when no rule opens a follow-up or contact is not wanted."""
    if response.may_contact is False:
        return None
    rules = AlertRule.objects.filter(is_active=True).select_related("sla_policy")
    policies = [rule.sla_policy for rule in rules if is_raised_by(rule, response)]
    if not policies:
        return None
    organization, start = Organization.objects.get(pk=response.organization_id), clock_start(response)
    return Promise(min(first_contact_due_at(policy, organization, start=start) for policy in policies))
