"""Rows that travel as JSON, to PostgreSQL and from it.

PostgreSQL makes the JSON rows of the table again, so that storing one row and a thousand is the same short statement,
and the ORM need not write the same INSERT anew for each. What a function of the database tells as JSON becomes models.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

_SAVEPOINT = "cxm_apart"
_gathered: ContextVar[list[Sequence[models.Model]] | None] = ContextVar("gathered_rows", default=None)
# What JSON has no word for. The rest comes as it is.
_READERS: dict[type, Any] = {
    models.UUIDField: UUID,
    models.DateTimeField: datetime.fromisoformat,
    models.TimeField: time.fromisoformat,
    models.DecimalField: lambda value: Decimal(str(value)),
}


def as_json(rows: Sequence[models.Model]) -> str:
    """The rows as a JSON list of objects by column name, for json_populate_recordset(NULL::<table>, %s)."""
    if not rows:
        return "[]"
    columns = _columns(type(rows[0]))
    return json.dumps(
        [{column: row.__dict__[name] for name, column in columns} for row in rows], default=str, ensure_ascii=False
    )


def insert_apart(rows: Sequence[models.Model]) -> None:
    """Store rows of one model in a savepoint of their own, as one message: when it fails, what was done before stays.

    Rows that are there already are left as they are. Must be called inside a transaction. Inside `gathered_apart` they
    are stored at its end.
    """
    if not rows:
        return
    if (gathered := _gathered.get()) is not None:
        gathered.append(rows)
    else:
        _insert([rows])


def insert_new(rows: Sequence[models.Model]) -> set[Any]:
    """Store rows of one model in one statement; returns the keys of those that were not there yet."""
    if not rows:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"{_insertion(type(rows[0]))} RETURNING {_key(type(rows[0]))}", [as_json(rows)])
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def gathered_apart() -> Iterator[None]:
    """What `insert_apart` is given inside goes as one message at the end, each list in a savepoint of its own.

    When a list fails the others are stored all the same, and then its error is raised.
    """
    lists: list[Sequence[models.Model]] = []
    token = _gathered.set(lists)
    try:
        yield
    finally:
        _gathered.reset(token)
    if lists:
        _insert(lists)


class RowReader:
    """How a row of one model, as PostgreSQL writes it in JSON, becomes an instance."""

    def __init__(self, model: type[models.Model]):
        fields = model._meta.concrete_fields
        self.model = model
        self.names = [field.attname for field in fields]
        self.columns = [(str(field.column), _READERS.get(_stored_type(field))) for field in fields]

    def instance(self, row: dict[str, Any] | None) -> Any:
        """None for the row that an outer join did not find."""
        if row is None:
            return None
        values = [
            value if (value := row[column]) is None or read is None else read(value) for column, read in self.columns
        ]
        return self.model.from_db("default", self.names, values)


def _insert(lists: list[Sequence[models.Model]]) -> None:
    inserts = [_insertion(type(rows[0])) for rows in lists]
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                "; ".join(f"SAVEPOINT {_SAVEPOINT}; {insert}; RELEASE SAVEPOINT {_SAVEPOINT}" for insert in inserts),
                [as_json(rows) for rows in lists],
            )
        except Exception:
            # What failed undid itself; the lists before it are stored, those behind it were not looked at.
            cursor.execute(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}; RELEASE SAVEPOINT {_SAVEPOINT}")
            if len(lists) == 1:
                raise
            _insert_each(lists)


def _insert_each(lists: list[Sequence[models.Model]]) -> None:
    errors = []
    for rows in lists:
        try:
            _insert([rows])
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]


@cache
def _insertion(model: type[models.Model]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s) ON CONFLICT DO NOTHING"  # noqa: S608


def _key(model: type[models.Model]) -> str:
    return connection.ops.quote_name(str(model._meta.pk.column))  # type: ignore[union-attr]


def _stored_type(field: models.Field) -> type[models.Field]:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return type(field)


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, Any]]:
    return [(field.attname, field.column) for field in model._meta.concrete_fields]
