"""What every file becomes, whatever its format: names for the columns, and a stream of rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .broken import RuleBroken

# Texts, or the numbers a spreadsheet keeps as numbers ("1.234" as text is ambiguous, 1.234 as a number is
# not). Dates of a spreadsheet arrive as ISO texts, which are not ambiguous either.
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: as many cells as there are columns.

    `number` is the one a spreadsheet program shows beside the row: the header is usually row 1, empty
    rows count, a quoted line break does not. With `problem` the row as a whole cannot be imported; the
    cells are what could be read.
    """

    number: int
    cells: tuple[Cell, ...]
    problem: RuleBroken | None = None


@dataclass
class Table:
    """An open file. `rows` can be walked once."""

    columns: tuple[str, ...]
    rows: Iterator[Row] = field(repr=False)


def cell_text(cell: Cell) -> str:
    """The cell as a person would type it: whole numbers without a point, at most 15 digits, else
    unchanged.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return str(cell)
    # A spreadsheet computes with 15 digits; the 17 of repr() would show 0.1 + 0.2 as 0.30000000000000004.
    return format(cell, ".15g")


def is_empty(cell: Cell) -> bool:
    """Whether nothing but space stands in the cell."""
    return isinstance(cell, str) and not cell.strip()
