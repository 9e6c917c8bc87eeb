"""A small run of bin/chaos: processes are killed while answers come in, and nothing is lost or doubled."""

import json
import subprocess
import sys

import pytest

from cxm.embedded.services import PROJECT

pytestmark = [pytest.mark.worker]

EXPECTED = {
    "lost": 0,
    "duplicate_responses": 0,
    "missing_alerts": 0,
    "duplicate_alerts": 0,
    "missing_follow_ups": 0,
    "duplicate_follow_ups": 0,
    "unsent_staff_mails": 0,
    "missing_deliveries": 0,
    "duplicate_deliveries": 0,
    "missing_escalations": 0,
    "duplicate_escalations": 0,
}


def test_nothing_is_lost_or_doubled_when_processes_are_killed():
    # What a killed worker was sending is waited for; a minute is plenty for so few mails.
    options = {"--kills": 4, "--answers": 60, "--seed": 7, "--lease": 60}
    command = [sys.executable, "-m", "benchmarks.chaos", *(str(each) for pair in options.items() for each in pair)]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600)
    found = json.loads(run.stdout.splitlines()[-1])
    assert found | {"acknowledged": 60, "kills": 4, "seed": 7, **EXPECTED} == found, run.stdout[-3000:]
    assert list(found) == ["seed", "kills", "acknowledged", *EXPECTED]
