"""What failed for good: answers to evaluate and mails to send, with a way to try again."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from alerts.changing import StaleVersion
from alerts.correspondence.undelivered import GIVEN_UP, resend
from alerts.models import Evaluation, FollowUpEntry
from alerts.replying import REPLY
from alerts.states import IllegalMove
from tenancy.audit import Actor, record
from tenancy.background import nudge
from tenancy.models import Organization, OutgoingMail, User
from tenancy.outbox import UNREACHED

# So many replies are sent again at once: each is a change of its follow-up.
MOST_REPLIES = 200


@dataclass(frozen=True)
class SetAside:
    """How much waits for a person, and since when a mail server cannot be reached (None: it can)."""

    answers: int
    mails: int
    unreached_since: datetime | None

    def __bool__(self) -> bool:
        return bool(self.answers or self.mails or self.unreached_since)


def what_is_set_aside() -> SetAside:
    """Three queries, each on an index of its own."""
    return SetAside(evaluations_set_aside().count(), mails_given_up().count(), unreached_since())


def unreached_since() -> datetime | None:
    """Since when the mail server takes nothing: as old as the oldest mail that waits for it."""
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.DUE, last_error__startswith=UNREACHED)
    return waiting.aggregate(since=Min("created_at"))["since"]


def evaluations_set_aside():
    """Answers that could not be evaluated, longest waiting first."""
    return (
        Evaluation.objects.filter(is_quarantined=True, done_at__isnull=True).select_related("response").order_by("id")
    )


def mails_given_up():
    """Mails that could not be handed over, newest first."""
    return OutgoingMail.objects.filter(GIVEN_UP).order_by("-id")


def send_again(mail: OutgoingMail, *, by: Actor | User, at: datetime) -> None:
    """Give a mail that was given up all its tries again. ValueError or IllegalMove for a reply that may not be sent."""
    reply = _reply_of(mail)
    if reply:
        resend(reply.follow_up, reply=reply, by=by, at=at)
    else:
        _make_due(mails_given_up().filter(pk=mail.pk), at=at)
    record("mail.replayed", on=mail, by=by, at=at)
    nudge("tenancy.tasks.send_due_mail")


def send_all_again(organization: Organization, *, by: Actor | User, at: datetime) -> tuple[int, int]:
    """All mail that was given up; (how many are sent again, how many replies may not be)."""
    sent = _make_due(mails_given_up().exclude(template=REPLY), at=at)
    left = 0
    for mail in mails_given_up().filter(template=REPLY)[:MOST_REPLIES]:
        try:
            send_again(mail, by=by, at=at)
            sent += 1
        except (ValueError, IllegalMove, StaleVersion):
            left += 1
    record("mail.all_replayed", on=organization, by=by, at=at, details={"count": sent})
    nudge("tenancy.tasks.send_due_mail")
    return sent, left


def _reply_of(mail: OutgoingMail) -> FollowUpEntry | None:
    if mail.template != REPLY:
        return None
    return FollowUpEntry.objects.filter(details__mail_id=str(mail.pk)).select_related("follow_up").first()


def _make_due(mails, *, at: datetime) -> int:
    return mails.order_by().filter(GIVEN_UP).update(state=OutgoingMail.State.DUE, due_at=at, attempts=0, last_error="")
