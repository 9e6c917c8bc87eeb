"""bin/bench queue --open N: how long the server takes for the queue of follow-ups with N open ones and as many done.

Beside it, in the same run and on the same rows, the plainest question one could put to PostgreSQL instead: fifty open
rows by their due time; and the page that asks nothing, /health/. `--plans` shows how the rows of a page are found.
"""

import argparse
import sys
import time
from datetime import timedelta
from typing import Any

from benchmarks.browsing import is_up, opened, signed_in
from benchmarks.ground import Ground
from benchmarks.measuring import raw_median_ms, say, wait_until
from benchmarks.stack import Stack

BATCH = 2000
# Fifty open rows by their first due time, without any of the product.
RAW_PAGE = (
    "SELECT * FROM alerts_followup WHERE organization_id = %s AND state NOT IN ('closed', 'merged') "
    "ORDER BY first_contact_due_at LIMIT 50"
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench queue")
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args(arguments)
    with Stack(workers=1) as stack:
        ground = Ground(stack, asks=1_000)
        wait_until(lambda: is_up(stack.web_port), seconds=60)
        _fill(ground, options.open)
        cookie = signed_in(ground)
        pages = {}
        for name, path in _paths(ground).items():
            pages[name] = opened(stack, path, cookie, requests=options.requests)
            print(f"  {name}: {pages[name]}")
        raw = raw_median_ms(stack, RAW_PAGE, [str(ground.organization.id)], requests=20)
        if options.plans:
            _show_plans(ground)
    first = pages["first page"]["p50_ms"]
    ratios = {"to_raw_page": round(first / raw, 1), "to_health": round(first / pages["health"]["p50_ms"], 1)}
    say({"queue": {"open": options.open, "pages": pages, "raw_page_ms": raw, "first_page": ratios}})
    return 1 if any(page["errors"] for page in pages.values()) else 0


def _paths(ground: Ground) -> dict[str, str]:
    """What is measured; the deep page begins behind half of the rows."""
    queue = f"/o/{ground.organization.slug}/followups/"
    return {
        "health": "/health/",
        "first page": f"{queue}?view=unassigned",
        "a page in the middle": f"{queue}?{_middle(ground)}",
        "all, with what is done": f"{queue}?view=all",
        "closed": f"{queue}?view=closed",
        "filtered": f"{queue}?priority=urgent&tag=vip&view=all",
        "searched": f"{queue}?q=nobody&view=unassigned",
        "page of one": f"{queue}1/?view=unassigned",
    }


def _middle(ground: Ground) -> str:
    from urllib.parse import urlencode

    from alerts.models import FollowUp
    from alerts.queues import DUE_ORDER
    from alerts.work.paging import Place

    with ground.scope():
        rows = FollowUp.objects.active().select_related("customer").order_by(DUE_ORDER.asc(), "number")
        row = rows[rows.count() // 2]
        return urlencode({"after": str(Place.of(row, seen=1)), "view": "unassigned"})


def _fill(ground: Ground, count: int) -> None:
    """`count` open follow-ups and as many closed ones, as if they had come in over a month."""
    from alerts.models import AlertRule, FollowUp
    from alerts.settings import standard_policy
    from customers.models import Customer
    from surveys.models import Question

    with ground.scope():
        rule, policy = AlertRule.objects.first(), standard_policy()
        customers = list(Customer.objects.all())
        question = Question.objects.filter(version=ground.version, kind=Question.Kind.VERBATIM).first()
    started = time.perf_counter()
    for first in range(1, 2 * count + 1, BATCH):
        with ground.scope():
            numbers = range(first, min(first + BATCH, 2 * count + 1))
            _fill_batch(ground, numbers, count, rule=rule, policy=policy, customers=customers, question=question)
    with ground.scope():
        assert FollowUp.objects.active().count() == count
    ground.analyze()
    print(f"{count:,} open and as many closed; made in {time.perf_counter() - started:.0f} s")


def _fill_batch(ground: Ground, numbers: range, count: int, *, rule, policy, customers: list, question) -> None:
    from alerts.models import Alert, FollowUp
    from surveys.models import Answer, Response

    owned: dict[str, Any] = {"organization": ground.organization}
    responses = [
        Response(
            **owned,
            survey=ground.survey,
            version=ground.version,
            customer=customers[number % len(customers)],
            channel="email",
            measure="nps",
            score=number % 7,
            group="detractor",
            has_verbatim=True,
            language="en",
            responded_at=ground.now - timedelta(minutes=number),
            submission_key=f"bench:{number}",
        )
        for number in numbers
    ]
    Response.objects.bulk_create(responses)
    said = [
        Answer(**owned, response=each, question=question, kind="verbatim", text="Waited long, nobody came.")
        for each in responses
    ]
    Answer.objects.bulk_create(said)
    alerts = [
        Alert(**owned, rule=rule, subject=str(each.pk), response=each, customer=each.customer, raised_at=ground.now)
        for each in responses
    ]
    Alert.objects.bulk_create(alerts)
    follow_ups = []
    for number, alert in zip(numbers, alerts, strict=True):
        due_at = ground.now + timedelta(minutes=(number * 7) % 43_200 - 10_000)
        follow_up = FollowUp(
            **owned,
            number=number,
            customer=alert.customer,
            alert=alert,
            response=alert.response,
            priority="urgent" if number % 20 == 0 else "normal",
            tags=["vip"] if number % 30 == 0 else [],
            sla_policy=policy,
            opened_at=alert.response.responded_at,
            first_contact_due_at=due_at,
            resolution_due_at=due_at + timedelta(days=4),
        )
        if number > count:
            done_at = ground.now - timedelta(minutes=number)
            follow_up.state, follow_up.outcome, follow_up.closing = "closed", "recovered", "told"
            follow_up.first_contacted_at = follow_up.resolved_at = follow_up.closed_at = done_at
        follow_ups.append(follow_up)
    FollowUp.objects.bulk_create(follow_ups)


def _show_plans(ground: Ground) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from alerts.models import FollowUp
    from alerts.queue_page import day_of
    from alerts.work.paging import rows_after

    with ground.scope():
        day = day_of(ground.organization, ground.now)
        with CaptureQueriesContext(connection) as captured:
            for view in ("unassigned", "all", "closed"):
                rows = FollowUp.objects.in_view(view, user=ground.admin, at=ground.now, day=day)
                rows_after(rows.for_rows(), view, None, at_most=51)
            FollowUp.objects.count_views(user=ground.admin, at=ground.now, day=day)
        with connection.cursor() as cursor:
            for query in captured.captured_queries:
                cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query['sql']}")
                print("\n".join(line for (line,) in cursor.fetchall()), end="\n\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
