"""What alerts does when something happens below."""

from datetime import date, timedelta

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from alerts.forgetting import forget
from alerts.models import Evaluation, FollowUp
from alerts.owners.leaving import hand_over_from
from alerts.policies.saving import look_again
from alerts.rules.looking import look_soon
from customers.signals import customer_erased
from metrics.signals import scores_refreshed
from surveys.signals import response_completed
from tenancy.background import nudge
from tenancy.models import Organization
from tenancy.organizations import on_time_zone_changed
from tenancy.roles import Role
from tenancy.rows import insert_apart
from tenancy.signals import member_changed

# Two windows of a threshold and the edge of a day in any time zone.
LOOKED_AT = timedelta(days=15)


@receiver(response_completed)
def queue_evaluations(*, responses, raise_alerts, is_new=True, **facts):
    """A to-do row for each answer; an edited answer is looked at again."""
    if not raise_alerts or not responses:
        return
    now = timezone.now()
    rows = [Evaluation(organization_id=each.organization_id, response_id=each.pk, due_at=now) for each in responses]
    if is_new:
        insert_apart(rows)
    else:
        _queue_again(rows)
    nudge("alerts.tasks.evaluate_due")


def _queue_again(rows: list[Evaluation]) -> None:
    with transaction.atomic():
        Evaluation.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["organization", "response"],
            update_fields=["due_at", "done_at", "attempts", "is_quarantined", "last_error"],
        )


@receiver(scores_refreshed)
def look_at_scores(*, days, **facts):
    """Rules about a score look within the next sweep; days long past are none of their business."""
    now = timezone.now()
    if max(days, default=date.min) < (now - LOOKED_AT).date():
        return
    with transaction.atomic():
        look_soon(at=now)


@receiver(member_changed)
def hand_over_what_they_have(*, user, role, **facts):
    """Who may not act any more owns nothing that is open."""
    if role is None or not role.includes(Role.AGENT):
        hand_over_from(user, at=timezone.now())


def steps_at_other_moments(organization: Organization) -> None:
    """Working hours begin at other moments now, and so do the steps of escalation that are counted in them."""
    look_again(FollowUp.objects.all(), at=timezone.now())


on_time_zone_changed.append(steps_at_other_moments)


@receiver(customer_erased)
def forget_customer(*, customer, **facts):
    forget(customer)
