"""“You said, we did”: writing the message, seeing whom it reaches, and letting it go."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from alerts.models import Initiative, InitiativeMessage, InitiativeRecipient
from alerts.proof.initiatives.allowing import why_not
from customers.models import Customer
from tenancy.audit import Actor, record
from tenancy.background import nudge
from tenancy.models import Organization, User

AT_ONCE = 1000
LISTED = 10
State = InitiativeMessage.State
SWEEP = "alerts.tasks.send_initiative_messages"
STARTING_TEXT = """some time ago you told us what was not as it should be. We have listened.

You said:
We did:

Thank you for helping us to get better."""


UNFINISHED = "Write behind “You said:” and “We did:” what was said and what was done."


class NotADraft(ValueError):
    """The message has been let go; what was said cannot be changed any more."""


@dataclass(frozen=True)
class Preview:
    """Whom a draft would reach now, and how many are left out for which reason."""

    reached_count: int
    # At most LISTED of them.
    reached: Sequence[Customer]
    left_out: Sequence[tuple[str, int]]

    @property
    def more_count(self) -> int:
        return self.reached_count - len(self.reached)

    @property
    def left_out_count(self) -> int:
        return sum(count for _, count in self.left_out)


def is_unfinished(text: str) -> bool:
    """Whether it still holds a line of STARTING_TEXT that waits for words: nothing stands behind it or beneath."""
    lines = [line.strip() for line in text.splitlines()]
    labels = ("You said:", "We did:")
    below = [*lines[1:], ""]
    return any(line in labels and (not after or after in labels) for line, after in zip(lines, below, strict=True))


def write_message(initiative: Initiative, *, subject: str, text: str, by: User, at: datetime) -> InitiativeMessage:
    message = InitiativeMessage.objects.create(initiative=initiative, subject=subject, text=text, by=by)
    record("initiative_message.written", on=message, by=by, at=at)
    return message


def change_message(message: InitiativeMessage, *, subject: str, text: str, by: Actor | User, at: datetime) -> None:
    """Raises NotADraft."""
    locked = _locked_draft(message)
    locked.subject, locked.text = subject, text
    locked.save(update_fields=["subject", "text"])
    record("initiative_message.changed", on=locked, by=by, at=at)


def discard_message(message: InitiativeMessage, *, by: Actor | User, at: datetime) -> None:
    """Raises NotADraft."""
    locked = _locked_draft(message)
    record("initiative_message.discarded", on=locked, by=by, at=at)
    locked.delete()


def preview(message: InitiativeMessage, organization: Organization, *, at: datetime) -> Preview:
    """What would become of it now. Six queries for each AT_ONCE customers, of whom no more are held in memory."""
    counts: Counter[str] = Counter()
    reached: list[Customer] = []
    reached_count, last = 0, None
    while rows := list(_after(raised_by(message.initiative_id), last)[:AT_ONCE]):
        reasons = why_not(rows, message, organization, at=at)
        counts.update(reasons.values())
        reached_count += len(rows) - len(reasons)
        fine = (each for each in rows if each.pk not in reasons)
        reached += islice(fine, LISTED - len(reached))
        last = rows[-1].pk
    return Preview(reached_count, reached, counts.most_common())


def _after(customers: QuerySet[Customer], last: UUID | None) -> QuerySet[Customer]:
    return customers.filter(pk__gt=last) if last else customers


def let_go(message: InitiativeMessage, *, by: Actor | User, at: datetime) -> int:
    """Everybody who raised it becomes a recipient, each decided about when their turn comes; returns how many.

    Raises NotADraft, and ValueError where nobody raised it or the text still waits for words.
    """
    locked = _locked_draft(message)
    if is_unfinished(locked.text):
        raise ValueError(UNFINISHED)
    rows = [
        InitiativeRecipient(organization_id=locked.organization_id, message=locked, customer=customer)
        for customer in raised_by(locked.initiative_id)
    ]
    if not rows:
        raise ValueError("Nobody raised this yet: link follow-ups first.")
    InitiativeRecipient.objects.bulk_create(rows)
    locked.state, locked.due_at = State.SENDING, at
    locked.save(update_fields=["state", "due_at"])
    record("initiative_message.let_go", on=locked, by=by, at=at, details={"customers": len(rows)})
    nudge(SWEEP)
    return len(rows)


def raised_by(initiative_id: UUID):
    """The customers of its follow-ups, each once, in a fixed order."""
    return Customer.objects.filter(follow_ups__initiatives__initiative=initiative_id).distinct().order_by("pk")


def _locked_draft(message: InitiativeMessage) -> InitiativeMessage:
    locked = InitiativeMessage.objects.select_for_update().get(pk=message.pk)
    if locked.state != State.DRAFT:
        raise NotADraft("This message was let go already.")
    return locked
