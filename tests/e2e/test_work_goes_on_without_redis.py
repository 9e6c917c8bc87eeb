"""Redis is gone for good: every answer still becomes a follow-up, and staff are still written to."""

import json
import subprocess
import sys

import pytest

from cxm.embedded.services import PROJECT

pytestmark = [pytest.mark.worker]


def test_answers_become_follow_ups_and_mails():
    command = [sys.executable, "-m", "benchmarks.latency", "--no-redis", "--rate", "2", "--answers", "6"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600)
    found = json.loads(run.stdout.splitlines()[-1])
    assert (found["visible"]["done"], found["mail"]["done"]) == (6, 6), run.stdout[-3000:]
