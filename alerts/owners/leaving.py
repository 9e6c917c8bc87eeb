"""Somebody who may not act any more: what they have open goes to others, by deeds of the system."""

from datetime import datetime

from alerts.models import BulkDeed
from alerts.owners.handing_over import HAND_OVER, open_rows_of
from alerts.work.bulk.working import MOST, SWEEP
from tenancy.background import nudge
from tenancy.models import User


def hand_over_from(user: User, *, at: datetime) -> None:
    """Queue it for the sweep of bulk deeds, which does it in batches. In the caller's transaction."""
    rows = open_rows_of(user.pk)
    reason = f"{user} does not work on follow-ups any more"
    values = {"person": str(user.pk), "name": str(user), "reason": reason, "is_systems": True}
    for begin in range(0, len(rows), MOST):
        kept = [{"number": number, "version": version} for number, version in rows[begin : begin + MOST]]
        BulkDeed.objects.create(deed=HAND_OVER, values=values, rows=kept, due_at=at)
    if rows:
        nudge(SWEEP)
