"""Asking for pages as a person who is signed in."""

from collections.abc import Callable

from benchmarks.clients import Connection
from benchmarks.ground import Ground
from benchmarks.stack import Stack


def signed_in(ground: Ground) -> str:
    from django.test import Client

    client = Client()
    client.force_login(ground.admin)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def get(stack: Stack, path: str, cookie: str) -> Callable[[int, int], None]:
    connection = Connection(stack.web_port)

    def work(client: int, item: int) -> None:
        reply = connection.request("GET", path, Cookie=cookie)
        if reply.status != 200:
            raise RuntimeError(f"{path} answered {reply.status}")

    return work


def is_up(port: int) -> bool:
    try:
        return Connection(port, timeout=2).request("GET", "/health/").status == 200
    except OSError:
        return False
