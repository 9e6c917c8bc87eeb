"""What was set aside after three attempts: answers to evaluate and mails to send, with a way to try again."""

from datetime import datetime

from django.db.models import Q

from alerts.models import Evaluation
from tenancy.audit import Actor, record
from tenancy.background import nudge
from tenancy.models import OutgoingMail, User

GIVEN_UP = Q(state__in=[OutgoingMail.State.FAILED, OutgoingMail.State.QUARANTINED])


def evaluations_set_aside():
    """Answers that could not be evaluated, longest waiting first."""
    return (
        Evaluation.objects.filter(is_quarantined=True, done_at__isnull=True).select_related("response").order_by("id")
    )


def mails_given_up():
    """Mails that could not be handed over, newest first."""
    return OutgoingMail.objects.filter(GIVEN_UP).order_by("-id")


def send_again(mail: OutgoingMail, *, by: Actor | User, at: datetime) -> None:
    """Give a mail that was given up all its attempts again."""
    OutgoingMail.objects.filter(GIVEN_UP, pk=mail.pk).update(
        state=OutgoingMail.State.DUE, due_at=at, attempts=0, lease_until=None
    )
    record("mail.replayed", on=mail, by=by, at=at)
    nudge("tenancy.tasks.send_due_mail")
