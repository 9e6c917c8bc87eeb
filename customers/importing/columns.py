"""Which column of a file is which field: guessed from the names of the columns and from what stands in them.

A guess is only ever a suggestion: the person sees it, with its confidence, and corrects it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from .dates import find_date_order
from .fields import ColumnFormat, Field
from .numbers import find_decimal_mark, has_ambiguous_number
from .shapes import ColumnShape, shape_of
from .table import Cell, Row, cell_text, is_empty
from .texts import folded

SURE = 0.85
_LEAST = 0.4
_ROWS_TO_LOOK_AT = 200
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Guess:
    """`column` is the index in the file, `confidence` between 0.4 and 1; from SURE on hardly anybody will
    disagree.
    """

    column: int
    confidence: float


@dataclass(frozen=True)
class ColumnFound:
    """What a column looks like, for the page: up to three different values, and how its dates and numbers
    are written.
    """

    name: str
    examples: tuple[str, ...]
    format: ColumnFormat
    asks_date_order: bool  # some dates could be two days: the person has to say which
    asks_decimal_mark: bool


def guess_columns(fields: Sequence[Field], columns: Sequence[str], rows: Sequence[Row]) -> dict[str, Guess]:
    """For each field the column that fits best, by name of the field; fields without a fitting column are
    left out.

    `rows` is a sample; the first 200 count. The most certain pair is taken first, and every column once.
    """
    shapes = [shape_of(cells) for cells in _columns_of(rows, len(columns))]
    pairs = sorted(
        (
            (-_confidence(field, name, shape), order, index)
            for order, field in enumerate(fields)
            for index, (name, shape) in enumerate(zip(columns, shapes, strict=True))
        ),
    )
    guesses: dict[str, Guess] = {}
    taken: set[int] = set()
    for negative, order, index in pairs:
        name = fields[order].name
        if -negative >= _LEAST and name not in guesses and index not in taken:
            guesses[name] = Guess(index, round(-negative, 2))
            taken.add(index)
    return guesses


def find_columns(columns: Sequence[str], rows: Sequence[Row]) -> list[ColumnFound]:
    """What each column looks like in the sample `rows`; the more rows, the surer the order of dates."""
    return [_look_at(name, cells) for name, cells in zip(columns, _columns_of(rows, len(columns), None), strict=True)]


def _columns_of(rows: Sequence[Row], width: int, most: int | None = _ROWS_TO_LOOK_AT) -> list[list[Cell]]:
    return [[row.cells[index] for row in islice(rows, most)] for index in range(width)]


def _look_at(name: str, cells: list[Cell]) -> ColumnFound:
    filled = [cell for cell in cells if not is_empty(cell)]
    order = find_date_order(filled)
    mark = find_decimal_mark(filled)
    return ColumnFound(
        name=name,
        examples=tuple(islice(dict.fromkeys(cell_text(cell).strip()[:80] for cell in filled), 3)),
        format=ColumnFormat(date_order=order.order, decimal_mark=mark),
        asks_date_order=order.is_ambiguous,
        asks_decimal_mark=mark is None and has_ambiguous_number(filled),
    )


def _confidence(field: Field, column: str, shape: ColumnShape) -> float:
    """0 to 1: how well the name fits, corrected by how well the values do."""
    by_name = _name_fit(field, column)
    by_value = _value_fit(field, shape)
    if by_value is None:  # an empty column, or a field that any text fits
        return by_name
    if by_name:
        # The name is right and so are the values: sure. The name is right and the values are not: hardly.
        return min(1.0, by_name + 0.1) if by_value > 0.8 else by_name * max(by_value, 0.3)
    return _FIT_BY_VALUE_ALONE.get(field.kind, 0.0) * (by_value > 0.9) * (field.required or field.kind == "email")


# How far to believe values when the name of the column says nothing: an e-mail address is one, a number
# may be anything.
_FIT_BY_VALUE_ALONE = {"email": 0.7, "datetime": 0.55, "date": 0.55, "score": 0.5}


def _name_fit(field: Field, column: str) -> float:
    """0.9 when the column is called as the field is in some language, less when it only contains such a
    name.
    """
    name = folded(column)
    names = [folded(each) for each in (field.name, field.label, *field.synonyms)]
    if name in names:
        return 0.9
    words = [folded(word) for word in _WORDS.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column))]
    best = 0.0
    for each in names:
        if len(each) >= 3 and each in _runs(words):
            # "Customer e-mail" is nearer to "e-mail" than "e-mail opened at" is: the last words name the
            # thing.
            is_last = name.endswith(each)
            best = max(best, (0.7 if is_last else 0.6) * (0.7 + 0.3 * len(each) / len(name)))
    return best


def _runs(words: Sequence[str]) -> set[str]:
    """All neighbouring words run together: "first", "name" and "firstname"."""
    return {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}


def _value_fit(field: Field, shape: ColumnShape) -> float | None:
    """The share of values that are such as the field wants; None when the values cannot tell."""
    if not shape.filled:
        return None
    if field.kind == "score":
        return _share_in_range(shape, field.minimum or 0, 10 if field.maximum is None else field.maximum)
    return {
        "email": shape.emails,
        "date": shape.dates,
        "datetime": shape.dates,
        "integer": shape.numbers,
        "decimal": shape.numbers,
    }.get(field.kind)


def _share_in_range(shape: ColumnShape, minimum: int, maximum: int) -> float:
    return sum(minimum <= value <= maximum and value == int(value) for value in shape.values) / shape.filled
