"""What surveys does when a floor below has news."""

from django.dispatch import receiver
from django.utils import timezone

from customers.signals import customer_erased
from journeys.signals import milestone_recorded
from surveys.forgetting import forget_invitations
from surveys.forgetting_answers import forget_answers
from surveys.replanning import plan_or_put_off


@receiver(milestone_recorded)
def plan_asks(sender, events, **kwargs):
    plan_or_put_off(events, at=timezone.now())


@receiver(customer_erased)
def forget_asks(*, customer, at, **facts):
    forget_invitations(customer)
    forget_answers(customer)
