"""Opening an upload as a table: the one door to all formats."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from .broken import FileRefused, RuleBroken
from .csv_reading import read_csv_rows
from .first_row import name_columns
from .formats import FileFormat
from .limits import LIMITS, Limits
from .table import Cell, Row, Table, is_empty
from .xlsx_reading import read_xlsx_rows

SAMPLE_ROWS = 200

Raw = tuple[int, list[Cell]]


@contextmanager
def open_table(path: Path, file_format: FileFormat, *, limits: Limits = LIMITS) -> Iterator[Table]:
    """The file as a Table whose rows stream while the context is open; memory for 200 rows at most.

    Raises FileRefused here when there is nothing to import or there are too many columns, and while
    walking the rows when the file is broken or longer than allowed. A row that alone is wrong comes with
    its `problem`.
    """
    raw = _read(path, file_format, limits)
    try:
        first = next(raw, None)
        if first is None:
            raise FileRefused("empty_file", "The file holds no rows.")
        header = first[1] if file_format.has_header else []
        sample = list(islice(raw, SAMPLE_ROWS))
        if not file_format.has_header:
            sample.insert(0, first)
        if not sample:
            raise FileRefused("no_rows", "The file has a header and no rows below it.")
        width = _width(header, sample)
        if width > limits.columns:
            raise FileRefused(
                "too_many_columns", f"The file has {width} columns; at most {limits.columns} can be read."
            )
        columns = name_columns(header, width=width)
        yield Table(columns=columns, rows=_shape(chain(sample, raw), columns, limits))
    finally:
        raw.close()


def read_sample(path: Path, file_format: FileFormat, *, limits: Limits = LIMITS) -> tuple[tuple[str, ...], list[Row]]:
    """The names of the columns and the first 200 rows."""
    with open_table(path, file_format, limits=limits) as table:
        return table.columns, list(islice(table.rows, SAMPLE_ROWS))


def _read(path: Path, file_format: FileFormat, limits: Limits) -> Generator[Raw]:
    if file_format.kind == "xlsx":
        return read_xlsx_rows(path, sheet=file_format.sheet, limits=limits)
    return read_csv_rows(path, encoding=file_format.encoding, separator=file_format.separator, limits=limits)


def _width(header: list[Cell], sample: list[Raw]) -> int:
    """How many columns there are: as many as have a name, and those without a name in which something stands.

    A sample row wider than the header does not count: there an unquoted separator has torn a cell in two.
    """
    used = max((_used(cells) for _, cells in sample), default=0)
    return max(_used(header), min(len(header), used)) if header else used


def _used(cells: list[Cell]) -> int:
    return next((index + 1 for index in reversed(range(len(cells))) if not is_empty(cells[index])), 0)


def _shape(raw: Iterator[Raw], columns: tuple[str, ...], limits: Limits) -> Iterator[Row]:
    """Rows of exactly the table's width. Cells missing at the end are empty; superfluous ones are a
    problem.
    """
    width = len(columns)
    for count, (number, cells) in enumerate(raw, start=1):
        if count > limits.rows:
            raise FileRefused(
                "too_many_rows",
                f"Only {limits.rows:,} rows can be imported at once. Split the file.",
                row=number,
            )
        problem = None
        if _used(cells) > width:
            problem = RuleBroken(
                "",
                "too_many_cells",
                f"This row has {_used(cells)} cells, but there are {width} columns. "
                "A cell that contains the separator must stand in quotation marks.",
            )
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) > limits.cell_characters:
                name = columns[index] if index < width else ""
                message = f"This cell has {len(cell):,} characters; at most {limits.cell_characters:,} can be read."
                problem = RuleBroken(name, "cell_too_long", message)
                cells[index] = cell[:200]  # what is kept to recognise the row by
        padded = tuple(cells[:width]) if len(cells) >= width else (*cells, *[""] * (width - len(cells)))
        yield Row(number, padded, problem)
