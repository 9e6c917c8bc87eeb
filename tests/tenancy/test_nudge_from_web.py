"""A web process, which never loads tasks by itself, can nudge every sweep of the schedule."""

import subprocess
import sys

PROGRAM = """
import django
django.setup()
from cxm.celery import app
from tenancy.background import _find
for entry in app.conf.beat_schedule.values():
    assert _find(entry["task"]).name == entry["task"]
"""


def test_every_sweep_of_the_schedule_is_found_by_its_name_in_a_fresh_process():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
