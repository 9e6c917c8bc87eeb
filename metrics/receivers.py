"""What metrics does when something happens below: marks the days to be counted again, in its own savepoint."""

from django.db import transaction
from django.dispatch import receiver

from metrics.dirty_days import mark_days
from surveys.signals import response_completed


@receiver(response_completed)
def mark_days_of_answers(*, days, **facts):
    with transaction.atomic():
        mark_days(days)
