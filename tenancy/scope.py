"""The organization one piece of work acts for: the second tenancy guard starts and ends here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

_organization_id: ContextVar[UUID | None] = ContextVar("organization_id", default=None)


class OutsideOrganization(RuntimeError):
    """Owned rows were asked for outside an organization's scope."""


class OtherOrganization(RuntimeError):
    """A scope was opened for another organization inside an open one."""


def current_organization_id() -> UUID:
    """The organization of the open scope; raises OutsideOrganization when there is none."""
    organization_id = _organization_id.get()
    if organization_id is None:
        raise OutsideOrganization("No organization scope is open: wrap this work in organization_scope(id).")
    return organization_id


def is_in_scope() -> bool:
    return _organization_id.get() is not None


@contextmanager
def organization_scope(organization_id: UUID | str) -> Iterator[None]:
    """Open a transaction whose rows are those of one organization, in Django and in PostgreSQL.

    Inside a scope of the same organization it is a plain savepoint-free pass. Raises OtherOrganization rather than
    switch. The setting is local to the transaction: a session SET would leak to another client behind pgbouncer.
    """
    wanted = organization_id if isinstance(organization_id, UUID) else UUID(str(organization_id))
    held = _organization_id.get()
    if held is not None:
        if held != wanted:
            raise OtherOrganization(f"A scope of organization {held} is open; {wanted} cannot be entered inside it.")
        yield
        return
    is_enclosed = connection.in_atomic_block
    with transaction.atomic():
        _set(str(wanted))
        token = _organization_id.set(wanted)
        try:
            yield
        finally:
            _organization_id.reset(token)
        # Inside an enclosing transaction the setting would outlive the scope; after an exception the savepoint's
        # rollback has already taken it back.
        if is_enclosed and not connection.needs_rollback:
            _set("")


@contextmanager
def scope_is_set(organization_id: UUID) -> Iterator[None]:
    """Django's half of a scope whose setting the open transaction already has; for tenancy.doors alone."""
    token = _organization_id.set(organization_id)
    try:
        yield
    finally:
        _organization_id.reset(token)


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cxm.organization_id', %s, true)", [value])
