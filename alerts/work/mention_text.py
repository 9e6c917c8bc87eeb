"""Names after an @ in a text. Pure."""

import re
from collections.abc import Iterable


def names_in(text: str, names: Iterable[str]) -> set[str]:
    """Which of these names (in small letters) are mentioned; of two that begin alike the longer one."""
    pattern = _pattern(names)
    return {found.group(1).casefold() for found in pattern.finditer(text)} if pattern else set()


def in_parts(text: str, names: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in order, cut where a name is mentioned: (part, whether it is a mention). Escapes nothing."""
    pattern = _pattern(names)
    if pattern is None:
        return [(text, False)] if text else []
    found, end = [], 0
    for match in pattern.finditer(text):
        found += [(text[end : match.start()], False), (match.group(), True)]
        end = match.end()
    return [part for part in [*found, (text[end:], False)] if part[0]]


def _pattern(names: Iterable[str]) -> re.Pattern | None:
    longest_first = sorted({name for name in names if name}, key=len, reverse=True)
    if not longest_first:
        return None
    # Not in the middle of a word or an address (ana@northwind), nor before more of a word.
    return re.compile(r"(?<![\w@.])@(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)
