"""What a line of history says of a mail that came in, beside its words."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from alerts.models import Attachment, FollowUpEntry

FACTS = ("id", "entry_id", "file_name", "content_type", "size")


@dataclass(frozen=True)
class MailFacts:
    """`warning` says that somebody else wrote it, or that the mail was cut."""

    from_address: str
    quoted: str = ""
    warning: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def files_by_entry(entries: list[FollowUpEntry]) -> dict[UUID, list[dict[str, Any]]]:
    """The files of these lines, without their contents; one query, and none where nothing was sent along."""
    ids = [entry.pk for entry in entries if entry.details.get("files")]
    found: dict[UUID, list[dict[str, Any]]] = {}
    for each in Attachment.objects.filter(entry__in=ids).order_by("id").values(*FACTS) if ids else []:
        found.setdefault(each["entry_id"], []).append(each)
    return found


def mail_facts(entry: FollowUpEntry, files: list[dict[str, Any]]) -> MailFacts | None:
    if entry.kind != FollowUpEntry.Kind.RECEIVED:
        return None
    details, warnings = entry.details, []
    if details.get("is_other_sender") and details.get("from_address"):
        warnings.append(f"Sent from {details['from_address']}, which is not the customer's address on file.")
    if details.get("is_cut"):
        warnings.append("The mail was longer; only its beginning is kept.")
    return MailFacts(
        from_address=details.get("from_address", ""),
        quoted=details.get("quoted", ""),
        warning=" ".join(warnings),
        files=files,
        left_out=details.get("left_out", []),
    )
