"""bin/bench latency: how long from "your answer was accepted" to "staff can see the follow-up, and a mail told them".

    bin/bench latency --rate 20 --answers 400
    bin/bench latency --rate 20 --no-redis

Answers come at a steady rate whether or not the ones before have been dealt with. The baseline of the same run is a
request that does nothing but one round trip to PostgreSQL (`/health/`). Without Redis beat does the workers' work.
`mail_of_its_own` leaves out digests: of a burst, the first are told one by one and the others together, seconds later.
"""

import argparse
import sys
import threading
import time

from benchmarks.clients import Connection
from benchmarks.ground import FORM, Ground, form_body
from benchmarks.measuring import Tally, run_clients, say, wait_until
from benchmarks.stack import Stack
from benchmarks.telling import told_at

CLIENTS = 16
PATIENCE_SECONDS = 120
HEALTH_LOOKS = 50


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench latency")
    parser.add_argument("--rate", type=float, default=1.0, help="answers a second")
    parser.add_argument("--answers", type=int, help="how many; one minute's worth, 60 at least, when not said")
    parser.add_argument("--no-redis", action="store_true", help="stop Redis before the first answer")
    options = parser.parse_args(arguments)
    answers = options.answers or max(60, round(options.rate * 60))
    with Stack(workers=1, watch=False) as stack:
        warm_up(stack)
        ground = Ground(stack, asks=answers)
        if options.no_redis:
            stack.stop("redis")
        watch = Watch(ground)
        watch.start()
        accepted, health = Answers(stack, ground, options.rate).give()
        is_whole = wait_until(lambda: len(watch.seen) >= answers, seconds=PATIENCE_SECONDS) is not None
        wait_until(lambda: len(_told(stack, ground)) >= answers, seconds=PATIENCE_SECONDS if is_whole else 5, every=0.5)
        watch.is_over.set()
        watch.join()
        told = _told(stack, ground)
        singly = _told(stack, ground, is_single=True)
    visible = _waits(accepted, {token: at for token, (_, at) in watch.seen.items()})
    mailed = _waits(accepted, {token: told[number] for token, (number, _) in watch.seen.items() if number in told})
    alone = {token: singly[number] for token, (number, _) in watch.seen.items() if number in singly}
    mailed_alone = _waits({token: accepted[token] for token in alone}, alone)
    waits = {"visible": visible, "mail": mailed, "mail_of_its_own": mailed_alone, "health": health}
    found = {name: tally.as_dict() for name, tally in waits.items()}
    ratio = round(found["visible"]["p50_ms"] / max(found["health"]["p50_ms"], 0.1), 1)
    say({"rate": options.rate, "redis": not options.no_redis, **found, "ratio_to_health": ratio})
    return 1 if visible.errors or mailed.errors or len(accepted) < answers else 0


def warm_up(stack: Stack) -> None:
    """Some bad answers of another organization: whoever is measured meets processes that have done all this before."""
    ground = Ground(stack, asks=CLIENTS, name="Warm")
    time.sleep(5)  # the worker has started when its first sweeps have gone by
    accepted, _ = Answers(stack, ground, CLIENTS / 4).give()
    wait_until(lambda: len(_told(stack, ground)) >= len(accepted), seconds=PATIENCE_SECONDS, every=0.5)


class Answers:
    """Bad answers at a steady rate, by clients of their own."""

    def __init__(self, stack: Stack, ground: Ground, rate: float):
        from surveys.tokens import read_token

        self.invitations = {token: read_token(token) for token in ground.tokens}
        self.connections = [Connection(stack.web_port) for _ in range(CLIENTS)]
        self.rate = rate
        self.accepted: dict = {}
        self.health = Tally()

    def give(self) -> tuple[dict, Tally]:
        """When each answer was accepted, by invitation; and how long `/health/` took in between."""
        self.started = time.monotonic()
        items = list(enumerate(self.invitations))
        run_clients(self._answer, items, clients=CLIENTS)
        return self.accepted, self.health

    def _answer(self, client: int, item: tuple[int, str]) -> None:
        number, token = item
        time.sleep(max(0.0, self.started + number / self.rate - time.monotonic()))
        connection = self.connections[client]
        reply = connection.request("POST", f"/r/{token}/", form_body(2), **FORM)
        if reply.status != 303:
            raise RuntimeError(f"an answer was not accepted: {reply.status}")
        self.accepted[self.invitations[token]] = time.time()
        if number % max(1, len(self.invitations) // HEALTH_LOOKS) == 0:
            started = time.perf_counter()
            connection.request("GET", "/health/")
            self.health.seconds.append(time.perf_counter() - started)


class Watch(threading.Thread):
    """Looks for new follow-ups, as somebody's queue would: `seen` is number and moment by invitation."""

    def __init__(self, ground: Ground):
        super().__init__(daemon=True)
        self.ground = ground
        self.seen: dict = {}
        self.is_over = threading.Event()

    def run(self) -> None:
        from alerts.models import FollowUp

        last = 0
        while not self.is_over.wait(0.01):
            with self.ground.scope():
                rows = FollowUp.objects.filter(number__gt=last).order_by("number")
                found = list(rows.values_list("response__invitation_id", "number"))
            now = time.time()
            for invitation, number in found:
                self.seen[invitation], last = (number, now), number


def _told(stack: Stack, ground: Ground, *, is_single: bool = False) -> dict[int, float]:
    with ground.scope():
        return told_at(stack, is_single=is_single)


def _waits(accepted: dict, happened: dict) -> Tally:
    tally = Tally([max(0.0, happened[key] - at) for key, at in accepted.items() if key in happened])
    tally.errors = ["never"] * (len(accepted) - len(tally.seconds))
    return tally


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
