"""The schedule of beat: kept in memory, and carried out by beat itself while there is no broker.

Every entry is a look for rows that are due. While Redis is down no worker hears of any, so beat does the
looking: slower than the workers, but nothing waits for Redis to come back. See docs/decisions/0011.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from celery.beat import ScheduleEntry
from celery.beat import Scheduler as MemoryScheduler
from django.db import connections

from cxm.heartbeat import note_sign_of_life

logger = logging.getLogger(__name__)

# So many looks at once: as many as one worker would do.
AT_ONCE = 2
# How long beat works by itself before it tries the broker again.
BROKER_PAUSE_SECONDS = 2.0


class Scheduler(MemoryScheduler):
    """Sends each look to the workers; what the broker does not take is done here."""

    # Celery's own waits for a broker before it schedules anything.
    producer: Any = None

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.stand_in = StandIn(self.app)
        self.broker_down_until = 0.0

    def tick(self, *arguments: Any, **options: Any) -> float:
        note_sign_of_life()
        return float(super().tick(*arguments, **options))

    def apply_async(
        self, entry: ScheduleEntry, producer: object = None, advance: bool = True, **options: Any
    ) -> object | None:
        """The message that was sent; None when the look is taken here."""
        due: Any = self.reserve(entry) if advance else entry
        if time.monotonic() >= self.broker_down_until:
            try:
                return self.app.send_task(due.task, retry=False, **due.options)
            except Exception as error:  # whatever the broker says, the work has to go on
                self.broker_down_until = time.monotonic() + BROKER_PAUSE_SECONDS
                logger.warning("Redis did not take %s (%s); beat does it itself.", due.task, error)
        self.stand_in.run(due.task)
        return None


class StandIn:
    """Runs tasks in threads of this process, each task at most once at a time."""

    def __init__(self, app: Any):
        self.app = app
        self._running: set[str] = set()
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None

    def run(self, task: str) -> None:
        """Start the task of this name; nothing when it is still running or waiting to run."""
        with self._lock:
            if task in self._running:
                return
            self._running.add(task)
            if self._threads is None:  # in the process that uses them: beat may be forked off a worker
                self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="stand-in")
        self._threads.submit(self._run, task)

    def _run(self, task: str) -> None:
        try:
            self.app.loader.import_default_modules()
            self.app.tasks[task]()
        except Exception:  # the next look finds what this one left
            logger.exception("%s failed", task)
        finally:
            connections.close_all()
            with self._lock:
                self._running.discard(task)
