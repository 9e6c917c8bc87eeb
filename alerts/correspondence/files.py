"""What a customer sent along: a few files of harmless kinds. They are kept and handed out, never opened or shown."""

import re
from dataclasses import dataclass
from email.message import EmailMessage

from alerts.correspondence.plain_text import one_line

# On a file that was left out at the door, since the mail was too large with it.
LEFT_OUT = "X-CXM-Left-Out"
MOST_FILES = 10
LARGEST_FILE = 5_000_000
NAME_CHARACTERS = 120
# By the type the mail states; the file itself is never looked into.
KINDS = {
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "text/csv": "csv",
    "text/plain": "txt",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
}
# Endings that a system may run, or a browser show as a page, whatever the mail says of the type.
UNSAFE = re.compile(
    r"\.(apk|app|bat|cmd|com|cpl|dll|exe|hta|html?|jar|jse?|lnk|mjs|msi|ps1|py|scr|sh|svg|vbe?|ws[fh]|xht(ml)?|xml)$",
    re.I,
)


@dataclass(frozen=True)
class File:
    """One file as it came."""

    name: str
    content_type: str
    data: bytes


def files_of(message: EmailMessage, body: EmailMessage | None) -> tuple[list[File], list[str]]:
    """(the files within the limits, the names of the others each with its reason)."""
    files: list[File] = []
    left_out: list[str] = []
    for part in message.walk():
        if part is body or part.is_multipart() or not _is_file(part):
            continue
        kind = part.get_content_type()
        name = _name_of(part, kind)
        data = part.get_payload(decode=True)
        why = (
            "too large"
            if part[LEFT_OUT]
            else _refusal(name, kind, data if isinstance(data, bytes) else b"", len(files))
        )
        if why:
            left_out.append(f"{name} ({why})")
        elif isinstance(data, bytes) and data:
            files.append(File(name, kind, data))
    return files, left_out[:MOST_FILES]


def without_large_files(message: EmailMessage, limit: int) -> bytes:
    """The mail with its largest files emptied, so that it is within the limit; their names stay."""
    files = [part for part in message.walk() if not part.is_multipart() and _is_file(part)]
    size = len(message.as_bytes())
    for part in sorted(files, key=lambda part: len(str(part.get_payload())), reverse=True):
        if size <= limit:
            break
        size -= len(str(part.get_payload()))
        part.set_payload("")
        del part[LEFT_OUT]
        part[LEFT_OUT] = "yes"
    # Words beyond all measure: their beginning is read anyway.
    return message.as_bytes()[:limit]


def _is_file(part: EmailMessage) -> bool:
    return bool(_stated_name(part)) or part.is_attachment() or part.get_content_maintype() not in ("text", "multipart")


def _refusal(name: str, kind: str, data: bytes, count: int) -> str:
    if kind not in KINDS or UNSAFE.search(name):
        return "a kind that is not kept"
    if len(data) > LARGEST_FILE:
        return "too large"
    return "too many files" if count >= MOST_FILES else ""


def _name_of(part: EmailMessage, kind: str) -> str:
    """A name without a path; its own end where it is long."""
    name = one_line(_stated_name(part)).replace("\\", "/").rpartition("/")[2].strip(". ")
    name = re.sub(r'[<>:"|?*]', "_", name)
    if len(name) > NAME_CHARACTERS:
        stem, dot, end = name.rpartition(".")
        name = f"{stem[: NAME_CHARACTERS - 12]}{dot}{end[:10]}" if dot else name[:NAME_CHARACTERS]
    return name or f"file.{KINDS.get(kind, 'bin')}"


def _stated_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (LookupError, UnicodeError, ValueError, TypeError):
        return ""
