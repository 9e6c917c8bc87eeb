"""How large an upload may be. Every reader stops here, so that no file takes more memory than these allow."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """All sizes an upload may not exceed."""

    file_bytes: int = 25 * 1024 * 1024
    columns: int = 100
    cell_characters: int = 32_767  # the most a cell of a spreadsheet program holds, too
    rows: int = 200_000
    # A workbook is a ZIP archive: what it unpacks to is bounded as well. Worksheets are streamed; every
    # other part (above all the table of shared texts) is held in memory whole.
    unpacked_bytes: int = 400 * 1024 * 1024
    unpacked_part_bytes: int = 64 * 1024 * 1024


LIMITS = Limits()
