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
NUDGE_SECONDS = 0.15
# How long one process does not try Redis again after it failed.
BROKER_PAUSE_SECONDS = 5.0

_lock = threading.Lock()
_loading = threading.Lock()
_nudged_until: dict[str, float] = {}
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
    """Start the sweep task of this name soon after the transaction is committed; a burst of nudges becomes two.

    By name, since the deed that nudges stands below the task that calls it.
    """
    transaction.on_commit(lambda: _nudge(sweep), robust=True)


def _nudge(sweep: str) -> None:
    now = time.monotonic()
    with _lock:
        quiet_until = _nudged_until.get(sweep, 0.0)
        if now < quiet_until - NUDGE_SECONDS:
            return  # one is on its way that starts after this commit
        delay = max(0.0, quiet_until - now)
        _nudged_until[sweep] = now + delay + NUDGE_SECONDS
    _send(_find(sweep), countdown=delay or None)


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


def drain(door: str, work: Callable[[UUID], int], *, seconds: float = 20.0) -> int:
    """Let `work(organization_id)` take one batch of each due organization in turn until nothing is due.

    Fair: an organization with a long queue waits for the others between its batches. Stops after `seconds`; the next
    sweep goes on. A batch that raises is logged and its organization left alone for this round. Returns rows done.
    """
    done, ends, failed = 0, time.monotonic() + seconds, set()
    while time.monotonic() < ends:
        progress = 0
        for organization_id in due_organizations(door):
            if organization_id in failed:
                continue
            try:
                progress += work(organization_id)
            except Exception:
                failed.add(organization_id)
                logger.exception("%s failed for organization %s", door, organization_id)
        if not progress:
            break
        done += progress
    return done


def in_batches(rows: list, size: int) -> Iterator[list]:
    """`rows` in lists of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
