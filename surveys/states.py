"""What a customer who follows a link may do: one decision from what is known, without database or clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from surveys.models import Survey
from surveys.responding import EDIT_WINDOW


class Standing(StrEnum):
    """Where somebody with a valid link stands."""

    OPEN = "open"  # not answered yet
    EDITABLE = "editable"  # answered, and may still change it
    ANSWERED = "answered"  # answered, and may not change it any more
    EXPIRED = "expired"
    CLOSED = "closed"
    PAUSED = "paused"

    @property
    def takes_answers(self) -> bool:
        return self in (Standing.OPEN, Standing.EDITABLE)

    @property
    def http_status(self) -> int:
        """What a page about this standing is answered with: gone for good, or not at the moment."""
        return {Standing.EXPIRED: 410, Standing.CLOSED: 410, Standing.PAUSED: 409}.get(self, 200)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision depends on."""

    survey_state: str
    expires_at: datetime | None
    responded_at: datetime | None


def standing_of(facts: Facts, *, at: datetime) -> Standing:
    """An answer given counts first; then whether the survey still listens; then whether the time is over."""
    listens = facts.survey_state == Survey.State.LIVE
    if facts.responded_at is not None:
        is_in_time = at <= facts.responded_at + EDIT_WINDOW
        return Standing.EDITABLE if is_in_time and listens else Standing.ANSWERED
    if facts.survey_state == Survey.State.PAUSED:
        return Standing.PAUSED
    if not listens:
        return Standing.CLOSED
    if facts.expires_at is not None and at >= facts.expires_at:
        return Standing.EXPIRED
    return Standing.OPEN
