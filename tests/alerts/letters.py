"""Mails as customers' programs send them, and handing them in as a mail server would."""

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from alerts.correspondence.addresses import reply_address
from alerts.correspondence.intake import Answer, take_in
from alerts.correspondence.reading import read_next
from alerts.models import FollowUp, FollowUpEntry, InboundMail

DOMAIN = "reply.northwind.example"


def letter(
    text: str = "It is still broken.", *, sender: str = "", subject: str = "Re: Your feedback", **headers: str
) -> EmailMessage:
    """A mail; further headers by name with _ for -."""
    mail = EmailMessage()
    mail["From"] = sender or "Chiara Conti <chiara@northwind.example>"
    mail["To"] = "reply@northwind.example"
    mail["Subject"] = subject
    mail["Message-ID"] = make_msgid(domain="mail.example")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def hand_in(
    ground, follow_up: FollowUp, mail: EmailMessage | bytes, *, sender: str | None = "", **values: Any
) -> Answer:
    """As the door for mail does; `sender` is that of the envelope, the customer's unless said otherwise."""
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    with ground.scope():
        address = reply_address(follow_up)
    envelope = "chiara@northwind.example" if sender == "" else sender
    return take_in(raw, recipients=[address], sender=envelope, **values)


def read_all(ground, **values: Any) -> None:
    while read_next(ground.organization.id, **values):
        pass


def customer_writes(
    ground, follow_up: FollowUp, mail: EmailMessage | bytes | str = "It is still broken.", **values: Any
):
    """Handed in and read; returns the row of the mail."""
    mail = letter(mail) if isinstance(mail, str) else mail
    assert hand_in(ground, follow_up, mail, **values) == Answer.STORED
    read_all(ground)
    with ground.scope():
        return InboundMail.objects.select_related("entry").order_by("-id").first()


def received(follow_up: FollowUp) -> list[FollowUpEntry]:
    """The lines of history of mail that came in; inside the scope."""
    return list(follow_up.entries.filter(kind=FollowUpEntry.Kind.RECEIVED))
