"""bin/bench loop --follow-ups N: how long the server takes for the pages about the loop, at a tenth of N and at N.

Two years of follow-ups of detractors, two thirds of them closed, a third of these asked again. Beside it, in the same
run and on the same rows, the plainest question one could put to PostgreSQL: how many follow-ups each root cause has.
"""

import argparse
import sys

from benchmarks.browsing import beside_raw_count, is_up, signed_in
from benchmarks.dashboard import DAYS, _furnish
from benchmarks.ground import Ground
from benchmarks.measuring import say, wait_until
from benchmarks.stack import Stack

# Counting the follow-ups by root cause, without any of the product.
RAW_COUNT = "SELECT root_cause, count(*) FROM alerts_followup WHERE organization_id = %s GROUP BY root_cause"
PAGES = {
    "13 weeks": "loop/",
    "all time": "loop/?period=all",
    "effect": "loop/effect/?period=all",
    "people": "loop/team/?period=all",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench loop")
    parser.add_argument("--follow-ups", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=15)
    options = parser.parse_args(arguments)
    results = {}
    with Stack(workers=1) as stack:
        ground = Ground(stack, asks=1_000, staff=12)
        wait_until(lambda: is_up(stack.web_port), seconds=60)
        surveys, touchpoints = _furnish(ground)
        cookie, stored = signed_in(ground), 0
        for count in (options.follow_ups // 10, options.follow_ups):
            _fill(stack, ground, surveys, touchpoints, stored, count)
            stored = count
            results[str(count)] = beside_raw_count(
                stack, ground, cookie, PAGES, raw=RAW_COUNT, requests=options.requests
            )
    say({"loop": results})
    return 1 if any(page["errors"] for size in results.values() for page in size["pages"].values()) else 0


# Straight into the tables, without the checks of keys: an answer, its follow-up, the line of a reopening, a recovery.
_ROWS = """
    WITH drawn AS (
        SELECT n, uuidv7() AS response, uuidv7() AS follow_up, floor(random() * 7)::int AS score,
            %(now)s::timestamptz - random() * %(days)s * interval '1 day' AS at, n %% 3 > 0 AS is_closed,
            random() * interval '60 hours' AS waited
        FROM generate_series(%(first)s, %(last)s) AS n
    ), answered AS (
        INSERT INTO surveys_response (id, organization_id, survey_id, version_id, customer_id, touchpoint_id, channel,
            measure, score, "group", has_verbatim, language, attributes, responded_at, created_at, submission_key)
        SELECT response, %(organization)s, (%(surveys)s::uuid[])[1 + n %% 3], (%(versions)s::uuid[])[1 + n %% 3],
            (%(customers)s::uuid[])[1 + n %% array_length(%(customers)s::uuid[], 1)],
            (%(touchpoints)s::uuid[])[1 + n / 3 %% 6], 'email', 'nps', score, 'detractor', false, 'en', '{}', at, at,
            'loop:' || n
        FROM drawn
    ), opened AS (
        INSERT INTO alerts_followup (id, organization_id, number, customer_id, alert_id, response_id, priority,
            sla_policy_id, tags, owner_id, state, version, opened_at, first_contact_due_at, resolution_due_at,
            first_contacted_at, resolved_at, closed_at, outcome, root_cause, closing, pause_reason)
        SELECT follow_up, %(organization)s, n, (%(customers)s::uuid[])[1 + n %% array_length(%(customers)s::uuid[], 1)],
            uuidv7(), response, 'normal', %(policy)s, '{}',
            (%(people)s::uuid[])[1 + n %% array_length(%(people)s::uuid[], 1)],
            CASE WHEN is_closed THEN 'closed' ELSE 'open' END, 1, at, at + interval '24 hours', at + interval '5 days',
            CASE WHEN is_closed THEN at + waited END, CASE WHEN is_closed THEN at + 2 * waited END,
            CASE WHEN is_closed THEN at + 3 * waited END, CASE WHEN is_closed THEN 'recovered' ELSE '' END,
            CASE WHEN is_closed THEN (%(causes)s::text[])[1 + n %% array_length(%(causes)s::text[], 1)] ELSE '' END,
            CASE WHEN is_closed THEN 'told' ELSE '' END, ''
        FROM drawn
    ), reopened AS (
        INSERT INTO alerts_followupentry (id, organization_id, follow_up_id, kind, at, by_label, from_state, to_state,
            text, details)
        SELECT uuidv7(), %(organization)s, follow_up, 'moved', at + step * interval '1 hour', 'Bench',
            CASE WHEN step = 0 THEN '' WHEN step = 4 THEN 'closed' ELSE 'open' END,
            CASE WHEN step IN (0, 4) THEN 'open' ELSE 'contacted' END, '', '{}'
        FROM drawn CROSS JOIN generate_series(0, 4) AS step WHERE step < 4 OR n %% 20 = 0
    )
    INSERT INTO alerts_recovery (id, organization_id, follow_up_id, closed_at, result, why, attempts, last_error)
    SELECT uuidv7(), %(organization)s, follow_up, at + 3 * waited,
        (ARRAY['recovered', 'unchanged', 'worse', 'silent'])[1 + n %% 4], '', 0, ''
    FROM drawn WHERE is_closed AND n %% 3 = 1
"""


def _fill(stack: Stack, ground: Ground, surveys: list, touchpoints: list, stored: int, count: int) -> None:
    import psycopg2
    from psycopg2.extras import register_uuid

    from alerts.models import RootCause, SlaPolicy
    from customers.models import Customer
    from tenancy.models import Membership

    register_uuid()
    with ground.scope():
        rows = {
            "organization": ground.organization.id,
            "surveys": [survey for survey, _ in surveys],
            "versions": [version for _, version in surveys],
            "customers": list(Customer.objects.values_list("id", flat=True)),
            "people": list(Membership.objects.filter(role="agent").values_list("user_id", flat=True)),
            "causes": list(RootCause.objects.values_list("key", flat=True)),
            "policy": SlaPolicy.objects.values_list("id", flat=True).first(),
            "touchpoints": touchpoints,
            "now": ground.now,
            "days": DAYS,
            "first": stored + 1,
            "last": count,
        }
    with psycopg2.connect(stack.database_url()) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_ROWS, rows)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response, alerts_followup, alerts_followupentry, alerts_recovery")
    connection.close()
    print(f"{count:,} follow-ups")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
