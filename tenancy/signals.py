"""What tenancy tells the floors above, in the past tense."""

from django.dispatch import Signal

# Sent with plain `send` inside the transaction, in the organization's scope; keywords `user`, `role` (None: they do not
# belong to the organization any more) and `by`.
member_changed = Signal()
