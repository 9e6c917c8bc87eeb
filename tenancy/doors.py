"""Going through a door: from a key that somebody outside holds to the rows of its organization.

The door, the scope's setting and the first reading travel to PostgreSQL as one message, so that a page which only reads
costs one round trip.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tenancy.scope import is_in_scope, scope_is_set

# Several statements in one message are one transaction of their own, which the setting does not outlive.
_ENTER = "SELECT set_config('cxm.organization_id', {door}(%s)::text, true); {reading}"


def read_behind_door(door: str, key: Any, reading: str, values: Sequence[Any]) -> list[tuple]:
    """The rows of `reading`, one SELECT, as the organization behind `door(key)` sees them; none if the door is shut."""
    if is_in_scope():
        raise RuntimeError("A door is gone through from outside any scope")
    with connection.cursor() as cursor:
        rows = _read(cursor, door, key, reading, values)
        if connection.in_atomic_block:
            cursor.execute("SELECT set_config('cxm.organization_id', '', true)")
    return rows


@contextmanager
def scope_behind_door(
    door: str, key: Any, reading: str, values: Sequence[Any], *, organization_at: int = 0
) -> Iterator[list[tuple]]:
    """The same, and the transaction goes on in the organization's scope.

    Each row of `reading` has the organization's id in column `organization_at`. Without rows there is no scope.
    """
    if is_in_scope():
        raise RuntimeError("A door is gone through from outside any scope")
    is_enclosed = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            rows = _read(cursor, door, key, reading, values)
        if rows:
            organization_id: UUID = rows[0][organization_at]
            with scope_is_set(organization_id):
                yield rows
        else:
            yield rows
        if is_enclosed and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('cxm.organization_id', '', true)")


def _read(cursor: Any, door: str, key: Any, reading: str, values: Sequence[Any]) -> list[tuple]:
    statement = _ENTER.format(door=connection.ops.quote_name(door), reading=reading)
    cursor.execute(statement, [key, *values])
    rows: list[tuple] = cursor.fetchall()
    return rows
