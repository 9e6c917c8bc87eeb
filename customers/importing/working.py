"""The worker's side of an import: claims a job, walks its file in batches, and stores with each batch how far it
got.

The row is the queue. A batch, its refused rows, the counts and the position are one transaction; a worker that is
killed between two batches is followed by another one that starts at the stored position. The fence keeps a worker
that lost its lease from writing beside its successor.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.models import Q
from django.utils import timezone

from customers.models import ImportJob, ImportRefusal
from tenancy.audit import SYSTEM, Actor, record
from tenancy.background import drain
from tenancy.models import Organization
from tenancy.scope import organization_scope

from .broken import FileRefused, RuleBroken
from .facts import FileFacts, storable
from .jobs import KEPT_FOR, State, move
from .parsing import ColumnMapping, RefusedRow, parse_rows
from .reading import open_table
from .registry import ImportKind, ParsedRow, Verdict, kind_of
from .table import Row
from .uploads import file_of, stored_bytes

logger = logging.getLogger(__name__)

BATCH = 1_000
LEASE = timedelta(seconds=60)
# How long one organization's import runs before the others get their turn.
SLICE_SECONDS = 30.0
MAX_ATTEMPTS = 3
_RENEW_EVERY_SECONDS = 15.0


class LostClaim(Exception):
    """Another worker has the job by now."""


@dataclass
class Claim:
    """One worker's hold on one job, with all it needs to walk the file."""

    organization_id: UUID
    job: ImportJob
    kind: ImportKind
    zone: ZoneInfo

    @property
    def is_check(self) -> bool:
        return self.job.state == State.CHECKING


def work_on_due_imports() -> int:
    """Walk what is due for every organization in turn; returns rows done."""
    return drain("door_due_imports", work)


def work(organization_id: UUID, *, slice_seconds: float = SLICE_SECONDS) -> int:
    """Go on with one due import of the organization for at most `slice_seconds`; returns the rows done, at least 1 when
    there was anything to do. Must be called outside any scope."""
    claim = _claim(organization_id)
    if claim is None:
        return 0
    try:
        with file_of(_bytes_of(claim)) as path:
            facts = FileFacts.from_json(claim.job.file_facts)
            if claim.job.rows_total is None:
                _count_rows(claim, path, facts)
            with open_table(path, facts.format) as table:
                return max(_walk(claim, table.columns, table.rows, slice_seconds), 1)
    except LostClaim:
        return 1
    except FileRefused as refused:
        _settle(claim, error=str(refused), is_final=True)
        return 1
    except Exception as error:
        _settle(claim, error=f"{type(error).__name__}: {error}", is_final=False)
        raise


def _claim(organization_id: UUID) -> Claim | None:
    now = timezone.now()
    with organization_scope(organization_id):
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        jobs = ImportJob.objects.select_for_update(skip_locked=True)
        job = jobs.filter(free, state__in=[State.CHECKING, State.RUNNING], due_at__lte=now).order_by("due_at").first()
        if job is None:
            return None
        kind = kind_of(job.kind)
        if kind is None or job.attempts >= MAX_ATTEMPTS:
            # Set aside where people see it, with a button to try again.
            job.error = (
                job.error or f"The worker stopped {job.attempts} times after row {job.rows_done:,} of this file."
            )
            _end(job, "fail", at=now)
            job.save()
            return None
        job.attempts, job.fence, job.lease_until = job.attempts + 1, job.fence + 1, now + LEASE
        job.save(update_fields=["attempts", "fence", "lease_until"])
        zone = ZoneInfo(Organization.objects.get(pk=organization_id).time_zone)
        return Claim(organization_id, job, kind, zone)


def _bytes_of(claim: Claim) -> Iterator[memoryview]:
    with organization_scope(claim.organization_id):
        yield from stored_bytes(claim.job)


def _count_rows(claim: Claim, path, facts: FileFacts) -> None:
    """How many rows there are, for the progress; a file that breaks in the middle is found before anything is
    stored.
    """
    with open_table(path, facts.format) as table:
        rows_total = sum(1 for _ in _keep_lease(claim, table.rows))
    _update(claim, rows_total=rows_total)


def _walk(claim: Claim, columns: tuple[str, ...], rows: Iterable[Row], slice_seconds: float) -> int:
    ends, done = time.monotonic() + slice_seconds, 0
    parsed = parse_rows(
        _keep_lease(claim, rows),
        kind=claim.kind,
        fields=claim.kind.fields_for(claim.job.options),
        columns=columns,
        mapping=ColumnMapping.from_json(claim.job.mapping),
        zone=claim.zone,
    )
    # Rows of earlier batches are parsed again, for the keys that must not come twice, and left.
    for _ in islice(parsed, claim.job.rows_done):
        pass
    while batch := list(islice(parsed, BATCH)):
        _take(claim, batch)
        done += len(batch)
        if len(batch) < BATCH:
            break
        if time.monotonic() >= ends:
            _update(claim, lease_until=None)
            return done
    _settle(claim)
    return done


