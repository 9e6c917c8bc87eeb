"""What people tell us about a file: the file itself, how to read it, and what its columns mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from .columns import SURE, ColumnFound
from .encodings import ENCODINGS
from .facts import FileFacts
from .fields import ColumnFormat, Field
from .formats import FileFormat
from .limits import LIMITS
from .parsing import ColumnMapping
from .registry import ImportKind
from .separators import SEPARATORS

_AS_FOUND = ("", "As in the file")
DATE_ORDERS = [_AS_FOUND, ("day_first", "Day first: 30/04/2026"), ("month_first", "Month first: 04/30/2026")]
DECIMAL_MARKS = [_AS_FOUND, ("point", "Decimal point: 1,234.50"), ("comma", "Decimal comma: 1.234,50")]


class UploadForm(forms.Form):
    """The file. That it is a table is found out by reading it."""

    file = forms.FileField(
        label="File",
        help_text=f"CSV, TSV or Excel (.xlsx), at most {LIMITS.file_bytes // 1_048_576} MB and {LIMITS.rows:,} rows. "
        "You see what will be stored before anything is.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
        allow_empty_file=True,
    )


class ReadingForm(forms.Form):
    """How the file is read, where the guess was wrong."""

    encoding = forms.ChoiceField(label="Encoding", choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(label="Cells are separated by", choices=list(SEPARATORS.items()))
    sheet = forms.ChoiceField(label="Sheet")
    has_header = forms.BooleanField(label="The first row names the columns", required=False)

    def __init__(self, *args: Any, facts: FileFacts, **kwargs: Any) -> None:
        super().__init__(*args, initial=facts.format.as_json(), **kwargs)
        self.kind = facts.format.kind
        for name in ("encoding", "separator") if self.kind == "xlsx" else ("sheet",):
            del self.fields[name]
        if "sheet" in self.fields:
            self.fields["sheet"].choices = [(title, title) for title in facts.sheets]  # type: ignore[attr-defined]

    def file_format(self) -> FileFormat:
        return FileFormat(kind=self.kind, **self.cleaned_data)


@dataclass(frozen=True)
class MappingLine:
    """One field of the kind as the page shows it: the choice of its column, and what stands in that column."""

    field: Field
    column: BoundField
    format: BoundField | None
    examples: tuple[str, ...]
    is_unsure: bool


class MappingForm(forms.Form):
    """Which column is which field. Begins with what was confirmed before, else with the guesses."""

    def __init__(
        self,
        *args: Any,
        kind: ImportKind,
        kind_fields: Sequence[Field],
        facts: FileFacts,
        mapping: ColumnMapping | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.kind_fields, self.facts = kind, kind_fields, facts
        confirmed = mapping or ColumnMapping({name: guess.column for name, guess in facts.guesses.items()})
        columns = [("", "Not in this file"), *((str(index), name) for index, name in enumerate(facts.columns))]
        for each in kind_fields:
            self.fields[f"column_{each.name}"] = forms.ChoiceField(
                label=each.label,
                choices=columns,
                required=False,
                initial=str(confirmed.columns.get(each.name, "")),
                widget=forms.Select(attrs={"aria-label": f"Column for {each.label}"}),
            )
            if choices := _format_choices(each):
                self.fields[f"format_{each.name}"] = forms.ChoiceField(
                    choices=choices,
                    required=False,
                    initial=_format_value(mapping.formats.get(each.name)) if mapping else "",
                    widget=forms.Select(attrs={"aria-label": f"How {each.label} is written"}),
                )
        if kind.takes_attributes:
            self.fields["attributes"] = forms.MultipleChoiceField(
                label="Keep other columns too",
                help_text="They are stored with the customer under their name, for filters and segments.",
                choices=columns[1:],
                required=False,
                initial=[str(index) for index in confirmed.attributes],
                widget=forms.CheckboxSelectMultiple,
            )

    def lines(self) -> list[MappingLine]:
        """The fields in order, with the present choice of each."""
        return [self._line(each) for each in self.kind_fields]

    def free_columns(self) -> list[Any]:
        """The boxes of the columns that are no field's."""
        taken = set(self.mapping().columns.values())
        return [box for box in self["attributes"] if int(box.data["value"]) not in taken]

    def mapping(self) -> ColumnMapping:
        """What is chosen so far; of a form that is not valid, what of it can be used."""
        columns = {each.name: index for each in self.kind_fields if (index := self._chosen(each)) is not None}
        formats = {
            each.name: self._format(each, columns[each.name]) for each in self.kind_fields if each.name in columns
        }
        mapped = set(columns.values())
        kept = map(int, self._value("attributes") or [])
        return ColumnMapping(columns, formats, tuple(index for index in kept if index not in mapped))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen: dict[int, Field] = {}
        for each in self.kind_fields:
            index = self._chosen(each)
            if index is None:
                if each.required:
                    self.add_error(f"column_{each.name}", f"{each.label} is needed: choose its column.")
                continue
            if index in chosen:
                self.add_error(f"column_{each.name}", f"This column is {chosen[index].label} already.")
            chosen[index] = each
            if not cleaned.get(f"format_{each.name}") and (question := _question(each, self.facts.found[index])):
                self.add_error(f"format_{each.name}", question)
        if problem := self.kind.mapping_problem({each.name for each in chosen.values()}):
            self.add_error(None, problem)
        return cleaned

    def _line(self, each: Field) -> MappingLine:
        index = self._chosen(each)
        guess = self.facts.guesses.get(each.name)
        name = f"format_{each.name}"
        return MappingLine(
            field=each,
            column=self[f"column_{each.name}"],
            format=self[name] if name in self.fields else None,
            examples=self.facts.found[index].examples if index is not None else (),
            is_unsure=not self.is_bound and guess is not None and guess.column == index and guess.confidence < SURE,
        )

    def _chosen(self, each: Field) -> int | None:
        value = self._value(f"column_{each.name}")
        return int(value) if value else None

    def _format(self, each: Field, index: int) -> ColumnFormat:
        value = self._value(f"format_{each.name}") or None
        found = self.facts.found[index].format
        if each.kind in ("date", "datetime"):
            return ColumnFormat(date_order=value or found.date_order)
        return ColumnFormat(decimal_mark=value or found.decimal_mark)

    def _value(self, name: str) -> Any:
        """What is chosen now: posted and valid, else what the form began with."""
        if name not in self.fields:
            return None
        return self.cleaned_data.get(name) if self.is_bound else self.fields[name].initial


def _format_choices(each: Field) -> list[tuple[str, str]]:
    if each.kind in ("date", "datetime"):
        return DATE_ORDERS
    return DECIMAL_MARKS if each.kind in ("decimal", "integer") else []


def _format_value(column_format: ColumnFormat | None) -> str:
    return "" if column_format is None else column_format.date_order or column_format.decimal_mark or ""


def _question(each: Field, found: ColumnFound) -> str:
    """What the file leaves open about this field, as a sentence; "" when nothing."""
    if each.kind in ("date", "datetime") and found.asks_date_order:
        return "Dates in this column may be read in two ways: choose the order of day and month."
    if each.kind in ("decimal", "integer") and found.asks_decimal_mark:
        return "Numbers in this column may be read in two ways: choose the decimal mark."
    return ""
