"""bin/chaos --kills K --answers N --seed S: kill -9 at random moments while answers come in, then count.

The promise under test: an answer the server acknowledged is there; each detractor has exactly one alert and one
follow-up; staff were written to at least once; a place outside was told, under one id; each step of escalation was
taken once. A client whose connection breaks tries the same link again, as a person would.
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
from benchmarks.outside import Outside
from benchmarks.stack import Stack
from benchmarks.telling import told_at

CLIENTS = 6
TARGETS = ("worker", "redis", "web", "postgres", "beat")
# Beside the longest lease (mail in `sending` when its worker was killed): the steps of escalation, and all other work.
PATIENCE_SECONDS = 120


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/chaos")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lease", type=int, default=300, help="SENDING_LEASE_SECONDS, as in production unless said")
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    settings = {"OUTGOING_PRIVATE_TARGETS": "true", "SENDING_LEASE_SECONDS": str(options.lease)}
    with Outside() as outside, Stack(workers=1, settings=settings, has_own_beat=True) as stack:
        ground = Ground(stack, asks=options.answers)
        chain = Chain(ground, outside)
        scores = {token: chance.randrange(11) for token in ground.tokens}
        killer = Killer(stack, options.kills, chance)
        respondents = Respondents(stack.web_port, scores, killer)
        killer.start()
        respondents.run()
        killer.join()
        print(f"{len(respondents.acknowledged)} answers acknowledged, {killer.done} kills; waiting for the work to end")
        drained = wait_until(chain.is_done, seconds=PATIENCE_SECONDS + options.lease, every=0.5)
        found = count(chain, stack, respondents.acknowledged)
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
            # What is dead already cannot be killed.
            wait_until(lambda name=name: self.stack.is_running(name), seconds=30)
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


class Chain:
    """All that follows from a bad answer: a webhook is told, and a promise of an hour escalates within a minute."""

    # Percent of the hour, and who is told.
    STEPS = ((1, "owner"), (2, "admin"))

    def __init__(self, ground: Ground, outside: Outside):
        from alerts.models import EscalationStep, SlaPolicy
        from alerts.notifying.keeping import add_channel
        from alerts.notifying.queueing import OPENED

        self.ground, self.outside = ground, outside
        with ground.scope():
            policy = SlaPolicy.objects.get(priority="normal")
            policy.first_contact_hours, policy.is_wall_clock = 1, True
            policy.save()
            EscalationStep.objects.filter(sla_policy=policy).delete()
            EscalationStep.objects.bulk_create(
                EscalationStep(
                    organization=ground.organization,
                    sla_policy=policy,
                    promise="first_contact",
                    percent=percent,
                    tells=tells,
                )
                for percent, tells in self.STEPS
            )
            add_channel(
                kind="webhook", name="Desk", address=outside.url, events=[OPENED], by=ground.admin, at=ground.now
            )

    def is_done(self) -> bool:
        """Whether nothing is left to do, and every follow-up has been escalated by every step."""
        from django.db import Error, connection

        try:
            return self._is_done()
        except Error:
            # Its connection died with the server that was killed.
            connection.close()
            return False

    def _is_done(self) -> bool:
        from alerts.models import Delivery, Escalation, FollowUp, Notification

        with self.ground.scope():
            waiting = Delivery.objects.filter(state__in=["due", "sending"]).exists()
            waiting = waiting or Notification.objects.filter(mail_due_at__isnull=False).exists()
            wanted = FollowUp.objects.count() * len(self.STEPS)
            return not waiting and Escalation.objects.count() >= wanted and not backlog_of(self.ground)


def count(chain: Chain, stack: Stack, acknowledged: set[str]) -> dict[str, int]:
    """What is wrong, as counts; all but `acknowledged` should be 0."""
    from alerts.models import Alert, Delivery, Escalation, FollowUp, Notification
    from surveys.models import Response
    from surveys.tokens import read_token

    with chain.ground.scope():
        responses = list(Response.objects.values_list("id", "invitation_id", "group"))
        alerts = list(Alert.objects.values_list("response_id", flat=True))
        follow_ups = list(FollowUp.objects.values_list("response_id", "number"))
        deliveries = list(Delivery.objects.values_list("dedupe_key", flat=True))
        escalations = list(Escalation.objects.values_list("follow_up__number", "percent"))
        escalated = list(Notification.objects.filter(event="escalated").values_list("user_id", "dedupe_key"))
        told = told_at(stack)
    answered = {invitation for _, invitation, _ in responses}
    detractors = {pk for pk, _, group in responses if group == "detractor"}
    followed = [response for response, _ in follow_ups]
    numbers = [number for _, number in follow_ups]
    wanted = {(number, percent) for number in numbers for percent, _ in chain.STEPS}
    return {
        "acknowledged": len(acknowledged),
        "lost": sum(read_token(token) not in answered for token in acknowledged),
        "duplicate_responses": len(responses) - len(answered),
        "missing_alerts": len(detractors - set(alerts)),
        "duplicate_alerts": len(alerts) - len(set(alerts)),
        "missing_follow_ups": len(detractors - set(followed)),
        "duplicate_follow_ups": len(followed) - len(set(followed)),
        "unsent_staff_mails": sum(number not in told for number in numbers),
        "missing_deliveries": sum(number not in chain.outside.arrived for number in numbers),
        "duplicate_deliveries": len(deliveries) - len(set(deliveries)) + _told_twice(chain.outside),
        "missing_escalations": len(wanted - set(escalations)),
        "duplicate_escalations": len(escalations) - len(set(escalations)) + len(escalated) - len(set(escalated)),
    }


def _told_twice(outside: Outside) -> int:
    """Follow-ups told outside under more than one id: a repeated attempt keeps its id."""
    return sum(len(messages) > 1 for messages in outside.arrived.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