def _take(claim: Claim, batch: list[ParsedRow | RefusedRow]) -> None:
    """One batch in one transaction; tried again when somebody else stored the same customer at the same moment."""
    for attempt in range(3):
        try:
            with organization_scope(claim.organization_id):
                _take_once(_held(claim), claim, batch)
            return
        except (IntegrityError, OperationalError):
            if attempt == 2:
                raise


def _take_once(job: ImportJob, claim: Claim, batch: list[ParsedRow | RefusedRow]) -> None:
    now = timezone.now()
    rows = [row for row in batch if isinstance(row, ParsedRow)]
    refused = [(row.row.number, row.row.cells, row.broken) for row in batch if isinstance(row, RefusedRow)]
    act = claim.kind.plan if claim.is_check else claim.kind.apply
    outcomes = act(rows, job=job, by=_actor(job), at=now) if rows else []
    for row, outcome in zip(rows, outcomes, strict=True):
        if isinstance(outcome, RuleBroken):
            refused.append((row.number, row.cells, outcome))
    ImportRefusal.objects.bulk_create(_refusal(job, *each) for each in refused)
    job.rows_new += outcomes.count(Verdict.NEW)
    job.rows_changed += outcomes.count(Verdict.CHANGED)
    job.rows_unchanged += outcomes.count(Verdict.UNCHANGED)
    job.rows_refused += len(refused)
    job.rows_done += len(batch)
    job.attempts, job.lease_until, job.error = 0, now + LEASE, ""
    job.save()
    claim.job = job


def _settle(claim: Claim, *, error: str = "", is_final: bool = False) -> None:
    """End the job well, or let it wait and be tried again, or end it with the error shown."""
    now = timezone.now()
    try:
        with organization_scope(claim.organization_id):
            job = _held(claim)
            job.lease_until, job.error = None, error[:500].replace("\x00", "")
            if not error:
                _end(job, "checked" if claim.is_check else "finished", at=now)
                record(f"import.{job.state}", on=job, by=SYSTEM, at=now, details=_counts(job))
            elif is_final or job.attempts >= MAX_ATTEMPTS:
                _end(job, "fail", at=now)
                record("import.failed", on=job, by=SYSTEM, at=now, details={"error": job.error})
            else:
                job.due_at = now + timedelta(seconds=10 * 3**job.attempts)
            job.save()
    except LostClaim:
        logger.info("Import %s is in other hands", claim.job.pk)
    except DatabaseError:
        # The lease runs out by itself; the attempt is counted already.
        logger.exception("Import %s could not be settled", claim.job.pk)


def _end(job: ImportJob, verb: str, *, at) -> None:
    move(job, verb)
    job.lease_until, job.due_at, job.finished_at = None, at + KEPT_FOR, at


def _held(claim: Claim) -> ImportJob:
    """The job, locked, if it is still ours. Raises LostClaim."""
    job = ImportJob.objects.select_for_update().filter(pk=claim.job.pk, fence=claim.job.fence).first()
    if job is None or job.state != claim.job.state:
        raise LostClaim
    return job


def _update(claim: Claim, **values) -> None:
    with organization_scope(claim.organization_id):
        if not ImportJob.objects.filter(pk=claim.job.pk, fence=claim.job.fence).update(**values):
            raise LostClaim
    for name, value in values.items():
        setattr(claim.job, name, value)


def _keep_lease(claim: Claim, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, with the lease renewed while a long file is walked without storing anything."""
    renewed = time.monotonic()
    for count, row in enumerate(rows):
        if count % 1_000 == 0 and time.monotonic() - renewed > _RENEW_EVERY_SECONDS:
            renewed = time.monotonic()
            _update(claim, lease_until=timezone.now() + LEASE)
        yield row


def _actor(job: ImportJob) -> Actor:
    return Actor.of_user(job.created_by) if job.created_by else SYSTEM


def _refusal(job: ImportJob, number: int, cells: tuple, broken: RuleBroken) -> ImportRefusal:
    return ImportRefusal(
        organization_id=job.organization_id,
        job=job,
        row_number=number,
        column=broken.column[:120],
        rule=broken.rule[:60],
        message=str(storable(broken.message, 500)),
        cells=[storable(cell, 32_767) for cell in cells],
    )


def _counts(job: ImportJob) -> dict[str, int]:
    return {name: getattr(job, f"rows_{name}") for name in ("done", "new", "changed", "unchanged", "refused")}
