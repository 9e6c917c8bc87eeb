"""bin/bench rules --answers N: how long the back-test of a rule takes over N answers of the last 90 days.

Rules from the narrowest to one the database can say nothing about. Beside each, in the same run and on the same rows,
the plainest way to fetch what a rule looks at: the columns of all these answers, read once.
"""

import argparse
import resource
import time
from typing import Any

from benchmarks import dashboard
from benchmarks.ground import Ground
from benchmarks.measuring import say
from benchmarks.stack import Stack


def _all(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"match": "all", "of": list(conditions)}


RULES = {
    "detractor": _all({"kind": "group", "groups": ["detractor"]}),
    "words": _all({"kind": "words", "words": ["never again", "nobody came"]}),
    "promoter turned detractor": _all({"kind": "group_change", "from": "promoter", "to": "detractor"}),
    "attribute (nothing to narrow)": _all({"kind": "attribute", "name": "region", "is": "equals", "value": "south"}),
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench rules")
    parser.add_argument("--answers", type=int, default=100_000)
    options = parser.parse_args(arguments)
    with Stack(workers=1) as stack:
        ground = Ground(stack, asks=1_000)
        surveys, touchpoints = dashboard._furnish(ground)
        dashboard.DAYS = 89
        dashboard._fill(stack, ground, surveys, touchpoints, 0, options.answers)
        results = {name: _measured(ground, conditions) for name, conditions in RULES.items()}
    say({"rules": results})
    return 0


def _measured(ground: Ground, conditions: dict[str, Any]) -> dict[str, Any]:
    from alerts.models import AlertRule
    from alerts.rules.back_test import SECONDS, back_test

    rule, pages, longest, progress = AlertRule(name="Tried", conditions=conditions), 0, 0.0, None
    raw, began = _raw_seconds(ground), time.perf_counter()
    while progress is None or not progress.is_done:
        started = time.perf_counter()
        with ground.scope():
            progress = back_test(ground.organization, rule, at=ground.now, progress=progress, seconds=SECONDS)
        pages, longest = pages + 1, max(longest, time.perf_counter() - started)
    whole = time.perf_counter() - began
    found = {
        "alerts": progress.alerts,
        "looked_at": progress.seen,
        "seconds": round(whole, 2),
        "pages": pages,
        "longest_page_seconds": round(longest, 2),
        "to_reading_once": round(whole / raw, 1),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(f"  {found}")
    return found


def _raw_seconds(ground: Ground) -> float:
    from alerts.rules.back_test import LOOKED_AT
    from surveys.models import Response

    started = time.perf_counter()
    with ground.scope():
        for _ in Response.objects.values_list(*LOOKED_AT).iterator(chunk_size=2000):
            pass
    return time.perf_counter() - started


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
