"""Files people ask for: an Export row is the queue; a worker writes the file in pieces that any web process hands out.

Each floor registers its kinds of export. A page of rows is one transaction; a worker that dies is followed by one that
starts the file again. Files are thrown away after a week.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from tenancy.audit import Actor, record
from tenancy.background import drain, nudge
from tenancy.csv_files import BYTE_ORDER_MARK, csv_lines
from tenancy.models import Export, ExportChunk, Organization, User
from tenancy.roles import Role
from tenancy.scope import organization_scope

logger = logging.getLogger(__name__)

MAX_LINES = 100_000
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
KEPT_FOR = timedelta(days=7)
State = Export.State


@dataclass(frozen=True)
class ExportKind:
    """What an app offers for export.

    `page(filters, after)` returns (rows, after of the next page or None at the end) in the organization's scope;
    `after` is None for the first page. `count(filters)` says how many rows there will be.
    """

    name: str
    label: str
    role: Role
    columns: tuple[str, ...]
    page: Callable[[dict[str, Any], Any], tuple[list[list[Any]], Any]]
    count: Callable[[dict[str, Any]], int]


KINDS: dict[str, ExportKind] = {}


def offer_export(kind: ExportKind) -> None:
    """Register a kind; called by each app when it is ready."""
    KINDS[kind.name] = kind


def request_export(
    kind: ExportKind, *, filters: dict[str, Any], by: User, actor: Actor, at: datetime | None = None
) -> Export:
    """Queue the writing of a file. `filters` must be JSON and is what `page` is given."""
    at = at or timezone.now()
    export = Export.objects.create(
        kind=kind.name,
        filters=filters,
        file_name=f"{kind.name}-{at:%Y-%m-%d-%H%M}.csv",
        requested_by=by,
        due_at=at,
    )
    record("export.requested", on=export, by=actor, details={"kind": kind.name, "filters": filters})
    nudge("tenancy.tasks.write_due_exports")
    return export


def write_due() -> int:
    """Write what was asked for and throw away what is old, organization by organization."""
    return drain("door_due_exports", work_on)


def work_on(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Deal with one due export of the organization; 0 when there was none."""
    with organization_scope(organization_id):
        # Days in filters are the organization's days.
        zone = Organization.objects.get(pk=organization_id).time_zone
        with timezone.override(zone):
            export = _claim(at=at or timezone.now())
    if export is None:
        return 0
    if export.state == State.RUNNING:
        try:
            with timezone.override(zone):
                _write(export, organization_id)
        except Exception as error:
            logger.exception("Export %s failed", export.pk)
            with organization_scope(organization_id):
                _mine(export).update(state=State.FAILED, error=str(error)[:500], lease_until=None, due_at=_expiry())
    return 1


def read_file(export: Export) -> bytes:
    """The whole file. Memory: its size, at most some tens of mebibytes for MAX_LINES lines."""
    return b"".join(bytes(data) for data in export.chunks.order_by("number").values_list("data", flat=True))


def _claim(*, at: datetime) -> Export | None:
    due = Export.objects.select_for_update(skip_locked=True).filter(due_at__lte=at).exclude(lease_until__gt=at)
    export = due.order_by("due_at").first()
    if export is None:
        return None
    if export.state in (State.FINISHED, State.FAILED):
        export.delete()  # its week is over
        return export
    if export.attempts >= MAX_ATTEMPTS:
        export.state, export.due_at, export.lease_until = State.FAILED, _expiry(), None
        export.error = "The worker stopped three times while writing this file."
    else:
        export.state, export.lease_until = State.RUNNING, at + LEASE
        export.attempts, export.fence, export.rows_done, export.size = export.attempts + 1, export.fence + 1, 0, 0
        export.rows_total = min(KINDS[export.kind].count(export.filters), MAX_LINES)
        export.chunks.all().delete()
    export.save()
    return export


def _write(export: Export, organization_id: UUID) -> None:
    """One transaction a page: the piece, the progress and the lease. Stops when another worker has taken over."""
    kind, after, done, number = KINDS[export.kind], None, 0, 0
    head = BYTE_ORDER_MARK + csv_lines([kind.columns])
    while True:
        with organization_scope(organization_id):
            rows, after = kind.page(export.filters, after)
            rows = rows[: MAX_LINES - done]
            data, head = head + csv_lines(rows), b""
            done, number = done + len(rows), number + 1
            is_last = after is None or done >= MAX_LINES
            progress: dict[str, Any] = {"lease_until": timezone.now() + LEASE, "rows_done": done}
            if is_last:
                progress |= {"state": State.FINISHED, "finished_at": timezone.now(), "rows_total": done}
                progress |= {"lease_until": None, "due_at": _expiry()}
            if not _mine(export).update(size=F("size") + len(data), **progress):
                return
            ExportChunk.objects.create(export=export, number=number, data=data)
        if is_last:
            return


def _mine(export: Export):
    """The fence: a worker whose lease ran out must not write over its successor."""
    return Export.objects.filter(pk=export.pk, fence=export.fence, state=State.RUNNING)


def _expiry() -> datetime:
    return timezone.now() + KEPT_FOR
