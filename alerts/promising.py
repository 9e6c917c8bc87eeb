"""What a customer who was let down is promised on the page of thanks.

The first contact of the rule that fits; where the answer joins a follow-up that is open already, what that one
promises: no second clock begins.
"""

from django.utils import timezone

from alerts.clocks import Policies
from alerts.joining import newest_open_of
from alerts.models import AlertRule, FollowUp
from alerts.opening import clock_start
from alerts.rules.facts import facts_of
from alerts.rules.holding_out import is_held_out
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
    # Who is left alone by the holdout is promised nothing.
    rules = [rule for rule in rules if not is_held_out(rule, str(response.pk))]
    raised = [rule for rule in rules for each in facts if is_raised_by(rule, each)]
    if not raised:
        return None
    if response.customer_id and (held := newest_open_of(response.customer_id)):
        return _still_promised(held)
    organization, start = Organization.objects.get(pk=response.organization_id), clock_start(response)
    _, promised = known.strictest(raised, organization, start=start)
    return Promise(promised["first_contact_due_at"])


def _still_promised(follow_up: FollowUp) -> Promise | None:
    """A moment only where it is still to come and the clock runs: who was called already is promised no other call."""
    if follow_up.first_contacted_at or follow_up.paused_at or follow_up.first_contact_due_at <= timezone.now():
        return None
    return Promise(follow_up.first_contact_due_at)
