"""A click on a score in the mail before anything was sent: shown as "clicked, not confirmed", never counted."""

from datetime import datetime

from surveys.models import Invitation
from tenancy.doors import read_behind_door

# Whoever opens links on behalf of people (mail scanners) clicks too; only the first is kept. A crash may lose it, so
# nobody waits for the disk.
_NOTE = """
SELECT set_config('synchronous_commit', 'off', true);
UPDATE surveys_invitation SET provisional_score = %s, provisional_at = %s
WHERE id = %s AND organization_id = nullif(current_setting('cxm.organization_id', true), '')::uuid
AND provisional_at IS NULL RETURNING id
"""


def note_click(invitation: Invitation, score: int, *, at: datetime) -> None:
    """Keep the first click of an invitation; called from outside any scope."""
    if invitation.provisional_at is None:
        read_behind_door("door_invitation", invitation.id, _NOTE, [score, at, invitation.id])
