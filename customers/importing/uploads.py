"""The uploaded bytes: kept in PostgreSQL, one row a mebibyte, so that any worker on any machine can read them."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from customers.models import ImportChunk, ImportJob

CHUNK_BYTES = 1024 * 1024


@contextmanager
def file_of(pieces: Iterable[bytes | memoryview]) -> Iterator[Path]:
    """The pieces as one file on disk, for as long as the context is open."""
    with tempfile.TemporaryDirectory(prefix="cxm-import-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        yield path


def store_bytes(job: ImportJob, path: Path) -> None:
    """Keep the file's bytes with the job; memory for one chunk."""
    with path.open("rb") as file:
        for number, data in enumerate(iter(lambda: file.read(CHUNK_BYTES), b"")):
            ImportChunk.objects.create(job=job, number=number, data=data)


def stored_bytes(job: ImportJob) -> Iterator[memoryview]:
    """The bytes again, chunk by chunk; nothing when they have been deleted. Needs the organization's scope."""
    chunks = ImportChunk.objects.filter(job=job)
    for number in chunks.order_by("number").values_list("number", flat=True):
        yield chunks.values_list("data", flat=True).get(number=number)
