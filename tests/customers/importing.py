"""Walking an import in a test as the worker does."""

import tempfile
from pathlib import Path

from django.utils import timezone

from customers.importing import jobs, working
from customers.importing.facts import FileFacts
from customers.importing.parsing import ColumnMapping
from customers.importing.registry import kind_of
from customers.models import ImportJob
from tenancy.audit import Actor
from tests.world import Ground


def upload(ground: Ground, path: Path, content: str | bytes | None = None, *, kind: str = "customers", **options):
    """A job with `content` written to `path` and uploaded by the organization's analyst."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with ground.scope():
        return jobs.upload(
            path,
            kind=kind_of(kind),
            file_name=path.name,
            options=options,
            by=Actor.of_user(ground.anton),
            at=timezone.now(),
        )


def guessed(job: ImportJob, attributes: tuple[int, ...] = ()) -> ColumnMapping:
    """The mapping a person confirms who changes nothing."""
    facts = FileFacts.from_json(job.file_facts)
    columns = {name: guess.column for name, guess in facts.guesses.items()}
    formats = {name: facts.found[column].format for name, column in columns.items()}
    return ColumnMapping(columns, formats, attributes)


def check(ground: Ground, job: ImportJob, mapping: ColumnMapping | None = None) -> ImportJob:
    """The job after the worker has checked it."""
    with ground.scope():
        jobs.check(job, mapping=mapping or guessed(job), by=Actor.of_user(ground.anton), at=timezone.now())
    return work(ground, job)


def run(ground: Ground, job: ImportJob) -> ImportJob:
    """The job after the worker has stored its rows."""
    assert not job.error, job.error
    with ground.scope():
        jobs.run(job, by=Actor.of_user(ground.anton), at=timezone.now())
    return work(ground, job)


def work(ground: Ground, job: ImportJob) -> ImportJob:
    while working.work(ground.organization.id):
        pass
    return fresh(ground, job)


def fresh(ground: Ground, job: ImportJob) -> ImportJob:
    with ground.scope():
        return ImportJob.objects.get(pk=job.pk)


def import_file(ground: Ground, path: Path, content: str | bytes | None = None, **options) -> ImportJob:
    """From upload to end, guesses taken as they are."""
    return run(ground, check(ground, upload(ground, path, content, **options)))


def counts(job: ImportJob) -> dict[str, int]:
    """What became of the rows, without zeros."""
    found = {name: getattr(job, f"rows_{name}") for name in ("new", "changed", "unchanged", "refused")}
    return {name: count for name, count in found.items() if count}


def refusals(ground: Ground, job: ImportJob) -> list[tuple[int, str, str]]:
    """(row, column, rule) of each refused row."""
    with ground.scope():
        return list(job.refusals.order_by("row_number").values_list("row_number", "column", "rule"))


def an_import(ground: Ground, *, state: str = "uploaded") -> ImportJob:
    """A small import in the organization, for pages that only need one to be there; in the organization's scope."""
    with tempfile.TemporaryDirectory() as folder:
        job = upload(ground, Path(folder) / "people.csv", "id,email,name\nP-1,p1@example.com,Pia\nP-2,wrong,Paul\n")
    ImportJob.objects.filter(pk=job.pk).update(state=state)
    job.state = state
    return job
