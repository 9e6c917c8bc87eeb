"""bin/bench latency: how long from "your answer was accepted" to "staff can see the follow-up".

Answers come one after the other, as on a quiet day, so that nothing waits for a batch. The baseline of the same run is
a request that does nothing but one round trip to PostgreSQL (`/health/`).
"""

import argparse
import sys
import time

from benchmarks.clients import Connection
from benchmarks.ground import FORM, Ground, form_body
from benchmarks.measuring import Tally, say, wait_until
from benchmarks.stack import Stack


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench latency")
    parser.add_argument("--answers", type=int, default=60)
    options = parser.parse_args(arguments)
    with Stack(workers=1) as stack:
        ground = Ground(stack, asks=options.answers)
        time.sleep(5)  # the worker has started when its first sweeps have gone by
        visible, mailed, health = Tally(), Tally(), Tally()
        connection = Connection(stack.web_port)
        for token in ground.tokens:
            _answer(stack, ground, connection, token, visible, mailed)
            started = time.perf_counter()
            connection.request("GET", "/health/")
            health.seconds.append(time.perf_counter() - started)
            time.sleep(0.3)
    ratio = round(visible.as_dict()["p50_ms"] / max(health.as_dict()["p50_ms"], 0.1), 1)
    say({"visible": visible.as_dict(), "mail": mailed.as_dict(), "health": health.as_dict(), "ratio_to_health": ratio})
    return 1 if visible.errors or mailed.errors else 0


def _answer(stack: Stack, ground: Ground, connection: Connection, token: str, visible: Tally, mailed: Tally) -> None:
    from alerts.models import FollowUp
    from surveys.tokens import read_token

    mails_before = len(list(stack.mails))
    connection.request("POST", f"/r/{token}/", form_body(2), **FORM)
    invitation = read_token(token)

    def is_visible() -> bool:
        with ground.scope():
            return FollowUp.objects.filter(response__invitation=invitation).exists()

    for tally, arrived in ((visible, is_visible), (mailed, lambda: len(list(stack.mails)) > mails_before)):
        seconds = wait_until(arrived, seconds=30, every=0.005)
        if seconds is None:
            tally.errors.append("not within 30 s")
        else:
            tally.seconds.append(seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
