"""Numbers with a decimal point or a decimal comma."""

import re
from collections.abc import Iterable
from decimal import Decimal

from .broken import RuleBroken
from .fields import DecimalMark
from .table import Cell, cell_text, is_empty
from .texts import plain_text

# Thousands are grouped by the other mark, by space (all no-break spaces are plain ones here) or by an
# apostrophe.
_POINT = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:([, '’])\d{3})(?:\1\d{3})*)?(?:(?<=\d)\.|\.\d+|(?<=\d))")
_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:([. '’])\d{3})(?:\1\d{3})*)?(?:(?<=\d),|,\d+|(?<=\d))")
_EXPONENT = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,2}")
_MOST_DIGITS = 30


def find_decimal_mark(cells: Iterable[Cell]) -> DecimalMark | None:
    """The decimal mark of a column, from all cells that show it; None when none does, or when they
    disagree.
    """
    found: set[DecimalMark] = set()
    for cell in cells:
        if isinstance(cell, str) and not is_empty(cell):
            point, comma = _readings(plain_text(cell))
            if point is None and comma is not None:
                found.add("comma")
            elif comma is None and point is not None:
                found.add("point")
    return found.pop() if len(found) == 1 else None


def has_ambiguous_number(cells: Iterable[Cell]) -> bool:
    """Whether some cell means one number with a decimal point and another with a decimal comma ("1,234")."""
    for cell in cells:
        if isinstance(cell, str):
            point, comma = _readings(plain_text(cell))
            if point is not None and comma is not None and point != comma:
                return True
    return False


def parse_decimal(cell: Cell, *, column: str, mark: DecimalMark | None) -> Decimal:
    """The number in the cell. Raises RuleBroken: not_a_number, ambiguous_number (when `mark` is not
    known).
    """
    if not isinstance(cell, str):
        return Decimal(cell_text(cell))
    text = plain_text(cell)
    if sum(letter.isdigit() for letter in text) > _MOST_DIGITS:
        raise RuleBroken(column, "not_a_number", f"“{text[:60]}” has too many digits.")
    point, comma = _readings(text)
    value = {"point": point, "comma": comma, None: point if comma is None else comma}[mark]
    if mark is None and point is not None and comma is not None and point != comma:
        raise RuleBroken(
            column,
            "ambiguous_number",
            f"“{text}” may be {point:,f} or {comma:f}: choose the decimal mark of this column.",
        )
    if value is None:
        raise RuleBroken(column, "not_a_number", f"“{text[:60]}” is not a number.")
    return value


def parse_integer(cell: Cell, *, column: str, mark: DecimalMark | None) -> int:
    """The whole number in the cell ("7.0" is one). Raises RuleBroken as parse_decimal does, and not_whole."""
    value = parse_decimal(cell, column=column, mark=mark)
    if value != value.to_integral_value():
        raise RuleBroken(column, "not_whole", f"“{cell_text(cell)[:60]}” is not a whole number.")
    return int(value)


def _readings(text: str) -> tuple[Decimal | None, Decimal | None]:
    """What the text means with a decimal point, and what with a decimal comma."""
    text = text.replace("\u2212", "-").replace("’", "'")
    if _EXPONENT.fullmatch(text):
        return Decimal(text), Decimal(text) if "." not in text else None
    point = Decimal(re.sub("[, ']", "", text)) if _POINT.fullmatch(text) else None
    comma = Decimal(re.sub("[. ']", "", text).replace(",", ".")) if _COMMA.fullmatch(text) else None
    return point, comma
