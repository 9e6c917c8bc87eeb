"""CSV files for spreadsheet programs."""

import csv
import io
from collections.abc import Iterable
from typing import Any

# A spreadsheet program takes a cell that begins with one of these for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Spreadsheet programs need the byte order mark to see that the file is UTF-8.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def csv_lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """`rows` as lines of a CSV file in UTF-8; text that would run as a formula gets an apostrophe before it."""
    text = io.StringIO()
    csv.writer(text).writerows([escaped(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def escaped(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
