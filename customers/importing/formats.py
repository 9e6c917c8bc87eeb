"""How an upload has to be read: found once, shown to the person, corrected if wrong, and kept with the
job.
"""

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .broken import FileRefused
from .csv_reading import read_csv_rows
from .encodings import find_encoding
from .first_row import is_header
from .limits import LIMITS, Limits
from .separators import find_separator
from .xlsx_reading import check_archive, find_sheet, read_xlsx_rows

# What a file that is no table begins with, and what to do about it.
_SIGNATURES: list[tuple[bytes, str]] = [
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "This is an old Excel workbook (.xls) or one with a password. Save it as .xlsx or CSV, without one.",
    ),
    (b"%PDF", "This is a PDF. Tables in a PDF cannot be read: export the data as CSV or .xlsx."),
    (b"\x89PNG", "This is a picture."),
    (b"\xff\xd8\xff", "This is a picture."),
    (b"GIF8", "This is a picture."),
    (b"{\\rtf", "This is a text document (.rtf). Export the data as CSV or .xlsx."),
    (b"\x1f\x8b", "This is a compressed file (.gz). Unpack it first."),
    (b"7z\xbc\xaf", "This is a compressed file (.7z). Unpack it first."),
    (b"Rar!", "This is a compressed file (.rar). Unpack it first."),
    (b"SQLite format 3", "This is a database file. Export the table as CSV."),
    (b"PAR1", "This is a Parquet file. Export the table as CSV."),
]
_MARKUP = re.compile(rb"<(!doctype|!--|\?xml|html|head|table)|[\[{]\s*[\[{\"]", re.IGNORECASE)


@dataclass(frozen=True)
class FileFormat:
    """All that is needed to read the same file in the same way again."""

    kind: str  # "csv" or "xlsx"
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    has_header: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "FileFormat":
        return cls(**stored)


def find_format(path: Path, *, limits: Limits = LIMITS) -> FileFormat:
    """How to read the file at `path`. Raises FileRefused with what to do instead when it is not a table."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty_file", "The file is empty.")
    if size > limits.file_bytes:
        raise FileRefused(
            "file_too_large",
            f"The file has {size / 1_048_576:.1f} MB; at most {limits.file_bytes / 1_048_576:.0f} MB can be "
            "imported at once. Split it, or leave out columns that are not needed.",
        )
    with path.open("rb") as file:
        beginning = file.read(512)
    if beginning.startswith(b"PK"):
        check_archive(path, limits=limits)
        sheet = find_sheet(path)
        has_header = is_header(read_xlsx_rows(path, sheet=sheet, limits=limits))
        return FileFormat(kind="xlsx", sheet=sheet, has_header=has_header)
    _refuse_other_files(beginning)
    return find_text_format(path, encoding=find_encoding(path), limits=limits)


def find_text_format(path: Path, *, encoding: str, limits: Limits = LIMITS) -> FileFormat:
    """The format of a text file whose encoding is known (found, or chosen by the person)."""
    separator = find_separator(path, encoding=encoding)
    rows = read_csv_rows(path, encoding=encoding, separator=separator, limits=limits)
    return FileFormat(kind="csv", encoding=encoding, separator=separator, has_header=is_header(rows))


def _refuse_other_files(beginning: bytes) -> None:
    for signature, message in _SIGNATURES:
        if beginning.startswith(signature):
            raise FileRefused("not_a_table", message)
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _MARKUP.match(text):
        raise FileRefused(
            "not_a_table",
            "This is a web page, XML or JSON, not a table. Save it as .xlsx or CSV in a spreadsheet program.",
        )
