"""Streaming rows out of an Excel workbook (.xlsx, .xlsm)."""

import datetime
import re
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring

from .broken import FileRefused
from .limits import LIMITS, Limits
from .table import Cell

_ROWS_OF_A_SHEET = 1_048_576
# How far to look for the first row that holds something, before a sheet counts as empty.
_ROWS_TO_LOOK_AT = 1_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def check_archive(path: Path, *, limits: Limits = LIMITS) -> None:
    """Raises FileRefused unless the ZIP archive is a workbook that unpacks to a bounded size.

    The sizes are those the archive declares; the unpacker never returns more than it declares.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _damaged() from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise FileRefused("not_a_table", _what_else(names))
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("not_a_table", "This workbook has a password. Save it without one.")
    in_memory = [part for part in parts if not part.filename.startswith("xl/worksheets/")]
    if (
        sum(part.file_size for part in parts) > limits.unpacked_bytes
        or max(part.file_size for part in in_memory) > limits.unpacked_part_bytes
    ):
        raise FileRefused(
            "unpacks_too_large",
            "This workbook unpacks to more than can be read. Save the sheet as CSV instead.",
        )


def sheet_titles(path: Path) -> list[str]:
    """The titles of the visible sheets, of all when none is visible, in their order. Reads no cells."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = fromstring(archive.read("xl/workbook.xml"))
    except Exception as error:  # whatever the archive or the XML in it comes up with
        raise _damaged() from error
    sheets = root.findall("{*}sheets/{*}sheet")
    visible = [sheet for sheet in sheets if sheet.get("state", "visible") == "visible"]
    return [sheet.get("name", "") for sheet in visible or sheets]


def find_sheet(path: Path) -> str:
    """The title of the first visible sheet that holds something, else of the first visible one."""
    titles = sheet_titles(path)
    if not titles:
        raise FileRefused("empty_file", "This workbook has no sheet.")
    if len(titles) > 1:
        with _open_workbook(path) as workbook:
            for sheet in workbook.worksheets:
                beginning = islice(_walk(sheet, columns=100), _ROWS_TO_LOOK_AT)
                if sheet.title in titles and any(_holds_something(row) for _, row in beginning):
                    return str(sheet.title)
    return titles[0]


def read_xlsx_rows(path: Path, *, sheet: str, limits: Limits = LIMITS) -> Generator[tuple[int, list[Cell]]]:
    """Every row of the sheet that holds something, with its number, header included.

    Formulas give the value they had when the workbook was saved. Memory: one row, and the workbook's
    shared texts. Raises FileRefused when the workbook is damaged.
    """
    with _open_workbook(path) as workbook:
        if sheet not in [each.title for each in workbook.worksheets]:
            raise FileRefused("no_such_sheet", f"The workbook has no sheet “{sheet}”.")
        # One column more than allowed: a file that uses it has too many.
        for number, values in _walk(workbook[sheet], columns=limits.columns + 1):
            if _holds_something(values):
                yield number, [_plain(value) for value in values]


@contextmanager
def _open_workbook(path: Path) -> Iterator[Any]:
    # Imported here: workbooks are few, and the library would cost every web process 12 MB.
    from openpyxl import DEFUSEDXML, load_workbook

    if not DEFUSEDXML:
        raise RuntimeError("openpyxl must find defusedxml: uploads are not to be trusted")
    with path.open("rb") as file:  # as a file, since of a path the library wants to see the right suffix
        try:
            workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:
            # The library answers a damaged workbook with whatever exception comes first.
            raise _damaged() from error
        yield workbook


def _walk(sheet: Any, *, columns: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # what a sheet says about its own size is often wrong
    rows = sheet.iter_rows(max_col=columns, values_only=True)
    number = 0
    while number < _ROWS_OF_A_SHEET:
        try:
            values = next(rows, None)
        except Exception as error:
            raise _damaged(row=number + 1) from error
        if values is None:
            return
        number += 1
        yield number, values


def _holds_something(values: tuple[Any, ...]) -> bool:
    return any(value is not None and value != "" for value in values)


def _plain(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        # Characters that XML cannot hold are written as _x000D_.
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time.min
        return value.date().isoformat() if is_day else value.isoformat(" ", timespec="seconds")
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _what_else(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "This is a binary Excel workbook (.xlsb). Save it as .xlsx or CSV."
    if "content.xml" in names:
        return "This is an OpenDocument file (.ods). Save it as .xlsx or CSV."
    if "word/document.xml" in names:
        return "This is a text document (.docx), not a table. Export the data as CSV or .xlsx."
    return "This is a compressed file (.zip). Unpack it and upload the table in it."


def _damaged(row: int | None = None) -> FileRefused:
    return FileRefused(
        "damaged_workbook",
        "The workbook is damaged. Open it in a spreadsheet program and save it again.",
        row=row,
    )
