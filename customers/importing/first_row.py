"""Whether the first row names the columns, and the names it gives."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from .table import Cell, cell_text, is_empty
from .texts import tidy_name

_IS_DATA = re.compile(
    r"\s*(?:[^\s@]+@[^\s@]+\.[^\s@]+"  # an e-mail address
    r"|[-+]?\d+(?:[.,]\d+)?"  # a number
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?)\s*$"  # a date
)


def is_header(rows: Iterable[tuple[int, list[Cell]]]) -> bool:
    """Whether the first of `rows` is a header: no cell of it looks like the e-mails, numbers or dates
    below it.
    """
    first, *others = [cells for _, cells in islice(rows, 20)] or [[]]
    for index, cell in enumerate(first):
        if not _looks_like_data(cell):
            continue
        below = [cells[index] for cells in others if index < len(cells) and not is_empty(cells[index])]
        if not below or sum(map(_looks_like_data, below)) > len(below) / 2:
            return False
    return True


def name_columns(header: Sequence[Cell], *, width: int) -> tuple[str, ...]:
    """A name for each of `width` columns: what the header says, "Column 3" where it says nothing, "Name
    (2)" where it says the same again. Names are distinct and at most 100 characters long.
    """
    names: list[str] = []
    for index in range(width):
        said = cell_text(header[index]) if index < len(header) else ""
        name = base = tidy_name(said) or f"Column {index + 1}"
        repetition = 1
        while name in names:
            repetition += 1
            name = f"{base} ({repetition})"
        names.append(name)
    return tuple(names)


def _looks_like_data(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(_IS_DATA.match(cell))
