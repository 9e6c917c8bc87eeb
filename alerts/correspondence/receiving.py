"""The customer wrote: a line of history with their words and files, the clock goes on, and its owner hears of it.

A mail to a follow-up that is resolved or closed opens it again (docs/decisions/0013): who writes back is not done.
"""

from datetime import datetime, timedelta

from alerts.changing import Change, Kind, change
from alerts.correspondence.letter import Letter
from alerts.following_up import start_again
from alerts.models import Attachment, FollowUp, FollowUpEntry, InboundMail
from alerts.notifying.people import tell
from alerts.owners.standing_in import Carers
from alerts.pausing import end_pause
from alerts.states import Deed, State, next_state
from customers.emails import normalise_email
from tenancy.audit import Actor
from tenancy.models import AuditEntry

VERB = "follow_up.customer_wrote"
DONE = (State.RESOLVED, State.CLOSED)
# More words than these within the hour are set aside; so is what was said before.
MAILS_AN_HOUR = 20
REPEATED_WITHIN = timedelta(days=1)


def customer_wrote(mail: InboundMail, letter: Letter, *, since: datetime, at: datetime) -> FollowUpEntry:
    """Add the letter to the follow-up of the mail, or to the one that it was merged into; returns the line.

    The clocks go on from `since`. Whoever cares for it is told (alerts.owners.standing_in).
    """
    follow_up = living(mail.follow_up)
    by = Actor(AuditEntry.ActorKind.CUSTOMER, follow_up.customer_id, "Customer")
    with change(follow_up, kind=Kind.RECEIVED, verb=VERB, by=by, at=at, version=None, text=letter.text) as changed:
        changed.entry.details |= _facts(mail, letter, changed.follow_up)
        _let_go_on(changed, since=since)
        changed.set(customer_wrote_at=at)
    entry = changed.entry
    Attachment.objects.bulk_create(
        Attachment(
            organization_id=mail.organization_id,
            entry=entry,
            file_name=each.name,
            content_type=each.content_type,
            size=len(each.data),
            data=each.data,
        )
        for each in letter.files
    )
    tell(
        Carers(at=at).of(changed.follow_up),
        "customer_wrote",
        title=f"The customer wrote: follow-up {follow_up.number}",
        text=letter.text or "The mail has no words.",
        follow_up=changed.follow_up,
        key=f"customer_wrote:{mail.pk}",
        at=at,
    )
    return entry


def tell_of_held(mail: InboundMail, *, at: datetime) -> None:
    """Whoever a mail of the customer would be told to hears that one was set aside, and why."""
    follow_up = living(mail.follow_up)
    tell(
        Carers(at=at).of(follow_up),
        "mail_held",
        title=f"A mail was set aside: follow-up {follow_up.number}",
        text=f"{mail.why} {mail.text}".strip(),
        follow_up=follow_up,
        key=f"mail_held:{mail.pk}",
        at=at,
    )


def why_not_taken(mail: InboundMail, letter: Letter, *, at: datetime) -> str:
    """Why a person should look at this first, in words; empty when it may be taken."""
    said = FollowUpEntry.objects.filter(follow_up=living(mail.follow_up), kind=Kind.RECEIVED)
    if letter.text and said.filter(at__gt=at - REPEATED_WITHIN, text=letter.text).exists():
        return "The same words came before."
    if said.filter(at__gt=at - timedelta(hours=1)).count() >= MAILS_AN_HOUR:
        return "Too many mails within an hour."
    return ""


def living(follow_up: FollowUp) -> FollowUp:
    """The follow-up that this one went on as, where it was merged."""
    for _ in range(20):
        if follow_up.merged_into is None:
            break
        follow_up = follow_up.merged_into
    return follow_up


def is_customers_address(follow_up: FollowUp, address: str) -> bool:
    customer = follow_up.customer
    try:
        return bool(customer and customer.email_key and customer.email_key == normalise_email(address))
    except ValueError:
        return False


def _facts(mail: InboundMail, letter: Letter, follow_up: FollowUp) -> dict:
    facts = {
        "mail": str(mail.pk),
        "from_address": letter.from_address,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "is_other_sender": not is_customers_address(follow_up, letter.from_address),
        "quoted": letter.quoted,
        "left_out": letter.left_out,
        "is_cut": letter.is_cut,
        "files": len(letter.files),
    }
    return {name: value for name, value in facts.items() if value or name == "is_other_sender"}


def _let_go_on(changed: Change, *, since: datetime) -> None:
    if changed.follow_up.state in DONE:
        changed.move_to(next_state(changed.follow_up.state, Deed.REOPEN))
        start_again(changed, at=since)
    end_pause(changed, at=since)
