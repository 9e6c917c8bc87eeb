"""What journeys tells the floors above, in the past tense."""

from django.dispatch import Signal

# Sent with send_robust inside the transaction. Keyword: `events`, the MilestoneEvents that are new (a list: a batch
# sends one signal), each with its customer and milestone loaded.
milestone_recorded = Signal()
