"""Whether a person wrote a mail, or a machine that would go on answering machines.

What RFC 3834 says, and what mail programs do beside it.
"""

from collections.abc import Iterable

from alerts.correspondence.addresses import is_ours
from alerts.correspondence.letter import Letter

MACHINES = {"mailer-daemon", "postmaster", "bounce", "bounces"}


def why_automatic(letter: Letter, *, ours: Iterable[str]) -> str:
    """Why this was not written by a person, in words; empty when it was. `ours` are addresses that we send from."""
    headers, sender = letter.headers, letter.from_address.lower()
    kind = headers.get("content-type", "").lower()
    if headers.get("return-path", "").strip() == "<>" or kind.startswith("multipart/report"):
        return "A report of a mail server: nobody wrote it."
    if sender.partition("@")[0] in MACHINES:
        return "A report of a mail server: nobody wrote it."
    if headers.get("auto-submitted", "no").partition(";")[0].strip().lower() != "no":
        return "An automatic answer, such as out of office."
    if {"x-autoreply", "x-autorespond"} & headers.keys() or _suppresses(headers):
        return "An automatic answer, such as out of office."
    if headers.get("precedence", "").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return "An automatic answer or a bulk mail."
    if {"list-id", "list-post", "list-unsubscribe"} & headers.keys():
        return "It came through a mailing list."
    if is_ours(sender) or sender in {each.lower() for each in ours if each}:
        return "It came from our own address: taking it could go round in a circle."
    if headers.get("x-spam-flag", "").strip().lower() == "yes":
        return "Your mail provider takes it for spam."
    return ""


def _suppresses(headers: dict[str, str]) -> bool:
    """Exchange marks its out-of-office notes so that nobody answers them."""
    return "all" in [each.strip().lower() for each in headers.get("x-auto-response-suppress", "").split(",")]
