"""Handing one mail to the SMTP server, so that it is known how far it came when the connection breaks.

Until the text of the mail has been sent, a broken connection means: certainly not delivered. Once it has, and no
answer came, the mail may have been taken. Survey mail is never repeated then, which `send_messages` cannot tell.
"""

import re
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from typing import Any, cast

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

ENOUGH = 300


class Outcome(StrEnum):
    TAKEN = "taken"
    PUT_OFF = "put_off"  # this mail, for now: greylisting, mailbox full
    REFUSED = "refused"  # this mail, for good
    NO_SUCH_MAILBOX = "no_such_mailbox"
    DISCONNECTED = "disconnected"  # before the text of the mail: it was not delivered
    UNKNOWN = "unknown"  # after it


@dataclass(frozen=True)
class HandedOver:
    outcome: Outcome
    error: str = ""

    @property
    def has_lost_connection(self) -> bool:
        return self.outcome in (Outcome.DISCONNECTED, Outcome.UNKNOWN)


def hand_over(connection: Any, mail: EmailMultiAlternatives) -> HandedOver:
    """Give the mail to an open connection of Django's; never raises what a mail server can cause."""
    if not isinstance(connection, EmailBackend):  # a backend that keeps mails here: in memory, on the console
        connection.send_messages([mail])
        return HandedOver(Outcome.TAKEN)
    return _converse(cast(smtplib.SMTP, connection.connection), mail)


def _converse(server: smtplib.SMTP, mail: EmailMultiAlternatives) -> HandedOver:
    data = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    try:
        server.ehlo_or_helo_if_needed()
        code, answer = server.mail(_bare(mail.from_email), _options(server, data))
        if code != 250:
            # What is wrong with our own address is wrong for all mails and ours to mend: nobody is given up for it.
            return _refuse(server, HandedOver(Outcome.PUT_OFF, _words(code, answer)), code)
        code, answer = server.rcpt(_bare(mail.to[0]))
        if code not in (250, 251):
            return _refuse(server, _about_recipient(code, answer), code)
        code, answer = server.docmd("data")
        if code != 354:
            return _refuse(server, _about_text(code, answer), code)
        # The line with the dot goes last: a text that could not be sent whole was not taken.
        server.send(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n")
    except (smtplib.SMTPException, OSError) as error:
        return HandedOver(Outcome.DISCONNECTED, _told(error))
    try:
        code, answer = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        return HandedOver(Outcome.UNKNOWN, _told(error))
    if code == 250:
        return HandedOver(Outcome.TAKEN)
    return _refuse(server, _about_text(code, answer), code)


def _options(server: smtplib.SMTP, data: bytes) -> list[str]:
    options = [f"SIZE={len(data)}"] if server.has_extn("size") else []
    return [*options, "BODY=8BITMIME"] if not data.isascii() and server.has_extn("8bitmime") else options


def _refuse(server: smtplib.SMTP, outcome: HandedOver, code: int) -> HandedOver:
    """Make the connection ready for the next mail; 421 means that the server hangs up."""
    if code == 421:
        return HandedOver(Outcome.DISCONNECTED, outcome.error)
    try:
        server.rset()
    except (smtplib.SMTPException, OSError):
        server.close()
    return outcome


def _about_recipient(code: int, answer: bytes) -> HandedOver:
    words = _words(code, answer)
    if code < 500:
        return HandedOver(Outcome.PUT_OFF, words)
    # Only the enhanced code says clearly that it is the mailbox that does not exist (RFC 3463).
    is_unknown = re.match(r"\d{3} 5\.1\.1\b", words) is not None
    return HandedOver(Outcome.NO_SUCH_MAILBOX if is_unknown else Outcome.REFUSED, words)


def _about_text(code: int, answer: bytes) -> HandedOver:
    return HandedOver(Outcome.PUT_OFF if code < 500 else Outcome.REFUSED, _words(code, answer))


def _words(code: int, answer: bytes) -> str:
    return " ".join(f"{code} {answer.decode('utf-8', 'replace')}".split())[:ENOUGH]


def _told(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:ENOUGH]


def _bare(address: str) -> str:
    return parseaddr(sanitize_address(address, "utf-8"))[1]
