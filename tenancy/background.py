"""Background work: the row is the queue, the Celery task a nudge.

Celery on Redis loses messages when Redis or a worker is killed, so every piece of work that matters is a row with a
state and `due_at`. `enqueue` and `nudge` make it prompt, the sweeps of beat make it certain; when Redis is down they
do nothing and the sweeps find the work later.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from uuid import UUID

from celery import Task, current_app, shared_task
from django.db import connection, transaction

from tenancy.scope import is_in_scope, organization_scope

logger = logging.getLogger(__name__)

# How long one process keeps quiet after a nudge of a task: the first is sent at once, the next once this has passed.
# A crowd of nudges makes it longer, so that a batch takes more rows: what it costs beside them is paid once for all.
NUDGE_SECONDS, LONGEST_NUDGE_SECONDS = 0.15, 0.6
CROWD = 3
# How long one process does not try Redis again after it failed.
BROKER_PAUSE_SECONDS = 5.0

_lock = threading.Lock()
_loading = threading.Lock()
_paces: dict[str, "_Pace"] = {}
_broker_down_until = 0.0


def organization_task(**options: Any) -> Callable:
    """A Celery task that works for one organization: enters the scope of its `organization_id` argument."""

    def decorate(function: Callable) -> Task:
        @wraps(function)
        def run(*, organization_id: str, **ids: Any):
            with organization_scope(organization_id):
                return function(organization_id=UUID(str(organization_id)), **ids)

        return shared_task(**options)(run)

    return decorate


def sweep_task(**options: Any) -> Callable:
    """A Celery task that looks for due rows of every organization; it starts outside any scope."""

    def decorate(function: Callable) -> Task:
        @wraps(function)
        def run():
            if is_in_scope():
                raise RuntimeError(f"{function.__name__} was started inside an organization's scope")
            return function()

        return shared_task(**options)(run)

    return decorate


def enqueue(task: Task, *, organization_id: UUID, **ids: Any) -> None:
    """Start `task` for the organization once the transaction is committed; a lost message is found by a sweep."""
    arguments = {"organization_id": str(organization_id), **{name: str(value) for name, value in ids.items()}}
    transaction.on_commit(lambda: _send(task, kwargs=arguments), robust=True)


def nudge(sweep: str) -> None:
    """Start the sweep task of this name soon after the transaction is committed; a burst of nudges becomes a few.

    By name, since the deed that nudges stands below the task that calls it.
    """
    transaction.on_commit(lambda: _nudge(sweep), robust=True)


def _nudge(sweep: str) -> None:
    with _lock:
        delay = _paces.setdefault(sweep, _Pace()).delay(time.monotonic())
    if delay is not None:
        _send(_find(sweep), countdown=delay or None)


class _Pace:
    """When the last nudge of one sweep starts it, and how long after that the next may."""

    def __init__(self) -> None:
        self.starts_at, self.every, self.crowd = 0.0, NUDGE_SECONDS, 0

    def delay(self, now: float) -> float | None:
        """Seconds until the next nudge may start the sweep; None when one is on its way that starts after `now`."""
        self.crowd += 1
        if now < self.starts_at:
            return None
        is_pressed = now < self.starts_at + self.every
        self.every = min(2 * self.every, LONGEST_NUDGE_SECONDS) if self.crowd > CROWD else NUDGE_SECONDS
        self.crowd = 0
        self.starts_at = max(now, self.starts_at + self.every) if is_pressed else now
        return self.starts_at - now


def _find(name: str) -> Task:
    """The task of this name; a web process has loaded no tasks before it nudges the first."""
    if name not in current_app.tasks:
        # Only the first thread that asks for them loads them; the others must wait until it is done.
        with _loading:
            current_app.loader.import_default_modules()
    return current_app.tasks[name]


def _send(task: Task, **options: Any) -> None:
    global _broker_down_until
    if time.monotonic() < _broker_down_until:
        return
    try:
        task.apply_async(retry=False, **options)
    except Exception as error:  # whatever the broker says, the row is stored and a sweep will find it
        _broker_down_until = time.monotonic() + BROKER_PAUSE_SECONDS
        logger.warning("Redis did not take %s (%s); the next sweep will do the work.", task.name, error)


def due_organizations(door: str, *, limit: int = 200) -> list[UUID]:
    """The organizations with due rows, from the outside: calls a door `name(limit integer)`, longest waiting first."""
    if is_in_scope():
        raise RuntimeError("Due work is looked for outside any scope")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(door)}(%s)", [limit])  # noqa: S608  quoted
        return [row[0] for row in cursor.fetchall()]


def drain(door: str, work: Callable[[UUID], int], *, batch: int = 1, seconds: float = 20.0) -> int:
    """Let `work(organization_id)` take one batch of each due organization in turn; returns rows done.

    Fair: an organization with a long queue waits for the others between its batches. One that returned fewer rows than
    `batch` is done with: what came meanwhile brings a nudge of its own, and a crowd of them makes a batch worth its
    while. A batch that raises is logged and its organization left alone too. Stops after `seconds`; the next sweep
    goes on.
    """
    done, ends, settled = 0, time.monotonic() + seconds, set()
    while time.monotonic() < ends:
        waiting = [each for each in due_organizations(door) if each not in settled]
        for organization_id in waiting:
            count = 0
            try:
                count = work(organization_id)
            except Exception:
                logger.exception("%s failed for organization %s", door, organization_id)
            if count < batch:
                settled.add(organization_id)
            done += count
        if not waiting:
            break
    return done


def in_batches(rows: list, size: int) -> Iterator[list]:
    """`rows` in lists of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
