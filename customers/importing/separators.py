"""Which character separates the cells of a text file."""

import csv
from collections import Counter
from pathlib import Path

from .broken import FileRefused
from .csv_reading import SEPARATOR_LINE

SEPARATORS: dict[str, str] = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}

_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_ROWS = 200


def find_separator(path: Path, *, encoding: str) -> str:
    """The separator, a key of SEPARATORS; a comma when the file has one column only. Reads the first 64 K
    characters.
    """
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(_SAMPLE_CHARACTERS)
    except UnicodeDecodeError:
        raise FileRefused("wrong_encoding", f"The file is not text in the encoding {encoding}.") from None
    first_line = sample.split("\n", 1)[0].strip()
    if first_line.lower().startswith(SEPARATOR_LINE) and first_line[len(SEPARATOR_LINE) :] in SEPARATORS:
        return first_line[len(SEPARATOR_LINE) :]
    is_whole = len(sample) < _SAMPLE_CHARACTERS
    return max(SEPARATORS, key=lambda separator: _fitness(sample, separator, is_whole=is_whole))


def _fitness(sample: str, separator: str, *, is_whole: bool) -> float:
    """0 when the separator never occurs; else how alike it makes all rows, most of all the header, in
    width.
    """
    widths = [
        len(cells)
        for cells in csv.reader(sample.splitlines(keepends=True), delimiter=separator, skipinitialspace=True)
        if cells
    ]
    if not is_whole and len(widths) > 1:
        widths.pop()  # cut off in the middle
    widths = widths[:_SAMPLE_ROWS]
    if not widths:
        return 0
    width, rows = Counter(widths).most_common(1)[0]
    if width == 1:
        # A separator in the header alone still says something: rows may be broken, headers rarely are.
        return 0.01 * min(widths[0] - 1, 20)
    share = rows / len(widths)
    return share + (0.5 if widths[0] == width else 0) + 0.01 * min(width, 20)
