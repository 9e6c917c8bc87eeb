"""Streaming rows out of a text file with any separator."""

import csv
from collections.abc import Generator
from pathlib import Path
from typing import TextIO

from .broken import FileRefused
from .limits import LIMITS, Limits
from .table import Cell

# A first line "sep=;" tells spreadsheet programs the separator; it is not data.
SEPARATOR_LINE = "sep="


def read_csv_rows(
    path: Path, *, encoding: str, separator: str, limits: Limits = LIMITS
) -> Generator[tuple[int, list[Cell]]]:
    """Every row that holds something, with its number (see `table.Row`), header included, as long as it
    is in the file.

    Quotes are `"`, doubled inside a quoted cell; a quoted cell may span lines. Memory: one row. Raises
    FileRefused at the row where the bytes stop being text in `encoding`, or where a quotation mark is
    never closed.
    """
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file, limits)
        reader = csv.reader(lines, delimiter=separator, quotechar='"', skipinitialspace=True)
        number = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError:
                raise _wrong_encoding(encoding, number + 1)
            except csv.Error:
                # The only error left to a reader that is not strict: a cell beyond csv.field_size_limit().
                raise _open_quote(number + 1)
            number += 1
            if lines.are_exhausted:
                # A row that ends normally does not make the reader ask for one more line.
                raise _open_quote(number)
            if number == 1 and cells and cells[0].lower().startswith(SEPARATOR_LINE):
                continue
            if any(cell.strip() for cell in cells):
                yield number, list(cells)


class _Lines:
    """The lines of the file, line ends kept as they are; a line longer than any allowed row is an error."""

    def __init__(self, file: TextIO, limits: Limits) -> None:
        self._file = file
        self._longest = limits.columns * limits.cell_characters
        self._count = 0
        self.are_exhausted = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._longest + 1)
        if not line:
            self.are_exhausted = True
            raise StopIteration
        self._count += 1
        if len(line) > self._longest:
            raise FileRefused(
                "line_too_long", f"Line {self._count} is longer than any row may be. Is this really a table?"
            )
        return line


def _wrong_encoding(encoding: str, row: int) -> FileRefused:
    return FileRefused(
        "wrong_encoding",
        f"There are letters here that are not text in the encoding {encoding}. Choose another encoding, "
        "or save the file as “CSV UTF-8”.",
        row=row,
    )


def _open_quote(row: int) -> FileRefused:
    return FileRefused(
        "open_quote",
        'A quotation mark (") is opened in this row and never closed again in the file.',
        row=row,
    )
