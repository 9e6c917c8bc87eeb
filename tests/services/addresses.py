"""Gives each pytest process its own database, Redis database and ports, before Django's settings are read.

Loaded by bin/test with `-p`, which is earlier than any conftest. What is set here is inherited by every process a test
starts, so that a Celery worker or a web server of a test meets the rows, the nudges and the mailbox of that test.
"""

import os
from urllib.parse import urlsplit, urlunsplit

from cxm.embedded.ports import free_port

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_configure() -> None:
    """In this process pages link plain static files; the web server of a browser test serves collected ones."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.PASSWORD_HASHERS = ["tests.services.passwords.CheapArgon2", *settings.PASSWORD_HASHERS[1:]]


def take_own_addresses() -> None:
    database = f"cxm_{WORKER}"
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ[name] = with_path(os.environ[name], database)
    redis_database = int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 0
    os.environ["REDIS_URL"] = with_path(os.environ["REDIS_URL"], str(redis_database))
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    os.environ["BASE_URL"] = f"http://localhost:{free_port()}"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the main thread


def with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


take_own_addresses()
