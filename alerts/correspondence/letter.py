"""One mail, read: who wrote, what they said, what they quoted and what they sent along. Nothing in it is trusted.

Whether the sender is who they say is not checked here: SPF and DKIM are the business of whoever receives mail for us.
"""

import codecs
import email
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from email.utils import parseaddr

import charset_normalizer

from alerts.correspondence.files import File, files_of
from alerts.correspondence.folding import fold
from alerts.correspondence.plain_text import cleaned, one_line, text_of_html
from alerts.correspondence.threads import first_message_id

# A mail of a person is far below all of these.
MOST_NESTED = 40
MOST_PARTS = 300
LONGEST_HEADER = 2000
HEAD_BYTES = 250_000
TEXT_BYTES = 400_000
TEXT_CHARACTERS = 20_000
WANTED = {
    "auto-submitted",
    "content-type",
    "from",
    "list-id",
    "list-post",
    "list-unsubscribe",
    "message-id",
    "precedence",
    "return-path",
    "subject",
    "x-auto-response-suppress",
    "x-autorespond",
    "x-autoreply",
    "x-spam-flag",
}


class Unreadable(ValueError):
    """This cannot be a mail somebody wrote; the message says why, for people."""


@dataclass(frozen=True)
class Letter:
    """What a mail says. `headers` holds the wanted ones by lower-case name, the first of each."""

    headers: dict[str, str]
    from_address: str
    subject: str
    message_id: str
    text: str
    quoted: str = ""
    is_cut: bool = False
    files: list[File] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


class _Cautious(EmailPolicy):
    """The library takes a header apart in time that grows faster than its length: it sees the beginning."""

    def header_fetch_parse(self, name, value):
        return super().header_fetch_parse(name, value[:LONGEST_HEADER])


def read_letter(raw: bytes) -> Letter:
    """The mail with all its parts. Raises Unreadable; costs at most some seconds, whatever was sent."""
    message = _parsed(raw)
    headers = dict(_wanted(message))
    body = _body_of(message)
    text = _text_of(body) if body is not None else ""
    is_cut = len(text) > TEXT_CHARACTERS
    said, quoted = fold(text[:TEXT_CHARACTERS])
    files, left_out = files_of(message, body)
    return Letter(
        headers=headers,
        from_address=parseaddr(headers.get("from", ""))[1][:254],
        subject=headers.get("subject", "")[:500],
        message_id=first_message_id(headers.get("message-id", "")),
        text=said,
        quoted=quoted,
        is_cut=is_cut,
        files=files,
        left_out=left_out,
    )


def head_of(raw: bytes) -> dict[str, str]:
    """The wanted headers, without a look at what follows them."""
    head = re.split(rb"\r?\n\r?\n", raw[:HEAD_BYTES], maxsplit=1)[0]
    return dict(_wanted(_message(head + b"\r\n\r\n")))


def key_of(raw: bytes, headers: dict[str, str]) -> str:
    """What tells two deliveries of one mail: its Message-ID, or a hash of the whole where it has none."""
    return first_message_id(headers.get("message-id", "")) or f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _parsed(raw: bytes) -> EmailMessage:
    lowered = raw.lower()
    if lowered.count(b"multipart/") + lowered.count(b"message/rfc822") > MOST_NESTED:
        raise Unreadable("It is made of too many parts within one another.")
    if lowered.count(b"content-type:") > MOST_PARTS:
        raise Unreadable("It has too many parts.")
    message = _message(raw)
    if sum(1 for _ in message.walk()) > MOST_PARTS:
        raise Unreadable("It has too many parts.")
    return message


def _message(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, EmailMessage, policy=_Cautious())  # type: ignore[arg-type]


def _wanted(message: EmailMessage) -> Iterator[tuple[str, str]]:
    seen = set()
    for name, value in message.raw_items():
        key = name.lower()
        if key in WANTED and key not in seen and len(value) <= LONGEST_HEADER:
            seen.add(key)
            yield key, _decoded(str(value))


def _decoded(value: str) -> str:
    """A header's words, whatever was done to them; one line without control characters."""
    value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with suppress(HeaderParseError, LookupError, UnicodeError, ValueError):  # then as it stands
        value = str(make_header(decode_header(value)))
    return one_line(value)


def _body_of(message: EmailMessage) -> EmailMessage | None:
    """The part that says it: plain text where there is any, else HTML."""
    try:
        plain = message.get_body(preferencelist=("plain",))
        html = message.get_body(preferencelist=("html",))
    except (AttributeError, KeyError, LookupError, ValueError):  # a structure that is none
        return None
    if plain is not None and (html is None or _raw_text(plain).strip()):
        return plain  # type: ignore[return-value]
    return html or plain  # type: ignore[return-value]


def _text_of(part: MIMEPart) -> str:
    text = _raw_text(part)
    return cleaned(text_of_html(text) if part.get_content_type() == "text/html" else text)


def _raw_text(part: MIMEPart) -> str:
    """The part's text in whatever encoding it really has."""
    payload = part.get_payload(decode=True)
    payload = payload[:TEXT_BYTES] if isinstance(payload, bytes) else b""
    stated = part.get_content_charset() or "utf-8"
    for charset in (stated, "utf-8") if _is_seven_bit(stated) else ("utf-8", stated):
        try:
            return payload.decode(charset)
        except (LookupError, UnicodeError):
            continue
    best = charset_normalizer.from_bytes(payload[:20_000]).best()
    return payload.decode(best.encoding if best else "latin-1", errors="replace")


def _is_seven_bit(charset: str) -> bool:
    """Whether text of this charset is plain ASCII to whoever does not know it: only what the mail says can tell."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return False
    return name.startswith("iso2022") or name in ("hz", "utf-7")
