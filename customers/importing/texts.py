"""Texts as they are stored: one form for the same letters, nothing invisible that changes what is read.

Cleaned away silently, because people cannot see them and never typed them: byte order marks, zero-width
spaces, and the signs that turn or embed writing directions (with them "exe.txt" can be shown as
"txt.exe"). Refused, because the cell is then not what it seems: control characters. Kept: the joiners and
the plain direction marks, which Persian, Arabic and emoji need.
"""

import re
import unicodedata

from .broken import RuleBroken
from .table import Cell, cell_text

_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What a spreadsheet shows when a formula has failed; in CSV it arrives as text.
_FORMULA_ERRORS = {"#N/A", "#NV", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"}


def clean_text(cell: Cell, *, column: str, max_length: int, is_multiline: bool = False) -> str:
    """The text in NFC, without space around it, line breaks as "\\n" (as a space when `is_multiline` is
    False).

    Raises RuleBroken: control_character, formula_error, too_long.
    """
    text = cell_text(cell)
    is_plain = text.isascii() and text.isprintable()  # most cells are, and need no looking for odd letters
    if not is_plain:
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_BREAK.sub("\n", text)))
    text = text.strip() if is_multiline else " ".join(text.split())
    if not is_plain and (found := _CONTROL.search(text)):
        raise RuleBroken(
            column,
            "control_character",
            f"Character {found.start() + 1} of this text is a control character (U+{ord(found[0]):04X}). "
            "The file may have been read in the wrong encoding.",
        )
    if text in _FORMULA_ERRORS:
        raise RuleBroken(column, "formula_error", f"The formula in this cell has failed ({text}).")
    if len(text) > max_length:
        raise RuleBroken(
            column, "too_long", f"This text has {len(text):,} characters; at most {max_length:,} fit here."
        )
    return text


def plain_text(cell: Cell) -> str:
    """The text for reading a number, a date or an address out of it: compatibility forms made plain
    (full-width letters, no-break spaces), digits of any script as 0-9, invisible signs and space around
    it gone.
    """
    text = cell_text(cell)
    if text.isascii():
        return text.strip()
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).strip()
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def folded(text: str) -> str:
    """What is left of a text to compare names by: letters and digits, without accents, in lower case."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


def tidy_name(text: str, *, max_length: int = 100) -> str:
    """A name that a file or a column bears, to show to people: one line, nothing invisible, cut to `max_length`."""
    # Categories C*: control characters, direction marks, unassigned; line breaks count as spaces.
    visible = "".join(
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", text)
        if letter.isspace() or not unicodedata.category(letter).startswith("C")
    )
    return " ".join(visible.split())[:max_length]
