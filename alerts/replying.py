"""Writing to the customer from a follow-up: whether we may, the words to start with, and the mail."""

from dataclasses import dataclass

from django.conf import settings

from alerts.correspondence.addresses import reply_address
from alerts.correspondence.threads import last_subject, thread_headers
from alerts.models import FollowUp, FollowUpEntry
from alerts.starting_texts import first_words
from alerts.willing import newest_words
from customers.models import Suppression
from tenancy.models import OutgoingMail
from tenancy.outbox import queue_mail

# The template of a reply's mail.
REPLY = "follow_up_reply"


class ContactRefused(ValueError):
    """We may not write to this customer; the message says why."""


@dataclass(frozen=True)
class Permission:
    """Whether staff may write to the customer, and the reason in words, either way."""

    may_write: bool
    reason: str


def contact_permission(follow_up: FollowUp) -> Permission:
    """What the customer allowed: the newest of their answers to "may we contact you?" and of their decisions."""
    customer = follow_up.customer
    if customer is None or customer.erased_at:
        return Permission(False, "This customer is not known or was erased.")
    if not customer.email_key:
        return Permission(False, "There is no e-mail address of this customer.")
    word = newest_words([customer.pk]).get(customer.pk)
    if word is None:
        return Permission(False, "The customer was not asked whether we may get in touch.")
    if not word.is_willing:
        return Permission(False, "The customer does not want to be contacted.")
    barred = Suppression.objects.filter(email_key=customer.email_key, lifted_at__isnull=True).order_by("-at").first()
    # Who leaves the surveys and then asks to be called means both; any other bar stands above a consent.
    if barred and not (barred.reason == Suppression.Reason.UNSUBSCRIBED and barred.at < word.at):
        return Permission(False, f"This address must not be written to: {barred.get_reason_display().lower()}.")
    return Permission(True, "The customer agreed to be contacted.")


def reply_place(follow_up: FollowUp) -> str:
    """Where the customer's answer to a reply goes, in words; empty when they cannot answer."""
    if settings.INBOUND_MAIL_DOMAIN:
        return "this follow-up"
    return follow_up.organization.reply_to


def starting_text(follow_up: FollowUp, *, author: str) -> tuple[str, str]:
    """(subject, text) a reply starts with."""
    customer = follow_up.customer
    subject, text = first_words(
        language=customer.language if customer else "",
        group=follow_up.response.group if follow_up.response else "",
        name=customer.name if customer else "",
        author=author,
        organization=follow_up.organization.name,
    )
    last = last_subject(follow_up)
    return f"Re: {last}"[:200] if last else subject, text


def queue_reply(follow_up: FollowUp, *, entry: FollowUpEntry, subject: str, text: str) -> OutgoingMail:
    """The reply as a row of the outbox, in the transaction of its line of history. Raises ContactRefused."""
    permission = contact_permission(follow_up)
    if not permission.may_write or follow_up.customer is None:
        raise ContactRefused(permission.reason)
    mail = queue_mail(
        REPLY,
        to=follow_up.customer.email,
        dedupe_key=f"{REPLY}:{entry.pk}",
        context={
            "subject": subject,
            "text": text,
            "language": follow_up.customer.language or "",
            "customer_ids": [str(follow_up.customer_id)],
            "reply_to": reply_address(follow_up),
            # A person wrote this; an automatic answer to it is welcome.
            "headers": {"Auto-Submitted": "no", **thread_headers(follow_up, entry=entry)},
        },
    )
    if mail is None:
        raise ContactRefused("This reply was already sent.")
    return mail
