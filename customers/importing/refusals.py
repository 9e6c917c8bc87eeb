"""Refused rows as a CSV file that can be corrected and uploaded again."""

import csv
import io

from customers.models import ImportJob

from .table import cell_text

# A spreadsheet program takes a cell that begins with one of these for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def refusals_csv(job: ImportJob, *, columns: tuple[str, ...]) -> bytes:
    """Row, column, rule and message of every refused row, then its cells as they came; UTF-8 with a byte order
    mark, which spreadsheet programs need to see the encoding. Memory: at most the size of the upload.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(map(escaped, ("Row", "Column", "Rule", "What is wrong", *columns)))
    refusals = job.refusals.order_by("row_number")
    for refusal in refusals.iterator(chunk_size=1_000):
        cells = [cell_text(cell) for cell in refusal.cells]
        writer.writerow([refusal.row_number, *map(escaped, (refusal.column, refusal.rule, refusal.message, *cells))])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def escaped(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet program would run it as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
