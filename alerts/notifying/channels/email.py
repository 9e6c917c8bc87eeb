"""A mailbox that belongs to no member: a shared one, a ticket system, a pager that takes mail."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from alerts.notifying.message import Message
from tenancy.outbox import make_due, queue_mail
from tenancy.outgoing import Refused, Reply
from tenancy.scope import organization_scope

TEMPLATE = "notification_to_mailbox"
PREFIX = "delivery:"


class Email:
    label = "E-mail"
    icon = "mailbox"
    explanation = (
        "A mailbox that belongs to no member, such as care@yourcompany.example. Members choose under their bell."
    )
    address_label = "E-mail address"
    choices: tuple[tuple[str, str], ...] = ()
    has_secret = False

    def shown(self, address: str) -> str:
        try:
            validate_email(address)
        except ValidationError as error:
            raise Refused("This is no e-mail address") from error
        return address

    def hand_over(self, message: Message, *, sealed: dict[str, str], at: int) -> Reply:
        """Into the outbox, which tries until the mail server has it; twice is once there."""
        words = "verbatim" if message.data.get("verbatim") else "text"
        context = {
            "title": message.title,
            words: message.quote,
            "facts": message.fields,
            "button_url": message.link,
            "button_label": message.link_label,
            "customer_ids": list(message.customer_ids),
        }
        with organization_scope(message.organization_id):
            key = outbox_key(message.id)
            if queue_mail(TEMPLATE, to=sealed["address"], context=context, dedupe_key=key) is None:
                make_due(key, at=datetime.fromtimestamp(at, UTC))
        return Reply(202, "In the queue of outgoing mail")


def outbox_key(delivery_id: str) -> str:
    """By which a delivery and the mail that it became know each other."""
    return f"{PREFIX}{delivery_id}"


CHANNEL = Email()
