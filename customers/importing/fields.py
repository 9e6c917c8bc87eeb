"""What a kind of import wants to know: its fields, described once for guessing, parsing and the pages."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "email", "language", "integer", "decimal", "date", "datetime", "boolean", "score", "choice"]

DateOrder = Literal["day_first", "month_first"]
DecimalMark = Literal["point", "comma"]


@dataclass(frozen=True)
class Field:
    """One thing a row may tell. `synonyms` are what columns are called in the files of the world, in any
    language; letter case, accents, spaces and signs do not matter.
    """

    name: str
    label: str
    kind: Kind
    required: bool = False
    synonyms: tuple[str, ...] = ()
    hint: str = ""
    max_length: int = 200  # text: characters
    is_multiline: bool = False  # text: whether line breaks are kept
    minimum: int | None = None  # integer, decimal, score; a score without them goes from 0 to 10
    maximum: int | None = None
    decimal_places: int | None = None  # decimal: rounded to so many, half away from zero
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)  # choice: stored value -> what files call it


@dataclass(frozen=True)
class ColumnFormat:
    """How the cells of one column are written, where that is not plain from each cell alone. None: not
    known; then a cell that could mean two things is refused.
    """

    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
