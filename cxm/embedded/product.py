"""The product's processes as programs for the supervisor: web, worker, beat and mailbox."""

import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from cxm.embedded.keeping import PROJECT
from cxm.embedded.ports import LOOPBACK, accepts_connections
from cxm.embedded.programs import Program

# The workers need not know each other; everything they share is in PostgreSQL.
WORKER_OPTIONS = ["--loglevel", "INFO", "--without-gossip", "--without-mingle", "--concurrency", "2"]
SCHEDULE_OPTIONS = ["--scheduler", "cxm.scheduling:Scheduler"]
# Threads share two heaps: one each would keep what it once needed, and for Python's threads it is no faster.
HEAPS = {"MALLOC_ARENA_MAX": "2"}


def web(environment: Mapping[str, str], *, port: int) -> Program:
    """gunicorn with the configuration of production, on the loopback address."""
    return Program(
        name="web",
        command=[sys.executable, "-m", "gunicorn", "--config", "python:cxm.gunicorn", "cxm.wsgi"],
        environment={**environment, **HEAPS, "WEB_BIND": f"{LOOPBACK}:{port}"},
        directory=PROJECT,
        is_ready=lambda running: _is_healthy(port),
        ready_within=60,
    )


def worker(environment: Mapping[str, str], *, with_schedule: bool = False) -> Program:
    """A Celery worker; `with_schedule` runs beat inside it, which shares its memory (only one worker may have it).

    Killed at once when the supervisor dies: what it was doing is a row that the next one takes.
    """
    schedule = ["--beat", *SCHEDULE_OPTIONS] if with_schedule else []
    return Program(
        name="worker",
        command=[sys.executable, "-m", "celery", "-A", "cxm", "worker", *WORKER_OPTIONS, *schedule],
        environment={**environment, **HEAPS},
        directory=PROJECT,
        is_ready=lambda running: running.said(" ready."),
        ready_within=60,
        death_signal=signal.SIGKILL,
    )


def beat(environment: Mapping[str, str]) -> Program:
    """The schedule as a process of its own."""
    return Program(
        name="beat",
        command=[sys.executable, "-m", "celery", "-A", "cxm", "beat", *SCHEDULE_OPTIONS],
        environment=environment,
        directory=PROJECT,
        is_ready=lambda running: running.said(" is starting."),
        ready_within=60,
    )


def mailbox(
    environment: Mapping[str, str], *, directory: Path, smtp_port: int, web_port: int, reply_port: int | None = None
) -> Program:
    """Keeps what the product sends; with `reply_port` one can answer, to the listener there."""
    ports = ["--smtp-port", str(smtp_port), "--web-port", str(web_port)]
    ports += ["--reply-port", str(reply_port)] if reply_port else []
    return Program(
        name="mailbox",
        command=[sys.executable, "-m", "cxm.embedded.mailbox", "--directory", str(directory), *ports],
        environment=environment,
        directory=PROJECT,
        is_ready=lambda running: accepts_connections(smtp_port) and accepts_connections(web_port),
        serves_others=True,
    )


def mail_listener(environment: Mapping[str, str], *, port: int) -> Program:
    """Takes customers' answers over SMTP."""
    return Program(
        name="receive-mail",
        command=[sys.executable, str(PROJECT / "manage.py"), "receive_mail", "--port", str(port)],
        environment={**environment, **HEAPS},
        directory=PROJECT,
        is_ready=lambda running: accepts_connections(port),
        ready_within=60,
        shown=False,
    )


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/health/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
