"""Receives mail over SMTP and keeps each message as a file, with its envelope in front."""

import os
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from cxm.embedded.ports import LOOPBACK

SIZE_LIMIT = 25_000_000  # bytes, as large providers have it


class Receiver:
    """Takes whatever comes in, except from or for addresses it was told to refuse."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.connections = 0
        self.refusals: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def refuse(self, recipient: str, reply: str, *, times: int = 1_000_000) -> None:
        """From now on answers RCPT for this address with `reply`, such as "450 4.2.1 Try later", so many times."""
        self.refusals[recipient.lower()] = reply
        self._counts[recipient.lower()] = times

    def accept_all(self) -> None:
        self.refusals.clear()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        key = address.lower()
        if key in self.refusals and self._counts[key] > 0:
            self._counts[key] -= 1
            return self.refusals[key]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self.keep(content, sender=envelope.mail_from or "", recipients=envelope.rcpt_tos)
        return "250 OK: kept"

    def keep(self, content: bytes, *, sender: str, recipients: list[str]) -> Path:
        """Writes the message whole or not at all; names sort by the moment of arrival."""
        envelope = EmailMessage()
        envelope["Return-Path"] = f"<{sender}>"
        for recipient in recipients:
            envelope.add_header("Delivered-To", recipient)
        head = bytes(envelope).rstrip(b"\n") + b"\n"
        name = f"{time.time_ns()}-{os.urandom(4).hex()}"
        unfinished = self.directory / f"{name}.part"
        unfinished.write_bytes(head.replace(b"\n", b"\r\n") + content)
        return unfinished.rename(self.directory / f"{name}.eml")


class MailServer(Controller):
    """The SMTP server, in a thread of its own from `start()` to `stop()`."""

    def __init__(self, receiver: Receiver, *, port: int) -> None:
        super().__init__(
            receiver,
            hostname=LOOPBACK,
            port=port,
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            ident="CXM mailbox",
        )
        self.receiver = receiver
