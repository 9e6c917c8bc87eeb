"""Streaming rows out of an Excel workbook (.xlsx, .xlsm)."""

import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from .broken import FileRefused
from .limits import LIMITS, Limits
from .table import Cell
from .xlsx_cells import SheetRows
from .xlsx_workbook import Workbook, parse_xml


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
    with _open_workbook(path) as workbook:
        return workbook.titles


def find_sheet(path: Path) -> str:
    """The title of the first visible sheet that holds something, else of the first visible one."""
    titles = sheet_titles(path)
    if not titles:
        raise FileRefused("empty_file", "This workbook has no sheet with cells.")
    for title in titles if len(titles) > 1 else ():
        rows = read_xlsx_rows(path, sheet=title)
        if next(rows, None):
            return title
    return titles[0]


def read_xlsx_rows(path: Path, *, sheet: str, limits: Limits = LIMITS) -> Generator[tuple[int, list[Cell]]]:
    """Every row of the sheet that holds something, with its number, header included.

    Formulas give the value they had when the workbook was saved. Memory: one row, and the workbook's shared texts.
    Raises FileRefused when the workbook is damaged.
    """
    with _open_workbook(path) as workbook:
        if sheet not in workbook.titles:
            raise FileRefused("no_such_sheet", f"The workbook has no sheet “{sheet}”.")
        reader = SheetRows(
            shared_texts=workbook.shared_texts(),
            date_styles=workbook.date_styles(),
            counts_from_1904=workbook.counts_from_1904,
            columns=limits.columns,  # one more is read, so that a file that uses it is seen to have too many
            characters=limits.cell_characters,
        )
        with workbook.open_sheet(sheet) as part:
            for _ in parse_xml(part, reader.start, reader.end, reader.text):
                yield from (row for row in reader.rows if _holds_something(row[1]))
                reader.rows.clear()


@contextmanager
def _open_workbook(path: Path) -> Iterator[Workbook]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield Workbook(archive)
    except (ExpatError, ParseError, DefusedXmlException, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged() from error
    except (ArithmeticError, EOFError, LookupError, RuntimeError, ValueError) as error:
        # What a workbook that breaks the rules of its format comes up with: numbers that are none, parts that are
        # not there.
        raise _damaged() from error


def _holds_something(cells: list[Cell]) -> bool:
    return any(cell != "" for cell in cells)


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
