"""What journeys does when a customer is erased."""

from django.dispatch import receiver

from customers.signals import customer_erased
from journeys.models import MilestoneEvent


@receiver(customer_erased)
def forget_properties(*, customer, **facts):
    """What their milestones said goes; that they were reached stays."""
    MilestoneEvent.objects.filter(customer=customer).update(properties={})
