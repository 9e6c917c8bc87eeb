"""bin/chaos --kills K --answers N --seed S: kill -9 at random moments while answers come in, then count.

The promise under test: an answer the server acknowledged is there; each detractor has exactly one follow-up; staff were
written to at least once. A client whose connection breaks tries the same link again, as a person would.
"""

import argparse
import json
import random
import sys
import threading
import time

from benchmarks.clients import Connection
from benchmarks.ground import FORM, Ground, form_body
from benchmarks.intake import backlog_of
from benchmarks.measuring import wait_until
from benchmarks.stack import Stack
from benchmarks.telling import told_at

CLIENTS = 6
TARGETS = ("worker", "redis", "web")
# Leases are at most 5 minutes (mail in `sending` when its worker was killed).
PATIENCE_SECONDS = 420


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/chaos")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    with Stack(workers=1) as stack:
        ground = Ground(stack, asks=options.answers)
        scores = {token: chance.randrange(11) for token in ground.tokens}
        killer = Killer(stack, options.kills, chance)
        respondents = Respondents(stack.web_port, scores, killer)
        killer.start()
        respondents.run()
        killer.join()
        print(f"{len(respondents.acknowledged)} answers acknowledged, {killer.done} kills; waiting for the work to end")
        drained = wait_until(lambda: not backlog_of(ground), seconds=PATIENCE_SECONDS, every=0.5)
        found = count(ground, stack, respondents.acknowledged, scores)
    print("the work did not end" if drained is None else f"the work ended after {drained:.1f} s")
    print(json.dumps({"seed": options.seed, "kills": killer.done, **found}))
    return 1 if drained is None or any(value for name, value in found.items() if name != "acknowledged") else 0


class Killer(threading.Thread):
    """Kills so many times, each time something else, at random moments; the stack's supervisor starts it again."""

    def __init__(self, stack: Stack, kills: int, chance: random.Random):
        super().__init__(daemon=True)
        self.stack, self.kills, self.done = stack, kills, 0
        self.plan = [(chance.uniform(0.15, 1.2), chance.choice(TARGETS)) for _ in range(kills)]

    def run(self) -> None:
        for pause, name in self.plan:
            time.sleep(pause)
            print(f"  kill -9 {name} ({self.stack.kill(name)})")
            self.done += 1


class Respondents:
    """People with links: they answer at a pace that lasts as long as the killing, and try again when it fails."""

    def __init__(self, port: int, scores: dict[str, int], killer: Killer):
        self.port, self.scores, self.killer = port, scores, killer
        self.acknowledged: set[str] = set()
        self.lock = threading.Lock()
        self.todo = iter(scores)
        killing_seconds = sum(pause for pause, _ in killer.plan)
        self.pause = killing_seconds * CLIENTS / max(len(scores), 1)

    def run(self) -> None:
        people = [threading.Thread(target=self._answer_all) for _ in range(CLIENTS)]
        for person in people:
            person.start()
        for person in people:
            person.join()

    def _answer_all(self) -> None:
        connection = Connection(self.port, timeout=20)
        while (token := self._next()) is not None:
            self._answer(connection, token)
            time.sleep(self.pause)

    def _next(self) -> str | None:
        with self.lock:
            return next(self.todo, None)

    def _answer(self, connection: Connection, token: str) -> None:
        path, body = f"/r/{token}/", form_body(self.scores[token])
        for _ in range(200):
            try:
                connection.request("GET", f"{path}?score={self.scores[token]}")
                reply = connection.request("POST", path, body, **FORM)
            except OSError:
                time.sleep(0.3)
                continue
            if reply.status == 303:
                with self.lock:
                    self.acknowledged.add(token)
                return
            time.sleep(0.3)


def count(ground: Ground, stack: Stack, acknowledged: set[str], scores: dict[str, int]) -> dict[str, int]:
    """What is wrong, as counts; all but `acknowledged` should be 0."""
    from alerts.models import FollowUp
    from surveys.models import Response
    from surveys.tokens import read_token

    with ground.scope():
        responses = list(Response.objects.values_list("id", "invitation_id", "group"))
        follow_ups = list(FollowUp.objects.values_list("response_id", "number"))
        told = told_at(stack)
    answered = {invitation for _, invitation, _ in responses}
    detractors = {pk for pk, _, group in responses if group == "detractor"}
    followed = [response for response, _ in follow_ups]
    return {
        "acknowledged": len(acknowledged),
        "lost": sum(read_token(token) not in answered for token in acknowledged),
        "duplicate_responses": len(responses) - len(answered),
        "missing_follow_ups": len(detractors - set(followed)),
        "duplicate_follow_ups": len(followed) - len(set(followed)),
        "unsent_staff_mails": sum(number not in told for _, number in follow_ups),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
