"""bin/bench intake --clients C: how many answers the product takes in, on the respondent's path and through the API.

Before and after each, in the same run, pgbench inserts single rows into the same PostgreSQL: the ratio is what to
compare between machines, and on one that others use too. Afterwards the backlog is waited for: every detractor
evaluated, every mail to staff sent, every day counted.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean

from benchmarks.clients import Connection
from benchmarks.ground import FORM, Ground, form_body
from benchmarks.measuring import Tally, processor_time, run_clients, say, wait_until
from benchmarks.stack import Stack

# Of 20 answers, five are bad: a company with many unhappy customers.
SCORES = (10, 9, 9, 10, 8, 7, 9, 10, 3, 8, 9, 6, 10, 10, 2, 9, 7, 5, 10, 0)

# The product's own connections take their share of max_connections.
MOST_PGBENCH_CLIENTS = 64


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench intake")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--answers", type=int, default=4000)
    options = parser.parse_args(arguments)
    # The API's limit is per key and on purpose below what one machine can take; many keys share the work here.
    with Stack(workers=1) as stack:
        # An organization each: the second burst of one within ten minutes is written to staff at a slower pace.
        ground = Ground(stack, asks=options.answers + 200)
        machines = Ground(stack, asks=options.answers, name="Machines")
        wait_until(lambda: _is_up(stack.web_port), seconds=60)
        _survey(stack, ground.tokens[:200], options.clients)
        _api(stack, machines, 200, options.clients)
        _drained(ground)
        ground.analyze()
        inserts = [_pgbench(stack, options.clients)]
        with processor_time(stack) as survey_processor:
            survey = _survey(stack, ground.tokens[200:], options.clients)
            backlog = _drained(ground)
        inserts.append(_pgbench(stack, options.clients))
        with processor_time(stack) as api_processor:
            api = _api(stack, machines, options.answers, options.clients)
            api_backlog = _drained(machines)
        inserts.append(_pgbench(stack, options.clients))
    of_surveys, of_api = mean(inserts[:2]), mean(inserts[1:])
    result = {
        "clients": options.clients,
        "surveys": survey.as_dict() | {"backlog_seconds": backlog, "processor_ms": _each(survey_processor, survey)},
        "api": api.as_dict() | {"backlog_seconds": api_backlog, "processor_ms": _each(api_processor, api)},
        "pgbench_inserts_per_second": [round(each) for each in inserts],
        "inserts_per_survey": round(of_surveys / survey.per_second, 1) if survey.per_second else None,
        "inserts_per_api_answer": round(of_api / api.per_second, 1) if api.per_second else None,
    }
    say(result)
    return 1 if survey.errors or api.errors else 0


def _survey(stack: Stack, tokens: list[str], clients: int) -> Tally:
    """GET the page as the mail links it, POST all answers; the answer counts when the server has said 303."""
    connections = [Connection(stack.web_port) for _ in range(clients)]

    def answer(client: int, item: tuple[int, str]) -> None:
        number, token = item
        score = SCORES[number % len(SCORES)]
        page = connections[client].request("GET", f"/r/{token}/?score={score}")
        if page.status != 200:
            raise RuntimeError(f"GET answered {page.status}")
        sent = connections[client].request("POST", f"/r/{token}/", form_body(score), **FORM)
        if sent.status != 303:
            raise RuntimeError(f"POST answered {sent.status}")

    tally = run_clients(answer, list(enumerate(tokens)), clients=clients)
    print(f"surveys: {json.dumps(tally.as_dict())}")
    return tally


def _api(stack: Stack, ground: Ground, answers: int, clients: int) -> Tally:
    connections = [Connection(stack.web_port) for _ in range(clients)]
    keys = [ground.api_key("responses:write") for _ in range(max(clients, 16))]

    def answer(client: int, number: int) -> None:
        body = {
            "survey": str(ground.survey.id),
            "score": SCORES[number % len(SCORES)],
            "verbatim": "Waited long, nobody came.",
            "customer": {"email": f"c{number % ground.asks}@x.example"},
            "idempotency_key": f"bench-{answers}-{number}",
        }
        reply = connections[client].request(
            "POST",
            "/api/v1/responses",
            json.dumps(body).encode(),
            Authorization=f"Bearer {keys[number % len(keys)]}",
            Content_Type="application/json",
        )
        if reply.status != 201:
            raise RuntimeError(f"answered {reply.status}: {reply.body[:200]!r}")

    tally = run_clients(answer, list(range(answers)), clients=clients)
    print(f"api: {json.dumps(tally.as_dict())}")
    return tally


def _drained(ground: Ground) -> float | None:
    """Seconds until nothing is left to evaluate, to send or to count; None when it took more than five minutes."""
    seconds = wait_until(lambda: not backlog_of(ground), seconds=300)
    print(f"backlog drained within {seconds} s")
    return None if seconds is None else round(seconds, 2)


def backlog_of(ground: Ground) -> dict[str, int]:
    """What is still to be done, by kind; empty when all is done."""
    from alerts.models import Evaluation, FollowUpDigest
    from metrics.models import DirtyDay
    from tenancy.models import OutgoingMail

    with ground.scope():
        left = {
            "evaluations": Evaluation.objects.filter(done_at=None).count(),
            "mails": OutgoingMail.objects.filter(state__in=["due", "sending"]).count(),
            "digests": FollowUpDigest.objects.filter(queued_at=None).count(),
            "dirty_days": DirtyDay.objects.count(),
        }
    return {name: count for name, count in left.items() if count}


def _pgbench(stack: Stack, clients: int) -> float:
    """Rows per second that pgbench inserts in 5 seconds, one row a transaction."""
    url, clients = stack.database_url(), min(clients, MOST_PGBENCH_CLIENTS)
    table = "CREATE TABLE IF NOT EXISTS bench_rows (id bigserial PRIMARY KEY, score smallint, words text)"
    subprocess.run([stack.client("psql"), url, "-qc", f"SET client_min_messages = warning; {table}"], check=True)
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "insert.sql"
        script.write_text("INSERT INTO bench_rows (score, words) VALUES (3, 'Waited long, nobody came.');")
        command = [stack.client("pgbench"), "-n", "-f", str(script), "-c", str(clients), "-j", "2", "-T", "5", url]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    line = next(line for line in output.splitlines() if line.startswith("tps"))
    return float(line.split("=")[1].split()[0])


def _each(seconds: dict[str, float], tally: Tally) -> dict[str, float]:
    """Milliseconds of processor time per answer, by program; the backlog's work is in it."""
    return {name: round(1000 * spent / len(tally.seconds), 2) for name, spent in seconds.items() if tally.seconds}


def _is_up(port: int) -> bool:
    try:
        return Connection(port, timeout=2).request("GET", "/health/").status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
