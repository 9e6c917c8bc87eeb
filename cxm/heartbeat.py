"""Signs of life of the processes that serve no page: a file each beat of the heart touches, for health checks.

The file is named by HEARTBEAT_FILE; without it nothing is written.
"""

import os
from pathlib import Path

from celery.beat import Scheduler as MemoryScheduler
from celery.signals import heartbeat_sent, worker_ready


@worker_ready.connect
@heartbeat_sent.connect
def note_sign_of_life(**_signal: object) -> None:
    if path := os.environ.get("HEARTBEAT_FILE"):
        Path(path).touch()


class Scheduler(MemoryScheduler):
    """The schedule, kept in memory: every entry is a look for rows that are due, so none is missed by a restart."""

    def tick(self, *arguments, **options) -> float:
        note_sign_of_life()
        return super().tick(*arguments, **options)
