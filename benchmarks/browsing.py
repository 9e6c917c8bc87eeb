"""Asking for pages as a person who is signed in."""

from collections.abc import Callable
from typing import Any

from benchmarks.clients import Connection
from benchmarks.ground import Ground
from benchmarks.measuring import raw_median_ms, run_clients
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


def opened(stack: Stack, path: str, cookie: str, *, requests: int) -> dict[str, Any]:
    """How long the whole request for a page takes, one after the other, after ten to get warm."""
    work = get(stack, path, cookie)
    run_clients(work, list(range(10)), clients=1)
    return run_clients(work, list(range(requests)), clients=1).as_dict()


def beside_raw_count(
    stack: Stack, ground: Ground, cookie: str, paths: dict[str, str], *, raw: str, requests: int
) -> dict[str, Any]:
    """Pages by name, and the slowest against a plain count (`raw`, of an organization) in the same run."""
    pages = {}
    for name, path in paths.items():
        pages[name] = opened(stack, f"/o/{ground.organization.slug}/{path}", cookie, requests=requests)
        print(f"  {name}: {pages[name]}")
    counted = raw_median_ms(stack, raw, [str(ground.organization.id)], requests=10)
    slowest = max(page["p50_ms"] for page in pages.values())
    ratio = round(slowest / counted, 2) if counted else None
    return {"pages": pages, "raw_count_ms": counted, "slowest_page_to_raw_count": ratio}


def is_up(port: int) -> bool:
    try:
        return Connection(port, timeout=2).request("GET", "/health/").status == 200
    except OSError:
        return False
