"""Mail that was given up: a reply that never reached the customer is no contact, and somebody hears of it.

The outbox says so once a mail has had all its tries, or the receiving server refused it for good.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from alerts.changing import AlreadyDone, Change, Kind, change
from alerts.correspondence.receiving import living
from alerts.following_up import count_as_contact
from alerts.models import FollowUp, FollowUpEntry
from alerts.notices import people_of, staff_to_tell
from alerts.notifying.channels.email import PREFIX
from alerts.notifying.deliveries import undeliver
from alerts.notifying.people import tell, tell_all
from alerts.notifying.telling import Telling
from alerts.pausing import end_pause
from alerts.replying import REPLY, ContactRefused, contact_permission
from alerts.states import Deed, State, next_state
from tenancy.audit import SYSTEM, Actor
from tenancy.models import OutgoingMail, User
from tenancy.outbox import after_giving_up
from tenancy.roles import Role

Mail = OutgoingMail.State
GIVEN_UP = Q(state__in=[Mail.FAILED, Mail.QUARANTINED])
FAILED, RESENT = "follow_up.reply_failed", "follow_up.reply_resent"


@after_giving_up
def hear_of_given_up(mail: OutgoingMail) -> None:
    """A reply: its follow-up says so and its owner hears of it. Any other mail: admins do, once an hour."""
    at = timezone.now()
    entry = _entry_of(mail)
    if entry:
        _reply_failed(entry, mail, at=at)
    if mail.dedupe_key.startswith(PREFIX):
        # Admins hear of it as of every channel that cannot be told.
        undeliver(mail.dedupe_key.removeprefix(PREFIX), error=mail.last_error, at=at)
        return
    title = "A mail could not be sent"
    text = "It waits on the page of what was set aside, with the error, and can be sent again there."
    hour = f"mail_given_up:{at:%Y%m%d%H}"
    # Not by mail: that is what does not work.
    tell_all(
        [
            Telling(
                people_of(Role.ADMIN), "mail_given_up", title, hour, text, path="followups/set-aside/", by_mail=False
            )
        ],
        at=at,
    )


def resend(
    follow_up: FollowUp,
    *,
    reply: FollowUpEntry,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Send a reply that could not be delivered again, to the address the customer has by now; it counts as a contact.

    ValueError when it was not given up; ContactRefused when we may not write any more; IllegalMove when it is merged.
    """
    try:
        with change(
            follow_up, kind=Kind.CHANGED, verb=RESENT, by=by, at=at, version=version, entry_id=entry_id
        ) as changed:
            locked = OutgoingMail.objects.select_for_update()
            mail = locked.filter(GIVEN_UP, pk=reply.details.get("mail_id")).first()
            if mail is None:
                raise ValueError("This reply is on its way, or was sent.")
            permission = contact_permission(changed.follow_up)
            if not permission.may_write or changed.follow_up.customer is None:
                raise ContactRefused(permission.reason)
            if changed.follow_up.state != State.CLOSED:
                count_as_contact(changed, at=at)
            mail.to_address = changed.follow_up.customer.email
            mail.state, mail.due_at, mail.attempts, mail.last_error = Mail.DUE, at, 0, ""
            mail.save(update_fields=["to_address", "state", "due_at", "attempts", "last_error"])
            changed.entry.details |= {"resent": str(reply.pk), "to": mail.to_address}
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def _entry_of(mail: OutgoingMail) -> FollowUpEntry | None:
    """The line of history that this mail was written by, where it is a reply."""
    if mail.template != REPLY:
        return None
    return FollowUpEntry.objects.filter(kind=Kind.REPLY, details__mail_id=str(mail.pk)).first()


def _reply_failed(reply: FollowUpEntry, mail: OutgoingMail, *, at: datetime) -> None:
    with change(living(reply.follow_up), kind=Kind.CHANGED, verb=FAILED, by=SYSTEM, at=at, version=None) as changed:
        changed.entry.details |= {"undelivered": str(reply.pk), "to": mail.to_address}
        if changed.follow_up.state != State.CLOSED:
            _take_back_contact(changed, reply)
    follow_up = changed.follow_up
    tell(
        [follow_up.owner] if follow_up.owner else staff_to_tell(),
        "reply_failed",
        title=f"Your customer never got it: the reply of follow-up {follow_up.number}",
        text=f"The mail server said: {mail.last_error}"[:500],
        follow_up=follow_up,
        key=f"reply_failed:{changed.entry.pk}",
        at=at,
    )


def _take_back_contact(changed: Change, reply: FollowUpEntry) -> None:
    """Undo what nothing but the reply did: the contact, and the answer to what the customer wrote."""
    follow_up = changed.follow_up
    contacts = [each for each in _contacts(follow_up) if each.pk != reply.pk]
    moments = [_moment_of(each) for each in contacts]
    first = min(moments, default=None)
    if first is None and follow_up.first_contacted_at:
        after = next_state(follow_up.state, Deed.LOSE_CONTACT)
        if after != State(follow_up.state):
            changed.move_to(after)
        if follow_up.pause_reason == FollowUp.Pause.CUSTOMER:
            end_pause(changed, at=changed.entry.at)  # nobody waits for who never heard from us
    if first != follow_up.first_contacted_at:
        changed.set(first_contacted_at=first)
    wrote = follow_up.entries.filter(kind=Kind.RECEIVED).order_by("-at").first()
    if wrote and follow_up.resolved_at is None and not any(each > wrote.at for each in moments):
        changed.set(customer_wrote_at=wrote.at)


def _moment_of(contact: FollowUpEntry) -> datetime:
    """When it took place, which may be before it was written down."""
    told = contact.details.get("happened_at")
    return datetime.fromisoformat(told) if told else contact.at


def _contacts(follow_up: FollowUp) -> list[FollowUpEntry]:
    """Lines of history that are contacts, oldest first; two queries."""
    lines = follow_up.entries.filter(Q(kind=Kind.MOVED, details__has_key="way") | Q(kind=Kind.REPLY)).order_by("at")
    lost = OutgoingMail.objects.filter(
        GIVEN_UP, pk__in=[each.details["mail_id"] for each in lines if "mail_id" in each.details]
    )
    gone = {str(pk) for pk in lost.values_list("pk", flat=True)}
    return [each for each in lines if each.details.get("mail_id") not in gone]
