"""The product's own processes beside a test: web server, Celery worker, Celery beat, on the database of that test."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cxm.embedded.collecting import collect_for_tests
from cxm.embedded.processes import Supervisor
from cxm.embedded.product import beat, web, worker
from cxm.embedded.programs import Running


@dataclass(frozen=True)
class WebServer:
    """gunicorn with the production configuration."""

    url: str
    running: Running


@pytest.fixture(scope="session")
def _web_server(django_db_setup) -> Iterator[WebServer]:
    static = collect_for_tests(os.environ)
    environment = dict(os.environ) | {"STATIC_ROOT": str(static), "WEB_CONCURRENCY": "1"}
    with Supervisor(logs=_logs()) as supervisor:
        port = urlsplit(os.environ["BASE_URL"]).port
        assert port is not None
        running = supervisor.start(web(environment, port=port))
        yield WebServer(os.environ["BASE_URL"], running)


@pytest.fixture
def web_server(_web_server: WebServer, transactional_db) -> WebServer:
    """The site as people reach it, at `web_server.url`; the test's rows must be committed to be seen there."""
    return _web_server


@pytest.fixture(scope="session")
def base_url() -> str:
    """Lets a browser test write `page.goto("/accounts/login/")`."""
    return os.environ["BASE_URL"]


@pytest.fixture
def celery_worker_process(transactional_db, empty_redis) -> Iterator[Running]:
    """A real Celery worker for this test, which ends before the tables are emptied."""
    yield from _beside(worker)


@pytest.fixture
def celery_beat_process(transactional_db, empty_redis) -> Iterator[Running]:
    """The schedule, running: the sweeps come without a nudge."""
    yield from _beside(beat)


def _beside(make_program: Callable) -> Iterator[Running]:
    with Supervisor(logs=_logs()) as supervisor:
        yield supervisor.start(make_program(dict(os.environ)))


def _logs() -> Path:
    return Path(os.environ["CXM_TEST_DIRECTORY"]) / "logs"
