"""The rows of one worksheet, cell by cell."""

import datetime
import re
from collections.abc import Collection, Sequence

from .table import Cell

_LAST_ROW = 1_048_576
_REFERENCE = re.compile(r"([A-Z]{1,3})\d+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EPOCH, _EPOCH_1904 = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)
_SECONDS_A_DAY = 86_400


class SheetRows:
    """Handlers for the XML of a worksheet; `rows` fills with (number, cells), to be taken away after every piece.

    Memory: one row of at most `columns` cells with `characters` characters each; what is longer is cut one beyond the
    limit, for the reader above to see and name.
    """

    def __init__(
        self,
        *,
        shared_texts: Sequence[str],
        date_styles: Collection[int],
        counts_from_1904: bool,
        columns: int,
        characters: int,
    ) -> None:
        self.rows: list[tuple[int, list[Cell]]] = []
        self._shared_texts, self._date_styles = shared_texts, date_styles
        self._epoch = _EPOCH_1904 if counts_from_1904 else _EPOCH
        self._columns, self._characters = columns, characters
        self._indexes: dict[str, int] = {}
        self._number = 0
        self._cells: list[Cell] = []
        self._column, self._type, self._style = -1, "n", 0
        self._parts: list[str] = []
        self._length = self._phonetic = 0
        self._is_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            self._column = self._index(reference) if reference else self._column + 1
            self._type, self._style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self._parts, self._length = [], 0
        elif name == "v" or name == "t":
            self._is_value = not self._phonetic
        elif name == "row":
            self._cells, self._column = [], -1
            # Numbers only ever rise, or two rows would have the same.
            self._number = max(self._number + 1, int(float(attributes.get("r", 0))))
            if self._number > _LAST_ROW:
                raise ValueError("a row beyond the last one")
        elif name == "rPh":
            self._phonetic += 1

    def end(self, name: str) -> None:
        if name == "v" or name == "t":
            self._is_value = False
        elif name == "c":
            if self._parts and 0 <= self._column <= self._columns:
                self._cells.extend([""] * (self._column + 1 - len(self._cells)))
                self._cells[self._column] = self._value("".join(self._parts))
        elif name == "row":
            self.rows.append((self._number, self._cells))
        elif name == "rPh":
            self._phonetic -= 1

    def text(self, data: str) -> None:
        if self._is_value and self._length <= self._characters:
            self._parts.append(data[: self._characters + 1])
            self._length += len(data)

    def _index(self, reference: str) -> int:
        """0 for "A7", 27 for "AB7"."""
        match = _REFERENCE.fullmatch(reference)
        if not match:
            raise ValueError(f"no cell is called {reference}")
        letters = match[1]
        if letters not in self._indexes:
            index = 0
            for letter in letters:
                index = index * 26 + ord(letter) - 64
            self._indexes[letters] = index - 1
        return self._indexes[letters]

    def _value(self, written: str) -> Cell:
        if self._type == "n":
            return self._as_date(float(written)) if self._style in self._date_styles else _as_number(written)
        if self._type == "s":
            return _unescaped(self._shared_texts[int(written)])
        if self._type == "b":
            return "true" if written.strip() == "1" else "false"
        if self._type == "d":
            return written.replace("T", " ").removesuffix(" 00:00:00")
        return _unescaped(written)

    def _as_date(self, serial: float) -> Cell:
        """The date, the time or both as ISO text; the number itself where it is none of them."""
        seconds = round(serial * _SECONDS_A_DAY)
        if 0 <= seconds < _SECONDS_A_DAY:
            return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        if self._epoch is _EPOCH and serial < 60:
            seconds += _SECONDS_A_DAY  # before the day that never was: 29 February 1900
        try:
            moment = self._epoch + datetime.timedelta(seconds=seconds)
        except OverflowError:
            return serial
        return moment.isoformat(" ") if moment.time() != datetime.time.min else moment.date().isoformat()


def _as_number(written: str) -> Cell:
    try:
        return int(written)
    except ValueError:
        number = float(written)
    if number != number or abs(number) == float("inf"):
        raise ValueError("a cell is no number")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _unescaped(text: str) -> str:
    # Characters that XML cannot hold are written as _x000D_.
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
