"""What customers tells the floors above, in the past tense."""

from django.dispatch import Signal

# Sent with plain `send` inside the transaction of the erasure; keywords `customer` (its row still as it was), `by`
# and `at`. Each app anonymises its own rows. If one floor cannot forget, nothing is reported as forgotten.
customer_erased = Signal()
