"""Answering from the mailbox as the customer's mail program would: to the reply address, in the thread, quoting."""

import smtplib
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

from cxm.embedded.mailbox.messages import Message
from cxm.embedded.ports import LOOPBACK


def answer_address(message: Message) -> str:
    """Where an answer goes; empty where the mail names no address for it."""
    return parseaddr(str(message.parsed.get("Reply-To", "")))[1]


def answer(message: Message, text: str, *, port: int) -> None:
    """Hand the answer in over SMTP. Raises OSError or smtplib.SMTPException when nobody takes it."""
    mail = EmailMessage()
    mail["From"] = message.recipients[0] if message.recipients else "somebody@example.com"
    mail["To"] = answer_address(message)
    mail["Subject"] = message.subject if message.subject.lower().startswith("re:") else f"Re: {message.subject}"
    mail["Message-ID"] = make_msgid(domain="mailbox.localhost")
    if answered := str(message.parsed.get("Message-ID", "")):
        mail["In-Reply-To"] = answered
        mail["References"] = f"{message.parsed.get('References', '')} {answered}".strip()
    quoted = "\n".join(f"> {line}" for line in message.text.splitlines())
    mail.set_content(f"{text}\n\nOn {message.received_at:%a, %d %b %Y at %H:%M}, {message.sender} wrote:\n{quoted}\n")
    with smtplib.SMTP(LOOPBACK, port, timeout=10) as server:
        server.send_message(mail)
