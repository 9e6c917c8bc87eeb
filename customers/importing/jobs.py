"""An import from upload to end: the moves a person makes. What the worker does is in `working`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from customers.models import ImportJob
from tenancy.audit import Actor, record
from tenancy.background import nudge

from .facts import FileFacts, find_facts
from .formats import FileFormat, find_format
from .parsing import ColumnMapping
from .registry import ImportKind, kind_of
from .uploads import file_of, store_bytes, stored_bytes

State = ImportJob.State
SWEEP = "customers.tasks.work_on_imports"

# What people upload is deleted this long after the import has ended, or after nobody went on with it.
KEPT_FOR = timedelta(days=30)

# Every move of the state: verb -> (from, to).
MOVES: dict[str, tuple[frozenset[str], str]] = {
    "read_again": (frozenset({State.UPLOADED, State.CHECKED, State.FAILED}), State.UPLOADED),
    "check": (frozenset({State.UPLOADED, State.CHECKED, State.FAILED}), State.CHECKING),
    "checked": (frozenset({State.CHECKING}), State.CHECKED),
    "run": (frozenset({State.CHECKED}), State.RUNNING),
    "finished": (frozenset({State.RUNNING}), State.FINISHED),
    "fail": (frozenset({State.CHECKING, State.RUNNING}), State.FAILED),
}


class IllegalMove(Exception):
    """The import is not in a state in which this can be done; the sentence is for people."""


def move(job: ImportJob, verb: str) -> None:
    """Set the state the verb leads to; the caller saves. Raises IllegalMove."""
    allowed, state = MOVES[verb]
    if job.state not in allowed:
        raise IllegalMove(f"This import is {job.get_state_display().lower()} now.")
    job.state = state


def upload(
    path: Path, *, kind: ImportKind, file_name: str, options: Mapping[str, Any], by: Actor, at: datetime
) -> ImportJob:
    """A new job with the bytes of the file at `path`. Raises FileRefused when it is not a table that can be read."""
    fields = kind.fields_for(options)
    facts = find_facts(path, file_format=find_format(path), fields=fields)
    job = ImportJob.objects.create(
        kind=kind.slug,
        file_name=file_name[-200:],
        file_size=path.stat().st_size,
        file_facts=facts.as_json(),
        options=dict(options),
        created_by_id=by.id if by.kind == "user" else None,
        due_at=at + KEPT_FOR,
    )
    store_bytes(job, path)
    record("import.uploaded", on=job, by=by, at=at, details={"kind": kind.slug, "bytes": job.file_size})
    return job


def read_again(job: ImportJob, *, file_format: FileFormat, at: datetime) -> None:
    """Read the stored file in another format (encoding, separator, sheet, header) and guess anew.

    Raises FileRefused when it cannot be read so, IllegalMove while the worker has it.
    """
    job = _locked(job)
    move(job, "read_again")
    with file_of(stored_bytes(job)) as path:
        facts = find_facts(path, file_format=file_format, fields=fields_of(job))
    _begin(job, at=at)
    job.file_facts, job.mapping, job.due_at = facts.as_json(), {}, at + KEPT_FOR
    job.save()


def check(job: ImportJob, *, mapping: ColumnMapping, by: Actor, at: datetime) -> None:
    """Confirm the mapping and let the worker try the whole file without storing anything. Raises IllegalMove."""
    job = _locked(job)
    move(job, "check")
    _begin(job, at=at)
    job.mapping = mapping.as_json()
    job.save()
    record("import.checked", on=job, by=by, at=at, details={"columns": dict(mapping.columns)})
    nudge(SWEEP)


def run(job: ImportJob, *, by: Actor, at: datetime) -> None:
    """Let the worker store the rows. Raises IllegalMove unless the file has been checked."""
    job = _locked(job)
    move(job, "run")
    _begin(job, at=at)
    job.save()
    record("import.started", on=job, by=by, at=at)
    nudge(SWEEP)


def remove(job: ImportJob, *, by: Actor, at: datetime) -> None:
    """Forget the file and its refused rows at once; what was imported stays. Raises IllegalMove while it is worked
    on.
    """
    job = _locked(job)
    if job.state in (State.CHECKING, State.RUNNING):
        raise IllegalMove(f"This import is {job.get_state_display().lower()} now.")
    record("import.removed", on=job, by=by, at=at)
    job.delete()


def facts_of(job: ImportJob) -> FileFacts | None:
    """What is known about the file; None once it has been deleted."""
    return FileFacts.from_json(job.file_facts) if "columns" in job.file_facts else None


def fields_of(job: ImportJob):
    """The fields of the job's kind; none when this installation does not know the kind any more."""
    kind = kind_of(job.kind)
    return kind.fields_for(job.options) if kind else ()


def _locked(job: ImportJob) -> ImportJob:
    return ImportJob.objects.select_for_update().get(pk=job.pk)


def _begin(job: ImportJob, *, at: datetime) -> None:
    """From the first row again: no counts, no refusals, due now."""
    job.refusals.all().delete()
    job.rows_done = job.rows_new = job.rows_changed = job.rows_unchanged = job.rows_refused = 0
    job.attempts, job.lease_until, job.error, job.due_at, job.finished_at = 0, None, "", at, None
