"""bin/bench dashboard --answers N: how long the server takes for the whole dashboard, at 10 thousand answers and at N.

Two years of answers to three surveys at six touchpoints. Beside it, in the same run and on the same rows, the plainest
question one could put to PostgreSQL instead: how many answers gave each score.
"""

import argparse
import sys
import time

from benchmarks.browsing import beside_raw_count, is_up, signed_in
from benchmarks.ground import Ground
from benchmarks.measuring import say, wait_until
from benchmarks.stack import Stack

SMALL = 10_000
DAYS = 730
# Counting the answers per score, without any of the product.
RAW_COUNT = "SELECT score, count(*) FROM surveys_response WHERE organization_id = %s GROUP BY score"
PERIODS = {"30 days": "", "12 months": "?period=year", "all time": "?period=all"}
SCORES = [10, 9, 9, 10, 8, 7, 9, 10, 3, 8, 9, 6, 10, 10, 2, 9, 7, 5, 10, 0]
TOUCHPOINTS = ("Order", "Delivery", "First invoice", "Support call", "Website", "Renewal")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench dashboard")
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=40)
    options = parser.parse_args(arguments)
    results = {}
    with Stack(workers=1) as stack:
        ground = Ground(stack, asks=1_000)
        wait_until(lambda: is_up(stack.web_port), seconds=60)
        surveys, touchpoints = _furnish(ground)
        cookie = signed_in(ground)
        stored = 0
        for answers in sorted({min(SMALL, options.answers), options.answers}):
            _fill(stack, ground, surveys, touchpoints, stored, answers)
            stored = answers
            results[str(answers)] = beside_raw_count(
                stack, ground, cookie, PERIODS, raw=RAW_COUNT, requests=options.requests
            )
    say({"dashboard": results})
    return 1 if any(page["errors"] for size in results.values() for page in size["pages"].values()) else 0


def _furnish(ground: Ground) -> tuple[list, list]:
    """Two more surveys beside the one of the ground, and the touchpoints."""
    from journeys.models import Stage, Touchpoint
    from surveys.survey_templates import TEMPLATES
    from surveys.versions import create_survey, publish

    with ground.scope():
        surveys = [ground.survey]
        for name in ("After delivery", "After a call"):
            surveys.append(create_survey(template=TEMPLATES["relationship_nps"], name=name, by=ground.admin))
            publish(surveys[-1], by=ground.admin, at=ground.now)
        stage = Stage.objects.first()
        found = [Touchpoint.objects.get_or_create(name=name, defaults={"stage": stage})[0] for name in TOUCHPOINTS]
        return [(survey.id, survey.versions.get().id) for survey in surveys], [each.id for each in found]


# Straight into the tables, without the checks of keys: the product would take half an hour for a million.
_ANSWERS = """
    INSERT INTO surveys_response (id, organization_id, survey_id, version_id, customer_id, touchpoint_id, channel,
        measure, score, "group", has_verbatim, language, attributes, responded_at, created_at, submission_key)
    SELECT uuidv7(), %(organization)s, (%(surveys)s::uuid[])[1 + n %% 3], (%(versions)s::uuid[])[1 + n %% 3],
        (%(customers)s::uuid[])[1 + n %% array_length(%(customers)s::uuid[], 1)],
        (%(touchpoints)s::uuid[])[1 + n / 3 %% 6],
        'email', 'nps', score, CASE WHEN score > 8 THEN 'promoter' WHEN score > 6 THEN 'passive' ELSE 'detractor' END,
        n %% 10 < 3, 'en', '{"plan": "home", "region": "north"}', at, at, 'bench:' || n
    FROM (
        SELECT n, (%(scores)s)[1 + floor(random() * 20)::int] AS score,
            %(now)s::timestamptz - random() * %(days)s * interval '1 day' AS at
        FROM generate_series(%(first)s, %(last)s) AS n
    ) AS drawn
"""
_WORDS = """
    INSERT INTO surveys_answer (id, organization_id, response_id, question_id, kind, text)
    SELECT uuidv7(), r.organization_id, r.id, q.id, 'verbatim', 'Waited long, nobody came.'
    FROM surveys_response r JOIN surveys_question q ON q.version_id = r.version_id AND q.kind = 'verbatim'
    WHERE r.has_verbatim AND NOT EXISTS (SELECT 1 FROM surveys_answer a WHERE a.response_id = r.id)
"""


def _fill(stack: Stack, ground: Ground, surveys: list, touchpoints: list, stored: int, answers: int) -> None:
    import psycopg2
    from psycopg2.extras import register_uuid

    from customers.models import Customer
    from metrics.rollup import rebuild

    register_uuid()
    with ground.scope():
        customers = list(Customer.objects.values_list("id", flat=True))
    rows = {
        "organization": ground.organization.id,
        "surveys": [survey for survey, _ in surveys],
        "versions": [version for _, version in surveys],
        "customers": customers,
        "touchpoints": touchpoints,
        "now": ground.now,
        "days": DAYS,
        "scores": SCORES,
        "first": stored + 1,
        "last": answers,
    }
    with psycopg2.connect(stack.database_url()) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_ANSWERS, rows)
        cursor.execute(_WORDS)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response, surveys_answer")
    connection.close()
    started = time.perf_counter()
    with ground.scope():
        rebuild()
    print(f"{answers:,} answers; counted per day in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
