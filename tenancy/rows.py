"""Storing rows without asking the ORM to write the same INSERT anew for each: they travel as JSON.

PostgreSQL makes the JSON rows of the table again, so that one row and a thousand are the same short statement.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

_SAVEPOINT = "cxm_apart"


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

    Rows that are there already are left as they are. Must be called inside a transaction.
    """
    if not rows:
        return
    table = connection.ops.quote_name(type(rows[0])._meta.db_table)
    insert = f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s) ON CONFLICT DO NOTHING"  # noqa: S608
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SAVEPOINT {_SAVEPOINT}; {insert}; RELEASE SAVEPOINT {_SAVEPOINT}", [as_json(rows)])
        except Exception:
            cursor.execute(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}; RELEASE SAVEPOINT {_SAVEPOINT}")
            raise


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, Any]]:
    return [(field.attname, field.column) for field in model._meta.concrete_fields]
