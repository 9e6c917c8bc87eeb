"""Mail that comes over SMTP, on the loopback address: for one machine, or behind a mail server of your own."""

import asyncio

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections

from alerts.correspondence.addresses import read_address
from alerts.correspondence.intake import SIZE_LIMIT, Answer, take_in

REPLIES = {
    Answer.STORED: "250 2.0.0 Taken",
    Answer.UNKNOWN: "550 5.1.1 Nobody is there any more",
    Answer.TOO_LARGE: "552 5.3.4 Too large",
    Answer.TOO_MANY: "452 4.2.2 Too many mails, come back later",
}
MOST_RECIPIENTS = 20


class Listener:
    """Takes mail for addresses that we gave out, and for no others."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if read_address(address) is None:
            return "550 5.1.1 No such address"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        answer = await asyncio.to_thread(_take_in, content, list(envelope.rcpt_tos), envelope.mail_from or "")
        return REPLIES[answer]


class MailListener(Controller):
    """The SMTP server, in a thread of its own from `start()` to `stop()`."""

    def __init__(self, *, hostname: str, port: int) -> None:
        super().__init__(
            Listener(),
            hostname=hostname,
            port=port,
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            ident="CXM",
        )


def _take_in(content: bytes, recipients: list[str], sender: str) -> Answer:
    close_old_connections()
    try:
        return take_in(content, recipients=recipients, sender=sender)
    finally:
        close_old_connections()
