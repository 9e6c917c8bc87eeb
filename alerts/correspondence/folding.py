"""What somebody wrote now, apart from the mails below it that they quote."""

import re

from mailparser_reply import EmailReplyParser

LANGUAGES = ["en", "de", "cs", "da", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]
# Nobody writes that much above a quotation; and what the library takes grows with the square of it.
SEARCHED_CHARACTERS = 8000
LINE_CHARACTERS = 200


def fold(text: str) -> tuple[str, str]:
    """(what was said, what was quoted). Where nothing would be left that was said, all of it was."""
    lines = text.split("\n")
    cuts = [cut for cut in (_cut_by_header(lines), _cut_by_marks(lines)) if cut is not None]
    if not cuts:
        return text, ""
    said = "\n".join(lines[: min(cuts)]).strip()
    return (said, "\n".join(lines[min(cuts) :]).strip()) if said else (text, "")


def _cut_by_header(lines: list[str]) -> int | None:
    """The line at which a mail program began to quote: "On Tuesday ... wrote:", "From: ... Sent: ..."."""
    probe = [line.strip()[:LINE_CHARACTERS] for line in lines]
    replies = EmailReplyParser(languages=LANGUAGES).read("\n".join(probe)[:SEARCHED_CHARACTERS]).replies
    header = next((reply.headers for reply in replies if reply.headers), None)
    if not header:
        return None
    first = header.strip().split("\n", 1)[0].strip()
    return next((number for number, line in enumerate(probe) if line and line == first), None)


def _cut_by_marks(lines: list[str]) -> int | None:
    """The quotation with > at the end, in any language, with the line that announces it."""
    cut = len(lines)
    while cut and (not lines[cut - 1].strip() or lines[cut - 1].lstrip().startswith(">")):
        cut -= 1
    if not any(line.lstrip().startswith(">") for line in lines[cut:]):
        return None
    if cut and re.search(r"[:：]\W*$", lines[cut - 1]):
        cut -= 1
        # "<care@northwind.example> wrote:", left over from a line that was too long.
        cut -= 1 if cut and lines[cut].lstrip().startswith("<") and lines[cut - 1].strip() else 0
    return cut
