"""What is known about an uploaded file, kept with its job, so that no page has to read the file again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from .columns import ColumnFound, Guess, find_columns, guess_columns
from .fields import ColumnFormat, Field
from .formats import FileFormat
from .reading import open_table
from .table import Cell, Row
from .xlsx_reading import sheet_titles

# Enough rows to settle most orders of day and month; the check of the whole file settles the rest.
_ROWS_TO_LOOK_AT = 2_000
_ROWS_KEPT = 20
_CHARACTERS_KEPT = 1_000
_UNSTORABLE = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


@dataclass(frozen=True)
class FileFacts:
    """How the file is read, its columns and what they look like, its first 20 rows, and the guess for each field."""

    format: FileFormat
    columns: tuple[str, ...]
    found: tuple[ColumnFound, ...]
    sample: tuple[Row, ...]
    guesses: dict[str, Guess]
    sheets: tuple[str, ...] = ()  # of a workbook: what could be read instead

    def as_json(self) -> dict[str, Any]:
        return {
            "format": self.format.as_json(),
            "columns": list(self.columns),
            "found": [{**asdict(each), "examples": [storable(text) for text in each.examples]} for each in self.found],
            "sample": [[row.number, [storable(cell) for cell in row.cells]] for row in self.sample],
            "guesses": {name: asdict(guess) for name, guess in self.guesses.items()},
            "sheets": list(self.sheets),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "FileFacts":
        return cls(
            format=FileFormat.from_json(stored["format"]),
            columns=tuple(stored["columns"]),
            found=tuple(_column_found(each) for each in stored["found"]),
            sample=tuple(Row(number, tuple(cells)) for number, cells in stored["sample"]),
            guesses={name: Guess(**guess) for name, guess in stored["guesses"].items()},
            sheets=tuple(stored["sheets"]),
        )


def find_facts(path: Path, *, file_format: FileFormat, fields: Sequence[Field]) -> FileFacts:
    """The facts of the file read in this format. Raises FileRefused as reading does; looks at 2,000 rows at most."""
    with open_table(path, file_format) as table:
        rows = list(islice(table.rows, _ROWS_TO_LOOK_AT))
    return FileFacts(
        format=file_format,
        columns=table.columns,
        found=tuple(find_columns(table.columns, rows)),
        sample=tuple(rows[:_ROWS_KEPT]),
        guesses=guess_columns(fields, table.columns, rows),
        sheets=tuple(sheet_titles(path)) if file_format.kind == "xlsx" else (),
    )


def storable(cell: Cell, most: int = _CHARACTERS_KEPT) -> Cell:
    """The cell as PostgreSQL can keep it (no zero bytes, no halves of letters), cut to `most` characters."""
    return cell[:most].translate(_UNSTORABLE) if isinstance(cell, str) else cell


def _column_found(stored: dict[str, Any]) -> ColumnFound:
    return ColumnFound(**{**stored, "examples": tuple(stored["examples"]), "format": ColumnFormat(**stored["format"])})
