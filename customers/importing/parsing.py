"""Rows of a file made into rows of a kind, by the mapping a person confirmed. Deterministic: a second walk over the
same file gives the same rows and the same refusals, which is what resuming after a crash relies on.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from .broken import RuleBroken
from .fields import ColumnFormat, Field
from .registry import ImportKind, ParsedRow
from .table import Row
from .texts import clean_text
from .values import Value, parse_value

_LONGEST_ATTRIBUTE = 500


@dataclass(frozen=True)
class ColumnMapping:
    """Which column (by index) is which field (by name), how its cells are written, and which columns become
    attributes.
    """

    columns: Mapping[str, int]
    formats: Mapping[str, ColumnFormat] = field(default_factory=dict)
    attributes: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns),
            "formats": {name: asdict(column_format) for name, column_format in self.formats.items()},
            "attributes": list(self.attributes),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ColumnMapping":
        formats = {name: ColumnFormat(**column_format) for name, column_format in stored["formats"].items()}
        return cls(stored["columns"], formats, tuple(stored["attributes"]))


@dataclass(frozen=True)
class RefusedRow:
    """A row that is not taken, and why."""

    row: Row
    broken: RuleBroken


def parse_rows(
    rows: Iterable[Row],
    *,
    kind: ImportKind,
    fields: Sequence[Field],
    columns: Sequence[str],
    mapping: ColumnMapping,
    zone: ZoneInfo,
) -> Iterator[ParsedRow | RefusedRow]:
    """Each row parsed or refused, in order. A row whose key came before in the file is refused, naming that row.

    Memory: some 100 bytes for each key in the file.
    """
    parse = _Parser(fields, columns, mapping, zone)
    first_rows: dict[tuple[str, str], int] = {}
    repeats: Counter[str] = Counter()
    for row in rows:
        try:
            parsed = parse(row)
            keys = kind.keys_of(parsed)
            for key in keys:
                if key in first_rows:
                    raise parsed.broken(key[0], "duplicate", _says_again(fields, key[0], first_rows[key]))
        except RuleBroken as broken:
            yield RefusedRow(row, broken)
            continue
        first_rows.update(dict.fromkeys(keys, row.number))
        if repeat_key := kind.repeat_key(parsed):
            parsed = replace(parsed, occurrence=repeats[repeat_key])
            repeats[repeat_key] += 1
        yield parsed


class _Parser:
    def __init__(self, fields: Sequence[Field], columns: Sequence[str], mapping: ColumnMapping, zone: ZoneInfo) -> None:
        plain = ColumnFormat()
        self._mapped = [
            (
                each,
                mapping.columns[each.name],
                columns[mapping.columns[each.name]],
                mapping.formats.get(each.name, plain),
            )
            for each in fields
            if each.name in mapping.columns
        ]
        self._columns = {each.name: column for each, _, column, _ in self._mapped}
        self._unmapped = dict.fromkeys(each.name for each in fields if each.name not in mapping.columns)
        self._attributes = [(index, columns[index]) for index in mapping.attributes]
        self._zone = zone

    def __call__(self, row: Row) -> ParsedRow:
        if row.problem:
            raise row.problem
        values: dict[str, Value] = dict(self._unmapped)
        for each, index, column, column_format in self._mapped:
            values[each.name] = parse_value(
                row.cells[index], each, column=column, column_format=column_format, zone=self._zone
            )
        attributes = {
            name: clean_text(row.cells[index], column=name, max_length=_LONGEST_ATTRIBUTE)
            for index, name in self._attributes
        }
        filled = {name: text for name, text in attributes.items() if text}
        return ParsedRow(row.number, values, filled, self._columns, row.cells)


def _says_again(fields: Sequence[Field], name: str, first: int) -> str:
    label = next((each.label for each in fields if each.name == name), name)
    return f"The same {label[:1].lower()}{label[1:]} stands in row {first} already."
