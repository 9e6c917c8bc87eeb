"""The first rows of a file as they will be stored, before anything is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from .broken import RuleBroken
from .facts import FileFacts
from .fields import ColumnFormat, Field
from .parsing import ColumnMapping
from .table import cell_text
from .values import Value, parse_value


@dataclass(frozen=True)
class PreviewCell:
    """One value as people read it, or what the file says and why it is refused."""

    label: str
    text: str
    problem: str = ""


@dataclass(frozen=True)
class PreviewRow:
    number: int
    cells: tuple[PreviewCell, ...]
    problem: str = ""


@dataclass(frozen=True)
class Preview:
    headings: tuple[str, ...]
    rows: tuple[PreviewRow, ...]


def preview(facts: FileFacts, *, fields: Sequence[Field], mapping: ColumnMapping, zone: ZoneInfo) -> Preview:
    """The first 20 rows, one column for each field that has one; values as they will be stored, moments in `zone`."""
    mapped = [each for each in fields if each.name in mapping.columns]
    attributes = [facts.columns[index] for index in mapping.attributes]
    rows = []
    for row in facts.sample:
        cells = [_cell(row.cells[mapping.columns[each.name]], each, facts, mapping, zone) for each in mapped]
        cells += [
            PreviewCell(facts.columns[index], cell_text(row.cells[index]).strip()) for index in mapping.attributes
        ]
        rows.append(PreviewRow(row.number, tuple(cells), row.problem.message if row.problem else ""))
    return Preview((*(each.label for each in mapped), *attributes), tuple(rows))


def _cell(cell, field: Field, facts: FileFacts, mapping: ColumnMapping, zone: ZoneInfo) -> PreviewCell:
    column = facts.columns[mapping.columns[field.name]]
    column_format = mapping.formats.get(field.name, ColumnFormat())
    try:
        value = parse_value(cell, field, column=column, column_format=column_format, zone=zone)
    except RuleBroken as broken:
        return PreviewCell(field.label, cell_text(cell), broken.message)
    return PreviewCell(field.label, _shown(value, zone))


def _shown(value: Value, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        # The month in letters: whoever reads this must be able to see day and month exchanged.
        return f"{value.astimezone(zone):%-d %b %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
