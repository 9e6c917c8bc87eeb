"""Notes that name colleagues."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.following_up import add_note
from alerts.models import FollowUp, FollowUpEntry
from alerts.work.mentions import mention, named_in, people_here
from tenancy.audit import Actor
from tenancy.models import User


def note(
    follow_up: FollowUp,
    *,
    text: str,
    people: Sequence[User] = (),
    by: Actor | User,
    at: datetime,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Keep a note; `people` and everybody named in its text hear of it and watch. ValueError as `add_note`."""
    if entry_id and (done := follow_up.entries.filter(pk=entry_id).first()):
        return done
    chosen = {
        user.pk: user for user in (*people, *(named_in(text, people_here(), chosen=people) if "@" in text else ()))
    }
    with transaction.atomic():
        entry = add_note(follow_up, text=text, mentions=list(chosen.values()), by=by, at=at, entry_id=entry_id)
        mention(follow_up, entry, list(chosen.values()), by=by, at=at)
    return entry
