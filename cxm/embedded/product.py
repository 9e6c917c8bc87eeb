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


def web(environment: Mapping[str, str], *, port: int) -> Program:
    """gunicorn with the configuration of production, on the loopback address."""
    return Program(
        name="web",
        command=[sys.executable, "-m", "gunicorn", "--config", "python:cxm.gunicorn", "cxm.wsgi"],
        environment={**environment, "WEB_BIND": f"{LOOPBACK}:{port}"},
        directory=PROJECT,
        is_ready=lambda running: _is_healthy(port),
    )


def worker(environment: Mapping[str, str]) -> Program:
    """A Celery worker. Killed at once when the supervisor dies: what it was doing is a row that the next one takes."""
    return Program(
        name="worker",
        command=[sys.executable, "-m", "celery", "-A", "cxm", "worker", "--without-gossip", "--without-mingle"],
        environment=environment,
        directory=PROJECT,
        is_ready=lambda running: running.said(" ready."),
        death_signal=signal.SIGKILL,
    )


def beat(environment: Mapping[str, str]) -> Program:
    """The schedule. It keeps nothing: every entry is a look for rows that are due."""
    return Program(
        name="beat",
        command=[sys.executable, "-m", "celery", "-A", "cxm", "beat", "--scheduler", "celery.beat:Scheduler"],
        environment=environment,
        directory=PROJECT,
        is_ready=lambda running: running.said("beat: Starting"),
    )


def mailbox(environment: Mapping[str, str], *, directory: Path, smtp_port: int, web_port: int) -> Program:
    ports = ["--smtp-port", str(smtp_port), "--web-port", str(web_port)]
    return Program(
        name="mailbox",
        command=[sys.executable, "-m", "cxm.embedded.mailbox", "--directory", str(directory), *ports],
        environment=environment,
        directory=PROJECT,
        is_ready=lambda running: accepts_connections(smtp_port) and accepts_connections(web_port),
        serves_others=True,
    )


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/health/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
