"""The kept messages: read from their files, newest first, without ever asking anybody outside."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any

NAME = re.compile(r"^\d{10,20}-[0-9a-f]{8}$")


@dataclass(frozen=True)
class Message:
    """One mail as received."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.stem

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.id.partition("-")[0]) / 1e9, tz=UTC)

    @cached_property
    def raw(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def parsed(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def recipients(self) -> list[str]:
        """The addresses of the envelope: where it was delivered, whatever the To header says."""
        return [str(value) for value in self.parsed.get_all("Delivered-To", [])]

    @property
    def subject(self) -> str:
        return str(self.parsed.get("Subject", "")) or "(no subject)"

    @property
    def sender(self) -> str:
        return str(self.parsed.get("From", ""))

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.parsed.items()]

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def attachments(self) -> list[EmailMessage]:
        return [part for part in self.parsed.iter_attachments() if isinstance(part, EmailMessage)]

    def as_dict(self, *, whole: bool = False) -> dict[str, Any]:
        """What the JSON pages say of it; `whole` adds headers and bodies."""
        facts: dict[str, Any] = {
            "id": self.id,
            "received_at": self.received_at.isoformat(),
            "from": self.sender,
            "to": self.recipients,
            "subject": self.subject,
        }
        if whole:
            facts |= {"headers": self.headers, "text": self.text, "html": self.html}
            facts["attachments"] = [part.get_filename() or part.get_content_type() for part in self.attachments]
        return facts

    def _body(self, kind: str) -> str:
        part = self.parsed.get_body(preferencelist=(kind,))
        if part is None:
            return ""
        try:
            return str(part.get_content())
        except (LookupError, ValueError):  # an unknown charset is still a mail somebody wants to look at
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", errors="replace") if isinstance(payload, bytes) else ""


class Messages:
    """All messages of one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __iter__(self) -> Iterator[Message]:
        """Newest first."""
        paths = [path for path in self.directory.glob("*.eml") if NAME.match(path.stem)]
        return map(Message, sorted(paths, key=lambda path: path.name, reverse=True))

    def to(self, wanted: str) -> Iterator[Message]:
        """Those with the text in one of their recipients' addresses, newest first."""
        wanted = wanted.strip().lower()
        return (message for message in self if any(wanted in recipient.lower() for recipient in message.recipients))

    def get(self, id: str) -> Message | None:
        path = self.directory / f"{id}.eml"
        return Message(path) if NAME.match(id) and path.exists() else None

    def delete_all(self) -> None:
        for message in self:
            message.path.unlink(missing_ok=True)
