"""A mailbox that belongs to no member: a shared one, a ticket system, a pager that takes mail."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from alerts.notifying.message import Message
from tenancy.outbox import queue_mail
from tenancy.outgoing import Refused, Reply
from tenancy.scope import organization_scope


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
            queue_mail(
                "notification_to_mailbox",
                to=sealed["address"],
                context=context,
                dedupe_key=f"delivery:{message.id}",
            )
        return Reply(202, "In the queue of outgoing mail")


CHANNEL = Email()
