"""What the values of a column look like, whatever the column is called."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from .broken import RuleBroken
from .dates import parse_date
from .numbers import parse_decimal
from .table import Cell, is_empty
from .texts import plain_text

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class ColumnShape:
    """Shares from 0 to 1 of the cells that are not empty; `values` are the numbers among them."""

    filled: int
    emails: float
    dates: float
    numbers: float
    values: tuple[Decimal, ...]


def shape_of(cells: Iterable[Cell]) -> ColumnShape:
    """The shape of one column's cells."""
    filled = [cell for cell in cells if not is_empty(cell)]
    count = len(filled) or 1
    values = tuple(value for value in map(_number, filled) if value is not None)
    return ColumnShape(
        filled=len(filled),
        emails=sum(bool(_EMAIL.fullmatch(plain_text(cell))) for cell in filled) / count,
        dates=sum(map(_is_date, filled)) / count,
        numbers=len(values) / count,
        values=values,
    )


def _number(cell: Cell) -> Decimal | None:
    try:
        return parse_decimal(cell, column="", mark=None)
    except RuleBroken as broken:
        return Decimal("0.5") if broken.rule == "ambiguous_number" else None


def _is_date(cell: Cell) -> bool:
    # A bare number may be a day of a spreadsheet's calendar, but hardly ever is.
    if not isinstance(cell, str) or plain_text(cell).isdigit():
        return False
    try:
        parse_date(cell, column="", order=None, zone=_UTC)
    except RuleBroken as broken:
        return broken.rule in ("ambiguous_date", "two_digit_year")
    return True
