"""The kinds of import: what can be uploaded. Each app registers its own when it starts."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.db import transaction

from customers.models import ImportJob
from tenancy.audit import Actor

from .broken import RuleBroken
from .fields import Field
from .table import Cell
from .values import Value


class Verdict(StrEnum):
    """What a row does to what is stored."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


Outcome = Verdict | RuleBroken


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row as its kind sees it: values by name of the field; None where the cell is empty or the field not
    mapped.
    """

    number: int
    values: Mapping[str, Value]
    attributes: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)  # name of the field -> name of the file's column
    cells: tuple[Cell, ...] = ()
    occurrence: int = 0  # how many rows of the same ImportKind.repeat_key came before in the file

    def broken(self, name: str, rule: str, message: str) -> RuleBroken:
        """A rule broken in the column of the field `name`."""
        return RuleBroken(self.columns.get(name, ""), rule, message)


class ImportOptionsForm(forms.Form):
    """What a kind asks beside the file; `as_options` is kept with the job, as JSON. Made with `organization=`."""

    def __init__(self, *args: Any, organization: Any, **kwargs: Any) -> None:
        self.organization = organization
        super().__init__(*args, **kwargs)

    def as_options(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ImportKind(ABC):
    """One kind of import. `apply` must leave everything as it is when the same rows come again."""

    slug: str
    label: str  # "Customers"
    lead: str  # one sentence about what a row is
    fields: tuple[Field, ...]
    icon = "upload"
    result_url_name = ""  # where people see what came in
    takes_attributes = False  # whether columns without a field may be kept with their name
    options_form: type[ImportOptionsForm] | None = None

    def fields_for(self, options: Mapping[str, Any]) -> tuple[Field, ...]:
        """The fields, where they depend on the job's options."""
        return self.fields

    def mapping_problem(self, names: set[str]) -> str:
        """What is missing when only the fields `names` have a column, as a sentence; "" when nothing is."""
        return ""

    def keys_of(self, row: ParsedRow) -> list[tuple[str, str]]:
        """(name of a field, what must not come twice in one file); the later row is refused."""
        return []

    def repeat_key(self, row: ParsedRow) -> str:
        """What makes two rows look alike where both may be meant; "" where rows need not be counted."""
        return ""

    @abstractmethod
    def apply(self, rows: Sequence[ParsedRow], *, job: ImportJob, by: Actor, at: datetime) -> list[Outcome]:
        """Store the rows and tell for each what became of it, in order. Runs in the transaction of the batch."""

    def plan(self, rows: Sequence[ParsedRow], *, job: ImportJob, by: Actor, at: datetime) -> list[Outcome]:
        """What `apply` would answer, with nothing stored: by doing it and taking it back, so that both always agree."""
        with transaction.atomic():
            outcomes = self.apply(rows, job=job, by=by, at=at)
            transaction.set_rollback(True)
        return outcomes


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Offer this kind of import; from an app's `ready`."""
    _kinds[kind.slug] = kind


def kind_of(slug: str) -> ImportKind | None:
    """The kind, or None when this installation does not know it."""
    return _kinds.get(slug)


def kinds() -> list[ImportKind]:
    """All kinds in the order they were registered: lower floors first."""
    return list(_kinds.values())
