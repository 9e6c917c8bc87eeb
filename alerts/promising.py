"""What a customer who was let down is promised on the page of thanks: the first contact of the rule that fits."""

from alerts.clocks import Policies
from alerts.models import AlertRule
from alerts.opening import clock_start
from alerts.rules.facts import facts_of
from alerts.rules.matching import is_raised_by, needs_of
from surveys.models import Response
from surveys.promises import Promise, register_promise
from tenancy.models import Organization


@register_promise
def promised_contact(response: Response) -> Promise | None:
    """By when somebody gets in touch, at the latest; None when no rule opens a follow-up or contact is not wanted."""
    if response.may_contact is False:
        return None
    rules = list(
        AlertRule.objects.filter(is_active=True, kind=AlertRule.Kind.ANSWER, opens_follow_up=True).select_related(
            "sla_policy"
        )
    )
    known = Policies()
    facts = facts_of([response.pk], needs=needs_of(rules))
    policies = [known.of(rule) for rule in rules for each in facts if is_raised_by(rule, each)]
    if not policies:
        return None
    organization, start = Organization.objects.get(pk=response.organization_id), clock_start(response)
    return Promise(
        min(known.promised(policy, organization, start=start)["first_contact_due_at"] for policy in policies)
    )
