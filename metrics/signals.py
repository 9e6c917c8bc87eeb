"""What metrics tells the floors above."""

from django.dispatch import Signal

# Sent when days were counted again; keyword `days`, the set of dates.
scores_refreshed = Signal()
