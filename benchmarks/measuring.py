"""Running many clients at once, and saying what came of it."""

import json
import platform
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.stack import Stack


@dataclass
class Tally:
    """What the clients saw: seconds per piece of work, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wall: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.wall if self.wall else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Rate, latency in milliseconds and errors; the longest wait shows a stall."""
        cuts = statistics.quantiles(self.seconds, n=100) if len(self.seconds) > 1 else [0.0] * 99
        return {
            "done": len(self.seconds),
            "per_second": round(self.per_second, 1),
            "p50_ms": round(cuts[49] * 1000, 1),
            "p95_ms": round(cuts[94] * 1000, 1),
            "p99_ms": round(cuts[98] * 1000, 1),
            "longest_ms": round(max(self.seconds, default=0) * 1000, 1),
            "errors": len(self.errors),
        }


def run_clients(work: Callable[[int, Any], None], items: list, *, clients: int) -> Tally:
    """`work(client, item)` for every item by `clients` threads; the time of each piece is taken, errors are kept."""
    tally, feed, lock = Tally(), _shared(items), threading.Lock()

    def client(number: int) -> None:
        for item in feed:
            started = time.perf_counter()
            try:
                work(number, item)
            except Exception as error:
                with lock:
                    tally.errors.append(f"{type(error).__name__}: {error}")
                continue
            with lock:
                tally.seconds.append(time.perf_counter() - started)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.wall = time.perf_counter() - started
    for error in sorted(set(tally.errors))[:5]:
        print(f"  {tally.errors.count(error)} x {error}")
    return tally


@contextmanager
def processor_time(stack: Stack) -> Iterator[dict[str, float]]:
    """Processor seconds spent inside the block by each program of the stack and the clients here; there after it."""
    spent: dict[str, float] = {}
    before, own = stack.processor_seconds(), time.process_time()
    yield spent
    after = stack.processor_seconds()
    spent |= {name: after[name] - before.get(name, 0.0) for name in after}
    spent["clients"] = time.process_time() - own


def wait_until(done: Callable[[], bool], *, seconds: float, every: float = 0.1) -> float | None:
    """Seconds until `done()`; None when it was not within `seconds`."""
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        if done():
            return time.perf_counter() - started
        time.sleep(every)
    return None


def raw_median_ms(stack: Stack, sql: str, parameters: list[Any], *, requests: int) -> float:
    """Median milliseconds of a plain statement on the same rows, without any of the product."""
    import psycopg2

    seconds = []
    with psycopg2.connect(stack.database_url()) as connection, connection.cursor() as cursor:
        for _ in range(requests):
            started = time.perf_counter()
            cursor.execute(sql, parameters)
            cursor.fetchall()
            seconds.append(time.perf_counter() - started)
    connection.close()
    return round(statistics.median(seconds) * 1000, 1)


def say(result: dict[str, Any]) -> None:
    """The last line of a measurement: one JSON object."""
    print(json.dumps({"machine": f"{platform.machine()}, Python {platform.python_version()}", **result}))


class _shared:
    """An iterator that many threads may ask."""

    def __init__(self, items: list):
        self.items: Iterator = iter(items)
        self.lock = threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            return next(self.items)
