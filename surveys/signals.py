"""What surveys tells the floors above, in the past tense."""

from django.dispatch import Signal

# Sent with send_robust inside the transaction. Keywords: `responses` (a list: an import sends one signal a batch),
# `is_new`, `raise_alerts`, and `days`, the set of dates in the organization's zone that must be counted again.
response_completed = Signal()
